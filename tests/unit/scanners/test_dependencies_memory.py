"""An audit's answer is remembered for as long as nothing can change it, and not a moment longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.model.account import Account
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority
from gatekeeper.model.dependency import Place
from gatekeeper.model.given import Given
from gatekeeper.ports.advisories import AdvisoriesError, AdvisorySource, PackageVersion
from gatekeeper.scanners.change_interface import ChangeScanned
from gatekeeper.scanners.dependencies_memory import recall, remember
from gatekeeper.scanners.interface import RawUnchecked
from tests.fakes.changes import FakeChange, FakeProject
from tests.fakes.scanning import FakeSnapshot


@dataclass
class Known:
    """Advisories with a digest, fresh until told otherwise."""

    digest: str = "sha256:1"
    fresh: bool = True
    asked: list[str] = field(default_factory=list)

    def source(self) -> AdvisorySource:
        return AdvisorySource("here", self.digest)

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> Mapping[PackageVersion, PackageAdvisories | Open]:
        self.asked += [it.ecosystem for it in packages]
        if not self.fresh:
            raise AdvisoriesError("snapshot-stale", "too old")
        return {it: PackageAdvisories(it.ecosystem, it.name) for it in packages}

    def priority(self, cve: str) -> Priority:
        return Priority()

    def close(self) -> None:
        return


ANSWER = ChangeScanned(
    accounts=[
        Account(ecosystem="pypi", name="a", version="1", place=Place("uv.lock", 3), status="clean"),
        Account(ecosystem="npm", name="b", version="1", place=Place("p.json", 3), status="clean"),
    ],
    summary="2 dependencies",
)


def configured(**options: Any) -> Config:
    return Config(scanners=Scanners(dependencies=DependenciesOptions(**options)))


CHANGE = FakeChange(head=FakeSnapshot({"uv.lock": b"1"}))


@pytest.fixture
def change() -> FakeChange:
    """A change for which the answer is remembered."""
    made = replace(CHANGE, memory={})
    remember(made, Known(), ANSWER)
    return made


def test_the_same_question_has_the_same_answer(change: FakeChange) -> None:
    known = Known()

    found = recall(change, known)
    assert found is not None
    assert (found.accounts, found.summary) == (ANSWER.accounts, ANSWER.summary)
    # Whether they are fresh is asked again, for each ecosystem that it rests on.
    assert known.asked == ["npm", "pypi"]


def test_advisories_that_are_too_old_by_now_say_so(change: FakeChange) -> None:
    with pytest.raises(AdvisoriesError):
        recall(change, Known(fresh=False))


@pytest.mark.parametrize(
    "other",
    [
        {"head": FakeSnapshot({"uv.lock": b"2"})},
        {"base": FakeSnapshot({"uv.lock": b"1"})},
        {"today": "2026-11-28"},
        {"config": configured(unknown_severity="low")},
        {"config": Config(exclude=("a/",))},
        {"project": FakeProject(brought={"a": frozenset({"a"})})},
        {"given": Given(environments=(".venv",))},
    ],
)
def test_whatever_matters_makes_another_question(
    change: FakeChange, other: Mapping[str, Any]
) -> None:
    assert recall(replace(change, **other), Known()) is None


def test_other_advisories_make_another_question(change: FakeChange) -> None:
    assert recall(change, Known("sha256:2")) is None


@pytest.mark.parametrize(
    "other",
    [
        {"config": configured(resolve=True)},
        {"config": configured(minimum_release_age_days=7)},
        {"config": configured(auditors=("safety",))},
        {"given": Given(environments=(".venv",))},
        {"meanwhile": ["uv.lock"]},
    ],
)
def test_what_others_had_a_part_in_is_not_remembered(other: Mapping[str, Any]) -> None:
    made = replace(CHANGE, memory={}, **other)
    remember(made, Known(), ANSWER)

    assert made.memory == {}


def test_what_the_live_service_says_is_not_remembered() -> None:
    made = replace(CHANGE, memory={})
    remember(made, Known(""), ANSWER)

    assert made.memory == {}
    assert recall(made, Known("")) is None


def test_an_auditor_that_failed_is_asked_again() -> None:
    made = replace(CHANGE, memory={})
    left = RawUnchecked("", "not-reported", "pip-audit did not audit anything", "pip-audit")
    remember(made, Known(), ChangeScanned(unchecked=[left]))

    assert made.memory == {}


def test_what_has_no_form_is_not_remembered() -> None:
    made = replace(CHANGE, memory={})
    remember(made, Known(), ChangeScanned(summary="\udcff"))

    assert made.memory == {}


def test_what_another_version_wrote_is_no_answer(change: FakeChange) -> None:
    (key,) = change.memory
    change.memory[key] = b"\x01"

    assert recall(change, Known()) is None
