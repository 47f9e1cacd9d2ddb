"""XML with lines: no entities, no external parts, bounded depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from msgspec import Struct, field

from gatekeeper.managers.reading import UnreadableError, check_size, check_text

_DEEPEST = 100


class Element(Struct):
    """One element; its name is without the namespace."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    namespace: str = ""

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def child(self, name: str) -> Element | None:
        return next((it for it in self.children if it.name == name), None)

    def text_of(self, name: str) -> str:
        found = self.child(name)
        return found.text if found else ""

    def within(self, name: str) -> Iterator[Element]:
        """The elements inside the child of that name."""
        found = self.child(name)
        yield from found.children if found else ()


def read_xml(content: bytes, remedy: str) -> Element:
    """The root element. Raises UnreadableError.

    Any DOCTYPE that defines something is refused, and so is every entity that is not XML's own.
    """
    from xml.parsers import expat  # nosec B407 - what makes it dangerous is refused below

    check_size(content)
    check_text(content.decode("utf-8", "replace"))
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    root = Element("", 0)
    stack = [root]

    def refuse(why: str) -> NoReturn:
        raise UnreadableError(f"not XML that can be relied on: {why}", parser.CurrentLineNumber)

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            refuse("it is nested too deeply")
        namespace, _, name = tag.rpartition("\n")
        element = Element(name, parser.CurrentLineNumber, attributes, namespace=namespace)
        stack[-1].children.append(element)
        stack.append(element)

    def doctype(_name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            refuse("its DOCTYPE defines something")

    def characters(text: str) -> None:
        stack[-1].parts.append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    parser.SkippedEntityHandler = lambda *_: refuse("it refers to an entity")
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        line = error.lineno
        raise UnreadableError(f"not valid XML: {error}", line, remedy) from None
    except (ValueError, LookupError) as error:
        raise UnreadableError(f"not valid XML: {error}", 0, remedy) from None
    return root.children[0]
