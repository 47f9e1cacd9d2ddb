from __future__ import annotations
import msgspec
class Rule(msgspec.Struct, frozen=True, array_like=True):
    id: str
    literals: tuple[str, ...] = ()
    stretches: tuple[str, ...] = ()
class Table(msgspec.Struct, frozen=True):
    version: str
    rules: tuple[Rule, ...]
