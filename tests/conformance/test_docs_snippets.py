"""Every YAML snippet of the documentation is what it says it is, held to the same rules as what ships."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekeeper.config.load import load
from gatekeeper.config.schema import WaiverRules
from gatekeeper.config.waivers import WAIVER_FILE, load_waivers
from gatekeeper.model.policy import GATE_IDS
from gatekeeper.scanners.registry import change_scanners, scanners
from tests.conformance.test_action_files import steps
from tests.fakes.scanning import installed

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")])
SHA = "0123456789abcdef0123456789abcdef01234567"
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"
_FENCE = re.compile(r"^( *)```ya?ml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_USES = re.compile(r"uses: (?P<name>[\w./-]+)@(?P<ref>\S+)(?P<comment> # v\d+\.\d+\.\d+)?")


def are_jobs(data: dict[Any, Any]) -> bool:
    """Whether these are jobs by their names, without the key that they stand below."""
    return all(isinstance(it, dict) and {"runs-on", "uses"} & it.keys() for it in data.values())


@dataclass(frozen=True)
class Snippet:
    """`where` is the page and the line; `name` the file that the first line names, if any."""

    where: str
    text: str

    @property
    def name(self) -> str:
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if re.fullmatch(r"# [\w./-]+\.ya?ml", first) else ""

    @property
    def is_workflow(self) -> bool:
        """A workflow, or some jobs or steps of one."""
        if self.name:
            return self.name.startswith(".github/workflows/")
        data = yaml.safe_load(self.text)
        if isinstance(data, list):
            return all("uses" in it or "run" in it for it in data)
        return isinstance(data, dict) and (bool({"jobs", "steps"} & data.keys()) or are_jobs(data))

    def workflow(self) -> str:
        """A whole workflow with this in it. Our own actions are by commit, as users are told."""
        data = yaml.safe_load(self.text)
        text = self.text
        if isinstance(data, list):
            lead = [] if any("checkout@" in it.get("uses", "") for it in data) else [
                f"- uses: {CHECKOUT}\n  with:\n    persist-credentials: false\n"
            ]  # fmt: skip
            text = "steps:\n" + textwrap.indent("".join(lead) + text, "  ")
            data = {"steps": data}
        if "steps" in data:
            head = "runs-on: ubuntu-latest\npermissions:\n  contents: read\n"
            text = "jobs:\n  job:\n" + textwrap.indent(head + text, "    ")
            data = {"jobs": {}}
        if are_jobs(data):
            text = "jobs:\n" + textwrap.indent(text, "  ")
            data = {"jobs": data}
        if "jobs" in data and True not in data and "on" not in data:
            text = f"name: n\non: push\npermissions: {{}}\n{text}"
        return re.sub(r"(uses: org/gatekeeper[\w./-]*)@v1\b.*", rf"\1@{SHA} # v1.0.0", text)


def found() -> list[Snippet]:
    """All of them."""
    return [
        Snippet(
            f"{page.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}",
            textwrap.dedent(match[2]),
        )
        for page in PAGES
        for text in [page.read_text(encoding="utf-8")]
        for match in _FENCE.finditer(text)
    ]


SNIPPETS = found()
WORKFLOWS = [it for it in SNIPPETS if it.is_workflow]


def named(*names: str) -> list[Any]:
    return [pytest.param(it, id=it.where) for it in SNIPPETS if it.name in names]


def test_none_is_of_a_kind_that_nothing_tests() -> None:
    known = {"gatekeeper.yml", WAIVER_FILE, ".pre-commit-config.yaml", ".gitlab-ci.yml"}

    assert [it.where for it in SNIPPETS if it.name not in known and not it.is_workflow] == []
    for name in known:
        assert named(name), f"no snippet is a {name}"
    assert WORKFLOWS


@pytest.mark.parametrize("snippet", named("gatekeeper.yml"))
def test_a_configuration_loads(snippet: Snippet) -> None:
    extended = re.findall(r"^  - (\S+\.yml)$", snippet.text, re.MULTILINE)
    files = {"gatekeeper.yml": snippet.text.encode(), **dict.fromkeys(extended, b"version: 1")}

    assert load(files.get).sources[-1] == "gatekeeper.yml"


@pytest.mark.parametrize("snippet", named(WAIVER_FILE))
def test_waivers_load(snippet: Snippet) -> None:
    assert load_waivers({WAIVER_FILE: snippet.text.encode()}.get, WaiverRules(), "2026-01-02")


@pytest.mark.parametrize("snippet", named(".pre-commit-config.yaml"))
def test_pre_commit_takes_it_and_the_hooks_exist(snippet: Snippet, tmp_path: Path) -> None:
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(snippet.text, encoding="utf-8")
    hooks = {it["id"] for it in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())}

    done = subprocess.run(
        [Path(sys.executable).with_name("pre-commit"), "validate-config", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for repo in yaml.safe_load(snippet.text)["repos"]:
        if repo["repo"].endswith("/gatekeeper"):
            assert {it["id"] for it in repo["hooks"]} <= hooks


def check_jsonschema(tools: Path, schema: str, *paths: Path) -> None:
    program = installed(tools, scanners()["workflow-schema"])
    done = subprocess.run(
        [program, "--builtin-schema", schema, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def written(snippets: list[Snippet], folder: Path) -> list[Path]:
    """Each as a workflow of its own, under a name that leads to where it stands."""
    folder.mkdir(parents=True)
    paths = []
    for snippet in snippets:
        path = folder / (re.sub(r"\W+", "-", snippet.where) + ".yml")
        path.write_text(snippet.workflow(), encoding="utf-8")
        paths.append(path)
    return paths


def test_githubs_schema_fits_every_workflow(tools: Path, tmp_path: Path) -> None:
    check_jsonschema(tools, "vendor.github-workflows", *written(WORKFLOWS, tmp_path / "w"))


def test_zizmor_finds_nothing_in_any_workflow(tools: Path, tmp_path: Path) -> None:
    paths = written(WORKFLOWS, tmp_path / ".github" / "workflows")
    program = installed(tools, scanners()["zizmor"])

    done = subprocess.run(
        [program, "--offline", "--persona", "regular", "--no-config", *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_gitlabs_schema_fits(tools: Path, tmp_path: Path) -> None:
    (snippet,) = [it for it in SNIPPETS if it.name == ".gitlab-ci.yml"]
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(snippet.text, encoding="utf-8")

    check_jsonschema(tools, "vendor.gitlab-ci", path)


@pytest.mark.parametrize("snippet", [pytest.param(it, id=it.where) for it in WORKFLOWS])
def test_every_uses_is_a_commit_and_nothing_is_written_into_a_script(snippet: Snippet) -> None:
    shipped = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("workflows", ".github/workflows")
        for path in sorted((ROOT / folder).glob("*.yml"))
    )

    for line in snippet.text.splitlines():
        if use := _USES.search(line):
            if use["name"].startswith("org/gatekeeper"):
                assert use["ref"] == "v1", line  # the reader's own choice of a commit
                continue
            assert re.fullmatch(r"[0-9a-f]{40}", use["ref"]), line
            assert use["comment"], line
            others = re.findall(rf"uses: {re.escape(use['name'])}@([0-9a-f]{{40}})", shipped)
            assert set(others) <= {use["ref"]}, line
    workflow = yaml.safe_load(snippet.workflow())
    assert [it["run"] for it in steps(workflow) if "${{" in it.get("run", "")] == []
    assert "pull_request_target" not in workflow.get(True, {})


@pytest.mark.parametrize("snippet", [pytest.param(it, id=it.where) for it in WORKFLOWS])
def test_inputs_are_those_that_exist(snippet: Snippet) -> None:
    gate = yaml.safe_load((ROOT / ".github/workflows/gate.yml").read_bytes())
    workflow = yaml.safe_load(snippet.workflow())

    for step in steps(workflow):
        name = step.get("uses", "").partition("@")[0]
        if name.partition("/")[2].partition("/")[0] == "gatekeeper":
            path = ROOT / name.removeprefix("org/gatekeeper").lstrip("/") / "action.yml"
            action = yaml.safe_load(path.read_bytes())
            assert set(step.get("with", {})) <= set(action["inputs"])
    for job in workflow["jobs"].values():
        if "gate.yml@" in job.get("uses", ""):
            assert set(job.get("with", {})) <= set(gate[True]["workflow_call"]["inputs"])


@pytest.mark.parametrize("gate", GATE_IDS)
def test_every_gate_has_a_page_that_leads_to_its_scanners(gate: str) -> None:
    page = (ROOT / "docs/gates" / f"{gate}.md").read_text(encoding="utf-8")
    every: list[Any] = [*scanners().values(), *change_scanners().values()]
    own = {it.id for it in every if it.gate == gate}

    assert page.startswith(f"# Gate `{gate}`\n")
    assert {it for it in own if f"(../scanners/{it}.md)" not in page} == set()
    assert "\n# gatekeeper.yml\n" in page
