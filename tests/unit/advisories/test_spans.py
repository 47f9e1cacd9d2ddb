"""Spans of versions in waivers, against the specifiers of Python packaging."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from gatekeeper.advisories.spans import span_problem, within

VERSIONS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(rc[0-9]|\.post[0-9])?", fullmatch=True)
# Specifiers say that `1.post1` is not more than `1`; an order of versions says that it is.
PLAIN = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}", fullmatch=True)
OPERATORS = st.sampled_from(["<", "<=", "==", "!=", ">=", ">"])


@given(PLAIN, st.lists(st.tuples(OPERATORS, PLAIN), min_size=1, max_size=3))
def test_spans_of_releases_mean_what_specifiers_mean(
    version: str, parts: list[tuple[str, str]]
) -> None:
    text = ", ".join(f"{operator}{bound}" for operator, bound in parts)

    assert span_problem("pypi", text) == ""
    assert within("pypi", version, text) is SpecifierSet(text).contains(version)


@given(VERSIONS, VERSIONS)
def test_comparisons_divide_all_versions(version: str, bound: str) -> None:
    def holds(operator: str) -> bool:
        return within("pypi", version, operator + bound)

    assert [holds("<"), holds("=="), holds(">")].count(True) == 1
    assert holds("<=") is not holds(">")
    assert holds("!=") is not holds("==")


@pytest.mark.parametrize(
    ("ecosystem", "text", "problem"),
    [
        ("pypi", "1.0", "'1.0' is no comparison"),
        ("pypi", "<2,", "'' is no comparison"),
        ("pypi", "<two", "'two' is no version that pypi can order"),
        ("docker", "<2", "'2' is no version that docker can order"),
        ("npm", "<2.0.0-rc.1", ""),
    ],
)
def test_what_is_no_span(ecosystem: str, text: str, problem: str) -> None:
    assert span_problem(ecosystem, text) == problem
    assert not problem or not within(ecosystem, "1.0", text)


def test_what_cannot_be_ordered_is_in_no_span() -> None:
    assert not within("pypi", "not.a.version", "<99")
