"""What the formats of bills have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_HEX = regex(r"[0-9a-f]{32,128}")
_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}


def text_of(document: Any) -> str:
    """Indented JSON, keys in the order they are given, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(_clean(document)), indent=2).decode() + "\n"


def _clean(value: Any) -> Any:
    """Undecodable bytes of a path, and control characters, are written out."""
    if isinstance(value, str):
        return value if value.isprintable() else printable(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def hash_parts(hashes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Algorithm and hexadecimal value; what is no hash in the usual way is left out."""
    for text in hashes:
        algorithm, _, value = text.lower().partition(":")
        if _HEX.fullmatch(value) and len(value) == _LENGTHS.get(algorithm, len(value)):
            yield algorithm, value


def is_expression(text: str) -> bool:
    """Whether it is an expression of SPDX licences."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return canonicalize_license_expression(text) == text
    except InvalidLicenseExpression:
        return False
