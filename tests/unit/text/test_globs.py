"""Path patterns mean what they mean in .gitignore."""

from __future__ import annotations

import pytest

from gatekeeper.text.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a.py"),
        ("*.py", "deep/down/a.py"),
        ("tests/", "tests/a.py"),
        ("tests/", "sub/tests/a.py"),
        ("/tests/", "tests/unit/a.py"),
        ("src/*.py", "src/a.py"),
        ("src/**/gen.py", "src/gen.py"),
        ("src/**/gen.py", "src/a/b/gen.py"),
        ("**/migrations/**", "app/migrations/0001.py"),
        ("a", "a"),
        ("a", "b/a/c"),
        ("file[0-9].txt", "file7.txt"),
        (r"\#odd", "#odd"),
        ("with space/", "with space/a.py"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert matches([pattern], path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a.pyc"),
        ("/tests/", "sub/tests/a.py"),
        ("tests/", "tests"),
        ("src/*.py", "src/deep/a.py"),
        ("file[0-9].txt", "filex.txt"),
        ("a.py", "A.py"),
        ("# a comment", "# a comment"),
        ("", "a.py"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not matches([pattern], path)


def test_any_of_several_is_enough_and_none_match_nothing() -> None:
    assert matches(["docs/", "*.md"], "README.md")
    assert not matches([], "README.md")


def test_a_later_pattern_takes_back_what_an_earlier_one_gave() -> None:
    patterns = ["tests/*", "!tests/keep.py"]

    assert matches(patterns, "tests/a.py")
    assert not matches(patterns, "tests/keep.py")
