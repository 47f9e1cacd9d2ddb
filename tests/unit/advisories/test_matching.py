"""One vulnerability per version and alias cluster, with everything that is known of it."""

from __future__ import annotations

from gatekeeper.advisories.compiling import Compiler
from gatekeeper.advisories.matching import match
from gatekeeper.advisories.record import read_record
from gatekeeper.model.advisory import PackageAdvisories, Priority, Vulnerability
from tests.fakes.advisories import Record, affected, compiled, raw, record

HIGH = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}


def found(version: str, *records: Record, name: str = "demo") -> tuple[Vulnerability, ...]:
    return match(compiled(*records)[name], version)[0]


def test_aliases_are_one_vulnerability_however_they_hang_together() -> None:
    about = affected("demo", ("introduced", "0"), ("fixed", "2.0"))

    (it,) = found(
        "1.0",
        record("PYSEC-1", about, aliases=["X-1"]),
        record("X-1", about, aliases=[]),
        record("GHSA-1", about, aliases=["X-1", "CVE-2026-0001"]),
    )

    assert it.id == "CVE-2026-0001"
    assert it.ids == ("CVE-2026-0001", "GHSA-1", "PYSEC-1", "X-1")
    assert it.fixed == ("2.0",)
    assert it.found_by == ("gatekeeper",)


def test_upstream_and_related_are_not_the_same_vulnerability() -> None:
    about = affected("demo", ("introduced", "0"))

    both = found(
        "1.0",
        record("DSA-1", about, upstream=["CVE-2026-0001", "CVE-2026-0002"]),
        record("GHSA-1", about, aliases=["CVE-2026-0001"], related=["CVE-2026-0003"]),
        record("GHSA-2", about, aliases=["CVE-2026-0003"]),
    )

    assert [it.id for it in both] == ["CVE-2026-0001", "CVE-2026-0003", "DSA-1"]


def test_severity_comes_from_an_alias_that_has_one() -> None:
    (it,) = found(
        "1.0",
        record("PYSEC-1", affected("demo", ("introduced", "0")), aliases=["CVE-2026-0001"]),
        record("GHSA-1", affected("other"), aliases=["CVE-2026-0001"], severity=[HIGH]),
    )

    assert (it.severity, it.score, it.vector) == ("high", 7.5, HIGH["score"])


def test_severity_comes_from_upstream_when_no_alias_has_one() -> None:
    (it,) = found(
        "1.0",
        record("DSA-1", affected("demo", ("introduced", "0")), upstream=["MID-1"]),
        record("MID-1", affected("other"), upstream=["CVE-2026-0001"]),
        record("GHSA-1", affected("other"), aliases=["CVE-2026-0001"], severity=[HIGH]),
    )

    assert (it.id, it.severity) == ("DSA-1", "high")


def test_severity_of_the_package_goes_before_that_of_the_advisory() -> None:
    low = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}
    (it,) = found(
        "1.0", record("GHSA-1", affected("demo", ("introduced", "0"), severity=[low]), severity=[HIGH])
    )  # fmt: skip

    assert it.severity == "low"


def test_unknown_severity_stays_unknown() -> None:
    (it,) = found("1.0", record("PYSEC-1", affected("demo", ("introduced", "0"))))

    assert (it.severity, it.score) == (None, None)


def test_a_fix_that_another_advisory_of_the_cluster_calls_affected_is_none() -> None:
    (it,) = found(
        "1.0",
        record("PYSEC-1", affected("demo", ("introduced", "0"), ("fixed", "1.5")), aliases=["A-1"]),
        record("GHSA-1", affected("demo", ("introduced", "0"), ("fixed", "2.0")), aliases=["A-1"]),
    )

    assert it.fixed == ("2.0",)


def test_fixes_are_those_after_the_version_nearest_first() -> None:
    about = affected(
        "demo", ("introduced", "3.0"), ("fixed", "3.10"), ("introduced", "0"), ("fixed", "1.0"),
        ("introduced", "2.0"), ("fixed", "2.9"),
    )  # fmt: skip

    assert found("2.1", record("PYSEC-1", about))[0].fixed == ("2.9", "3.10")


def test_urgency_comes_from_every_name_and_from_upstream() -> None:
    compiler = Compiler()
    about = affected("demo", ("introduced", "0"))
    for it in (
        record("GHSA-1", about, aliases=["CVE-2026-0001", "CVE-2026-0002"]),
        record("DSA-1", about, upstream=["CVE-2026-0001"]),
    ):
        compiler.add(read_record(raw(it)))
    (known,) = compiler.finish(
        {"CVE-2026-0001": Priority("2026-12-24", 0.1), "CVE-2026-0002": Priority("", 0.7)}
    )

    by_id = {it.id: it for it in match(known, "1.0")[0]}

    assert (by_id["CVE-2026-0001"].kev, by_id["CVE-2026-0001"].epss) == ("2026-12-24", 0.7)
    assert (by_id["DSA-1"].kev, by_id["DSA-1"].epss) == ("2026-12-24", 0.7)


def test_what_is_malicious_is_critical_and_goes_by_that_name() -> None:
    about = affected("demo", versions=["1.0"])

    (it,) = found(
        "1.0", record("GHSA-1", about, aliases=["MAL-2026-1"]), record("MAL-2026-1", about)
    )

    assert (it.id, it.malicious, it.severity) == ("MAL-2026-1", True, "critical")


def test_a_version_without_an_order_leaves_the_package_open() -> None:
    known = compiled(record("PYSEC-1", affected("demo", ("introduced", "0"), ("fixed", "2"))))

    nothing, why = match(known["demo"], "2004d-final")

    assert nothing == ()
    assert why is not None
    assert why.reason == "invalid-version"


def test_a_version_without_an_order_is_clean_where_nothing_is_known() -> None:
    assert match(PackageAdvisories("pypi", "demo"), "2004d-final") == ((), None)


def test_a_newer_record_of_the_same_name_stands() -> None:
    old = record("PYSEC-1", affected("demo", ("introduced", "0")), modified="2026-01-01T00:00:00Z")
    new = {**old, "modified": "2026-01-02T00:00:00Z", "withdrawn": "2026-01-02T00:00:00Z"}

    assert compiled(old, new) == compiled(new, old) == {}


def test_two_packages_of_one_advisory_are_told_apart() -> None:
    both = compiled(
        record("GHSA-1", affected("One.Two", ("introduced", "0"), ("fixed", "2.0")),
               affected("three", ("introduced", "0"), ("fixed", "3.0")))
    )  # fmt: skip

    assert [len(match(both[name], "2.5")[0]) for name in ("one-two", "three")] == [0, 1]


def test_the_text_for_people_is_one_line() -> None:
    long = record(
        "PYSEC-1", affected("demo", ("introduced", "0")), details="\n\n" + "x" * 999 + "\n"
    )

    (it,) = found("1.0", long)

    assert len(it.summary) == 300
    assert it.url == "https://osv.dev/vulnerability/PYSEC-1"
