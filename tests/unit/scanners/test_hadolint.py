"""What hadolint's answers mean, from recordings and from the real program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.hadolint import Hadolint
from gatekeeper.scanners.iac_files import is_dockerfile
from gatekeeper.scanners.interface import Scanned
from tests.fakes.scanning import (
    ODD_NAMES,
    FakeBatch,
    context_of,
    locked_batch,
    ready,
    really,
    snapshot_of,
)

RECORDED = Path(__file__).parents[2] / "data" / "hadolint"
DOCKERFILE = b"""\
FROM debian
# hadolint ignore=DL3004 # the image has it
RUN sudo make
# hadolint ignore=DL3003
RUN cd /tmp && make
RUN make install
"""
PROJECT = {
    "Dockerfile": DOCKERFILE,
    "deploy/worker.Dockerfile": b"# hadolint global ignore=DL3007\nFROM debian:latest\n",
    "broken.dockerfile": b"FROM debian:12\nRUNN x\n",
    "README.md": b"about the Dockerfile",
}


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of hadolint."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(Hadolint(), tree), list(answers))
    scanned = Hadolint().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("dockerfiles.json", "dockerfiles-no-ignores.json")
    return answer(*(Completed(1, (RECORDED / name).read_bytes(), "") for name in names))


def one(code: str, level: str = "warning", **more: object) -> Completed:
    """An answer with one diagnostic for a Dockerfile."""
    told = {"code": code, "column": 1, "file": "Dockerfile", "level": level, "line": 1}
    return Completed(1, json.dumps([{**told, "message": "why", **more}]).encode(), "")


def test_mistakes_become_findings() -> None:
    (finding,) = (it for it in recorded().findings if it.rule == "DL3006")

    assert (finding.path, finding.line, finding.end_line, finding.column) == ("Dockerfile", 1, 1, 1)
    assert (finding.severity, finding.confidence, finding.suppression) == ("medium", "high", None)
    assert finding.message == "Always tag the version of an image explicitly"
    assert finding.help_url == "https://github.com/hadolint/hadolint/wiki/DL3006"


def test_what_comments_hide_is_listed_with_the_reason() -> None:
    hidden = {(it.path, it.rule): it.suppression for it in recorded().findings if it.suppression}

    assert hidden == {
        ("Dockerfile", "DL3004"): Suppression("hadolint ignore=DL3004", "the image has it"),
        ("Dockerfile", "DL3003"): Suppression("hadolint ignore=DL3003"),
        ("deploy/worker.Dockerfile", "DL3007"): Suppression("hadolint global ignore=DL3007"),
    }


def test_the_real_hadolint_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, Hadolint(), PROJECT) == recorded()


def test_a_file_that_is_no_dockerfile_is_not_checked_and_the_others_are() -> None:
    (unchecked,) = recorded().unchecked

    assert (unchecked.path, unchecked.reason, unchecked.line) == (
        "broken.dockerfile", "parse-error", 2,
    )  # fmt: skip
    assert not any(it.path == "broken.dockerfile" for it in recorded().findings)


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("error", "high"),
        ("warning", "medium"),
        ("info", "low"),
        ("style", "info"),
        ("new", "medium"),
    ],
)
def test_each_level_has_a_severity(level: str, severity: str) -> None:
    (finding,) = answer(one("DL3000", level), files={"Dockerfile": b"FROM a\n"}).findings

    assert finding.severity == severity


def test_rules_of_shellcheck_lead_to_shellcheck() -> None:
    (finding,) = answer(one("SC2164"), files={"Dockerfile": b"FROM a\n"}).findings

    assert finding.help_url == "https://www.shellcheck.net/wiki/SC2164"


def test_a_project_without_dockerfiles_needs_no_hadolint() -> None:
    files = dict.fromkeys(("Dockerfile.md", "Dockerfile.j2", ".dockerignore", "docker.yml"), "")
    outcome = Hadolint().prepare(context_of(snapshot_of(files)))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_names_of_dockerfiles() -> None:
    yes = (
        "Dockerfile", "Containerfile", "a/b.Dockerfile", "Dockerfile.dev", "dockerfile-prod",
        "x.containerfile", "DOCKERFILE",
    )  # fmt: skip
    no = ("Dockerfile.tmpl", "Dockerfile.dockerignore", "mydockerfiles", "Dockerfile/a", "docker")

    assert [it for it in yes if not is_dockerfile(it)] == []
    assert [it for it in no if is_dockerfile(it)] == []


def test_odd_names_are_told_apart(tools: Path, tmp_path: Path) -> None:
    files = {f"{name}.dockerfile": b"FROM debian\n" for name in ODD_NAMES}

    scanned = really(tools, tmp_path, Hadolint(), files)

    assert {it.path for it in scanned.findings} == set(files)
    assert scanned.unchecked == []


def test_text_that_is_not_utf8_is_looked_at(tools: Path, tmp_path: Path) -> None:
    files = {"Dockerfile": b"# \xff\xe9\nFROM debian\n", "empty.dockerfile": b""}

    scanned = really(tools, tmp_path, Hadolint(), files)

    assert [(it.path, it.rule, it.line) for it in scanned.findings] == [("Dockerfile", "DL3006", 2)]


SETTINGS = b"""\
ignored: [DL3006]
override:
  error: [DL3003]
  style: [SC2164]
trustedRegistries: [example.org]
label-schema: {team: text}
strict-labels: true
failure-threshold: none
no-fail: true
format: tty
output: elsewhere
"""


@pytest.mark.parametrize("name", [".hadolint.yaml", ".hadolint.yml"])
def test_the_projects_settings_decide_what_is_found(tools: Path, tmp_path: Path, name: str) -> None:
    files = {"Dockerfile": DOCKERFILE + b"LABEL other=1\nRUN cd /x\n", name: SETTINGS}

    scanned = really(tools, tmp_path, Hadolint(), files)

    levels = {it.rule: it.severity for it in scanned.findings if not it.suppression}
    assert "DL3006" not in levels
    assert (levels["DL3003"], levels["SC2164"], levels["DL3026"]) == ("high", "info", "high")
    assert {"DL3049", "DL3050"} <= set(levels)
    assert ready(Hadolint(), files).digest != ready(Hadolint(), PROJECT).digest
    assert not list(tmp_path.rglob("elsewhere"))


def test_the_first_settings_file_counts() -> None:
    files = PROJECT | {".hadolint.yaml": b"ignored: [A]\n", ".hadolint.yml": b"ignored: [B]\n"}

    assert ready(Hadolint(), files).options[0] == ["--ignore=A"]


def test_settings_may_forbid_inline_ignores(tools: Path, tmp_path: Path) -> None:
    files = {"Dockerfile": DOCKERFILE, ".hadolint.yaml": b"disable-ignore-pragma: true\n"}
    batch = locked_batch(tools, tmp_path, Hadolint(), files)

    scanned = Hadolint().scan(batch)

    assert {"DL3003", "DL3004"} <= {it.rule for it in scanned.findings}
    assert not any(it.suppression for it in scanned.findings)
    assert len(batch.runs) == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (b"ignored: [\n", ".hadolint.yaml:2: not valid YAML"),
        (b"a: 1\nignored: {DL3006: 1}\n", ".hadolint.yaml:2: `ignored` has to be a list of texts"),
        (b"ignored: [--output=x]\n", "`ignored` has to be a list"),
        (b"ignored: [[DL3006]]\n", "`ignored` has to be a list"),
        (b"override: [DL3006]\n", ".hadolint.yaml:1: `override` has to be a table"),
        (b"label-schema: {a: [b]}\n", "`label-schema` has to be a table of texts"),
        (b"strict-labels: perhaps\n", "`strict-labels` has to be true or false"),
        (b"- a\n", "has to be a table"),
        (b"\xff\n", "not UTF-8"),
        (b"a: " + b"[" * 2000, "levels deep"),
        (b"#" * (1 << 20) + b"x", "larger than 1 MiB"),
    ],
)
def test_unusable_settings_are_told(settings: bytes, told: str) -> None:
    with pytest.raises(ToolError) as caught:
        ready(Hadolint(), PROJECT | {".hadolint.yaml": settings})

    assert caught.value.reason == "tool-misconfigured"
    assert told in caught.value.message


OPTIONS = tuple(
    f"--{name}"
    for name in ("ignore=", "error=", "warning=", "info=", "style=", "trusted-registry=",
                 "require-label=", "strict-labels", "disable-ignore-pragma")
)  # fmt: skip


@given(st.binary(max_size=200))
def test_any_settings_are_read_or_refused(settings: bytes) -> None:
    told = []
    try:
        told = ready(Hadolint(), PROJECT | {".hadolint.yaml": settings}).options[0]
    except ToolError as error:
        told = [f"--{error.reason}"]
    assert all(it == "--tool-misconfigured" or it.startswith(OPTIONS) for it in told)


def test_a_label_hadolint_does_not_know_is_told(tools: Path, tmp_path: Path) -> None:
    files = PROJECT | {".hadolint.yaml": b"label-schema: {a: nonsense}\n"}

    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, Hadolint(), files)

    assert caught.value.reason == "tool-misconfigured"
    assert "nonsense" in caught.value.message
    assert ".hadolint.yaml" in caught.value.remedy


def test_a_file_that_is_gone_is_no_clean_file(tools: Path, tmp_path: Path) -> None:
    batch = locked_batch(tools, tmp_path, Hadolint(), PROJECT)
    (Path(batch.cwd) / "Dockerfile").unlink()

    with pytest.raises(ToolError) as caught:
        Hadolint().scan(batch)

    assert "Dockerfile" in caught.value.message


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(2, b"[]", "bad"), "tool-crashed"),
        (Completed(1, b"", ""), "tool-crashed"),
        (Completed(0, b"{}", ""), "tool-output-invalid"),
        (Completed(0, b"[]", "hadolint: x: does not exist"), "tool-output-invalid"),
        (one("DL3000", file="../other"), "tool-output-invalid"),
        (one("DL3000", line="x"), "tool-output-invalid"),
    ],
)
def test_half_an_answer_is_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done, files={"Dockerfile": b"FROM a\n"})

    assert caught.value.reason == reason
