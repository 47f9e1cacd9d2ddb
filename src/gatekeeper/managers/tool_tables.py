"""Requirements as the tables of poetry and pipenv write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gatekeeper.managers.names import VCS, is_pypi_name, pypi_name
from gatekeeper.managers.pep508 import Demand, exact_version, file_version
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.view import View
from gatekeeper.text.patterns import regex

_RELEASE = regex(r"v?(\d{1,15}(?:\.\d{1,15})*)(.*)", re.DOTALL)
_BARE = regex(r"v?\d[A-Za-z0-9.!+_-]*")
_CARET = regex(r"(\^|~(?!=))\s*v?([0-9][A-Za-z0-9.!+_-]*)")


def poetry_demands(name: str, value: View) -> Iterator[Demand]:
    """What `name = value` in a table of poetry asks for; a list holds one for each environment."""
    if isinstance(value.value, list):
        for item in value.items():
            yield from poetry_demands(name, item)
        return
    yield _demand(name, value, poetry_specifier)


def pipenv_demand(name: str, value: View) -> Demand:
    """What `name = value` in a Pipfile asks for."""
    return _demand(name, value, lambda text: "" if text == "*" else text)


def _demand(name: str, value: View, specifier_of: Callable[[str], str]) -> Demand:
    if not is_pypi_name(name):
        raise UnreadableError(f"{name!r} is no name of a package", value.line, "correct it")
    if isinstance(value.value, str):
        specifier, url, table = specifier_of(value.value), "", value.empty()
    else:
        value.expect(dict)
        table = value
        specifier, url = specifier_of(table.text("version")), address_in(table)
    normal = pypi_name(name)
    return Demand(
        name=normal,
        display=name,
        specifier=specifier,
        version=exact_version(specifier) or file_version(url, normal),
        extras=tuple(sorted(pypi_name(it) for it in table.texts("extras"))),
        marker=table.text("markers"),
        url=url,
    )


def address_in(table: View) -> str:
    """Where a table sends the tool instead of the index."""
    for name in VCS:
        if table.has(name):
            return f"{name}+{table.text(name)}"
    return next((table.text(key) for key in ("url", "file", "path") if table.has(key)), "")


def poetry_specifier(text: str) -> str:
    """A version constraint of poetry as PEP 440 writes it; alternatives stay divided by `||`."""
    return " || ".join(_clauses(part) for part in re.split(r"\|\|?", text))


def _clauses(text: str) -> str:
    parts = re.split(r"\s*,\s*|(?<=[0-9A-Za-z*])\s+(?=[<>=~^!])", text.strip())
    return ",".join(clause for part in parts if (clause := _clause(part.strip())))


def _clause(text: str) -> str:
    if text in ("", "*"):
        return ""
    if found := _CARET.fullmatch(text):
        return _range(found[1], found[2])
    if _BARE.fullmatch(text):
        return f"=={text}"
    if re.fullmatch(r"v?\d+(?:\.\d+)*\.\*", text):
        return f"=={text}"
    return re.sub(r"^=(?!=)\s*", "==", text)


def _range(sign: str, version: str) -> str:
    """`^1.2` and `~1.2` as an interval."""
    release = _RELEASE.match(version)
    numbers = [int(it) for it in release[1].split(".")] if release else [0]
    if sign == "^":
        position = next((i for i, it in enumerate(numbers) if it), len(numbers) - 1)
    else:
        position = min(1, len(numbers) - 1)
    upper = [*numbers[:position], numbers[position] + 1]
    return f">={version},<{'.'.join(map(str, upper))}"
