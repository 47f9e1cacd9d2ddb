"""Annotations: what the Actions runner makes of each line is exactly what was meant.

`parsed` follows the runner's own reading (ActionCommand.cs): commands may be indented, the first
`::` after the name ends the properties, and a line that is no such command is searched for `##[`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.outcome import Failed
from gatekeeper.model.verdict import GateVerdict, Judged, Report, ScannerOutcome
from gatekeeper.reports.github import LONGEST_MESSAGE, PER_LEVEL, GithubReport, inert
from gatekeeper.reports.interface import Style
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report, sources

COMMANDS = (
    "error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "stop-commands", "echo",
    "set-output", "save-state", "set-env", "add-path", "add-matcher", "remove-matcher",
)  # fmt: skip


def written(told: Report) -> list[str]:
    return GithubReport().whole(told, sources(), Style()).split("\n")[:-1]


def parsed(line: str) -> tuple[str, dict[str, str], str] | None:
    """The command in a line as the runner sees it: name, properties, data."""
    line = line.lstrip()
    if line.startswith("::") and (end := line.find("::", 2)) >= 0:
        name, _, rest = line[2:end].partition(" ")
        if name in COMMANDS:
            pairs = (part.split("=", 1) for part in rest.strip().split(",") if "=" in part)
            properties = {key: unescaped(text, ":,") for key, text in pairs}
            return name, properties, unescaped(line[end + 2 :], "")
    if found := re.search(r"##\[([\w-]+)", line):
        return found[1], {}, line[found.end() :]
    return None


def unescaped(text: str, more: str) -> str:
    for char in "\r\n" + more + "%":
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def commands(told: Report) -> list[tuple[str, dict[str, str], str]]:
    return [command for line in written(told) if (command := parsed(line))]


def test_a_blocking_problem_is_an_error_at_its_place() -> None:
    ((name, properties, message),) = commands(report([judged(message="50 % worse: a, b")]))

    assert name == "error"
    assert properties == {
        "file": "app/main.py", "line": "1", "endLine": "1", "col": "8", "title": "ruff/F401 (medium)",
    }  # fmt: skip
    assert message == "50 % worse: a, b"


def test_a_column_is_only_told_within_one_line() -> None:
    """The runner refuses an annotation of several lines that names a column."""
    ((_, properties, _),) = commands(report([judged(line=3, end_line=5)]))

    assert (properties["line"], properties["endLine"]) == ("3", "5")
    assert "col" not in properties


def test_a_finding_of_the_whole_change_has_no_place() -> None:
    ((_, properties, _),) = commands(report([judged(path="", line=0, end_line=0, column=0)]))

    assert set(properties) == {"title"}


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"blocks": True, "severity": "low"}, "error"),
        ({"blocks": False, "severity": "high"}, "warning"),
        ({"blocks": False, "severity": "medium"}, "warning"),
        ({"blocks": False, "severity": "low"}, "notice"),
        ({"blocks": False, "severity": "info"}, "notice"),
        ({"blocks": False, "state": "existing", "severity": "critical"}, None),
        ({"blocks": False, "state": "waived", "severity": "critical"}, None),
        ({"blocks": False, "state": "suppressed", "severity": "critical"}, None),
        ({"blocks": True, "state": "existing"}, "error"),
    ],
)
def test_the_level_says_whether_it_blocks_and_old_problems_are_nobodys(
    more: dict[str, Any], level: str | None
) -> None:
    assert [name for name, *_ in commands(report([judged(**more)]))] == ([level] if level else [])


def test_the_ten_most_important_of_each_level_are_shown_and_the_rest_is_counted() -> None:
    def some(count: int, **more: Any) -> list[Judged]:
        return [judged(path=f"{nth:03}.py", **more) for nth in range(count)]

    told = report(
        [
            *some(12, severity="low"),
            *some(2, severity="critical"),
            *some(11, severity="high", blocks=False),
            *some(3, severity="low", blocks=False),
        ]
    )

    lines = written(told)

    shown = commands(told)
    assert [name for name, *_ in shown] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 3
    assert [it[1]["title"] for it in shown[:3]] == ["ruff/F401 (critical)"] * 2 + [
        "ruff/F401 (low)"
    ]
    assert len(lines) == len(shown) + 1
    assert lines[-1].startswith("4 more errors, 1 more warning: ")


def test_one_rule_in_one_file_does_not_take_all_the_places() -> None:
    told = report([*(judged(line=line) for line in range(1, 40)), judged(path="z.py", rule="E9")])

    assert "z.py" in [it[1]["file"] for it in commands(told)][:2]


def test_what_could_not_be_checked_comes_first() -> None:
    failed = ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it crashed", "try again"))
    gates = (GateVerdict("sast", "inconclusive", "scanner-failed", "bandit: it crashed"),)

    ((name, properties, message),) = commands(report(gates=gates, outcomes=(failed,)))

    assert (name, properties["title"]) == ("error", "not checked: bandit")
    assert message == "it crashed; try again"


def test_a_failure_that_the_policy_lets_pass_is_a_warning() -> None:
    failed = ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it crashed"))
    gates = (GateVerdict("sast", "pass", "warned", "bandit: it crashed"),)

    assert [it[0] for it in commands(report(gates=gates, outcomes=(failed,)))] == ["warning"]


def test_nothing_to_say_is_nothing() -> None:
    assert written(report()) == []


def test_a_message_is_as_long_as_the_runner_keeps() -> None:
    ((*_, message),) = commands(report([judged(message="%" * 9_000)]))

    assert len(message) == LONGEST_MESSAGE
    assert message.endswith("%…")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_every_line_is_a_command_of_ours_whatever_the_text(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_so_it_is_with_any_text(text: str) -> None:
    check(text)


def check(text: str) -> None:
    lines = written(full_of(text))

    found = [parsed(line) for line in lines]
    assert [command[0] if command else None for command in found] == [
        *["error"] * 3, "warning", "notice",
    ]  # fmt: skip
    for line, command in zip(lines, found, strict=True):
        assert line.startswith(f"::{command and command[0]} ")
        assert line.isprintable()
        assert command is not None
        assert set(command[1]) <= {"file", "line", "endLine", "col", "title"}
        assert len(command[2]) <= LONGEST_MESSAGE


def test_no_level_is_over_its_limit() -> None:
    told = report([judged(path=f"{nth}.py") for nth in range(500)])

    assert len(commands(told)) == PER_LEVEL


def test_other_text_is_put_where_the_runner_obeys_nothing() -> None:
    assert inert("a\n::error::b\n", "t0ken").split("\n") == [
        "::stop-commands::t0ken", "a", "::error::b", "::t0ken::", "",
    ]  # fmt: skip


def test_a_folder_gets_one_file() -> None:
    (part,) = GithubReport().parts(report([judged()]), sources())

    assert part.name == "gatekeeper-annotations.txt"
