"""Versions of actions, told by their repositories when those may be asked."""

from __future__ import annotations

import pytest

from gatekeeper.config.action_pin_options import ActionPinsOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.model.dependency import Inventory
from gatekeeper.model.remote import Refs
from gatekeeper.scanners.dependencies_actions import Naming
from tests.fakes.changes import FakeChange
from tests.fakes.managing import found
from tests.fakes.remotes import SERVER, FakeRemotes

AT, OBJECT, HEAD = "1" * 40, "2" * 40, "3" * 40
REFS = Refs(
    branches={"main": HEAD, "both": HEAD},
    tags={"v4": AT, "v4.2.1": AT, "both": AT},
    objects={OBJECT: AT},
)


def workflow(uses: str) -> Inventory:
    text = f"jobs:\n  a:\n    steps:\n      - uses: {uses}\n"
    return found("github-actions", ".github/workflows/a.yml", text)


def change(*, verify: bool = True) -> FakeChange:
    options = ActionPinsOptions(verify=verify)
    asking = FakeRemotes({f"{SERVER}/a/b": REFS}) if verify else None
    return FakeChange(config=Config(scanners=Scanners(action_pins=options)), asking=asking)


@pytest.mark.parametrize(
    ("uses", "version"),
    [
        (f"a/b@{AT}", "4.2.1"),
        (f"a/b/sub@{AT} # v4", "4.2.1"),
        (f"a/b@{OBJECT}", "4.2.1"),
        ("a/b@v4", "4.2.1"),
        ("a/b@main", ""),
        ("a/b@both", ""),
        ("a/b@gone", ""),
        (f"a/b@{HEAD}", ""),
        ("no/answer@v4", ""),
        # What somebody claims is verified by another scanner.
        (f"a/b@{AT} # v1.0.0", "1.0.0"),
        ("a/b@v1.0.0", "1.0.0"),
    ],
)
def test_what_it_is_now(uses: str, version: str) -> None:
    (inventory,) = Naming(change()).named([workflow(uses)])

    assert [it.version for it in inventory.dependencies] == [version]


def test_each_repository_is_asked_once_and_only_for_what_is_open() -> None:
    it = change()
    naming = Naming(it)

    naming.named([workflow("a/b@v4"), workflow("c/d@v1.0.0")])
    naming.named([workflow("a/b@v4")])

    assert isinstance(it.asking, FakeRemotes)
    assert it.asking.asked == [f"{SERVER}/a/b"]


def test_nobody_is_asked_unless_somebody_wants_it() -> None:
    inventories = [workflow("a/b@v4")]

    assert Naming(change(verify=False)).named(inventories) is inventories
