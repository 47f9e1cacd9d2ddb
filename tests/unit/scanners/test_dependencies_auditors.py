"""Other auditors beside our own: all that is found is found, and what is not said is not clean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.assessing import Assessment
from gatekeeper.model.advisory import Open, Vulnerability
from gatekeeper.model.auditor import AuditorName
from gatekeeper.model.dependency import Dependency, Ecosystem, Place
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.dependencies_auditors import heard
from gatekeeper.scanners.dependencies_dissent import Heard, dissent

CRASH = ToolError("tool-crashed", "it ended with 1: InvalidVersion", "look at it")
Names = Sequence[str]
Answer = Callable[[Sequence[PackageVersion]], bytes]


def dependency(name: str, version: str = "1.0", ecosystem: Ecosystem = "pypi") -> Dependency:
    place = Place("requirements.txt", 3)
    return Dependency(ecosystem=ecosystem, name=name, version=version, place=place)


def finding(**flaws: Sequence[Names]) -> Answer:
    """pip-audit's report: the flaws of packages, each by its id and aliases."""

    def answer(packages: Sequence[PackageVersion]) -> bytes:
        return json.dumps(
            {
                "dependencies": [
                    {
                        "name": it.name,
                        "version": it.version,
                        "vulns": [
                            {"id": names[0], "aliases": list(names[1:])}
                            for names in flaws.get(it.name, ())
                        ],
                    }
                    for it in packages
                ]
            }
        ).encode()

    return answer


@dataclass
class Others:
    """Answers as told; every auditor prints as pip-audit does, so only that one is asked."""

    answer: Answer
    crashes: Callable[[Sequence[PackageVersion]], bool] = lambda packages: False
    error: ToolError = CRASH
    reasons: Mapping[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def lacking(self, auditor: AuditorName) -> str:
        return self.reasons.get(auditor, "")

    def identity(self, auditor: AuditorName) -> str:
        return f"{auditor} 1"

    def ask(self, auditor: AuditorName, packages: Sequence[PackageVersion]) -> bytes:
        self.asked.append(tuple(f"{it.name}=={it.version}" for it in packages))
        if self.crashes(packages):
            raise self.error
        return self.answer(packages)


def own(**flaws: Sequence[Names]) -> Assessment:
    """What our matcher found."""
    vulnerable = {
        f"pypi:{name}@1.0": tuple(
            Vulnerability(
                id=names[0], ids=tuple(names), ecosystem="pypi", name=name, version="1.0",
                severity="low", found_by=("gatekeeper",),
            )
            for names in several
        )
        for name, several in flaws.items()
    }  # fmt: skip
    keys = {"pypi:weak@1.0", "pypi:fine@1.0"}
    return Assessment(vulnerable, {}, frozenset(keys - vulnerable.keys()))


WEAK, FINE = dependency("weak"), dependency("fine")
BOTH = [WEAK, FINE]


def all_said(others: Others, before: Assessment) -> tuple[Heard, Assessment]:
    said = heard(others, ["pip-audit"], BOTH)
    return said, said.added(BOTH, before)


class TestAgreement:
    def test_what_all_of_them_find_is_one_vulnerability(self) -> None:
        others = Others(finding(weak=[["PYSEC-1", "GHSA-1"]]))
        said, after = all_said(others, own(weak=[["CVE-1", "GHSA-1"]]))

        (one,) = after.vulnerable[WEAK.key]
        assert one.ids == ("CVE-1", "GHSA-1", "PYSEC-1")
        assert one.severity == "low"
        assert dissent(one, said.judges(WEAK)) == ""
        assert after.clean == {FINE.key}
        assert said.told([(WEAK, one)]) == ["gatekeeper and pip-audit agree"]

    def test_what_only_another_finds_is_found_and_says_by_whom(self) -> None:
        said, after = all_said(Others(finding(fine=[["PYSEC-7"]])), own())

        (one,) = after.vulnerable[FINE.key]
        assert dissent(one, said.judges(FINE)) == "Found by pip-audit, and not by gatekeeper."
        assert after.clean == {WEAK.key}
        assert said.told([(FINE, one)]) == [
            "auditors disagree about 1 vulnerability: each finding says who found it"
        ]

    def test_what_only_we_find_says_so(self) -> None:
        said, after = all_said(Others(finding()), own(weak=[["CVE-1"]]))

        (one,) = after.vulnerable[WEAK.key]
        assert dissent(one, said.judges(WEAK)) == "Found by gatekeeper, and not by pip-audit."

    def test_nobody_is_named_where_nobody_else_was_asked(self) -> None:
        one = own(weak=[["CVE-1"]]).vulnerable[WEAK.key][0]

        assert dissent(one, ()) == ""
        assert Heard().told([(WEAK, one)]) == []

    def test_aliases_join_across_auditors_however_long_the_chain_is(self) -> None:
        others = Others(finding(weak=[["B", "C"], ["D", "E"]]))
        _, after = all_said(others, own(weak=[["A", "B"], ["C", "D"]]))

        (one,) = after.vulnerable[WEAK.key]
        assert set(one.ids) == set("ABCDE")


class TestWhatIsAsked:
    def test_each_version_once_and_no_package_twice_in_a_run(self) -> None:
        others = Others(finding())
        heard(others, ["pip-audit"], [dependency("a"), dependency("a"), dependency("a", "2.0")])

        assert others.asked == [("a==1.0",), ("a==2.0",)]

    def test_nothing_that_is_no_plain_version_of_a_python_package(self) -> None:
        others = Others(finding())
        odd = [
            dependency("left-pad", ecosystem="npm"),
            dependency("open", version=""),
            dependency("evil", "1.0 --index-url http://evil"),
            dependency("evil\n-r other"),
            dependency("old", "1.0-legacy-x"),
        ]
        heard(others, ["pip-audit"], [*odd, FINE])

        assert others.asked == [("fine==1.0",)]

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2", "3"]))))
    def test_nothing_is_left_out(self, pairs: list[tuple[str, str]]) -> None:
        others = Others(finding())
        said = heard(others, ["pip-audit"], [dependency(*it) for it in pairs])

        assert sorted(it for run in others.asked for it in run) == sorted(
            f"{name}=={version}" for name, version in set(pairs)
        )
        assert all(said.judges(dependency(*it)) == ("pip-audit",) for it in pairs)


class TestFailures:
    def test_one_that_never_answers_makes_all_of_it_unchecked(self) -> None:
        others = Others(finding(), crashes=lambda packages: True)
        said, after = all_said(others, own())

        (left,) = said.unchecked
        assert (left.path, left.reason, left.subject) == ("", "not-reported", "pip-audit")
        assert "did not audit anything" in left.message
        assert left.message.endswith("; look at it")
        assert after == own()
        assert said.told([]) == []

    def test_an_error_that_is_no_crash_is_not_tried_again(self) -> None:
        error = ToolError("tool-not-installed", "nothing is cached while offline")
        others = Others(finding(), crashes=lambda packages: True, error=error)
        said, _ = all_said(others, own())

        assert len(others.asked) == 1
        assert len(said.unchecked) == 1

    def test_the_package_that_ends_its_run_is_found_and_only_that_one_is_not_checked(self) -> None:
        many = [dependency(f"p{number}") for number in range(20)]
        others = Others(
            finding(p3=[["PYSEC-3"]]), crashes=lambda packages: "p7" in {it.name for it in packages}
        )
        said = heard(others, ["pip-audit"], many)
        before = Assessment({}, {}, frozenset(it.key for it in many))
        after = said.added(many, before)

        assert said.unchecked == []
        assert list(after.open) == ["pypi:p7@1.0"]
        assert after.open["pypi:p7@1.0"].reason == "service-unavailable"
        assert "InvalidVersion" in after.open["pypi:p7@1.0"].message
        assert list(after.vulnerable) == ["pypi:p3@1.0"]
        assert len(after.clean) == 18

    def test_it_is_not_looked_for_without_end(self) -> None:
        many = [dependency(f"p{number}") for number in range(200)]
        others = Others(finding(), crashes=lambda packages: True)
        heard(others, ["pip-audit"], many)

        assert len(others.asked) < 40

    def test_a_package_that_the_report_does_not_name_is_not_checked(self) -> None:
        def answer(packages: Sequence[PackageVersion]) -> bytes:
            return finding()([it for it in packages if it.name != "fine"])

        _, after = all_said(Others(answer), own())

        assert after.clean == {WEAK.key}
        assert "does not name it" in after.open[FINE.key].message

    def test_our_own_reason_stays(self) -> None:
        reason = Open("invalid-version", "nobody can order it")
        others = Others(lambda packages: finding()([]))
        said = heard(others, ["pip-audit"], BOTH)
        after = said.added(BOTH, Assessment({}, {WEAK.key: reason}, frozenset({FINE.key})))

        assert after.open[WEAK.key] == reason

    def test_one_that_cannot_be_asked_here_is_skipped_with_the_reason(self) -> None:
        others = Others(finding(), reasons={"safety": "it needs a database"})
        said = heard(others, ["safety", "pip-audit", "pip-audit"], BOTH)

        assert len(others.asked) == 1
        assert said.told([]) == [
            "safety was skipped: it needs a database", "gatekeeper and pip-audit agree",
        ]  # fmt: skip
        assert said.unchecked == []
