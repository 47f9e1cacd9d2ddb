"""A rule of our own is complete, and does what its examples say; see rule_pack.py."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatekeeper.scanners.semgrep import Semgrep
from gatekeeper.scanners.semgrep_rules import builtin_files
from tests.conformance.rule_pack import ROOT, Examples, Pack, about_pack, about_rule, examples_in
from tests.fakes.scanning import locked_batch

PACK = Pack()
RULES = sorted(PACK.files)


class Place(msgspec.Struct):
    """A line and an offset in bytes."""

    line: int
    offset: int


class Extra(msgspec.Struct):
    """What the rule says, and what its autofix would write."""

    message: str
    fix: str | None = None


class Match(msgspec.Struct):
    """One match of a rule."""

    check_id: str
    path: str
    start: Place
    end: Place
    extra: Extra


class Output(msgspec.Struct):
    """What the engine says about all examples."""

    results: list[Match]
    errors: list[Any]


@pytest.fixture(scope="session")
def matches(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Match]:
    """Every match of every rule in every example, by the starts of the engine that users have."""
    files = {it.name: it.read_bytes() for it in PACK.examples.glob("*.py")}
    folder = tmp_path_factory.mktemp("rules")
    batch = locked_batch(tools, folder, Semgrep(), files)
    Semgrep().scan(batch)
    found: list[Match] = []
    for started, answer in zip(batch.runs, batch.answers, strict=True):
        output = msgspec.json.decode(answer.stdout, type=Output)
        assert output.errors == []
        found += output.results if "--disable-nosem" not in started else []
    for it in found:
        # In front of it is a number: a rule is another one where it is cut to another file.
        it.check_id = it.check_id.partition(".")[2]
    # What is tried first of a flow rule says nothing else.
    return [it for it in found if it.extra.message != it.check_id]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_complete(name: str) -> None:
    assert about_rule(PACK, name) == []


def test_nothing_belongs_to_no_rule() -> None:
    assert about_pack(PACK) == []


def test_the_scanner_knows_the_same_rules() -> None:
    assert sorted(builtin_files()) == RULES


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_its_examples_and_nothing_else_in_their_file(
    matches: list[Match], name: str
) -> None:
    examples = examples_in(PACK.example(name).read_text(encoding="utf-8"), name)

    found = {it.start.line for it in matches if it.check_id == name and it.path == f"{name}.py"}

    assert sorted(examples.ruleid - found) == [], "lines that the rule misses"
    assert sorted(found - examples.found) == [], "lines that the rule matches and should not"
    assert sorted(examples.todoruleid & found) == [], "known limits that are none any more"
    assert sorted(examples.todook - found) == [], "known limits that are none any more"


def test_an_autofix_makes_of_the_examples_what_is_expected(matches: list[Match]) -> None:
    for name in (name for name in RULES if PACK.fixed(name).is_file()):
        text = PACK.example(name).read_bytes()
        own = [it for it in matches if it.check_id == name and it.path == f"{name}.py"]

        for match in sorted(own, key=lambda it: it.start.offset, reverse=True):
            assert match.extra.fix is not None, f"{name}: line {match.start.line} has no fix"
            text = text[: match.start.offset] + match.extra.fix.encode() + text[match.end.offset :]

        assert text.decode() == PACK.fixed(name).read_text(encoding="utf-8")


def test_what_an_autofix_leaves_is_no_finding(matches: list[Match]) -> None:
    fixed = {f"{name}.fixed.py": name for name in RULES}

    assert [it for it in matches if fixed.get(it.path) == it.check_id] == []


def test_annotations_speak_of_the_next_line_of_code() -> None:
    text = "# ruleid: a\n# ok: b, c\nf()\n# todook: a\ng()\n    # todoruleid: a\nh()\n# ok: other\ni()\n"

    assert examples_in(text, "a") == Examples(
        ruleid=frozenset({3}), todook=frozenset({5}), todoruleid=frozenset({7})
    )
    assert examples_in(text, "c") == Examples(ok=frozenset({3}))


def half_way(folder: Path, rule: str, example: str = "") -> Pack:
    """A pack with one rule that somebody has only begun to add."""
    for path in ("src/gatekeeper/rules/python", "docs/rules", "tests/data/semgrep/rules"):
        (folder / path).mkdir(parents=True)
    (folder / "src/gatekeeper/rules/python/half-way.yml").write_text(rule)
    if example:
        (folder / "tests/data/semgrep/rules/half-way.py").write_text(example)
    return Pack(folder)


def test_a_rule_added_half_way_is_told_all_that_is_missing(tmp_path: Path) -> None:
    rule = (
        "rules:\n  - id: half\n    languages: [python]\n    severity: ERROR\n    message: Bad.\n"
        "    pattern: f(...)\n    fix: g()\n    metadata: {category: security, class: none,"
        " cwe: CWE-1, confidence: HIGH, references: [], fix: text}\n"
    )
    pack = half_way(tmp_path, rule, "# ruleid: half-way\nf()\n")

    assert about_rule(pack, "half-way") == [
        "the rule is called 'half', not 'half-way' like its file",
        "severity is 'ERROR', not one of LOW, MEDIUM, HIGH, CRITICAL",
        "message does not say, in sentences, what can happen and how to fix it",
        "metadata.help_url is missing",
        "metadata.title is missing",
        "metadata.class cannot be 'none'",
        "metadata.cwe cannot be 'CWE-1'",
        "metadata.fix cannot be 'text'",
        "metadata.references cannot be []",
        "docs/rules/half-way.md is missing: python docs/generate.py",
        "tests/data/semgrep/rules/half-way.py has 1 lines after `# ruleid: half-way`, not 3 or more",
        "tests/data/semgrep/rules/half-way.py has 0 lines after `# ok: half-way`, not 3 or more",
        "tests/data/semgrep/rules/half-way.fixed.py is missing: what the autofix makes of the examples",
    ]


def test_a_file_with_two_rules_or_none_is_told(tmp_path: Path) -> None:
    assert about_rule(half_way(tmp_path / "none", "rules: []\n"), "half-way") == [
        "the file does not hold exactly one rule"
    ]
    two = "rules:\n  - {id: a}\n  - {id: b}\n"
    assert about_rule(half_way(tmp_path / "two", two), "half-way") == [
        "the file does not hold exactly one rule"
    ]


def test_what_a_removed_rule_leaves_behind_is_told(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs/rules", tmp_path / "docs/rules")
    shutil.copytree(PACK.examples, tmp_path / "tests/data/semgrep/rules")
    (tmp_path / "src/gatekeeper/rules").mkdir(parents=True)

    found = about_pack(Pack(tmp_path))

    assert "docs/rules/unverified-jwt.md is about no rule" in found
    assert "tests/data/semgrep/rules/unverified-jwt.py is an example of no rule" in found
    assert len(found) >= 2 * len(RULES)
