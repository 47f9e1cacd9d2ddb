"""Advice that uv has tried, against an index in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.adapters.resolver import UvResolver
from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.model.account import Account
from gatekeeper.model.advice import Advice, Step
from gatekeeper.model.dependency import Ecosystem, Inventory
from gatekeeper.model.outcome import FailReason
from gatekeeper.pipeline.fix_advice import MOST, Trying
from gatekeeper.pipeline.fix_attempts import Compile
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.resolver import NoVersionsError
from tests.fakes.index import index
from tests.fakes.managing import found

PACKAGES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "top": {"1.0": ["weak<2"], "2.0": ["weak<2"], "3.0": ["weak>=2"], "4.0": ["weak>=2"]},
    "side": {"1.0": ["weak<2"], "2.0": ["weak>=2"]},
    "loose": {"0.9": ["weak"], "1.0": ["weak<2"]},
    "stuck": {"1.0": ["weak<2"], "1.1": ["weak<2"]},
    "peer": {"1.0": ["extra==1.0"], "2.0": ["extra==2.0"]},
    "weak": {"1.0": [], "1.5": [], "2.0": [], "1.6": ["extra==2.0"]},
    "extra": {"1.0": [], "2.0": []},
}


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> UvResolver:
    folder = tmp_path_factory.mktemp("uv")
    environ = {"UV_DEFAULT_INDEX": index(folder / "index", PACKAGES)}
    processes = LocalProcesses(str(folder))
    return UvResolver(processes, uv_program, str(folder / "cache"), offline=False, environ=environ)


def lock(*packages: str, asked: Sequence[str]) -> Inventory:
    """A uv.lock: `name version child child`, and what the project asks for."""
    names = [it.split(" ")[0] for it in asked]
    wants = ", ".join(
        f'{{ name = "{name}", specifier = "{rest.partition(" ")[2]}" }}'
        for name, rest in zip(names, asked, strict=True)
    )
    children = ", ".join(f'{{ name = "{name}" }}' for name in names)
    text = (
        'version = 1\nrequires-python = ">=3.11"\n[[package]]\nname = "app"\nversion = "1"\n'
        f'source = {{ editable = "." }}\ndependencies = [{children}]\n'
        f"[package.metadata]\nrequires-dist = [{wants}]\n"
    )
    for package in packages:
        name, version, *needs = package.split(" ")
        below = ", ".join(f'{{ name = "{it}" }}' for it in needs)
        text += (
            f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
            f'source = {{ registry = "https://pypi.org/simple" }}\ndependencies = [{below}]\n'
        )
    return found("uv-lock", "uv.lock", text)


def manifest(asked: Sequence[str]) -> Inventory:
    listed = ", ".join(f'"{it.replace(" ", "")}"' for it in asked)
    return found(
        "pyproject", "pyproject.toml", f'[project]\nname = "app"\ndependencies = [{listed}]\n'
    )


def account(inventory: Inventory, name: str, fixed: str, ecosystem: Ecosystem = "pypi") -> Account:
    about = next(it for it in inventory.dependencies if it.name == name)
    cheap = Advice(kind="lock", steps=(Step(name, fixed),), fixed=fixed, path="uv.lock")
    return Account(
        ecosystem=ecosystem, name=name, version=about.version, place=about.place,
        status="vulnerable", fixed=fixed, advice=cheap,
    )  # fmt: skip


def advice(
    compile_: Compile, packages: Sequence[str], asked: Sequence[str], fixed: str, name: str = "weak"
) -> Advice:
    locked = lock(*packages, asked=asked)
    trying = Trying([locked, manifest(asked)], compile_, lambda paths: "")
    made = trying.one(account(locked, name, fixed)).advice
    assert made is not None
    return made


def test_the_lock_alone(uv: UvResolver) -> None:
    made = advice(uv.compile, ["top 1.0 weak", "weak 1.0"], ["top >=1"], "1.5")

    assert (made.kind, made.steps, made.proof) == ("lock", (Step("weak", "1.5"),), "resolver")
    assert made.message == "take 1.5 into the lock; nothing else has to move"
    assert made.command == "uv lock --upgrade-package weak==1.5"


def test_the_lock_with_others_that_move(uv: UvResolver) -> None:
    made = advice(
        uv.compile, ["top 1.0 weak", "weak 1.0", "peer 1.0 extra", "extra 1.0"],
        ["top >=1", "peer >=1"], "1.6",
    )  # fmt: skip

    assert made.kind == "lock"
    assert made.message == "take 1.6 into the lock; other packages move with it"


def test_the_nearest_version_of_what_brings_it_in(uv: UvResolver) -> None:
    """3.0 is enough, though there is 4.0; 2.0 would not do."""
    made = advice(uv.compile, ["top 1.0 weak", "weak 1.0"], ["top ==1.0"], "2.0")

    assert (made.kind, made.fixed, made.path) == ("raise", "2.0", "pyproject.toml")
    assert made.steps == (Step("top", "3.0"), Step("weak", "2.0"))
    assert made.message == "ask for top 3.0, and take weak 2.0, which that allows"
    # Without the second, a lock would keep the old one: the new parent may allow that as well.
    assert made.command == "uv add 'top>=3.0' && uv lock --upgrade-package weak==2.0"


def test_a_lock_that_may_take_a_newer_parent_is_no_matter_of_the_manifest(uv: UvResolver) -> None:
    made = advice(uv.compile, ["top 1.0 weak", "weak 1.0"], ["top >=1"], "2.0")

    assert made.kind == "lock"
    assert made.message == "take 2.0 into the lock; other packages move with it"


def test_what_the_project_asks_for_itself(uv: UvResolver) -> None:
    made = advice(uv.compile, ["weak 1.0"], ["weak ==1.0"], "1.5")

    assert (made.kind, made.steps) == ("raise", (Step("weak", "1.5"),))
    assert made.command == "uv add 'weak>=1.5'"


def test_a_manifest_with_a_lock_gets_the_advice_of_the_lock(uv: UvResolver) -> None:
    asked = ["weak ==1.0", "top >=1"]
    locked, own = lock("top 1.0 weak", "weak 1.0", asked=asked), manifest(asked)
    trying = Trying([own, locked], uv.compile, lambda paths: "")

    above, below = (trying.one(account(it, "weak", "1.5")).advice for it in (own, locked))

    assert above == below
    assert above
    assert above.command == "uv add 'weak>=1.5'"


def test_nothing_goes_back_to_an_old_version_that_asks_for_less(uv: UvResolver) -> None:
    """`loose` 0.9 takes any version, and is older than what is there."""
    made = advice(uv.compile, ["loose 1.0 weak", "weak 1.0"], ["loose"], "2.0")

    assert made.kind == "override"


def test_what_nothing_released_allows_is_forced(uv: UvResolver) -> None:
    made = advice(uv.compile, ["stuck 1.0 weak", "weak 1.0"], ["stuck >=1"], "2.0")

    assert (made.kind, made.steps, made.proof) == ("override", (Step("weak", "2.0"),), "resolver")
    assert "tool.uv.override-dependencies" in made.message


def test_a_version_that_the_index_does_not_have(uv: UvResolver) -> None:
    made = advice(uv.compile, ["top 1.0 weak", "weak 1.0"], ["top >=1"], "9.9")

    assert (made.kind, made.proof) == ("none", "resolver")
    assert made.message == "no versions fit together with weak 9.9"


def test_two_that_have_to_move_together(uv: UvResolver) -> None:
    packages = ["top 1.0 weak", "side 1.0 weak", "weak 1.0"]

    made = advice(uv.compile, packages, ["top ==1.0", "side ==1.0"], "2.0")

    assert made.kind == "raise"
    assert set(made.steps) == {Step("top", "3.0"), Step("side", "2.0"), Step("weak", "2.0")}


def test_force_when_one_of_two_never_allows_it(uv: UvResolver) -> None:
    packages = ["top 1.0 weak", "stuck 1.0 weak", "weak 1.0"]

    made = advice(uv.compile, packages, ["top ==1.0", "stuck ==1.0"], "2.0")

    assert made.kind == "override"


def requirement(uv: UvResolver, text: str, fixed: str, name: str = "weak", **others: str) -> Advice:
    written = found("requirements", "requirements.txt", text)
    more = [found("requirements", "requirements.in", it) for it in others.values()]
    made = Trying([written, *more], uv.compile, lambda paths: "").one(account(written, name, fixed))
    assert made.advice
    return made.advice


class TestRequirements:
    """Files in which a tool, or somebody, has written all versions."""

    COMPILED = "top==1.0\n    # via -r requirements.in\nweak==1.0\n    # via top\n"

    def test_by_hand(self, uv: UvResolver) -> None:
        text = "top==1.0\nweak==1.0\n"

        near, far = requirement(uv, text, "1.5"), requirement(uv, text, "2.0")

        assert (near.kind, near.steps) == ("raise", (Step("weak", "1.5"),))
        assert near.message == "ask for weak 1.5"
        # Nobody tells that the one brings in the other.
        assert far.kind == "override"

    def test_with_what_it_is_made_from(self, uv: UvResolver) -> None:
        wanted = {"beside": "top>=1\n"}

        near = requirement(uv, self.COMPILED, "1.5", **wanted)
        far = requirement(uv, self.COMPILED, "2.0", **wanted)

        assert (near.kind, far.kind) == ("lock", "lock")
        assert near.message == "take 1.5 into requirements.txt; nothing else has to move"
        assert far.message == "take 2.0 into requirements.txt; other packages move with it"

    def test_what_it_is_made_from_holds_it_back(self, uv: UvResolver) -> None:
        made = requirement(uv, self.COMPILED, "2.0", beside="top<2\n")

        assert (made.kind, made.path) == ("raise", "requirements.in")
        assert made.steps == (Step("top", "3.0"), Step("weak", "2.0"))

    def test_with_comments_alone(self, uv: UvResolver) -> None:
        near, far = requirement(uv, self.COMPILED, "1.5"), requirement(uv, self.COMPILED, "2.0")

        assert near.message == "take 1.5 into requirements.txt; nothing else has to move"
        assert far.steps == (Step("top", "3.0"), Step("weak", "2.0"))

    def test_what_else_is_pinned_may_move(self, uv: UvResolver) -> None:
        text = (
            "extra==1.0\n    # via peer\npeer==1.0\n    # via -r requirements.in\n" + self.COMPILED
        )

        made = requirement(uv, text, "1.6", beside="top\npeer\n")

        assert made.message == "take 1.6 into requirements.txt; other packages move with it"


class TestNotTried:
    """What could not be asked stays advice by advisories, with the reason."""

    LOCK = lock("top 1.0 weak", "weak 1.0", asked=["top >=1"])

    def one(self, it: Account, *inventories: Inventory, compile_: Compile) -> Advice:
        made = Trying(inventories, compile_, lambda paths: "3.11").one(it).advice
        assert made
        assert made.kind == "lock"
        assert made.proof == "advisories"
        return made

    def test_another_ecosystem(self) -> None:
        it = account(self.LOCK, "weak", "1.5", ecosystem="npm")

        assert self.one(it, compile_=_never).untried == "there is no resolver for npm here"

    def test_no_manifest(self) -> None:
        it = account(self.LOCK, "weak", "1.5")

        assert "no manifest" in self.one(it, self.LOCK, compile_=_never).untried
        assert "no file holds" in self.one(it, compile_=_never).untried

    @pytest.mark.parametrize(("reason", "times"), [("tool-timeout", 1), ("tool-crashed", 3)])
    def test_the_index_does_not_answer_and_is_not_asked_for_ever(
        self, reason: FailReason, times: int
    ) -> None:
        asked: list[str] = []

        def down(
            requirements: str, indexes: object, python: str = "", *, lowest: bool = False,
            overrides: str = "",
        ) -> str:  # fmt: skip
            asked.append(python)
            raise ToolError(reason, "the index is down")

        names = ["a", "b", "c", "d", "e"]
        locked = lock(*(f"{name} 1.0" for name in names), asked=names)
        trying = Trying([locked, manifest(names)], down, lambda paths: "3.11")

        made = [trying.one(account(locked, name, "1.5")).advice for name in names]

        assert [it.untried for it in made if it] == ["the index is down"] * 5
        assert asked == ["3.11"] * times

    def test_a_lock_that_does_not_fit_as_it_is(self) -> None:
        def refuse(
            requirements: str, indexes: object, python: str = "", *, lowest: bool = False,
            overrides: str = "",
        ) -> str:  # fmt: skip
            raise NoVersionsError("tool-crashed", "no")

        it = account(self.LOCK, "weak", "1.5")

        untried = self.one(it, self.LOCK, manifest(["top >=1"]), compile_=refuse).untried

        assert untried == "a resolver does not agree with the versions as they are"

    @pytest.mark.parametrize("fixed", ["1.5\n--index-url https://evil", "1.5 ; x", "$(id)"])
    def test_a_version_that_would_be_more_than_one(self, fixed: str) -> None:
        it = account(self.LOCK, "weak", fixed)

        untried = self.one(it, self.LOCK, manifest(["top >=1"]), compile_=_never).untried

        assert untried == "a resolver is not asked about such a name or version"

    def test_several_versions(self) -> None:
        two = lock("top 1.0 weak", "weak 1.0", "weak 1.5", asked=["top >=1"])

        untried = self.one(
            account(two, "weak", "2.0"), two, manifest(["top >=1"]), compile_=_never
        ).untried

        assert untried == "the file has several versions of it"

    def test_too_many(self) -> None:
        trying = Trying([], _never, lambda paths: "")
        it = account(self.LOCK, "weak", "1.5")
        for number in range(MOST):
            trying.one(replace(it, name=f"a{number}"))

        last = trying.one(it).advice

        assert last
        assert last.untried == f"{MOST} others were tried before it"

    def test_nothing_to_try(self) -> None:
        it = replace(account(self.LOCK, "weak", "1.5"), advice=Advice(kind="none"))

        assert Trying([], _never, lambda paths: "").one(it) is it


def _never(
    requirements: str, indexes: object, python: str = "", *, lowest: bool = False,
    overrides: str = "",
) -> str:  # fmt: skip
    raise AssertionError("nothing is to be asked")
