"""Versions as bytes that sort as their ecosystem orders them.

An index holds keys and not versions, so that matching compares bytes and parses nothing but the
version that a dependency has. `BEFORE_ALL` is OSV's `introduced: "0"`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gatekeeper.model.dependency import Ecosystem
from gatekeeper.text.patterns import regex

BEFORE_ALL = b""
# Longer ones exist only to hurt: numbers of a key are at most 255 bytes.
_LONGEST = 256
_LOWEST, _HIGHEST = b"\x00", b"\xff"
_IDENTIFIER = regex(r"[0-9A-Za-z-]+")
_PRE = {"a": b"\x01", "b": b"\x02", "rc": b"\x03"}
# No pre-release, no post-release, no development release, no local version.
_FINAL = _HIGHEST + _LOWEST + _HIGHEST
_END = b"\x00"


class Key(NamedTuple):
    """`public` leaves a local version (`1.0+cpu`) out; the two are equal where there is none."""

    full: bytes
    public: bytes

    @property
    def local(self) -> bool:
        return self.full != self.public


def key_of(ecosystem: Ecosystem, version: str) -> Key | None:
    """The key of an exact version; None when the ecosystem cannot order it."""
    order = _EXACT.get(ecosystem)
    return order(version) if order and 0 < len(version) <= _LONGEST else None


def bound_of(ecosystem: Ecosystem, version: str) -> Key | None:
    """The key of a version in an advisory, which may be shorter: `4` means `4.0.0` there."""
    order = _BOUND.get(ecosystem)
    return order(version) if order and 0 < len(version) <= _LONGEST else None


def _number(value: int) -> bytes:
    size = (value.bit_length() + 7) // 8
    return bytes((size,)) + value.to_bytes(size, "big")


def _component(value: int) -> bytes:
    """A number of a sequence; what ends the sequence sorts before every one."""
    size = (value.bit_length() + 7) // 8
    return bytes((size + 1,)) + value.to_bytes(size, "big")


def _release(parts: list[int]) -> bytes:
    while parts and not parts[-1]:
        parts.pop()
    return b"".join(map(_component, parts)) + _END


def _pypi(text: str) -> Key | None:
    """PEP 440. Most versions are plain numbers, which need no `packaging`."""
    parts = text.split(".")
    if text.isascii() and all(map(str.isdigit, parts)):
        key = _number(0) + _release(list(map(int, parts))) + _FINAL + _END
        return Key(key, key)
    return _pep440(text)


def _pep440(text: str) -> Key | None:
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(text)
    except (InvalidVersion, ValueError):
        return None
    key = _number(version.epoch) + _release(list(version.release))
    if version.pre:
        key += _PRE[version.pre[0]] + _number(version.pre[1])
    else:
        # A development release of the final version comes before its pre-releases.
        before = version.post is None and version.dev is not None
        key += _LOWEST if before else _HIGHEST
    key += _LOWEST if version.post is None else b"\x01" + _number(version.post)
    key += _HIGHEST if version.dev is None else b"\x01" + _number(version.dev)
    return Key(key + _local(version.local), key + _END)


def _local(local: str | None) -> bytes:
    key = b""
    for part in (local or "").split("."):
        if part.isdigit():
            key += b"\x02" + _number(int(part))
        elif part:
            key += b"\x01" + part.encode() + _END
    return key + _END


def _semver(text: str) -> Key | None:
    return _semantic(text, least=3)


def _short_semver(text: str) -> Key | None:
    return _semantic(text, least=1)


def _semantic(text: str, least: int) -> Key | None:
    """Semantic versioning 2.0; a leading `v` or `=` is passed over, what follows `+` says nothing."""
    plain = text.strip().lstrip("=vV ").partition("+")[0]
    core, dash, more = plain.partition("-")
    parts = core.split(".")
    if not least <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [*map(int, parts), 0, 0][:3]
    key = b"".join(map(_number, numbers))
    if not dash:
        key += _HIGHEST
        return Key(key, key)
    key += _LOWEST
    for part in more.split("."):
        if not _IDENTIFIER.fullmatch(part):
            return None
        if part.isdigit():
            key += b"\x01" + _number(int(part))
        else:
            key += b"\x02" + part.encode() + _END
    key += _END
    return Key(key, key)


_EXACT: dict[Ecosystem, Callable[[str], Key | None]] = {
    "pypi": _pypi,
    "npm": _semver,
    "github-actions": _semver,
}
_BOUND: dict[Ecosystem, Callable[[str], Key | None]] = {
    "pypi": _pypi,
    "npm": _short_semver,
    "github-actions": _short_semver,
}
