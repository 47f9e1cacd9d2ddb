"""What the configuration's types allow at a key path; asked only once something is wrong."""

from __future__ import annotations

from typing import Any

from gatekeeper.config.documents import Path


def _inner(shape: Any) -> Any:
    from msgspec import inspect

    while isinstance(shape, inspect.Metadata):
        shape = shape.type
    return shape


def _members(shape: Any) -> list[Any]:
    from msgspec import inspect

    shape = _inner(shape)
    if isinstance(shape, inspect.UnionType):
        return [_inner(member) for member in shape.types]
    return [shape]


def _step(shape: Any, part: str | int) -> Any:
    from msgspec import inspect

    for member in _members(shape):
        if isinstance(member, inspect.StructType):
            for field in member.fields:
                if field.encode_name == part:
                    return field.type
        elif isinstance(member, inspect.DictType) and isinstance(part, str):
            return member.value_type
        elif isinstance(member, inspect.ListType | inspect.VarTupleType) and isinstance(part, int):
            return member.item_type
    return None


def at(shape: type, path: Path) -> Any:
    """The msgspec description of the type at `path`, None when no type is known there."""
    from msgspec import inspect

    found: Any = inspect.type_info(shape)
    for part in path:
        found = _step(found, part)
        if found is None:
            return None
    return found


def known_keys(shape: type, path: Path) -> list[str]:
    """The keys that the mapping at `path` may have, as files spell them."""
    from msgspec import inspect

    return [
        field.encode_name
        for member in _members(at(shape, path))
        if isinstance(member, inspect.StructType)
        for field in member.fields
    ]


def known_values(shape: type, path: Path) -> list[str]:
    """The values allowed at `path`, when they are a closed set."""
    from msgspec import inspect

    return [
        str(value)
        for member in _members(at(shape, path))
        if isinstance(member, inspect.LiteralType)
        for value in member.values
    ]


def annotation(shape: type, path: Path, name: str) -> Any:
    """What the type at `path` is annotated with (`description`, `examples`), None if nothing."""
    from msgspec import inspect

    pending = [at(shape, path)]
    while pending:
        one = pending.pop(0)
        if isinstance(one, inspect.Metadata):
            if name in (more := one.extra_json_schema or {}):
                return more[name]
            pending.append(one.type)
        elif isinstance(one, inspect.UnionType):
            pending += one.types
    return None
