"""CVSS base scores and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.severity import Rating, base_score, rate, severity_of
from gatekeeper.model.finding import Severity

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
V30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"


@pytest.mark.parametrize(
    ("vector", "score"),
    # As FIRST's and NIST's calculators give them.
    [(V2, 7.5), (V3, 7.5), (V30, 10.0), (V4, 8.7), (V4 + "/E:U", 8.7),
     ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0)],
)  # fmt: skip
def test_base_scores(vector: str, score: float) -> None:
    assert base_score(vector) == score


@pytest.mark.parametrize(
    "vector", ["", "CVSS:3.1/", "CVSS:9.9/AV:N", V3[:-2], V4 + "/X:Y" * 200, "7.5", V3 + "\x00"]
)
def test_what_is_no_vector_has_no_score(vector: str) -> None:
    assert base_score(vector) is None


@given(st.text("CVSS:4.013/AVCPRUINLHS", max_size=60))
def test_no_vector_is_too_odd(vector: str) -> None:
    score = base_score(vector)

    assert score is None or 0 <= score <= 10


@pytest.mark.parametrize(
    ("score", "word"),
    [(0.0, "info"), (0.1, "low"), (3.9, "low"), (4.0, "medium"), (6.9, "medium"), (7.0, "high"),
     (8.9, "high"), (9.0, "critical"), (10.0, "critical")],
)  # fmt: skip
def test_words_for_scores(score: float, word: str) -> None:
    assert severity_of(score) == word


def test_the_highest_of_several_ratings_stands() -> None:
    assert rate([("CVSS_V3", V3), ("CVSS_V4", V4)]) == Rating("high", 8.7, V4)
    assert rate([("CVSS_V3", V30), ("CVSS_V4", V4)]) == Rating("critical", 10.0, V30)


def test_a_score_says_more_than_a_word_and_version_2_less_than_3() -> None:
    assert rate([("word", "CRITICAL"), ("CVSS_V3", V3)]) == Rating("high", 7.5, V3)
    assert rate([("CVSS_V2", V2), ("CVSS_V3", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N")]) == (
        Rating("low", 1.8, "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N")
    )
    assert rate([("CVSS_V2", V2), ("word", "LOW")]) == Rating("high", 7.5, V2)


@pytest.mark.parametrize(
    ("said", "word"),
    [("MODERATE", "medium"), (" Important ", "high"), ("negligible", "info"), ("Low", "low")],
)
def test_databases_have_words_of_their_own(said: str, word: Severity) -> None:
    assert rate([("Ubuntu", said)]) == Rating(word)


def test_what_makes_no_sense_is_no_rating() -> None:
    assert rate([]) is None
    assert rate([("CVSS_V3", "nonsense"), ("word", "huge"), ("other", "")]) is None
