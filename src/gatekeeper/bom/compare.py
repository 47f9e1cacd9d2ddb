"""What changed between two bills of materials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from gatekeeper.model.dependency import Dependency

Name = tuple[str, str]


class Changed(Struct, frozen=True):
    """A package of both bills with other versions, or other licences."""

    ecosystem: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Difference(Struct, frozen=True):
    """`added` and `removed` are (ecosystem, name, version)."""

    added: tuple[tuple[str, str, str], ...]
    removed: tuple[tuple[str, str, str], ...]
    versions: tuple[Changed, ...]
    licenses: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.versions or self.licenses)


def compare(before: Iterable[Dependency], after: Iterable[Dependency]) -> Difference:
    """By package: which came and went, and which have other versions or licences."""
    old, new = _by_name(before), _by_name(after)
    both = [name for name in sorted(old) if name in new]
    return Difference(
        added=_rows(new, old),
        removed=_rows(old, new),
        versions=_changed(both, old, new, lambda it: it.version or it.requirement),
        licenses=_changed(both, old, new, lambda it: it.license),
    )


def _by_name(dependencies: Iterable[Dependency]) -> dict[Name, list[Dependency]]:
    found: dict[Name, list[Dependency]] = {}
    for it in dependencies:
        found.setdefault((it.ecosystem, it.name), []).append(it)
    return found


def _rows(
    have: Mapping[Name, list[Dependency]], lack: Mapping[Name, list[Dependency]]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (*name, version)
        for name in sorted(have)
        if name not in lack
        for version in sorted({it.version or it.requirement for it in have[name]})
    )


def _changed(
    both: Iterable[Name],
    old: Mapping[Name, list[Dependency]],
    new: Mapping[Name, list[Dependency]],
    part: Callable[[Dependency], str],
) -> tuple[Changed, ...]:
    found: list[Changed] = []
    for name in both:
        before = tuple(sorted({part(it) for it in old[name]}))
        after = tuple(sorted({part(it) for it in new[name]}))
        if before != after:
            found.append(Changed(*name, before, after))
    return tuple(found)
