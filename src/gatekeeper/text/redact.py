"""Keeping secret values out of everything that is printed or stored."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2

from gatekeeper.text.patterns import regex

HIDDEN = "\u2022\u2022\u2022\u2022"
_TOKEN = regex(r"[A-Za-z0-9+/_=.~-]{16,}")
_KNOWN = regex(
    r"(?:AKIA|ASIA)[0-9A-Z]{12,}|gh[pousr]_\w{16,}|github_pat_\w+|glpat-[\w-]+|xox[abeoprs]-[\w-]+"
    r"|[sr]k_(?:live|test)_\w+|AIza[\w-]{30,}|eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?|npm_\w{30,}"
    r"|pypi-[\w-]{30,}|://[^/\s:@]*:[^\s<>]+@"
)
# Names of advisories look random and are none of anybody's secrets.
_PUBLIC = regex(
    r"\.?(?:GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|[A-Z]{2,10}-(?:19|20)[0-9]{2}-[0-9]{1,10})\.?"
)
# A pinned package says no more than its name does.
_PINNED = regex(r"([A-Za-z0-9._-]+)===?\d{1,4}(?:\.\d{1,4}){1,4}")
_ASSIGNED = regex(r"""["'`=:]""")
_KEY_BEGINS = "-----BEGIN "
_KEY_ENDS = "-----END "


def _entropy(text: str) -> float:
    return -sum(
        share * log2(share) for share in (text.count(char) / len(text) for char in set(text))
    )


def _looks_secret(token: str) -> bool:
    if _PUBLIC.fullmatch(token):
        return False
    if pinned := _PINNED.fullmatch(token):
        token = pinned[1]
    digits = sum(char.isdigit() for char in token)
    letters = sum(char.isalpha() for char in token)
    if digits >= 3 and letters >= 3 and _entropy(token) >= 3.0:
        return True
    # Chance gives one random token in thirty fewer digits; names are shorter, or more even.
    mixed = any(map(str.islower, token)) and any(map(str.isupper, token))
    return digits >= 1 and mixed and len(token) >= 28 and _entropy(token) >= 4.0


def redact(text: str) -> str:
    """`text` with everything that looks like a credential hidden.

    Errs on the side of hiding: a long mixed token that is no secret is hidden as well.
    """
    text = _KNOWN.sub(HIDDEN, text)
    return _TOKEN.sub(lambda match: HIDDEN if _looks_secret(match.group()) else match.group(), text)


def hide_literals(line: str) -> str:
    """A line known to hold a secret: keep what stands before the first quote, `=` or `:`."""
    match = _ASSIGNED.search(line)
    kept = line[: match.end()] if match else ""
    return redact(kept) + HIDDEN


def key_lines(lines: Iterable[str]) -> frozenset[int]:
    """Lines of private keys in PEM form: scanners point at the first one, the others leak too."""
    found: set[int] = set()
    inside = False
    for number, line in enumerate(lines, 1):
        if _KEY_BEGINS in line:
            inside = "PRIVATE KEY" in line
        if inside:
            found.add(number)
        if _KEY_ENDS in line:
            inside = False
    return frozenset(found)
