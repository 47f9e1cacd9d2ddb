"""Changes that coverage of new lines is often wrong about, each beside diff-cover's answer.

All cases are folders of one real repository whose programs really ran under coverage.py. diff-cover
gets the XML report of the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.covering import check, coverage, diff_cover, measured, places, write
from tests.fakes.repo import Repo, Result

Files = Mapping[str, str | None]
IGNORED = ".coverage\ncoverage.xml\n*.info\n__pycache__/\n"

CALLS = """\
def used(a):
    return max(
        a,
        1,
    )


def unused(a):
    return min(
        a,
        1,
    )
"""
DECORATED = """\
def mark(*names):
    return lambda function: function


@mark(
    "one",
)
def used():
    return 1
"""
CHOICE = """\
def kind(value, other=0):
    if (value and
            other):
        return "both"
    elif value:
        return "one"
    else:
        return "none"


def matching(value):
    match value:
        case [
            1,
            2,
        ]:
            return "pair"
        case _:
            return "other"


def reading(name):
    with (
        open(name) as one,
        open(name) as two,
    ):
        return one, two


TEXT = \"\"\"
first
# no comment
\"\"\"
EVEN = [
    it
    for it in range(9)
    if it % 2
]
"""
TWO_WAYS = "def f(a):\n    if a:\n        a += 1\n    return a\n"
HELPERS = """\
def first_helper(value):
    result = value + 1
    return result


def second_helper(value):
    result = value + 2
    return result
"""
SWAPPED = "\n\n".join(reversed(HELPERS.split("\n\n\n"))).replace("\n\n\n", "\n\n")
RUN = "import lib\n"


@dataclass(frozen=True)
class Case:
    """`ours`: changed statements, and `uncovered` where. `theirs`: lines, uncovered ones.

    `run` is the program that is measured, in the folder of the case.
    """

    base: Files
    head: Files
    ours: int
    uncovered: list[tuple[str, int, int]]
    theirs: tuple[int, int]
    run: str = RUN
    shown: Mapping[str, list[tuple[str, int, int]]] = field(default_factory=dict)


def changed(text: str, old: str, new: str, path: str = "lib.py") -> tuple[Files, Files]:
    """The same file before and after."""
    assert text.count(old) == 1
    return {path: text}, {path: text.replace(old, new)}


NOTHING = (0, 0)
CASES = {
    "a changed continuation line of a statement that never ran": Case(
        *changed(CALLS, "    return min(\n        a,\n        1", "    return min(\n        a,\n        2"),
        ours=1, uncovered=[("lib.py", 9, 12)], theirs=NOTHING,
    ),
    "a changed continuation line of a statement that ran": Case(
        *changed(CALLS, "    return max(\n        a,\n        1", "    return max(\n        a,\n        2"),
        run="import lib\nlib.used(1)\n", ours=1, uncovered=[], theirs=NOTHING,
    ),
    "a new file that nothing imports": Case(
        base={"lib.py": "X = 1\n"}, head={"new.py": "Y = 1\n\n\ndef f():\n    return Y\n"},
        ours=3, uncovered=[("new.py", 1, 5)], theirs=NOTHING,
    ),
    "an old file that nothing imports": Case(
        *changed("X = 1\nY = 2\n", "Y = 2", "Y = 3", "alone.py"),
        run="x = 1\n", ours=1, uncovered=[("alone.py", 2, 2)], theirs=NOTHING,
    ),
    "a new test that did not run": Case(
        base={"lib.py": "X = 1\n"}, head={"tests/test_new.py": "def test():\n    assert True\n"},
        ours=0, uncovered=[], theirs=NOTHING,
    ),
    "a comment that takes code out of the measurement": Case(
        *changed(CALLS, "def unused(a):", "def unused(a):  # pragma: no cover"),
        ours=0, uncovered=[], theirs=NOTHING, shown={"excluded": [("lib.py", 8, 8)]},
    ),
    "a changed line that was taken out before": Case(
        *changed("def f():\n    return 1  # pragma: no cover\n", "1", "2"),
        ours=0, uncovered=[], theirs=NOTHING, shown={"excluded": []},
    ),
    "a way on that is never taken": Case(
        base={"lib.py": "X = 1\n"}, head={"lib.py": TWO_WAYS}, run="import lib\nlib.f(1)\n",
        ours=4, uncovered=[], theirs=(4, 0),
        shown={"partial-branch": [("lib.py", 2, 2)]},
    ),
    "a function that was moved within its file": Case(
        base={"lib.py": HELPERS}, head={"lib.py": SWAPPED}, ours=0, uncovered=[], theirs=(3, 2),
    ),
    "a function that was moved to another file": Case(
        base={"lib.py": HELPERS}, head={"lib.py": "X = 1\n", "other.py": HELPERS},
        run="import lib, other\n", ours=1, uncovered=[], theirs=(7, 4),
    ),
    "a copy of a function": Case(
        base={"lib.py": HELPERS}, head={"other.py": HELPERS}, run="import lib, other\n",
        ours=6, uncovered=[("other.py", 2, 3), ("other.py", 7, 8)], theirs=(6, 4),
    ),
    "a file that was renamed, and changed in one line": Case(
        base={"lib.py": CALLS}, head={"lib.py": None, "new.py": CALLS.replace("return min", "return abs")},
        run="import new\n", ours=1, uncovered=[("new.py", 9, 12)], theirs=(1, 1),
    ),
    "a changed comment inside of a statement": Case(
        *changed(CALLS, "    return min(\n        a,", "    return min(\n        # why\n        a,"),
        ours=0, uncovered=[], theirs=NOTHING,
    ),
    "an argument of a decorator": Case(
        *changed(DECORATED, '"one"', '"two"'), ours=1, uncovered=[], theirs=NOTHING,
    ),
    "a docstring": Case(
        *changed('def f():\n    """One.\n\n    More.\n    """\n    return 1\n', "More", "Less"),
        ours=0, uncovered=[], theirs=NOTHING,
    ),
    "the second line of a condition": Case(
        *changed(CHOICE, "other):", "other == 0):"), ours=1, uncovered=[("lib.py", 2, 3)], theirs=NOTHING,
    ),
    "a line of a pattern": Case(
        *changed(CHOICE, "            2,", "            3,"),
        ours=1, uncovered=[("lib.py", 13, 16)], theirs=NOTHING,
    ),
    "an item of a with": Case(
        *changed(CHOICE, "as two", "as too"), ours=1, uncovered=[("lib.py", 23, 26)], theirs=NOTHING,
    ),
    "an else": Case(
        *changed(CHOICE, "    else:", "    else:  # nothing"), ours=0, uncovered=[], theirs=NOTHING,
    ),
    "text inside of a string that ran": Case(
        *changed(CHOICE, "first\n# no comment", "first\n# a comment"), ours=1, uncovered=[], theirs=NOTHING,
    ),
    "the condition of a comprehension": Case(
        *changed(CHOICE, "if it % 2", "if it % 3"), ours=1, uncovered=[], theirs=NOTHING,
    ),
}  # fmt: skip


RUNNER = """\
import os
import sys

for folder in sorted(os.listdir("cases")):
    sys.path.insert(0, os.path.join("cases", folder))
    with open(os.path.join("cases", folder, "run.txt")) as file:
        exec(file.read(), {})
    del sys.path[0]
    for name in ("lib", "new", "other", "alone"):
        sys.modules.pop(name, None)
"""
KINDS = {"data": ".coverage", "xml": "coverage.xml", "lcov": "coverage.lcov"}


@dataclass
class Answers:
    """What the tools say of all cases at once."""

    ours: dict[str, Result]
    theirs: dict[str, tuple[int, int]]


_KNOWN: list[Answers] = []


@pytest.fixture
def answers(repo: Repo, cache: Path, uncovered: None) -> Answers:
    """Everything is run once, for all tests."""
    if not _KNOWN:
        _KNOWN.append(ask(repo))
    return _KNOWN[0]


def ask(repo: Repo) -> Answers:
    repo.write(".gitignore", IGNORED)
    repo.write("run.py", RUNNER)
    for case in CASES.values():
        # Code moves within a case, not from one to another.
        write(repo, folder_of(case, {**case.base, "run.txt": case.run}))
    repo.commit("base")
    repo.branch()
    for case in CASES.values():
        write(repo, folder_of(case, case.head))
    repo.commit("head")
    coverage(repo, "run", "--branch", "run.py")
    coverage(repo, "xml", "-q")
    coverage(repo, "lcov", "-q")
    ours = {kind: check(repo, "--coverage", name) for kind, name in KINDS.items()}
    return Answers(ours, diff_cover(repo, "coverage.xml"))


def number(case: Case) -> int:
    return list(CASES.values()).index(case)


def folder_of(case: Case, files: Files) -> Files:
    own = f"helper_{number(case)}_"
    return {
        f"cases/{number(case):02}/{path}": text and text.replace("helper", own)
        for path, text in files.items()
    }


def inside(case: Case, found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    folder = f"cases/{number(case):02}/"
    return [
        (path.removeprefix(folder), first, last)
        for path, first, last in found
        if path.startswith(folder)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_uncovered_lines_of_a_change(answers: Answers, name: str, kind: str) -> None:
    case, result = CASES[name], answers.ours[kind]

    assert result.status == 0, result.stdout + result.stderr
    assert inside(case, places(result)) == case.uncovered
    for rule, where in case.shown.items():
        assert inside(case, places(result, rule)) == where


@pytest.mark.parametrize("kind", KINDS)
def test_changed_statements_are_counted_alike_from_every_format(
    answers: Answers, kind: str
) -> None:
    found = measured(answers.ours[kind])

    assert found["changed_statements"] == sum(case.ours for case in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_what_diff_cover_says(answers: Answers, name: str) -> None:
    folder = f"cases/{number(CASES[name]):02}/"
    told = [it for path, it in answers.theirs.items() if path.startswith(folder)]

    assert (sum(it[0] for it in told), sum(it[1] for it in told)) == CASES[name].theirs


def test_the_page_shows_every_case() -> None:
    page = Path(__file__).parents[2] / "docs" / "scanners" / "coverage.md"
    text = page.read_text(encoding="utf-8")

    rows = {tuple(it.strip() for it in line.split("|")[1:-1]) for line in text.splitlines()}
    for name, case in CASES.items():
        missing = sum(last >= first for _, first, last in case.uncovered)
        ours = f"{case.ours} changed" + (
            f", {missing} {'place' if missing == 1 else 'places'}" if missing else ""
        )
        assert (name, ours, "{} lines, {} uncovered".format(*case.theirs)) in rows
