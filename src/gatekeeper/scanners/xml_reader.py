"""Reading XML that others wrote: no entities, no external parts, bounded depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from gatekeeper.ports.process import ToolError
from gatekeeper.text.names import printable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405 - the type alone

_DEEPEST = 64


def read_xml(data: bytes, name: str) -> Element:
    """The root element; tags lose their namespace. Raises ToolError `input-invalid`.

    A DOCTYPE may name a DTD, which is not fetched. One that defines anything is refused, and so is
    a reference to an entity that XML itself does not know.
    """
    from xml.etree.ElementTree import TreeBuilder  # nosec B405 - builds, does not parse
    from xml.parsers import expat  # nosec B407 - what makes it dangerous is refused below

    builder = TreeBuilder()
    depth = 0

    def refuse(why: str) -> NoReturn:
        raise ToolError(
            "input-invalid",
            f"{printable(name)} is not XML that can be relied on: {why}",
            "the program that should have written it may have been stopped: look at its step",
        )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            refuse("it is nested too deeply")
        builder.start(tag.rpartition(":")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    def doctype(_name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            refuse("its DOCTYPE defines something")

    def entity(*_: object) -> NoReturn:
        refuse("it refers to an entity")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    parser.SkippedEntityHandler = entity
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as error:
        refuse(printable(str(error))[:200])
