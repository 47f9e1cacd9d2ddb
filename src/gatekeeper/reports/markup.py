"""HTML that cannot forget to escape: text becomes markup only by being put into an element."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gatekeeper.text.names import printable

_VOID = frozenset({"br", "input", "meta"})  # of HTML; elements of SVG have an end


class Markup(str):
    """Text that is HTML already. Only this module, and constants of our own, make any."""

    __slots__ = ()


Child = Markup | str | None


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """An element. Children that are no markup are escaped, and so are attributes.

    `class_` is `class`, `data_path` is `data-path`. True is an attribute without a value; False
    and None leave it out.
    """
    opened = f"<{name}{''.join(map(_attribute, attributes.items()))}>"
    if name in _VOID:
        return Markup(opened)
    return Markup(f"{opened}{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """Children one after another."""
    return Markup("".join(it if isinstance(it, Markup) else text(it) for it in children if it))


def text(value: str) -> Markup:
    """Text as text: on one line, with whatever cannot be seen spelled out."""
    return Markup(escape(printable(value)))


def lines(value: str) -> str:
    """A message of several lines, each of them printable; blank ones at the ends are gone."""
    return "\n".join(printable(line.rstrip()) for line in value.strip().splitlines())


def prose(value: str) -> Markup:
    """A message that keeps its lines; what stands in backticks is shown as code."""
    parts = lines(value).split("`")
    if len(parts) % 2 == 0:
        return Markup(escape(lines(value)))
    return Markup(
        "".join(
            f"<code>{escape(part)}</code>" if at % 2 else escape(part)
            for at, part in enumerate(parts)
        )
    )


def link(url: str, *children: Child) -> Markup:
    """A link to the web; only its text when the address is of another kind."""
    if not url.startswith(("https://", "http://")):
        return joined(children)
    return tag("a", *children, href=url, rel="noopener noreferrer", target="_blank")


def _attribute(item: tuple[str, str | int | bool | None]) -> str:
    name, value = item
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(printable(str(value)))}"'
