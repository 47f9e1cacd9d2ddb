"""Whether a commit is its repository's own, and the version that is claimed."""

from __future__ import annotations

import pytest

from gatekeeper.model.remote import Refs
from gatekeeper.supplychain.standing import Pin, Repositories, address_of
from tests.fakes.remotes import SERVER, FakeRemotes

AT = f"{SERVER}/actions/checkout"
TAGGED, OLD, INSIDE, FOREIGN, OBJECT = ("1" * 40, "2" * 40, "3" * 40, "4" * 40, "5" * 40)
REFS = Refs(
    branches={"main": TAGGED, "releases/v3": OLD},
    tags={"v4": TAGGED, "v4.2.1": TAGGED, "sub/v1.0.0": OLD},
    objects={OBJECT: TAGGED},
)


def github(**more: object) -> FakeRemotes:
    return FakeRemotes({AT: REFS}, {AT: frozenset({TAGGED, OLD, INSIDE})})


@pytest.mark.parametrize(
    ("commit", "claim", "state"),
    [
        (TAGGED, "v4.2.1", "confirmed"),
        (TAGGED, "v4", "confirmed"),
        (TAGGED, "4.2", "confirmed"),
        (OBJECT, "v4.2.1", "confirmed"),
        (OLD, "v1.0.0", "confirmed"),
        (TAGGED, "", "unclaimed"),
        (INSIDE, "", "unclaimed"),
        (TAGGED, "v4.2.2", "mismatch"),
        (OLD, "v4.2.1", "mismatch"),
        (INSIDE, "v4.2.1", "mismatch"),
        (FOREIGN, "v4.2.1", "impostor"),
        (FOREIGN, "", "impostor"),
    ],
)
def test_standing(commit: str, claim: str, state: str) -> None:
    pin = Pin(AT, commit, claim)

    assert Repositories(github()).standings([pin])[pin].state == state


def test_what_is_told_of_one_that_is_not_what_it_says() -> None:
    pins = [Pin(AT, OLD, "v4.2.1"), Pin(AT, OLD, "v9"), Pin(AT, FOREIGN, "v4.2.1")]

    known = Repositories(github()).standings(pins)

    moved, unknown, foreign = (known[pin].message for pin in pins)
    assert "says v4.2.1, and v4.2.1 is commit 111111111111 there, not 222222222222" in moved
    assert "no tag of that version leads to 222222222222" in unknown
    assert f"444444444444 is on no branch and no tag of {AT}" in foreign
    # A whole commit would be hidden in reports as what looks like a credential.
    assert not any(OLD in text or FOREIGN in text for text in (moved, unknown, foreign))


def test_a_tag_s_own_id_leads_to_its_commit() -> None:
    pin = Pin(AT, OBJECT, "")

    assert Repositories(github()).standings([pin])[pin].commit == TAGGED


def test_nobody_is_asked_for_the_history_of_what_is_on_a_tag() -> None:
    remotes = github()

    Repositories(remotes).standings([Pin(AT, TAGGED, "v4"), Pin(AT, OLD, "")])

    assert (remotes.asked, remotes.searched) == ([AT], [])


def test_every_repository_is_asked_once() -> None:
    remotes = github()
    repositories = Repositories(remotes)

    repositories.standings([Pin(AT, INSIDE, ""), Pin(AT, FOREIGN, "")])
    repositories.standings([Pin(AT, FOREIGN, "v1")])
    repositories.refs(AT)

    assert (remotes.asked, remotes.searched) == ([AT], [AT])


def test_without_an_answer_nothing_is_known() -> None:
    silent, no_history = Pin(f"{SERVER}/a/gone", TAGGED, "v1"), Pin(AT, FOREIGN, "v1")

    known = Repositories(FakeRemotes({AT: REFS})).standings([silent, no_history])

    assert [known[it].state for it in (silent, no_history)] == ["open", "open"]
    assert [known[it].message for it in (silent, no_history)] == [
        "it does not answer",
        "its history cannot be had",
    ]


@pytest.mark.parametrize(
    "name",
    ["a/..", "../b", "a/.", "a", "a/b/c", "a b/c", "-a/b/", "a/b?x=1", "a/b#c", "é/b", "/b", "a/"],
)
def test_names_that_lead_elsewhere_are_no_names(name: str) -> None:
    assert address_of(SERVER, name) == ""


def test_addresses() -> None:
    assert address_of("https://ghe.example.org/", "my_org/.github") == (
        "https://ghe.example.org/my_org/.github"
    )
