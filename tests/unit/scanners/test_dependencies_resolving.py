"""Which manifests are resolved, how often, and what happens when that fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gatekeeper.config.load import load
from gatekeeper.config.schema import Config
from gatekeeper.model.dependency import Inventory, PackageIndex
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.dependencies_resolving import Closing
from tests.fakes.changes import FakeChange
from tests.fakes.managing import found, names


@dataclass
class FakeResolver:
    """Chooses version 1 of everything, or fails."""

    error: ToolError | None = None
    asked: list[str] = field(default_factory=list)

    def compile(
        self, requirements: str, indexes: Sequence[PackageIndex], python: str = "", *,
        lowest: bool = False, overrides: str = "",
    ) -> str:  # fmt: skip
        self.asked.append(requirements)
        if self.error:
            raise self.error
        rows = (row.partition(">")[0] for row in requirements.splitlines())
        return "".join(f"{row}==1\n    # via -r wanted.in\n" for row in rows)


def config(*, resolve: bool) -> Config:
    text = f"preset: standard\nscanners:\n  dependencies:\n    resolve: {str(resolve).lower()}\n"
    return load({"gatekeeper.yml": text.encode()}.get).config


def closed(
    resolver: FakeResolver, *inventories: Inventory, resolve: bool = True
) -> Sequence[Inventory]:
    change = FakeChange(config=config(resolve=resolve), resolving=resolver)
    return Closing(change).closed(inventories)


MANIFEST = found("pyproject", "a/pyproject.toml", '[project]\nname = "x"\ndependencies = ["b>0"]')
LOCK = found("uv-lock", "a/uv.lock", "version = 1\n")


def test_nothing_is_asked_unless_it_is_wanted() -> None:
    resolver = FakeResolver()

    assert list(closed(resolver, MANIFEST, resolve=False)) == [MANIFEST]
    assert resolver.asked == []


def test_a_manifest_without_a_lock_is_closed() -> None:
    (inventory,) = closed(FakeResolver(), MANIFEST)

    assert names(inventory) == ["b 1"]
    assert inventory.complete
    assert inventory.dependencies[0].place.path == "a/pyproject.toml"


def test_a_lock_beside_it_or_around_it_is_enough() -> None:
    resolver = FakeResolver()
    member = found("pyproject", "a/member/pyproject.toml", '[project]\ndependencies = ["b"]')

    assert list(closed(resolver, MANIFEST, member, LOCK)) == [MANIFEST, member, LOCK]
    assert resolver.asked == []


def test_the_same_requirements_are_asked_once() -> None:
    resolver = FakeResolver()
    change = FakeChange(config=config(resolve=True), resolving=resolver)
    closing = Closing(change)

    assert closing.closed([MANIFEST]) == closing.closed([MANIFEST])
    assert len(resolver.asked) == 1


def test_what_the_resolver_cannot_do_is_not_checked() -> None:
    resolver = FakeResolver(ToolError("tool-timeout", "too late", "wait"))
    other = found("pipfile", "Pipfile", '[packages]\nb = ">0"\n')
    one, two = closed(resolver, MANIFEST, other)

    assert [(it.message, it.remedy) for it in one.problems] == [("too late", "wait")]
    assert one.dependencies == MANIFEST.dependencies
    assert two.problems[0].place.path == "Pipfile"
    assert len(resolver.asked) == 1
