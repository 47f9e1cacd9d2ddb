"""CODEOWNERS, as GitHub reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.text.codeowners import CodeOwners

RULES = CodeOwners(
    """
# everything else
*       @org/all  # the default
*.js    @js docs@example.org
/build/logs/ @ops
docs/*  @writers
apps/   @apps
/apps/github
/a\\ b/  @blank
!nothing @no
[ab].py  @no
\\#x      @no
"""
)


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README.md", ("@org/all",)),
        ("src/x.js", ("@js", "docs@example.org")),
        ("build/logs/deep/x", ("@ops",)),
        ("other/build/logs/x", ("@org/all",)),
        ("docs/getting-started.md", ("@writers",)),
        ("docs/build/troubleshooting.md", ("@org/all",)),
        ("deep/apps/x.py", ("@apps",)),
        ("apps/github/x.py", ()),
        ("a b/c", ("@blank",)),
        ("a.py", ("@org/all",)),
    ],
)
def test_the_last_pattern_that_matches_decides(path: str, owners: tuple[str, ...]) -> None:
    assert RULES.owners(path) == owners


def test_no_rules_no_owners() -> None:
    assert CodeOwners("").owners("a") == ()


@given(st.text(), st.text(min_size=1).map(lambda it: it.replace("\0", "")).filter(bool))
def test_no_text_is_an_error(text: str, path: str) -> None:
    CodeOwners(text).owners(path)
