"""Every dependency is vulnerable, clean, or open with a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from gatekeeper.advisories.assessing import assess
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority
from gatekeeper.model.dependency import Dependency, Place
from gatekeeper.ports.advisories import AdvisoriesError, AdvisorySource, PackageVersion
from tests.fakes.advisories import affected, compiled, record

KNOWN = compiled(record("GHSA-1", affected("demo", ("introduced", "0"), ("fixed", "2.0"))))


class Given:
    """Advisories about `demo`; whatever is called `broken` is open, and `down` is no answer at all."""

    def source(self) -> AdvisorySource:
        return AdvisorySource("given")

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> dict[PackageVersion, PackageAdvisories | Open]:
        if any(it.name == "down" for it in packages):
            raise AdvisoriesError("service-unavailable", "nobody answers")
        return {
            it: Open("no-advisories", "none")
            if it.name == "broken"
            else KNOWN.get(it.name, PackageAdvisories(it.ecosystem, it.name))
            for it in packages
        }

    def priority(self, cve: str) -> Priority:
        return Priority()

    def close(self) -> None:
        return


def dependency(name: str, version: str = "1.0", **more: Any) -> Dependency:
    made: dict[str, Any] = {"ecosystem": "pypi", "place": Place("lock", 1), **more}
    return Dependency(name=name, version=version, **made)


def test_all_are_accounted_for() -> None:
    several = [
        dependency("demo"),
        dependency("demo", "2.0"),
        dependency("other"),
        dependency("Demo", "1.5", display="Demo"),
        dependency("broken"),
        dependency("loose", "", requirement=">=1"),
        dependency("image", ecosystem="docker"),
    ]

    done = assess(several, Given())

    assert {key: [it.id for it in found] for key, found in done.vulnerable.items()} == {
        "pypi:demo@1.0": ["GHSA-1"],
        "pypi:Demo@1.5": ["GHSA-1"],
    }
    assert {key: it.reason for key, it in done.open.items()} == {
        "pypi:broken@1.0": "no-advisories",
        "pypi:loose@>=1": "unpinned",
        "docker:image@1.0": "unsupported-ecosystem",
    }
    assert done.clean == {"pypi:demo@2.0", "pypi:other@1.0"}
    assert len(done.vulnerable) + len(done.open) + len(done.clean) == len(several)


@pytest.mark.parametrize("origin", ["vcs", "url", "path"])
def test_what_is_not_from_an_index_may_be_vulnerable_and_is_never_clean(origin: str) -> None:
    done = assess(
        [dependency("demo", origin=origin), dependency("other", origin=origin),
         dependency("loose", "", origin=origin, url="u")],
        Given(),
    )  # fmt: skip

    assert set(done.vulnerable) == {"pypi:demo@1.0"}
    assert {it.reason for it in done.open.values()} == {origin}
    assert len(done.open) == 3
    assert done.clean == set()


def test_when_nobody_answers_nothing_is_clean() -> None:
    with pytest.raises(AdvisoriesError):
        assess([dependency("other"), dependency("down")], Given())


def test_nothing_to_ask_for_asks_nobody() -> None:
    done = assess([dependency("down", "")], Given())

    assert [it.reason for it in done.open.values()] == ["unpinned"]


class Actions:
    """Advisories about an action, and about one in a folder of the same repository."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def source(self) -> AdvisorySource:
        return AdvisorySource("given")

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> dict[PackageVersion, PackageAdvisories | Open]:
        self.asked |= {it.name for it in packages}
        events = (("introduced", "0"), ("fixed", "2.0.0"))
        about = affected("o/r/sub", *events, ecosystem="GitHub Actions")
        known = compiled(record("GHSA-2", about))
        return {it: known.get(it.name, PackageAdvisories(it.ecosystem, it.name)) for it in packages}

    def priority(self, cve: str) -> Priority:
        return Priority()

    def close(self) -> None:
        return


def action(version: str, display: str, **more: Any) -> Dependency:
    return dependency("o/r", version, ecosystem="github-actions", display=display, **more)


def test_an_advisory_may_be_about_an_action_in_a_folder() -> None:
    """Both are one dependency by their repository: whichever comes last, the other counts."""
    given = Actions()

    done = assess([action("1.0.0", "O/r/sub"), action("1.0.0", "O/r")], given)

    assert given.asked == {"o/r", "o/r/sub"}
    assert [it.id for it in done.vulnerable["github-actions:o/r@1.0.0"]] == ["GHSA-2"]


@pytest.mark.parametrize(
    ("claim", "says"),
    [("", "without a comment the commit may be"), ("v4", "its comment says v4, which may be")],
)
def test_a_commit_without_an_exact_version_is_not_checked(claim: str, says: str) -> None:
    pinned = action("", "o/r", requirement="1" * 40, hashes=(f"sha1:{'1' * 40}",), claim=claim)

    why = assess([pinned], Actions()).open[pinned.key]

    assert why.reason == "unpinned"
    assert why.message == f"{says} any of many versions"
    assert "gatekeeper pin" in why.remedy
