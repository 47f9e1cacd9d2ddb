"""Tags become commits, pins are verified, and a file is changed as a whole or not at all."""

from __future__ import annotations

import pytest

from gatekeeper.model.pinning import PinnedFile
from gatekeeper.model.remote import Refs
from gatekeeper.pipeline.pin import pin
from tests.fakes.remotes import SERVER, FakeRemotes

CI = ".github/workflows/ci.yml"
NEW, OLD, HEAD, FOREIGN, OBJECT = ("1" * 40, "2" * 40, "3" * 40, "4" * 40, "5" * 40)
CHECKOUT = f"{SERVER}/actions/checkout"
HOOKS = f"{SERVER}/a/hooks"
REFS = Refs(
    branches={"main": HEAD, "both": HEAD},
    tags={"v4": NEW, "v4.2.1": NEW, "v3.0.0": OLD, "both": OLD},
    objects={OBJECT: NEW},
)


def github() -> FakeRemotes:
    return FakeRemotes({CHECKOUT: REFS, HOOKS: REFS}, {CHECKOUT: frozenset({NEW, OLD, HEAD})})


def workflow(*uses: str) -> bytes:
    rows = "".join(f"      - uses: {it}\n" for it in uses)
    return f"jobs:\n  a:\n    steps:\n{rows}".encode()


def pinned(*uses: str) -> PinnedFile:
    return pin({CI: workflow(*uses)}, github(), SERVER)[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("actions/checkout@v4", f"actions/checkout@{NEW} # v4.2.1"),
        ("actions/checkout@v3.0.0", f"actions/checkout@{OLD} # v3.0.0"),
        ("actions/checkout@main", f"actions/checkout@{HEAD} # main"),
        ("actions/checkout/sub@refs/tags/v4", f"actions/checkout/sub@{NEW} # v4.2.1"),
        ("actions/checkout@refs/heads/both", f"actions/checkout@{HEAD} # both"),
        (f"actions/checkout@{NEW} # v4", f"actions/checkout@{NEW} # v4.2.1"),
        (f"actions/checkout@{NEW}", f"actions/checkout@{NEW} # v4.2.1"),
        (f"actions/checkout@{OBJECT} # v4.2.1", f"actions/checkout@{NEW} # v4.2.1"),
    ],
)
def test_what_is_written(before: str, after: str) -> None:
    file = pinned(before)

    assert file.troubles == ()
    assert file.after == workflow(after)
    again = pinned(after)
    assert (again.after, again.repinned, again.settled) == (again.before, (), 1)


@pytest.mark.parametrize(
    "uses",
    [
        f"actions/checkout@{NEW} # v4.2.1",
        f"actions/checkout@{NEW} # 4.2.1, by hand",
        f"actions/checkout@{HEAD} # main",
        f"actions/checkout@{HEAD}",
    ],
)
def test_what_stays_as_it_is(uses: str) -> None:
    file = pinned(uses)

    assert (file.after, file.troubles, file.settled) == (file.before, (), 1)


@pytest.mark.parametrize(
    ("uses", "kind", "says"),
    [
        (f"actions/checkout@{FOREIGN} # v4.2.1", "wrong", "on no branch and no tag"),
        (f"actions/checkout@{OLD} # v4.2.1", "wrong", "one of them was changed"),
        ("actions/checkout@v5", "wrong", "there is no tag and no branch v5"),
        ("actions/checkout@11bd719", "wrong", "there is no tag and no branch 11bd719"),
        ("actions/checkout@both", "wrong", "both a tag and a branch are called both"),
        (
            "a/gone@v1",
            "unpinned",
            "v1 can be moved to other code, and nobody could tell its commit",
        ),
        (f"a/gone@{NEW} # v1", "open", "it is pinned, and was not verified: it does not answer"),
        ("a/..@v1", "open", "no address that is asked"),
    ],
)
def test_nothing_is_written_where_something_is_not_in_order(
    uses: str, kind: str, says: str
) -> None:
    file = pinned("actions/checkout@v4", uses)

    assert file.after == file.before
    assert [(it.line, it.kind) for it in file.troubles] == [(5, kind)]
    assert says in file.troubles[0].message
    assert file.troubles[0].remedy
    assert [it.line for it in file.repinned] == [4]
    assert file.settled == 0


def test_another_file_is_written_all_the_same() -> None:
    files = {".github/workflows/a.yml": workflow("x/y@v1"), CI: workflow("actions/checkout@v4")}

    one, other = pin(files, github(), SERVER)

    assert [it.kind for it in one.troubles] == ["unpinned"]
    assert one.after == one.before
    assert other.after != other.before


def test_a_file_that_cannot_be_read_is_not_in_order() -> None:
    file = pin({CI: b"jobs: [\n"}, github(), SERVER)[0]

    assert [it.kind for it in file.troubles] == ["open"]
    assert file.after == file.before


def test_a_comment_without_a_place_leaves_the_file_alone() -> None:
    text = b'jobs:\n  a:\n    steps:\n      - {uses: actions/checkout@v4, name: "a\n          b"}\n'

    file = pin({CI: text}, github(), SERVER)[0]

    assert [(it.kind, it.what) for it in file.troubles] == [("unpinned", "")]
    assert file.after == text


def test_hooks_are_frozen_and_only_asked_for_over_https() -> None:
    path = ".pre-commit-config.yaml"
    text = f"repos:\n  - repo: {HOOKS}\n    rev: v4.2.1\n"

    one = pin({path: text.encode()}, github(), SERVER)[0]
    other = pin({path: text.replace(HOOKS, "ext::sh -c id").encode()}, github(), SERVER)[0]

    assert one.after.decode() == text.replace("rev: v4.2.1", f"rev: {NEW} # frozen: v4.2.1")
    assert [it.kind for it in other.troubles] == ["open"]


def test_each_repository_is_asked_once() -> None:
    remotes = github()

    pin({CI: workflow("actions/checkout@v4", f"actions/checkout@{OLD} # v3.0.0")}, remotes, SERVER)

    assert remotes.asked == [CHECKOUT]
