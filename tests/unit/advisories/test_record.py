"""Records are hostile input: each is read, or refused with what it is about."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.record import RecordError, read_record, utc
from tests.fakes.advisories import DATA, affected, raw, record

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def refused(data: bytes) -> RecordError:
    with pytest.raises(RecordError) as caught:
        read_record(data)
    return caught.value


def test_everything_that_matters_is_read() -> None:
    it = read_record((DATA / "PyPI" / "GHSA-gk01-spar-row1.json").read_bytes())

    assert it.id == "GHSA-gk01-spar-row1"
    assert it.aliases == ("CVE-2026-90001",)
    assert it.cwe == ("CWE-601", "CWE-200")
    assert [kind for kind, _ in it.severity] == ["CVSS_V3", "CVSS_V4", "word"]
    assert [about.name for about in it.affected] == ["sparrow", "sparrow"]
    assert it.references == ("https://example.org/GHSA-gk01-spar-row1",)


def test_the_advisory_itself_is_the_first_reference() -> None:
    it = read_record((DATA / "PyPI" / "PYSEC-2026-9001.json").read_bytes())

    assert it.references[0] == "https://example.org/sparrow/90001"


@given(st.sampled_from(["id", "modified", "withdrawn", "aliases", "affected", "severity",
                        "references", "database_specific", "schema_version", "details"]),
       json_values)  # fmt: skip
def test_whatever_a_field_holds_it_is_read_or_refused(field: str, value: Any) -> None:
    made = {**record("GHSA-1", affected("demo", ("introduced", "0"))), field: value}
    with contextlib.suppress(RecordError):
        assert read_record(raw(made)).id


@given(st.binary(max_size=60))
def test_bytes_are_refused(data: bytes) -> None:
    assert refused(data).packages == ()


def test_a_record_that_cannot_be_read_names_its_packages() -> None:
    made = record("GHSA-1", affected("demo"), affected("left-pad", ecosystem="npm"))
    made["affected"][0]["ranges"] = "all of them"

    error = refused(raw(made))

    assert error.name == "GHSA-1"
    assert error.packages == (("PyPI", "demo"), ("npm", "left-pad"))


def test_when_one_package_cannot_be_told_none_is_named() -> None:
    made = record("GHSA-1", affected("demo"), affected("other"))
    made["affected"][1]["package"] = 7

    assert refused(raw(made)).packages == ()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", "../../etc/passwd", "its id is no OSV id"),
        ("id", "", "its id is no OSV id"),
        ("schema_version", "2.0.0", "and not 1.x"),
        ("modified", "yesterday", "no RFC 3339 time"),
        ("modified", None, "no RFC 3339 time"),
        ("withdrawn", "", "no RFC 3339 time"),
        ("withdrawn", True, "withdrawn"),
    ],
)
def test_what_is_wrong_is_said(field: str, value: object, said: str) -> None:
    error = refused(raw({**record("GHSA-1", affected("demo")), field: value}))

    assert said in str(error)
    assert error.packages == (("PyPI", "demo"),)


def test_a_range_of_a_kind_that_nobody_knows_is_refused() -> None:
    assert "range type" in str(
        refused(raw(record("A-1", affected("demo", ("introduced", "0"), kind="MOON"))))
    )


def test_nesting_without_end_is_refused() -> None:
    deep = b'{"id": "A-1", "modified": "2026-01-01T00:00:00Z", "x": ' + b"[" * 500_000

    assert "no JSON" in str(refused(deep))


def test_a_record_without_bounds_is_refused() -> None:
    assert "larger than" in str(refused(b" " * (17 << 20)))


def test_the_suffix_of_an_ecosystem_is_left_out() -> None:
    it = read_record(raw(record("A-1", affected("demo", ecosystem="PyPI:somewhere"))))

    assert it.affected[0].ecosystem == "PyPI"


def test_only_web_addresses_are_references() -> None:
    it = read_record(
        raw(record("A-1", references=[{"type": "WEB", "url": "javascript:alert(1)"}, {"url": "https://a"}]))
    )  # fmt: skip

    assert it.references == ("https://a",)


def test_every_record_of_our_own_set_is_read() -> None:
    paths = sorted(DATA.glob("*/*.json"))

    assert len(paths) == 8
    assert [read_record(path.read_bytes()).id for path in paths] == [
        json.loads(path.read_bytes())["id"] for path in paths
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.678z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T00:04:05+01:00", "2026-01-01T23:04:05Z"),
        ("2026-13-42T00:04:05+01:00", ""),
        ("0001-01-01T00:00:00+23:00", ""),
        ("today", ""),
    ],
)
def test_times_compare_as_text_in_utc(text: str, expected: str) -> None:
    assert utc(text) == expected
