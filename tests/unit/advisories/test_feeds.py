"""CISA's list of exploited vulnerabilities, and EPSS scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.feeds import FeedError, read_epss, read_kev, together
from gatekeeper.model.advisory import Priority
from tests.fakes.advisories import DATA


def test_the_list_of_exploited_vulnerabilities() -> None:
    found, as_of = read_kev((DATA / "kev.json").read_bytes())

    assert found == {"CVE-2026-90001": "2026-11-22"}
    assert as_of == "2026-11-20T12:00:00Z"


def test_without_a_date_to_fix_it_by_the_date_of_the_entry_counts() -> None:
    found, _ = read_kev(
        b'{"dateReleased": "2026-01-01", "vulnerabilities":'
        b' [{"cveID": "CVE-2026-0001", "dateAdded": "2026-01-02"}]}'
    )

    assert found == {"CVE-2026-0001": "2026-01-02"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"dateReleased": "2026-01-01", "vulnerabilities": []}',
        b'{"dateReleased": "2026-01-01", "vulnerabilities": [{"cveID": "CVE-2026-0001"}]}',
        b'{"dateReleased": "x", "vulnerabilities": [{"cveID": "x", "dueDate": "2026-01-01"}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_such_list_is_refused(data: bytes) -> None:
    with pytest.raises(FeedError):
        read_kev(data)


def test_scores() -> None:
    found, as_of = read_epss((DATA / "epss.csv").read_text().splitlines())

    assert found["CVE-2026-90001"] == 0.8321
    assert len(found) == 3
    assert as_of == "2026-11-24T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cve,epss,percentile\n",
        "<html>\n",
        "cve,epss,percentile\nCVE-2026-0001,1.5,0\n",
        "cve,epss,percentile\nCVE-2026-0001,nan,0\n",
        "cve,epss,percentile\nCVE-2026-0001\n",
        "cve,epss,percentile\nGHSA-1,0.5,0\n",
        "percentile,cve,epss\n0,CVE-2026-0001,0.5\n",
    ],
)
def test_what_are_no_scores_is_refused(text: str) -> None:
    with pytest.raises(FeedError):
        read_epss(text.splitlines())


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for read in (lambda: read_epss(text.splitlines()), lambda: read_kev(text.encode())):
        with pytest.raises(FeedError):
            read()


def test_both_stand_together() -> None:
    assert together({"B": "2026-01-01"}, {"A": 0.5, "B": 0.25}) == {
        "A": Priority("", 0.5),
        "B": Priority("2026-01-01", 0.25),
    }
