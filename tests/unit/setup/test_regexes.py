"""Expressions over paths as patterns: the same paths exactly, or none and the reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatekeeper.setup.regex_reader import UntranslatableError
from gatekeeper.setup.regexes import WORKSPACE, patterns
from gatekeeper.text.globs import matches

EXACT = [
    (r"^docs/", ["/docs/"]),
    (r"^docs/.*", ["/docs/"]),
    (r"^docs/.+", ["/docs/"]),
    (r"(^|/)node_modules/", ["node_modules/"]),
    (r"(^|/)a/b/", ["**/a/b/"]),
    (r"node_modules/", ["*node_modules/"]),
    (r".*/tests/.*", ["/*/**/tests/"]),
    (r"\.min\.js$", ["*.min.js"]),
    (r"\.(svg|png)$", ["*.svg", "*.png"]),
    (r"^setup\.py$", ["/setup.py"]),
    (r"^(docs|vendor)/", ["/docs/", "/vendor/"]),
    (r"^tests/[^/]+\.py$", ["/tests/?*.py"]),
    (r"^docs/.*\.md$", ["/docs/**/*.md"]),
    (r"^src/.*/gen/", ["/src/*/**/gen/"]),
    (r"^v[0-9]/", ["/v[0-9]/"]),
    (r"^docs?/", ["/docs/", "/doc/"]),
    (r"^a\*b/", [r"/a\*b/"]),
    ("(?x)^(\n  docs/ |   # generated\n  build/\n)", ["/docs/", "/build/"]),
]
REFUSED = [
    (r"package-lock.json", "stands for any character"),
    (r"^.*$", "every path"),
    (r".*", "every path"),
    (r"", "every path"),
    (r"^(?!src)", "(?!s"),
    (r"\d+/", "\\d"),
    (r"^a{2}/", "repeat"),
    (r"(a+)+$", "repeat"),
    (r"[^a]/", "class"),
    (r"a.+b", "asks for a character"),
    (r"^/a$", "no path"),
    (r"(a", "parentheses"),
    (r"a)", "parentheses"),
    (r"*a", "repeats nothing"),
    (r"a^b", "middle"),
    ("(" * 3000, "nested"),
    ("|".join(f"(a|b|c|d){i}" for i in range(40)), "more than 64"),
    ("x" * 5000, "characters"),
]


@pytest.mark.parametrize(("regex", "expected"), EXACT)
def test_what_can_be_said_exactly(regex: str, expected: list[str]) -> None:
    assert patterns(regex) == expected


@pytest.mark.parametrize(("regex", "why"), REFUSED)
def test_what_cannot_is_refused_with_the_reason(regex: str, why: str) -> None:
    with pytest.raises(UntranslatableError, match=re.escape(why)):
        patterns(regex)


def test_a_folder_that_bears_a_files_name_is_noticed() -> None:
    with pytest.raises(UntranslatableError, match=r"all of pkg/x\.min\.js/"):
        patterns(r"\.min\.js$", {"pkg", "pkg/x.min.js"})


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (r".*/(vendor|dist)/.*", ["vendor/", "dist/"]),
        (r"/tests/", ["tests/"]),
        (r"^/github/workspace/docs/", ["/docs/"]),
        (r"\.min\.js$", ["*.min.js"]),
    ],
)
def test_expressions_that_see_the_whole_path(regex: str, expected: list[str]) -> None:
    assert patterns(regex, absolute=True) == expected


@pytest.mark.parametrize("regex", ["work", "^docs/", ".*github/.*", "a.*/docs/", "e/docs/"])
def test_expressions_that_may_match_above_the_repository(regex: str) -> None:
    with pytest.raises(UntranslatableError):
        patterns(regex, absolute=True)


_ATOM = st.sampled_from(
    ["a", "b", "/", r"\.", ".*", "[^/]*", "[^/]+", "(a|b/)", "(^|/)", "(a/)?", ".+", "[ab]", "b?",
     "/.*/", ".*/", "[^/]"]
)  # fmt: skip
_REGEX = st.builds(
    lambda start, atoms, end: start + "".join(atoms) + end,
    st.sampled_from(["", "^"]), st.lists(_ATOM, min_size=1, max_size=5), st.sampled_from(["", "$"]),
)  # fmt: skip
_NAME = st.text("ab.", min_size=1, max_size=3).filter(lambda it: it not in (".", ".."))
_PATH = st.lists(_NAME, min_size=1, max_size=4)


@settings(deadline=None, max_examples=150)
@given(regex=_REGEX, paths=st.lists(_PATH, min_size=1, max_size=12), absolute=st.booleans())
def test_the_patterns_match_the_same_paths(
    regex: str, paths: list[list[str]], absolute: bool
) -> None:
    folders = {"/".join(path[:end]) for path in paths for end in range(1, len(path))}
    try:
        found = patterns(regex, folders, absolute=absolute)
    except UntranslatableError:
        assume(False)

    for path in {"/".join(path) for path in paths} - folders:
        seen = WORKSPACE + path if absolute else path
        assert matches(found, path) == bool(re.search(regex, seen)), (found, path)
