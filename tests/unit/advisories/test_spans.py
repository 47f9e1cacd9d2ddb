"""Spans of versions in waivers, against the specifiers of Python packaging."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from gatekeeper.advisories.spans import within
from gatekeeper.text.spans import comparisons

VERSIONS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(rc[0-9]|\.post[0-9])?", fullmatch=True)
# Specifiers say that `1.post1` is not more than `1`; an order of versions says that it is.
PLAIN = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}", fullmatch=True)
OPERATORS = st.sampled_from(["<", "<=", "==", "!=", ">=", ">"])


@given(PLAIN, st.lists(st.tuples(OPERATORS, PLAIN), min_size=1, max_size=3))
def test_spans_of_releases_mean_what_specifiers_mean(
    version: str, parts: list[tuple[str, str]]
) -> None:
    text = ", ".join(f"{operator}{bound}" for operator, bound in parts)

    assert comparisons(text) == parts
    assert within("pypi", version, text) is SpecifierSet(text).contains(version)


@given(VERSIONS, VERSIONS)
def test_comparisons_divide_all_versions(version: str, bound: str) -> None:
    def holds(operator: str) -> bool:
        return within("pypi", version, operator + bound)

    assert [holds("<"), holds("=="), holds(">")].count(True) == 1
    assert holds("<=") is not holds(">")
    assert holds("!=") is not holds("==")


@pytest.mark.parametrize(
    ("text", "problem"), [("1.0", "'1.0' is no comparison"), ("<2,", "'' is no comparison")]
)
def test_what_is_no_span(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        comparisons(text)


def test_what_cannot_be_ordered_is_in_no_span() -> None:
    assert not within("pypi", "not.a.version", "<99")
    assert not within("pypi", "1.0", "<two")
    assert not within("docker", "1.0", "<2")
    assert within("npm", "2.0.0-beta.1", "<2.0.0-rc.1")
