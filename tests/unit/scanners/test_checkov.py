"""What checkov's answers mean, from recordings and from the real program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.config.iac_options import CheckovOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.checkov import Checkov
from gatekeeper.scanners.checkov_files import KINDS, charts_of, expected, kind_of
from gatekeeper.scanners.checkov_severity import severity_of
from gatekeeper.scanners.interface import Prepared, RawFinding, Scanned
from tests.fakes.scanning import (
    FakeBatch,
    FakeSnapshot,
    context_of,
    locked_batch,
    ready,
    really,
    snapshot_of,
)

RECORDED = Path(__file__).parents[2] / "data" / "checkov"
TERRAFORM = b"""\
variable "name" {
  type = string
}

resource "aws_s3_bucket" "data" {
  #checkov:skip=CKV_AWS_18:it holds public pictures
  bucket = var.name
}

resource "aws_security_group_rule" "ssh" {
  type        = "ingress"
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  cidr_blocks = ["0.0.0.0/0"]
}
"""
POD = b"""\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    checkov.io/skip1: CKV_K8S_20=it is only a test
spec:
  containers:
    - name: web
      image: nginx:1.27
      securityContext:
        privileged: true
"""
CLOUD = b"""\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Bucket:
    Type: AWS::S3::Bucket
"""
DOCKERFILE = b"FROM debian:12\nRUN sudo make\nUSER root\n"
PROJECT = {
    "infra/main.tf": TERRAFORM,
    "k8s/pod.yaml": POD,
    "cloud/stack.yml": CLOUD,
    "Dockerfile": DOCKERFILE,
    "mkdocs.yml": b"site_name: shop\n",
    "package.json": b"{}",
}


def told(
    failed: list[dict[str, Any]] | None = None, seen: tuple[tuple[str, str], ...] = (), **more: Any
) -> Completed:
    """An answer of checkov about Terraform."""
    results = {"failed_checks": failed or [], "skipped_checks": [], "parsing_errors": [], **more}
    report = {"check_type": "terraform", "results": results}
    components = [
        {"name": name, "purl": f"pkg:terraform/cli_repo/x/{path}/{name}@sha1:0"}
        for path, name in seen
    ]
    text = f"{json.dumps(report)}\n\n--- OUTPUT DELIMITER ---\n\n{json.dumps({'components': components})}"
    return Completed(1 if failed else 0, text.encode(), "")


def answer(done: Completed, files: dict[str, bytes]) -> Scanned:
    """What the scanner makes of this answer."""
    batch = FakeBatch(files, ready(Checkov(), files), [done])
    scanned = Checkov().scan(batch)
    batch.finish()
    return scanned


def config_of(**options: Any) -> Config:
    return Config(scanners=Scanners(checkov=msgspec.convert(options, CheckovOptions)))


def recorded() -> Scanned:
    """A recording, cut down to some of the checks."""
    return answer(Completed(1, (RECORDED / "project.txt").read_bytes(), ""), PROJECT)


def by_rule(scanned: Scanned) -> dict[str, RawFinding]:
    return {f"{it.path} {it.rule}": it for it in scanned.findings}


def test_unsafe_settings_become_findings() -> None:
    found = by_rule(recorded())

    ssh = found["infra/main.tf CKV_AWS_24"]
    assert (ssh.line, ssh.end_line, ssh.severity, ssh.confidence) == (10, 16, "high", "high")
    assert ssh.message == (
        "Ensure no security groups allow ingress from 0.0.0.0:0 to port 22:"
        " aws_security_group_rule.ssh"
    )
    assert ssh.anchor == "aws_security_group_rule.ssh"
    assert found["k8s/pod.yaml CKV_K8S_16"].severity == "high"
    assert found["k8s/pod.yaml CKV_K8S_12"].severity == "low"
    assert found["cloud/stack.yml CKV_AWS_53"].severity == "medium"
    assert found["Dockerfile CKV_DOCKER_8"].line == 3
    assert recorded().unchecked == []


def test_what_identifies_a_finding_does_not_name_the_file() -> None:
    found = by_rule(recorded())

    assert found["Dockerfile CKV_DOCKER_2"].anchor == "file"
    assert found["Dockerfile CKV_DOCKER_8"].anchor == ""
    assert not any("/" in it.anchor for it in found.values())


def test_what_the_source_hides_is_listed_with_its_reason() -> None:
    hidden = {name: it.suppression for name, it in by_rule(recorded()).items() if it.suppression}

    assert hidden == {
        "infra/main.tf CKV_AWS_18": Suppression(
            "checkov:skip=CKV_AWS_18", "it holds public pictures"
        ),
        "k8s/pod.yaml CKV_K8S_20": Suppression("checkov:skip=CKV_K8S_20", "it is only a test"),
    }


@pytest.mark.slow
def test_the_real_checkov_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    real = by_rule(really(tools, tmp_path, Checkov(), PROJECT))

    assert {name: real.get(name) for name in by_rule(recorded())} == by_rule(recorded())
    assert len(real) > len(by_rule(recorded()))


EVASIONS = {
    "ok.yaml": POD,
    "values.yaml": POD + b"# {{ .Values.x }}\n",
    "nested-name.yaml": POD.replace(b"- name: web", b'- name: "w{}"'),
    "no-name.yaml": POD.replace(b"  name: web\n", b"  generateName: web-\n", 1),
    "second.yaml": POD + b"---\n" + POD.replace(b"name: web", b'name: "#"'),
    "broken.yaml": b"apiVersion: v1\nkind: [\n",
    "tabs.json": b'{"apiVersion": "v1",\n\t"kind": "Pod", "metadata": {"name": "x"}}\n',
    "custom.yaml": b"apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: x}\n",
    "broken.tf": b'resource "aws_s3_bucket" "b" {\n  bucket =\n',
    "latin.tf": b'# \xe9\nresource "aws_s3_bucket" "b" {}\n',
    "variables.tf": b'variable "x" {}\n',
    "count.tf": b'resource "aws_s3_bucket" "none" {\n  count = 0\n}\n',
    "each.tf": b'resource "aws_s3_bucket" "each" {\n  for_each = toset(["a/b", "c"])\n}\n',
    "cloud.yaml": b"Resources:\n  Q: [\n# AWS::SQS::Queue\n",
    "latin.Dockerfile": b"# \xe9\nFROM a\n",
    "Dockerfile": b"",
    ".hidden/sp ace@\xc3\xa9.tf".encode("latin-1").decode("utf-8"): b'resource "aws_s3_bucket" "h" {}\n',
    "node_modules/m.tf": b'resource "aws_s3_bucket" "m" {}\n',
}  # fmt: skip


@pytest.mark.slow
def test_what_checkov_passes_over_is_not_checked(tools: Path, tmp_path: Path) -> None:
    scanned = really(tools, tmp_path, Checkov(), EVASIONS)

    assert {it.path: it.reason for it in scanned.unchecked} == {
        "values.yaml": "not-reported",
        "nested-name.yaml": "not-reported",
        "no-name.yaml": "not-reported",
        "second.yaml": "not-reported",
        "broken.yaml": "parse-error",
        "tabs.json": "not-reported",
        "broken.tf": "parse-error",
        "latin.tf": "parse-error",
        "cloud.yaml": "parse-error",
        "latin.Dockerfile": "not-reported",
    }
    assert {"ok.yaml", "count.tf", "each.tf", "node_modules/m.tf", ".hidden/sp ace@é.tf"} <= {
        it.path for it in scanned.findings
    }


def test_nothing_is_started_without_infrastructure_code() -> None:
    files = dict.fromkeys(
        (
            "mkdocs.yml", "package.json", "a.py", "Dockerfile.md/x", ".checkov.yaml",
            "dockerfile.py", "docs/dockerfile.md", "app.Dockerfile.tmpl", "Dockerfile.dockerignore",
        ),
        "",
    )  # fmt: skip
    outcome = Checkov().prepare(context_of(snapshot_of(files)))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


class Locked(FakeSnapshot):
    """Has a file that nobody may read."""

    def read(self, path: str) -> bytes:
        if path == "locked.yaml":
            raise PermissionError(13, "Permission denied", path)
        return super().read(path)


def test_a_file_that_cannot_be_read_is_not_passed_over() -> None:
    prepared = Checkov().prepare(context_of(Locked(PROJECT | {"locked.yaml": b""})))

    assert isinstance(prepared, Prepared)
    assert prepared.selects("locked.yaml")


def test_a_commit_is_read_at_once() -> None:
    prepared = Checkov().prepare(context_of(FakeSnapshot(PROJECT, kind="commit")))

    assert isinstance(prepared, Prepared)
    assert prepared.selects("k8s/pod.yaml")


def test_files_of_the_base_are_looked_at_when_head_has_them_no_more() -> None:
    prepared = ready(Checkov(), PROJECT)

    assert prepared.selects("old/moved.yaml")
    assert not prepared.selects("mkdocs.yml"), "it is at head, and of no kind"
    assert not prepared.selects("old/.checkov.yaml")
    batch = FakeBatch({"old/moved.yaml": b"site: x\n"}, prepared)
    assert Checkov().scan(batch) == Scanned()


HELM = {
    "chart/Chart.yaml": b"apiVersion: v2\nname: shop\n",
    "chart/values.yaml": b"a: 1\n",
    "chart/templates/pod.yaml": b"kind: Pod\napiVersion: v1\nmetadata: {name: {{ .Release.Name }}}\n",
    "chart/templates/off.yaml": b"{{ if .Values.off }}{{ end }}\n",
    "chart/templates/_helpers.tpl": b"",
}


def rendered(*names: str, key: str = "failed_checks") -> Completed:
    record = {
        "check_id": "CKV_K8S_16", "check_name": "n", "file_line_range": [3, 9],
        "resource": "Pod.default.release-name", "check_result": {"result": "FAILED"},
    }  # fmt: skip
    results = {key: [{**record, "file_path": name} for name in names]}
    return Completed(1, json.dumps({"check_type": "helm", "results": results}).encode(), "")


@pytest.mark.parametrize("name", ["/chart/shop/templates/pod.yaml", "/chart/templates/pod.yaml"])
def test_templates_are_found_where_helm_rendered_them_from(name: str) -> None:
    scanned = answer(rendered(name), HELM)

    (finding,) = scanned.findings
    assert (finding.path, finding.line) == ("chart/templates/pod.yaml", 0)
    assert finding.anchor == "Pod.default.release-name"
    (unchecked,) = scanned.unchecked
    assert (unchecked.path, unchecked.reason) == ("chart/templates/off.yaml", "not-reported")
    assert "helm" in unchecked.message


def test_a_check_that_passed_is_proof_that_a_template_was_rendered() -> None:
    names = ("/chart/shop/templates/pod.yaml", "/chart/shop/templates/off.yaml")

    assert answer(rendered(*names, key="passed_checks"), HELM) == Scanned([], [])


def test_a_template_of_no_chart_is_refused() -> None:
    with pytest.raises(ToolError) as caught:
        answer(rendered("/elsewhere/templates/x.yaml"), HELM)

    assert caught.value.reason == "tool-output-invalid"


@pytest.mark.slow
def test_without_helm_charts_are_not_checked(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = locked_batch(tools, tmp_path, Checkov(), HELM)
    batch.environ = {"PATH": str(tmp_path)}

    scanned = Checkov().scan(batch)

    assert {it.path for it in scanned.unchecked} == {
        "chart/templates/pod.yaml", "chart/templates/off.yaml",
    }  # fmt: skip


@pytest.mark.slow
def test_it_stays_offline_and_loads_no_code_of_the_repository(tools: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    files = PROJECT | {
        "checks/__init__.py": f"open({str(evil)!r}, 'w').close()\n".encode(),
        "checks/own.py": f"open({str(evil)!r}, 'w').close()\n".encode(),
        "k8s/.checkov.yaml": b"apiVersion: v1\nkind: Pod\nexternal-checks-dir: [checks]\n",
    }
    batch = locked_batch(tools, tmp_path, Checkov(), files)

    scanned = Checkov().scan(batch)

    assert scanned.findings
    assert not evil.exists()
    assert not list(Path(batch.cwd).rglob(".checkov.yaml"))
    (run,) = batch.runs
    assert {"--skip-download", "--skip-results-upload"} <= set(run)
    assert run[run.index("--download-external-modules") + 1] == "false"


@pytest.mark.parametrize(
    "settings",
    [
        b"external-checks-dir: [checks]\n",
        b"external-checks-git: https://example.org/checks.git\n",
        b"external_checks_dir: checks\n",
        b"download-external-modules: true\n",
        b"bc-api-key: abc\n",
        b"skip-path: ['.*']\n",
        b"skip-path: [/]\n",
        b"skip-check: ['--framework']\n",
        b"check: [CKV_AWS_1, 'a b']\n",
        b"check: {a: b}\n",
        b"[\n",
    ],
)
def test_settings_that_are_not_safe_are_refused(settings: bytes) -> None:
    with pytest.raises(ToolError) as caught:
        ready(Checkov(), PROJECT | {".checkov.yaml": settings})

    assert caught.value.reason == "tool-misconfigured"
    assert ".checkov.yaml" in caught.value.message


@pytest.mark.parametrize("name", [".checkov.yaml", ".checkov.yml"])
def test_settings_that_are_safe_are_passed_on(name: str) -> None:
    settings = b"""\
check: [CKV_AWS_*]
skip-check: CKV_AWS_1,CKV_AWS_2
framework: [terraform, kubernetes]
skip-framework: kubernetes
download-external-modules: false
soft-fail: true
output: cli
"""
    files = PROJECT | {name: settings}
    done = told(
        seen=(
            ("infra/main.tf", "aws_s3_bucket.data"),
            ("infra/main.tf", "aws_security_group_rule.ssh"),
        )
    )
    batch = FakeBatch(files, ready(Checkov(), files), [done])

    assert Checkov().scan(batch) == Scanned([], [])

    (run,) = batch.runs
    assert run[run.index("--check") + 1] == "CKV_AWS_*"
    assert run[run.index("--skip-check") + 1] == "CKV_AWS_1,CKV_AWS_2"
    assert run[run.index("--framework") + 1] == "terraform"
    assert "--soft-fail" not in run
    assert ready(Checkov(), files).digest != ready(Checkov(), PROJECT).digest


def test_paths_that_the_project_leaves_out() -> None:
    files = PROJECT | {
        ".checkov.yaml": b"skip-path: [k8s, ./cloud/stack.yml]\nframework: kubernetes\n"
    }

    assert isinstance(Checkov().prepare(context_of(FakeSnapshot(files))), Skipped)
    prepared = ready(Checkov(), files | {"more/pod.yaml": POD})
    assert prepared.selects("more/pod.yaml")
    assert not prepared.selects("k8s/pod.yaml")


def test_frameworks_of_the_configuration() -> None:
    config = config_of(frameworks=["dockerfile"])
    done = told(seen=(("Dockerfile", "/Dockerfile.FROM"),))
    batch = FakeBatch(PROJECT, ready(Checkov(), PROJECT, config), [done], config)

    assert Checkov().scan(batch) == Scanned([], [])
    assert batch.runs[0][batch.runs[0].index("--framework") + 1] == "dockerfile"
    assert batch.runs[0][batch.runs[0].index("--framework") + 2] == "--skip-download"


def test_severities() -> None:
    own = {"CKV_AWS_145": "critical"}

    assert severity_of("CKV_AWS_145", own) == "critical"  # type: ignore[arg-type]  # literals
    assert severity_of("CKV_AWS_20", {}) == "high"
    assert severity_of("CKV_AWS_41", {}) == "high", "a written-out secret"
    assert severity_of("CKV_K8S_8", {}) == "low"
    assert severity_of("CKV_DOCKER_10", {}) == "low", "a convention"
    assert severity_of("CKV_NEW_1", {}) == "medium"


def test_severities_of_the_configuration() -> None:
    config = config_of(severities={"low": ["CKV_AWS_24"], "info": ["CKV_AWS_24", "CKV_AWS_145"]})
    text = (RECORDED / "project.txt").read_bytes()
    batch = FakeBatch(PROJECT, ready(Checkov(), PROJECT, config), [Completed(1, text, "")], config)

    found = by_rule(Checkov().scan(batch))

    assert found["infra/main.tf CKV_AWS_24"].severity == "low"
    assert found["infra/main.tf CKV_AWS_145"].severity == "info"
    assert ready(Checkov(), PROJECT, config).digest != ready(Checkov(), PROJECT).digest


ONE = {"main.tf": b'resource "a" "b" {\n}\n'}
RECORD = {
    "check_id": "CKV_X_1", "file_path": "/main.tf", "file_line_range": [1, 2], "resource": "a.b",
    "check_result": {"result": "FAILED"}, "check_name": "Ensure no hard-coded secrets exist",
}  # fmt: skip


def test_excerpts_of_secrets_are_hidden() -> None:
    (finding,) = answer(told([RECORD], seen=(("main.tf", "a.b"),)), ONE).findings

    assert finding.sensitive


def test_what_was_not_seen_is_named() -> None:
    (unchecked,) = answer(told(), ONE).unchecked

    assert (unchecked.reason, unchecked.message) == (
        "not-reported", "checkov passed over 1 resource, such as a.b",
    )  # fmt: skip


def test_what_was_not_parsed_is_named() -> None:
    done = told(seen=(("main.tf", "a.b"),), parsing_errors=["/project/main.tf"])

    (unchecked,) = answer(done, ONE).unchecked

    assert unchecked.reason == "parse-error"


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(2, b"", "Traceback"), "tool-crashed"),
        (Completed(0, b"{}", ""), "tool-output-invalid"),
        (Completed(0, b"{}\n\n--- OUTPUT DELIMITER ---\n\n", ""), "tool-output-invalid"),
        (Completed(0, b"[1]\n\n--- OUTPUT DELIMITER ---\n\n{}", ""), "tool-output-invalid"),
        (told([{**RECORD, "file_path": "/../etc/passwd"}]), "tool-output-invalid"),
        (told([{**RECORD, "file_line_range": "x"}]), "tool-output-invalid"),
    ],
)
def test_half_an_answer_is_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done, ONE)

    assert caught.value.reason == reason


NAMES = st.sampled_from(
    ("main.tf", "a.tfvars", "x.yaml", "x.json", "x.template", "Dockerfile", "chart/Chart.yaml",
     "chart/templates/x.yaml", "chart/crds/x.yaml", "chart/x.yaml", ".checkov.yaml", "README.md")
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from(
        (b"apiVersion: v1\n", b"kind: Pod\n", b"Resources:\n", b" A: {Type: AWS::X::Y}\n", b"---\n",
         b'resource "a" "b" {\n', b"}\n", b"/*\n", b"*/\n", b"x = <<E\n", b"E\n", b"\xff", b"[", b"\t")
    )
).map(b"".join)  # fmt: skip


@given(st.dictionaries(NAMES, PIECES))
def test_any_content_has_a_kind_and_is_read_or_refused(files: dict[str, bytes]) -> None:
    charts = charts_of(files)
    for path, content in files.items():
        kind = kind_of(path, content, charts)
        assert kind in (*KINDS, "beside", "")
        if kind not in KINDS:
            continue
        try:
            wanted = expected(kind, path, content)
        except UnreadableError:
            continue
        assert all(isinstance(it, str) for it in wanted)


def test_resources_in_comments_and_heredocs_are_none() -> None:
    text = b"""\
# resource "a" "line" {}
/*
resource "a" "comment" {}
*/
  resource "a" "real" {
    x = <<-END
resource "a" "text" {}
    END
  }
resource "a" "next" {}
"""
    assert expected("terraform", "x.tf", text) == {"a.real", "a.next"}
