"""Pinned actions: commits of forks, versions that are not theirs, and what could not be told."""

from __future__ import annotations

from gatekeeper.config.action_pin_options import ActionPinsOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.remote import Refs
from gatekeeper.scanners.action_pins import ActionPins
from tests.fakes.changes import FakeChange, scanned
from tests.fakes.remotes import FakeRemotes
from tests.fakes.scanning import FakeSnapshot

CI = ".github/workflows/ci.yml"
SERVER = "https://ghe.example.org"
GOOD, OLD, FOREIGN = "1" * 40, "2" * 40, "4" * 40
REFS = Refs(branches={"main": GOOD}, tags={"v4.2.1": GOOD, "v3.0.0": OLD})
PINNED = f"Actions/Checkout@{GOOD} # v4.2.1"


def version(*uses: str) -> FakeSnapshot:
    rows = "".join(f"      - uses: {it}\n" for it in uses)
    return FakeSnapshot({CI: f"jobs:\n  a:\n    steps:\n{rows}".encode()})


def change(head: FakeSnapshot, base: FakeSnapshot | None = None) -> FakeChange:
    options = ActionPinsOptions(verify=True, server=f"{SERVER}/")
    address = f"{SERVER}/Actions/Checkout"
    remotes = FakeRemotes({address: REFS}, {address: frozenset({GOOD, OLD})})
    config = Config(scanners=Scanners(action_pins=options))
    return FakeChange(config=config, head=head, base=base, asking=remotes)


def test_nobody_is_asked_unless_somebody_wants_it() -> None:
    found = ActionPins().prepare(FakeChange(head=version(PINNED)))

    assert isinstance(found, Skipped)
    assert found.reason == "not-configured"
    assert ActionPins().prepare(change(version(PINNED))) is None
    assert "repositories" in ActionPins().plan(change(version(PINNED)))


def test_without_pinned_actions_there_is_nothing_to_verify() -> None:
    """That tags are no pins is told by another scanner."""
    found = ActionPins().scan(change(version("actions/checkout@v4")))

    assert isinstance(found, Skipped)
    assert found.reason == "no-matching-files"


def test_what_is_in_order() -> None:
    found = scanned(ActionPins(), change(version(PINNED, f"actions/checkout/sub@{OLD} # v3")))

    # Their names differ by case, so they may be two repositories on this server.
    assert (found.new, found.existing) == ([], [])
    assert [(it.reason, it.line) for it in found.unchecked] == [("service-unavailable", 5)]
    assert found.summary == "2 pinned actions, 1 not verified"


def test_commits_of_forks_and_other_versions() -> None:
    uses = (PINNED, f"Actions/Checkout@{FOREIGN} # v4.2.1", f"Actions/Checkout@{OLD} # v4.2.1")

    found = scanned(ActionPins(), change(version(*uses, f"Actions/Checkout@{OLD}")))

    assert [(it.rule, it.severity, it.path, it.line) for it in found.new] == [
        ("impostor-commit", "high", CI, 5),
        ("version-mismatch", "medium", CI, 6),
    ]
    assert found.new[0].subject == "github-actions:actions/checkout@4.2.1"
    assert found.unchecked == []
    assert {it.name.partition(".")[2]: it.value for it in found.measurements} == {
        "confirmed": 1, "unclaimed": 1, "impostor": 1, "mismatch": 1, "open": 0,
    }  # fmt: skip
    assert found.summary == (
        "4 pinned actions, 1 of no branch or tag, 1 of another version, 1 without a version"
    )


def test_only_what_the_change_brings_in_is_new() -> None:
    old = f"Actions/Checkout@{OLD} # v4.2.1"
    foreign = f"Actions/Checkout@{FOREIGN} # v4.2.1"

    found = scanned(ActionPins(), change(version("a/b@v1", old, foreign), version(old)))

    assert [it.rule for it in found.new] == ["impostor-commit"]
    assert [it.rule for it in found.existing] == ["version-mismatch"]


def test_another_commit_under_the_same_comment_is_new() -> None:
    """What an attacker does: the comment stays, and the commit is a fork's."""
    foreign = f"Actions/Checkout@{FOREIGN} # v4.2.1"

    found = scanned(ActionPins(), change(version(foreign), version(PINNED)))

    assert [it.rule for it in found.new] == ["impostor-commit"]


def test_what_could_not_be_told_is_not_checked() -> None:
    gone = f"no/such@{GOOD} # v1.0.0"

    found = scanned(ActionPins(), change(version(gone, f"a/..@{GOOD}"), version(gone)))

    assert [(it.reason, it.subject, it.line) for it in found.unchecked] == [
        ("service-unavailable", f"github-actions:no/such@{GOOD} # v1.0.0", 4),
        ("service-unavailable", f"github-actions:a/..@{GOOD}", 5),
    ]
    assert "no/such was not verified: it does not answer; look at the network" in (
        found.unchecked[0].message
    )
    assert [it.subject for it in found.base_unchecked] == [found.unchecked[0].subject]


def test_a_workflow_that_cannot_be_read_is_not_checked() -> None:
    it = change(FakeSnapshot({CI: b"jobs: [\n", "action.yml": b"runs:\n  steps: 1\n"
                              b"jobs:\n  a:\n    uses: a/b@" + GOOD.encode() + b"\n"}))  # fmt: skip

    found = scanned(ActionPins(), it)

    assert {one.reason for one in found.unchecked} == {"unreadable", "service-unavailable"}
