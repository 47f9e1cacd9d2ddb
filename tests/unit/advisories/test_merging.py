"""What several auditors found, as one finding per vulnerability and package version."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.merging import merge
from gatekeeper.model.advisory import Vulnerability


def found(
    name: str, *more: str, by: str = "pip-audit", version: str = "1.0", **rest: Any
) -> Vulnerability:
    return Vulnerability(
        id=name, ids=(name, *more), ecosystem="pypi", name="demo", version=version,
        found_by=(by,), **rest,
    )  # fmt: skip


def test_the_closure_goes_over_all_auditors() -> None:
    (it,) = merge(
        [
            found("PYSEC-1", by="gatekeeper", fixed=("2.0",)),
            found("GHSA-1", "PYSEC-1", by="pip-audit", fixed=("1.5", "2.0"), severity="low", score=2.0),
            found("CVE-2026-1", "GHSA-1", by="safety", severity="high", score=8.0, vector="V"),
        ]
    )  # fmt: skip

    assert it.id == "CVE-2026-1"
    assert it.ids == ("CVE-2026-1", "GHSA-1", "PYSEC-1")
    assert it.found_by == ("gatekeeper", "pip-audit", "safety")
    assert (it.severity, it.score, it.vector) == ("high", 8.0, "V")
    assert it.fixed == ("2.0",)


def test_without_our_own_matcher_all_fixes_count_in_order() -> None:
    (it,) = merge(
        [found("A-1", fixed=("10.0", "2.0")), found("A-1", by="safety", fixed=("3.0", "odd"))]
    )

    assert it.fixed == ("2.0", "3.0", "10.0", "odd")


def test_versions_that_are_equal_are_one_and_others_are_not() -> None:
    assert len(merge([found("A-1"), found("A-1", version="1.0.0")])) == 1
    assert len(merge([found("A-1"), found("A-1", version="1.1")])) == 2
    assert len(merge([found("A-1", version="odd"), found("A-1", version="odd")])) == 1


def test_unknown_severity_stays_unknown_and_urgency_is_kept() -> None:
    (it,) = merge(
        [
            found("A-1", epss=0.1, published="2026-02-01"),
            found("A-1", "MAL-1", by="x", kev="2026-03-01", epss=0.2, malicious=True, url="u"),
        ]
    )

    assert (it.severity, it.kev, it.epss, it.malicious) == (None, "2026-03-01", 0.2, True)
    assert (it.id, it.url, it.published) == ("MAL-1", "u", "2026-02-01")


vulnerabilities = st.builds(
    lambda ids, version, by: found(ids[0], *ids[1:], version=version, by=by),
    st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=3, unique=True),
    st.sampled_from(["1.0", "1", "2.0"]),
    st.sampled_from(["x", "y"]),
)


@given(st.lists(vulnerabilities, max_size=6))
def test_merging_loses_no_name_and_does_the_same_twice(several: list[Vulnerability]) -> None:
    merged = merge(several)

    assert {name for it in several for name in it.ids} == {name for it in merged for name in it.ids}
    assert {by for it in several for by in it.found_by} == {
        by for it in merged for by in it.found_by
    }
    assert merge(merged) == merged
    assert {it.id for it in merge(reversed(several))} == {it.id for it in merged}
