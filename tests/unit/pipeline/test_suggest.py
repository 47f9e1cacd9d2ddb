"""What a fix makes of lines, as suggestions that put it back together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.verdict import Suggestion
from gatekeeper.pipeline import suggest
from gatekeeper.pipeline.fix import FixedFile
from gatekeeper.pipeline.suggest import suggestions

KEY = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


def found(before: str, after: str, *secret: int) -> list[Suggestion]:
    file = FixedFile("a.py", before.encode(), after.encode(), ("ruff",))
    return list(suggestions(file, frozenset(("a.py", line) for line in secret)))


def applied(before: str, made: list[Suggestion]) -> str:
    """What stands there once somebody has committed all of them."""
    lines = before.removesuffix("\n").split("\n")
    for it in sorted(made, key=lambda it: -it.line):
        lines[it.line - 1 : it.end_line] = [] if it.removes else it.text.split("\n")
    return "\n".join(lines) + "\n" if lines else ""


def test_a_line_that_goes() -> None:
    assert found("import os\nx = 1\n", "x = 1\n") == [
        Suggestion("a.py", 1, 1, "", ("ruff",), removes=True)
    ]


def test_a_line_that_changes() -> None:
    (only,) = found("a\nx=1\nb\n", "a\nx = 1\nb\n")

    assert (only.line, only.end_line, only.text, only.removes) == (2, 2, "x = 1", False)


def test_a_line_that_is_new_stands_on_the_one_before_it() -> None:
    assert [(it.line, it.text) for it in found("a\nb\n", "a\n\nb\n")] == [(1, "a\n")]
    assert [(it.line, it.text) for it in found("b\n", "a\nb\n")] == [(1, "a\nb")]


TEXT = st.lists(st.sampled_from(["a", "b", "", "  c"]), min_size=1, max_size=8)


@given(TEXT, TEXT)
def test_all_of_them_together_are_the_fix(before: list[str], after: list[str]) -> None:
    one, other = "\n".join(before) + "\n", "\n".join(after) + "\n"

    assert applied(one, found(one, other)) == other


def test_secrets_are_not_quoted() -> None:
    assert found("a\nb=1\n", "a\nb = 1\n", 2) == []
    assert found(f"key='{KEY}'\n", f'key = "{KEY}"\n') == []


def test_what_cannot_be_shown_is_no_suggestion() -> None:
    file = FixedFile("a.py", b"\xff\n", b"\xfe\n", ("ruff",))

    assert list(suggestions(file)) == []
    assert found("", "a\n") == []
    assert found("a\n" * 100, "b\n" * 100) == []


def test_huge_files_are_not_compared() -> None:
    assert found("a\n" * (suggest._MOST_FILE_LINES + 1), "b\n") == []
