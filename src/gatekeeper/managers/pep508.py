"""Requirements of Python packages, as PEP 508 writes them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gatekeeper.managers.names import is_vcs, pypi_name
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.model.dependency import Origin
from gatekeeper.text.patterns import regex

_VERSION = r"[A-Za-z0-9][A-Za-z0-9.!+_-]*"
# By far the most there is, without the cost of loading a parser.
_PINNED = regex(
    rf"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*"
    rf"(?:\[(?P<extras>[A-Za-z0-9_., \t-]*)\])?[ \t]*==[ \t]*(?P<version>{_VERSION})"
)
_EXACT = regex(rf"={{2,3}}[ \t]*({_VERSION})")
_WHEEL = regex(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-[^-]+){3,4}\.whl")
_SDIST = regex(r"(?P<name>.+)-(?P<version>[^-]+?)(?:\.tar\.gz|\.tgz|\.zip|\.tar\.bz2|\.tar\.xz)")


class Demand(Struct, frozen=True, kw_only=True):
    """What one requirement asks for. `version` is exact or empty; `name` is normalised."""

    name: str
    display: str
    specifier: str = ""
    version: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    url: str = ""

    @property
    def origin(self) -> Origin:
        return origin_of(self.url) if self.url else "index"


def parse_demand(text: str, line: int = 0) -> Demand:
    """One requirement. Raises UnreadableError."""
    if pinned := _PINNED.fullmatch(text.strip()):
        return Demand(
            name=pypi_name(pinned["name"]),
            display=pinned["name"],
            specifier=f"=={pinned['version']}",
            version=pinned["version"],
            extras=_extras((pinned["extras"] or "").split(",")),
        )
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        parsed = Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        reason = str(error).partition("\n")[0] or "it is nested too deeply"
        raise UnreadableError(
            f"{text[:120]!r} is no requirement: {reason}",
            line,
            "write it as in `name[extra]>=1.0; python_version > '3.10'`",
        ) from None
    url = parsed.url or ""
    specifier = str(parsed.specifier)
    return Demand(
        name=pypi_name(parsed.name),
        display=parsed.name,
        specifier=specifier,
        version=exact_version(specifier) or file_version(url, pypi_name(parsed.name)),
        extras=_extras(parsed.extras),
        marker=str(parsed.marker or ""),
        url=url,
    )


def exact_version(specifier: str) -> str:
    """The only version that a specifier allows; empty when it leaves a choice."""
    exact = {
        found[1] for clause in specifier.split(",") if (found := _EXACT.fullmatch(clause.strip()))
    }
    return exact.pop() if len(exact) == 1 else ""


def file_version(url: str, name: str) -> str:
    """The version that the name of a wheel or sdist tells, when it is one of that package."""
    if not url or is_vcs(url):
        return ""
    file = file_in(url)
    for pattern in (_WHEEL, _SDIST):
        if (found := pattern.fullmatch(file)) and pypi_name(found["name"]) == name:
            return found["version"]
    return ""


def file_project(file: str) -> str:
    """The normalised name of the package in a wheel or sdist, empty for another file."""
    found = _WHEEL.fullmatch(file) or _SDIST.fullmatch(file)
    return pypi_name(found["name"]) if found else ""


def file_in(url: str) -> str:
    """The name of the file that an address or path leads to."""
    from urllib.parse import unquote, urlsplit

    try:
        path = urlsplit(url).path
    except ValueError:  # such as `http://[`
        path = url
    return unquote(path.rpartition("/")[2])


def origin_of(url: str) -> Origin:
    """What kind of place an address in a requirement is."""
    if is_vcs(url):
        return "vcs"
    return "path" if url.startswith("file:") or ":" not in url else "url"


def _extras(extras: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({pypi_name(it.strip()) for it in extras if it.strip()}))
