"""Judging dependencies: how severe, until when, by whom, and what nobody has to answer for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.assessing import Assessment, assess
from gatekeeper.advisories.remedy import nearest_safe
from gatekeeper.config.dependency_options import DependenciesOptions, DueDates
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority, Vulnerability
from gatekeeper.model.dependency import Dependency, Inventory, PackageIndex, Place
from gatekeeper.model.finding import SEVERITIES, Severity
from gatekeeper.ports.advisories import AdvisorySource, PackageVersion
from gatekeeper.scanners.dependencies_findings import due_date, severity_of, told
from gatekeeper.scanners.dependencies_items import Item, items, public
from gatekeeper.scanners.dependencies_told import Told, surplus
from gatekeeper.scanners.interface import RawFinding
from tests.fakes.advisories import affected, compiled, record

DEFAULT = DependenciesOptions()
TODAY = "2026-11-27"


def vulnerability(**more: Any) -> Vulnerability:
    said = {"id": "CVE-2026-1", "ids": ("CVE-2026-1",), "name": "weak", "version": "1.0", **more}
    return Vulnerability(ecosystem="pypi", **said)


def dependency(name: str = "weak", version: str = "1.0", **more: Any) -> Dependency:
    place = more.pop("place", Place("requirements.txt", 3))
    return Dependency(ecosystem="pypi", name=name, version=version, place=place, **more)


def inventory(*dependencies: Dependency, path: str = "requirements.txt", **more: Any) -> Inventory:
    return Inventory(manager="requirements", path=path, dependencies=dependencies, **more)


def found(it: Item, options: DependenciesOptions = DEFAULT) -> RawFinding:
    (one,) = told([it], TODAY, options)
    return one.finding


class TestSeverity:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({"severity": "low"}, "low"),
            ({}, "high"),
            ({"severity": "low", "kev": "2026-12-01"}, "critical"),
            ({"severity": "low", "epss": 0.5}, "high"),
            ({"severity": "low", "epss": 0.49}, "low"),
            ({"severity": "critical", "epss": 0.9}, "critical"),
            ({"severity": "low", "malicious": True}, "critical"),
        ],
    )
    def test_as_rated_and_more_when_it_is_worse(
        self, said: dict[str, Any], expected: Severity
    ) -> None:
        assert severity_of(vulnerability(**said), DEFAULT) == expected

    def test_policy_says_what_unrated_and_exploited_ones_count_as(self) -> None:
        options = DependenciesOptions(
            unknown_severity="medium", exploited_severity="high", epss_from=1
        )

        assert severity_of(vulnerability(), options) == "medium"
        assert severity_of(vulnerability(severity="low", kev="2026-12-01"), options) == "high"
        assert severity_of(vulnerability(severity="low", epss=1.0), options) == "low"

    @given(
        st.sampled_from([None, *SEVERITIES]), st.sampled_from(["", "2026-12-01"]),
        st.one_of(st.none(), st.floats(0, 1)),
    )  # fmt: skip
    def test_knowing_more_never_makes_it_less_severe(
        self, rated: Severity | None, kev: str, epss: float | None
    ) -> None:
        plain = severity_of(vulnerability(severity=rated), DEFAULT)
        more = severity_of(vulnerability(severity=rated, kev=kev, epss=epss), DEFAULT)

        assert SEVERITIES.index(more) >= SEVERITIES.index(plain)


class TestDueDates:
    OPTIONS = DependenciesOptions(due=DueDates(high=30))

    def test_days_from_publication(self) -> None:
        one = vulnerability(published="2026-11-01T10:00:00Z")

        assert due_date(one, "high", self.OPTIONS) == "2026-12-01"
        assert due_date(one, "low", self.OPTIONS) == ""
        assert due_date(one, "info", self.OPTIONS) == ""

    def test_what_cisa_wants_earlier_is_due_earlier(self) -> None:
        one = vulnerability(published="2026-11-01", kev="2026-11-10")

        assert due_date(one, "high", self.OPTIONS) == "2026-11-10"
        assert due_date(one, "low", self.OPTIONS) == "2026-11-10"

    def test_no_time_and_no_sensible_time_have_no_date(self) -> None:
        assert due_date(vulnerability(), "high", self.OPTIONS) == ""
        assert due_date(vulnerability(published="long ago"), "high", self.OPTIONS) == ""

    def test_overdue_ones_block_only_when_policy_says_so(self) -> None:
        late = vulnerability(published="2026-01-01")
        it = Item(inventory=inventory(), dependency=dependency(), vulnerabilities=(late,))
        blocking = DependenciesOptions(due=DueDates(high=30, overdue_blocks=True))

        assert [one.always for one in told([it], TODAY, self.OPTIONS)] == [False]
        assert [one.always for one in told([it], TODAY, blocking)] == [True]
        assert "Overdue since 2026-01-31" in found(it, self.OPTIONS).message
        assert "Due 2027-01-30" in found(it, DependenciesOptions(due=DueDates(high=394))).message


class TestFindings:
    def test_everything_there_is_to_say(self) -> None:
        top = dependency("top", "2.0")
        one = vulnerability(
            ids=("CVE-2026-1", "GHSA-2222-3333-4444"),
            summary="Reads\nfiles.",
            severity="high",
            fixed=("1.1", "2.1"),
            kev="2026-12-01",
            epss=0.42,
            cwe=("CWE-22",),
            found_by=("gatekeeper", "pip-audit"),
        )
        it = Item(
            inventory=inventory(),
            dependency=dependency(display="Weak"),
            via=(top, dependency(display="Weak")),
            vulnerabilities=(one,),
            fix="2.1",
            auditors=("pip-audit", "uv"),
        )

        finding = found(it)

        assert (finding.path, finding.line, finding.rule) == ("requirements.txt", 3, "CVE-2026-1")
        assert (finding.cwe, finding.subject) == (("CWE-22",), "pypi:weak@1.0")
        assert finding.help_url == "https://osv.dev/vulnerability/CVE-2026-1"
        assert finding.message == (
            "Weak 1.0 is vulnerable: Reads files. Also known as GHSA-2222-3333-4444. Update it to"
            " 2.1, which has no known vulnerability; 1.1 fixes this one alone. Brought in by top >"
            " Weak. Known to be exploited (CISA: fix by 2026-12-01). Probability of exploitation"
            " within 30 days: 42%. Due 2026-12-01. Found by gatekeeper and pip-audit, and not by uv audit."
        )

    def test_without_a_fix(self) -> None:
        it = Item(
            inventory=inventory(), dependency=dependency(), vulnerabilities=(vulnerability(),)
        )

        assert "No version fixes it yet." in found(it).message
        assert "Nobody has rated how severe it is." in found(it).message

    def test_fixed_where_nothing_is_safe(self) -> None:
        one = vulnerability(fixed=("1.1", "2.1"), severity="low")
        it = Item(inventory=inventory(), dependency=dependency(), vulnerabilities=(one,))

        assert "Fixed in 1.1, 2.1." in found(it).message

    def test_two_files_of_one_folder_are_one_problem(self) -> None:
        one = vulnerability(severity="low")
        manifest = Item(
            inventory=inventory(path="app/pyproject.toml"),
            dependency=dependency(place=Place("app/pyproject.toml", 4)),
            vulnerabilities=(one,),
        )
        lock = Item(
            inventory=inventory(path="app/uv.lock", complete=True),
            dependency=dependency(place=Place("app/uv.lock", 9)),
            vulnerabilities=(one,),
        )
        elsewhere = Item(
            inventory=inventory(path="other/uv.lock"),
            dependency=dependency(place=Place("other/uv.lock", 9)),
            vulnerabilities=(one,),
        )

        both = told([manifest, lock, elsewhere], TODAY, DEFAULT)

        assert [it.finding.path for it in both] == ["app/uv.lock", "other/uv.lock"]
        assert "Also in app/pyproject.toml." in both[0].finding.message

    def test_what_an_advisory_says_cannot_steer_a_terminal(self) -> None:
        it = Item(
            inventory=inventory(),
            dependency=dependency(display="we\x1b[31mak"),
            vulnerabilities=(vulnerability(summary="\x1b]0;gotcha\x07" + "x" * 400),),
        )

        assert found(it).message.isprintable()
        assert "…" in found(it).message


_ANCHORS = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))


def _told(pairs: Sequence[tuple[str, str]]) -> list[Told]:
    return [
        Told(RawFinding(path=path, rule="r", message="m", severity="low"), identity)
        for path, identity in pairs
    ]


@given(st.lists(_ANCHORS, max_size=6), st.lists(_ANCHORS, max_size=6))
def test_new_is_what_head_has_more_of(
    head: list[tuple[str, str]], base: list[tuple[str, str]]
) -> None:
    flags = surplus(_told(head), _told(base))

    for identity in "xyz":
        now = sum(it == identity for _, it in head)
        before = sum(it == identity for _, it in base)
        new = sum(flag for flag, (_, it) in zip(flags, head, strict=True) if it == identity)
        assert new == max(0, now - before)


class TestLeftOut:
    NOTHING = Assessment({}, {}, frozenset())

    def left_out(self, one: Inventory, *others: Inventory, **options: Any) -> str:
        return items([one, *others], self.NOTHING, DependenciesOptions(**options), {})[0].left_out

    def test_a_part_of_the_repository(self) -> None:
        def path(url: str) -> str:
            return self.left_out(
                inventory(dependency(origin="path", url=url), path="apps/one/uv.lock")
            )

        assert path(".") == path("../two") == path("") == "a part of this repository"
        assert path("../../../elsewhere") == path("/opt/x") == path("file:///opt/x") == ""

    def test_what_a_lock_beside_or_above_has_chosen(self) -> None:
        wanted = inventory(
            dependency(version="", requirement=">=1"), path="apps/one/pyproject.toml"
        )

        def locked(path: str, name: str = "weak") -> bool:
            return bool(self.left_out(wanted, inventory(dependency(name), path=path)))

        assert locked("apps/one/uv.lock")
        assert locked("uv.lock")
        assert not locked("apps/two/uv.lock")
        assert not locked("apps/one/uv.lock", "other")

    def test_scopes(self) -> None:
        dev = inventory(dependency(scope="dev"))

        assert self.left_out(dev) == ""
        assert "scopes leaves dev out" in self.left_out(dev, scopes=("runtime",))

    def test_packages_of_ones_own(self) -> None:
        own = inventory(dependency("acme-tool"))

        assert "of your own" in self.left_out(own, private=("pypi:acme-*",))
        assert self.left_out(own, private=("npm:acme-*",)) == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://pypi.org/simple", True),
        ("https://registry.npmjs.org/left-pad", True),
        ("https://registry.npmjs.org", True),  # as package-lock.json says it
        ("https://mirror.example.org/simple", True),
        ("https://mirror.example.org/simple/", True),
        ("https://mirror.example.org/simplest", False),
        ("https://pypi.org.evil.example/simple", False),
        ("http://pypi.org/simple", False),
    ],
)
def test_public_indexes(url: str, expected: bool) -> None:
    assert public(url, ["https://mirror.example.org/simple/", ""]) is expected


@pytest.mark.parametrize("kind", ["main", "extra"])
def test_an_index_that_replaces_the_public_one_makes_everything_private(kind: Any) -> None:
    index = PackageIndex(url="https://own.example/simple", place=Place("r.txt", 1), kind=kind)

    (it,) = items([inventory(dependency(), indexes=(index,))], TestLeftOut.NOTHING, DEFAULT, {})

    assert (it.left_open.reason if it.left_open else "") == ("private" if kind == "main" else "")


def test_the_nearest_version_without_any_vulnerability() -> None:
    known = compiled(
        record("A", affected("demo", ("introduced", "0"), ("fixed", "1.2"))),
        record("B", affected("demo", ("introduced", "1.1"), ("fixed", "1.4"))),
        record("C", affected("demo", ("introduced", "2.0"))),
    )["demo"]

    assert nearest_safe(known, ["2.1", "1.2", "1.4"]) == "1.4"
    assert nearest_safe(known, ["2.1", "1.2"]) == ""
    assert nearest_safe(known, []) == ""


class OneSource:
    """Advisories about `weak`; about all else there is no answer."""

    def __init__(self, known: PackageAdvisories) -> None:
        self.known = known

    def source(self) -> AdvisorySource:
        return AdvisorySource("made up")

    def lookup(self, packages: Any) -> dict[PackageVersion, PackageAdvisories | Open]:
        silent = Open("service-unavailable", "no answer")
        return {it: self.known if it.name == "weak" else silent for it in packages}

    def priority(self, cve: str) -> Priority:
        return Priority()

    def close(self) -> None:
        pass


def test_one_package_without_an_answer_leaves_the_others_alone() -> None:
    known = compiled(record("A", affected("weak", ("introduced", "0"))))["weak"]

    made = assess([dependency(), dependency("other")], OneSource(known))

    assert list(made.vulnerable) == ["pypi:weak@1.0"]
    assert made.open["pypi:other@1.0"].reason == "service-unavailable"
    assert made.clean == frozenset()
