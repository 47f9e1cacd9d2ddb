"""What cases are composed from: pieces of Python with placeholders, read from YAML.

Placeholders are names in capitals that begin with Z, so that every piece reads as Python:
ZIN and ZOUT (the value before and after the piece), ZREST (all that follows, indented here),
ZFAIL (how this kind of handler refuses), ZKEY (a parameter's name), ZRES (the answer), ZPRE and
ZSUF (the text around a value), ZSAFE1 to ZSAFE3 (harmless literals of the class), ZLIT (a literal
that decides), ZT1.. (variables), ZF1.. (functions), ZC1.. (classes), ZK1.. (constants).
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["str", "upload"]
Building = Literal["no", "yes", "maybe"]


class Piece(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Some lines of code with what they need.

    `needs` and `rejects` are tags of the class, of the sink and of the text around the value.
    """

    id: str
    imports: tuple[str, ...] = ()
    top: str = ""
    code: str = ""
    frameworks: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    asynchronous: bool = False
    kind: Kind = "str"


class Source(Piece, kw_only=True, frozen=True):
    """Where a stranger's value comes in. Without code the value is the parameter ZKEY."""

    params: str = ""
    route: str = ""


class Shape(Piece, kw_only=True, frozen=True):
    """A handler of one framework; `code` has a line ZBODY."""

    framework: str
    fail: str
    respond: tuple[str, ...]
    method: bool = False


class Step(Piece, kw_only=True, frozen=True):
    """Between source and sink. `decodes`: undoes what a sanitiser before it did."""

    decodes: bool = False


class Sink(Piece, kw_only=True, frozen=True):
    """What a value ends in. `returns`: it is the answer itself; `local`: it needs the request;
    `own_sources`: only a source of the class brings what is dangerous here."""

    build: Building = "no"
    returns: bool = False
    local: bool = False
    own_sources: bool = False
    result: str = ""


class Around(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Text before and after a value. `needs`, `rejects`: tags of the sink; `tags`: what it is like."""

    pre: str
    suf: str = ""
    needs: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Spelling(Piece, kw_only=True, frozen=True):
    """One way to write something that is wrong or right by itself.

    With ZLIT in the code, `bad` and `good` are the literals that make it so. `file`: what a file
    with such lines is called.
    """

    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    result: str = ""
    level: Literal["any", "module", "function"] = "function"
    file: str = ""


class FlowClass(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A weakness that needs a stranger's value to reach something."""

    id: str
    safe_values: tuple[str, ...] = ()
    around: tuple[Around, ...] = ()
    sources: tuple[Source, ...] = ()
    steps: tuple[Step, ...] = ()
    sinks: tuple[Sink, ...] = ()
    safe_sinks: tuple[Sink, ...] = ()
    sanitisers: tuple[Step, ...] = ()
    fakes: tuple[Step, ...] = ()


class PlainClass(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A weakness that is visible where it is written."""

    id: str
    wrong: tuple[Spelling, ...] = ()
    right: tuple[Spelling, ...] = ()
    either: tuple[Spelling, ...] = ()


class Common(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all classes share."""

    shapes: tuple[Shape, ...] = ()
    sources: tuple[Source, ...] = ()
    carriers: tuple[Step, ...] = ()
    builders: tuple[Step, ...] = ()
    neutralisers: tuple[Step, ...] = ()
    fakes: tuple[Step, ...] = ()
    holders: tuple[Piece, ...] = ()
    indirections: tuple[Piece, ...] = ()
    repairs: tuple[Piece, ...] = ()
    fillers: tuple[Piece, ...] = ()
    names: dict[str, tuple[str, ...]] = {}


class Case(Struct, frozen=True):
    """One generated file and what is true of it.

    `parts`: the values of all dimensions; `function`: where it is, empty at module level; `file`:
    the file's name where it matters.
    """

    id: str
    weakness: str
    vulnerable: bool
    text: str
    parts: dict[str, str]
    function: str
    file: str = ""
