"""What npm, pnpm and yarn can be asked for."""

from __future__ import annotations

import base64
import binascii
import re

from msgspec import Struct

from gatekeeper.managers.names import without_password
from gatekeeper.model.dependency import Origin
from gatekeeper.text.patterns import regex

_EXACT = regex(r"[=v]?\s*(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)")
_HOSTED = regex(r"(?:github|gitlab|bitbucket|gist):|[\w.-]+/[\w.-]+(?:#.*)?$")
_GIT = regex(r"git\+|git:|git@|ssh:|.*\.git(?:#.*)?$")
_ALIAS = regex(r"npm:(@[^/@]+/[^@]+|[^@]+)(?:@(.*))?")
_NAME = regex(r"(?:@[^/@\s]+/)?[^/@\s]+")


class Spec(Struct, frozen=True):
    """A name and what is wanted of it: an exact `version`, or a `requirement` that leaves a choice."""

    name: str
    version: str = ""
    requirement: str = ""
    origin: Origin = "index"
    url: str = ""


def is_npm_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name))


def npm_spec(name: str, text: str) -> Spec:
    """`name: text` as a package.json has it; an alias is what it stands for."""
    text = text.strip()
    if found := _ALIAS.fullmatch(text):
        return npm_spec(found[1], found[2] or "")
    if text.startswith("workspace:"):
        return Spec(name, requirement=text, origin="path", url=text.partition(":")[2])
    if text.startswith(("file:", "link:", "portal:", "./", "../", "/", "~/")):
        return Spec(name, requirement=text, origin="path", url=re.sub(r"^\w+:", "", text))
    if _GIT.match(text) or _HOSTED.match(text) or re.match(r"https?:", text):
        shown = without_password(text)
        remote: Origin = "vcs" if _GIT.match(text) or _HOSTED.match(text) else "url"
        return Spec(name, requirement=shown, origin=remote, url=shown)
    exact = _EXACT.fullmatch(text)
    requirement = "" if text in ("*", "") else text
    return Spec(name, version=exact[1] if exact else "", requirement=requirement)


def demanded(text: str) -> str:
    """The range in `name: text`, `*` for any version; nothing when it is no range of the registry."""
    # Yarn writes the registry before a range; an alias has a name before it.
    if text.startswith("npm:") and "@" not in text[5:]:
        text = text.removeprefix("npm:")
    spec = npm_spec("", text)
    return (spec.requirement or spec.version or "*") if spec.origin == "index" else ""


def resolved_origin(address: str) -> tuple[Origin, str]:
    """Where a lock says that a package came from: `…/-/…` is how a registry's addresses look."""
    shown = without_password(address)
    if not address:
        return "index", ""
    if address.startswith(("file:", "link:", "portal:", "../", "./")):
        return "path", re.sub(r"^\w+:", "", shown)
    if _GIT.match(address) or address.startswith("git"):
        return "vcs", shown
    registry, slash, _ = shown.partition("/-/")
    if slash:
        # Without the name of the package, which may have a scope.
        return "index", re.sub(r"/(?:@[^/]+(?:/|%2[fF]))?[^/]+$", "", registry)
    return "url", shown


def integrity_hashes(text: str) -> tuple[str, ...]:
    """`sha512-<base64>` as `sha512:<hex>`; what is no hash is left as it is."""
    return tuple(_hash(word) for word in text.split())


def _hash(word: str) -> str:
    algorithm, dash, value = word.partition("?")[0].partition("-")
    try:
        decoded = base64.b64decode(value, validate=True).hex()
    except (binascii.Error, ValueError):
        return word
    return f"{algorithm}:{decoded}" if dash and decoded else word
