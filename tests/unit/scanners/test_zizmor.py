"""What zizmor's answers mean, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gatekeeper.config.schema import Config, Scanners, ZizmorOptions
from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.zizmor import Zizmor
from tests.fakes.scanning import (
    ODD_NAMES,
    FakeBatch,
    context_of,
    locked_batch,
    ready,
    really,
    snapshot_of,
)

RECORDED = Path(__file__).parents[2] / "data" / "zizmor"
FOLDER = ".github/workflows"
INJECTION = b"""\
on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.event.issue.title }}
"""
ACTION = b"""\
name: greet
description: greets
runs:
  using: composite
  steps:
    - run: echo ${{ github.event.issue.title }} # zizmor: ignore[template-injection] printed only
      shell: bash
"""
PROJECT = {
    f"{FOLDER}/greet.yml": INJECTION,
    "greet/action.yml": ACTION,
    f"{FOLDER}/README.md": b"no workflow",
}


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of zizmor."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(Zizmor(), tree), list(answers))
    scanned = Zizmor().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("audit.json", "audit-no-ignores.json")
    return answer(*(Completed(14, (RECORDED / name).read_bytes(), "") for name in names))


def refused(why: str) -> Completed:
    """The answer to a file that is no workflow."""
    lines = (
        "fatal: no audit was performed",
        "error: failed to load",
        "Caused by:",
        f"    0: {why}",
    )
    return Completed(1, b"", "\n".join(lines))


def test_weaknesses_become_findings() -> None:
    (finding,) = (item for item in recorded().findings if not item.suppression)

    assert (finding.path, finding.line, finding.end_line, finding.column) == (
        f"{FOLDER}/greet.yml", 7, 7, 23,
    )  # fmt: skip
    assert (finding.rule, finding.severity, finding.confidence) == (
        "template-injection", "high", "high",
    )  # fmt: skip
    assert finding.message == (
        "code injection via template expansion: may expand into attacker-controllable code"
    )
    assert finding.help_url == "https://docs.zizmor.sh/audits/#template-injection"


def test_what_a_comment_hides_is_listed_with_its_reason() -> None:
    (finding,) = (item for item in recorded().findings if item.suppression)

    assert (finding.path, finding.line) == ("greet/action.yml", 6)
    assert finding.suppression == Suppression("zizmor: ignore[template-injection]", "printed only")


def test_the_real_zizmor_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, Zizmor(), PROJECT) == recorded()


def test_a_project_without_workflows_needs_no_zizmor() -> None:
    files = {"a.yml": "", ".github/dependabot.yml": "", f"{FOLDER}/more/a.yml": ""}
    outcome = Zizmor().prepare(context_of(snapshot_of(files)))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_a_broken_file_is_not_checked_and_the_others_are(tools: Path, tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/a.yml": INJECTION,
        f"{FOLDER}/b.yml": b"{",
        f"{FOLDER}/c.yml": b"on: '\xff'\n",
        f"{FOLDER}/d.yml": b"on: push\njobs: 3\n",
        f"{FOLDER}/e.yml": INJECTION.replace(b"}}\n", b"}} # zizmor: ignore[template-injection]\n"),
        f"{FOLDER}/f.yaml": b"",
        "action.yml": b"name: x\n",
    }

    scanned = really(tools, tmp_path, Zizmor(), files)

    assert [(item.path, bool(item.suppression)) for item in scanned.findings] == [
        (f"{FOLDER}/a.yml", False),
        (f"{FOLDER}/e.yml", True),
    ]
    assert {item.path: item.reason for item in scanned.unchecked} == {
        f"{FOLDER}/b.yml": "parse-error",
        f"{FOLDER}/c.yml": "undecodable",
        f"{FOLDER}/d.yml": "parse-error",
        f"{FOLDER}/f.yaml": "parse-error",
        "action.yml": "parse-error",
    }
    assert "did not find expected node content" in scanned.unchecked[0].message


def test_a_path_zizmor_cannot_take_is_not_checked_and_the_others_are(
    tools: Path, tmp_path: Path
) -> None:
    files = {f"{FOLDER}/{name}.yml": INJECTION for name in ODD_NAMES}

    scanned = really(tools, tmp_path, Zizmor(), files)

    odd = {f"{FOLDER}/bytes-\udcff.yml", f"{FOLDER}/bytes-\udcfe.yml"}
    assert {item.path: item.reason for item in scanned.unchecked} == dict.fromkeys(
        odd, "unreadable"
    )
    assert {item.path for item in scanned.findings} == set(files) - odd


def test_nothing_is_started_for_paths_zizmor_cannot_take() -> None:
    scanned = answer(files={"\udcff/action.yml": ACTION})

    assert [item.reason for item in scanned.unchecked] == ["unreadable"]


@pytest.mark.parametrize(
    "name", ["zizmor.yml", "zizmor.yaml", ".github/zizmor.yml", ".github/zizmor.yaml"]
)
def test_the_projects_settings_decide_what_is_found(tools: Path, tmp_path: Path, name: str) -> None:
    settings = {name: b"rules: {template-injection: {disable: true}}\n"}

    assert really(tools, tmp_path, Zizmor(), PROJECT | settings) == Scanned([], [])
    assert ready(Zizmor(), PROJECT | settings).digest != ready(Zizmor(), PROJECT).digest


def test_files_the_settings_excuse_are_not_listed_as_hidden(tools: Path, tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/greet.yml": INJECTION,
        "zizmor.yml": b"rules: {template-injection: {ignore: [greet.yml]}}\n",
    }

    assert really(tools, tmp_path, Zizmor(), files) == Scanned([], [])


@pytest.mark.parametrize("settings", [b"rules: [", b"rule: {}\n", b"rules: {artipacked: 3}\n", b""])
def test_unusable_settings_are_told(tools: Path, tmp_path: Path, settings: bytes) -> None:
    files = {f"{FOLDER}/{name}.yml": INJECTION for name in "ab"} | {"zizmor.yml": settings}
    batch = locked_batch(tools, tmp_path, Zizmor(), files)

    with pytest.raises(ToolError) as caught:
        Zizmor().scan(batch)

    assert caught.value.reason == "tool-misconfigured"
    assert "zizmor.yml" in caught.value.message
    assert len(batch.runs) == 1


def test_the_persona_decides_how_much_is_found(tools: Path, tmp_path: Path) -> None:
    def found(persona: str) -> set[str]:
        options = msgspec.convert({"persona": persona}, ZizmorOptions)
        config = Config(scanners=Scanners(zizmor=options))
        scanned = really(tools, tmp_path / persona, Zizmor(), PROJECT, config)
        return {item.rule for item in scanned.findings}

    assert found("regular") < found("pedantic") <= found("auditor")


def test_it_stays_offline_whatever_the_environment_says(tools: Path, tmp_path: Path) -> None:
    uses = b"      - uses: actions/checkout@8e5e7e5ab8b370d6c329ec480221332ada57f0ab # v3.5.2\n"
    files = {f"{FOLDER}/a.yml": INJECTION + uses}
    plain = locked_batch(tools, tmp_path / "plain", Zizmor(), files)
    tempted = locked_batch(tools, tmp_path / "tempted", Zizmor(), files)
    tempted.environ = {
        **plain.environ,
        "GITHUB_TOKEN": "x",
        "GH_TOKEN": "x",
        "ZIZMOR_GITHUB_TOKEN": "x",
        "ZIZMOR_OFFLINE": "false",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }

    assert Zizmor().scan(tempted) == Zizmor().scan(plain)
    assert all("--offline" in run for run in tempted.runs)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([Completed(2, b"", "error: unexpected argument")] * 3, "tool-crashed"),
        ([refused("why"), Completed(101, b"", "panicked")], "tool-crashed"),
        ([Completed(1, b"", "no audit was performed\nerror: configuration error in x")],
         "tool-misconfigured"),
        ([Completed(13, b'[{"ident": "a", "desc": "b", "url": "", "locations": [],'
                        b' "determinations": {"severity": "High", "confidence": "High"}}]', "")],
         "tool-output-invalid"),
    ],
)  # fmt: skip
def test_half_an_answer_is_never_clean(answers: list[Completed], reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(*answers)
    assert caught.value.reason == reason
