"""Settings of pip, uv and npm in a repository that say where packages come from."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gatekeeper.text.patterns import regex

NAMES = ("pip.conf", "pip.ini", "uv.toml", ".npmrc")
LARGEST = 1 << 20
_NPM = regex(r"^\s*(?:(@[^:\s=]+):)?registry\s*=\s*[\"']?(\S+?)[\"']?\s*$", re.MULTILINE)


class IndexSettings(Struct, frozen=True):
    """Addresses that are asked besides the main one, and scopes of npm that have one of their own.

    `scopes` are pairs of a scope and its address.
    """

    extra: tuple[str, ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()


def read_settings(name: str, content: bytes) -> IndexSettings:
    """What a file of one of `NAMES` says; nothing when it cannot be read, as for its tool."""
    text = content.decode("utf-8", "replace")
    if name == ".npmrc":
        found = _NPM.findall(text)
        return IndexSettings(scopes=tuple((scope, url) for scope, url in found if scope))
    return IndexSettings(extra=_uv(text) if name == "uv.toml" else _pip(text))


def _pip(text: str) -> tuple[str, ...]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return ()
    found = [
        word
        for section in parser.sections()
        for word in parser.get(section, "extra-index-url", fallback="").split()
    ]
    return tuple(dict.fromkeys(found))


def _uv(text: str) -> tuple[str, ...]:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    found: list[str] = []
    pip = document.get("pip")
    for table in (document, pip if isinstance(pip, dict) else {}):
        extra = table.get("extra-index-url")
        found += [it for it in extra if isinstance(it, str)] if isinstance(extra, list) else []
        indexes = table.get("index")
        for it in indexes if isinstance(indexes, list) else ():
            if isinstance(it, dict) and _is_extra(it):
                found.append(str(it.get("url", "")))
    return tuple(dict.fromkeys(it for it in found if it))


def _is_extra(index: Mapping[str, Any]) -> bool:
    return not index.get("explicit") and not index.get("default")
