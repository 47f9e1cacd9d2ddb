"""What to change, by what lock files and advisories say."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.managers.graph import Paths
from gatekeeper.model.advice import Advice, Step
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Ecosystem, Inventory
from gatekeeper.scanners.dependencies_advice import advised
from gatekeeper.scanners.dependencies_items import Item
from tests.fakes.managing import found

UV = """\
version = 1
requires-python = ">=3.11"
[[package]]
name = "app"
version = "1"
source = { editable = "." }
dependencies = [{ name = "top" }, { name = "own" }]
[package.metadata]
requires-dist = [{ name = "top", specifier = ">=1" }, { name = "own", specifier = "WANTED" }]
[[package]]
name = "top"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "weak" }]
[[package]]
name = "weak"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "own"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
"""
NPM = """\
{"lockfileVersion": 3, "packages": {
 "": {"dependencies": {"top": "^1.0.0", "own": "OWN"}},
 "node_modules/top": {"version": "1.0.0", "dependencies": {"middle": "^1.0.0"}},
 "node_modules/middle": {"version": "1.1.0", "dependencies": {"weak": "WANTED"}},
 "node_modules/own": {"version": "1.0.0"},
 "node_modules/weak": {"version": "1.0.0"}}}
"""
POETRY = """\
[[package]]
name = "top"
version = "1.0"
[package.dependencies]
weak = "WANTED"
[[package]]
name = "weak"
version = "1.0"
[metadata]
lock-version = "2.0"
"""


def advice(
    inventory: Inventory,
    name: str,
    fix: str = "1.5.0",
    *,
    ecosystem: Ecosystem = "pypi",
    **more: Any,
) -> Advice:
    about = next(it for it in inventory.dependencies if it.name == name)
    one = Vulnerability(
        id="CVE-1", ids=("CVE-1",), ecosystem=ecosystem, name=name, version=about.version, **more
    )
    via = Paths(inventory).to(about.key)
    it = Item(inventory=inventory, dependency=about, via=via, vulnerabilities=(one,), fix=fix)
    (made,) = advised([it])
    assert made.advice is not None
    return made.advice


def npm(wanted: str = "^1.0.0", own: str = "^1.0.0") -> Inventory:
    text = NPM.replace("WANTED", wanted).replace("OWN", own)
    return found("package-lock", "package-lock.json", text)


def test_what_is_not_vulnerable_needs_none() -> None:
    inventory = npm()
    it = inventory.dependencies[0]

    assert advised([Item(inventory=inventory, dependency=it, via=(it,))])[0].advice is None


def test_the_lock_of_npm_tells_what_its_packages_ask_for() -> None:
    made = advice(npm(), "weak", ecosystem="npm")

    assert (made.kind, made.proof) == ("lock", "ranges")
    assert made.steps == (Step("weak", "1.5.0"),)
    assert made.command == "npm update --package-lock-only weak"
    assert made.message == "take 1.5.0 into the lock"


@pytest.mark.parametrize("wanted", ["~1.0.0", "1.0.0", "<1.5.0", "npm:weak@~1.0.0"])
def test_what_holds_it_back_is_named_with_what_the_project_asks_for(wanted: str) -> None:
    made = advice(npm(wanted), "weak", ecosystem="npm")

    assert (made.kind, made.proof, made.steps) == ("parent", "ranges", (Step("top"),))
    assert made.fixed == "1.5.0"
    assert made.message == (
        f"middle 1.1.0 asks for weak {wanted.removeprefix('npm:weak@')}, and top 1.0.0 brings it in:"
        " update top until that allows 1.5.0; else force 1.5.0 by overrides in package.json"
    )


def test_a_range_that_nobody_can_read_decides_nothing() -> None:
    made = advice(npm("latest"), "weak", ecosystem="npm")

    assert (made.kind, made.proof) == ("lock", "advisories")
    assert made.message == "take 1.5.0 into the lock, if middle 1.1.0 allows it"


def test_what_the_project_asks_for_itself() -> None:
    inside = advice(npm(), "own", ecosystem="npm")
    outside = advice(npm(own="~1.0.0"), "own", ecosystem="npm")

    assert (inside.kind, inside.proof) == ("lock", "ranges")
    assert (outside.kind, outside.steps) == ("raise", (Step("own", "1.5.0"),))
    assert outside.command == "npm install own@1.5.0"


def test_the_lock_of_uv_does_not_tell_what_its_packages_ask_for() -> None:
    inventory = found("uv-lock", "uv.lock", UV.replace("WANTED", "==1.0"))

    transitive, direct = advice(inventory, "weak", "1.5"), advice(inventory, "own", "1.5")

    assert (transitive.kind, transitive.proof) == ("lock", "advisories")
    assert transitive.message == "take 1.5 into the lock, if top 1.0 allows it"
    assert transitive.command == "uv lock --upgrade-package weak==1.5"
    assert (direct.kind, direct.command) == ("raise", "uv add 'own>=1.5'")


@pytest.mark.parametrize(("wanted", "kind"), [("^1.0", "lock"), ("<1.5", "parent"), ("*", "lock")])
def test_the_lock_of_poetry_does(wanted: str, kind: str) -> None:
    inventory = found("poetry-lock", "poetry.lock", POETRY.replace("WANTED", wanted))

    made = advice(inventory, "weak", "1.5")

    assert (made.kind, made.proof) == (kind, "ranges")


def test_in_requirements_the_line_is_changed() -> None:
    inventory = found("requirements", "requirements.txt", "top==1.0\nweak==1.0\n    # via top\n")

    made = advice(inventory, "weak", "1.5")

    assert (made.kind, made.message, made.command) == ("raise", "ask for weak 1.5", "")


def test_without_a_fix_or_when_it_is_malicious() -> None:
    hopeless = advice(npm(), "weak", "", ecosystem="npm")
    evil = advice(npm(), "weak", ecosystem="npm", malicious=True)

    assert (hopeless.kind, hopeless.message) == ("none", "no version fixes it yet")
    assert (evil.kind, evil.steps) == ("remove", (Step("top"),))
    assert evil.message == "remove top 1.0.0, which brings it in"


@pytest.mark.parametrize(
    ("uses", "tag"),
    [(f"a/b/sub@{'1' * 40} # v4.1.0", "v4.2.0"), ("a/b/sub@4.1.0", "4.2.0")],
)
def test_an_action_is_called_by_its_tag_and_pinned_again(uses: str, tag: str) -> None:
    inventory = found(
        "github-actions", ".github/workflows/a.yml", f"jobs:\n  a:\n    uses: {uses}\n"
    )

    made = advice(inventory, "a/b", "4.2.0", ecosystem="github-actions")

    assert (made.kind, made.path) == ("raise", ".github/workflows/a.yml")
    assert made.message == f"write a/b/sub@{tag}, and have `gatekeeper pin` put its commit there"
