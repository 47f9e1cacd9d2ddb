"""Proof that Kingfisher finds nothing in a file, so that it need not be started.

Loading its rules takes Kingfisher longer than a commit hook may take. The table says, for the
rules of one version, what every match must contain, and content that lacks it cannot match. What
else could make Kingfisher see other content than the file's own bytes (other encodings, archives,
base64) is no matter of rules: where there could be any, there is no proof.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import msgspec

from gatekeeper.shipped import shipped
from gatekeeper.text.patterns import regex

TABLE = "kingfisher_rules.json"
_LARGEST = 1 << 16
_GRAM = 4
# NUL could be UTF-16 or an archive; the other control characters are in no text.
_TEXT_BYTES = bytes(byte for byte in range(256) if byte in b"\t\n\v\f\r" or 31 < byte != 127)
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_.-")
_TO_WORDS = bytes(byte if byte in _WORD else 32 for byte in bytes(range(256)).lower())
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
_TO_BASE64 = bytes(byte if byte in _BASE64 else 32 for byte in range(256))
# Groups of four that decode to three ASCII bytes. Kingfisher decodes from 32 characters on, and
# looks at what is ASCII throughout; what lies on its sides does not matter here.
_ENCODED_LENGTH = 24
_ENCODED = regex(
    rb"(?:[A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){6}"
)
# Letters that some engines take for another spelling of k and s.
_FOLDED = ("\u212a".encode(), "\u017f".encode())
# Kingfisher takes some names for archives and databases, and future versions may know more.
_SUFFIXES = """
bash bat bib c cc cfg cjs clj cmake conf cpp cs css csv cu cxx dart diff dockerfile env ex exs
fish gitignore go gradle graphql groovy h hpp hs htm html in ini j2 java jinja jinja2 js json
jsonc jsx kt kts less lock lua m4 makefile md mjs mk mdx mts nix patch php pl pm po pot
properties proto ps1 py pyi pyw pyx r rb rs rst sass scala scss sh sql svelte svg swift tcl
tex tf toml ts tsv tsx txt vue xml yaml yml zig zsh
"""
_TEXT = frozenset(_SUFFIXES.split())


class Rule(msgspec.Struct, frozen=True, array_like=True):
    """What lower-cased content holds if the rule matches: one of `literals`, all `stretches`.

    The former are texts, the latter patterns. An empty list says nothing.
    """

    id: str
    literals: tuple[str, ...] = ()
    stretches: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """What is known about the rules of one version, all of them."""

    version: str
    rules: tuple[Rule, ...]


class Proof:
    """Knows about one version's rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._always = [rule for rule in rules if not rule.literals]
        self._short: list[tuple[bytes, Rule]] = []
        self._by_gram: dict[int, list[tuple[bytes, Rule]]] = {}
        for rule in rules:
            for text in rule.literals:
                literal = text.encode("latin-1")
                word = max(literal.translate(_TO_WORDS).split(), key=len, default=b"")
                if len(word) < _GRAM:
                    self._short.append((literal, rule))
                else:
                    gram = int.from_bytes(word[-_GRAM:], sys.byteorder)
                    self._by_gram.setdefault(gram, []).append((literal, rule))
        self._compiled: dict[str, re.Pattern[bytes]] = {}

    @classmethod
    def load(cls, version: str) -> Proof | None:
        """For that version; None when the table is about another one."""
        with open(shipped("scanners", TABLE), "rb") as file:
            table = msgspec.json.decode(file.read(), type=Table)
        return cls(table.rules) if version and table.version == version else None

    def cannot_match(self, name: str, content: bytes) -> bool:
        """Whether Kingfisher certainly finds nothing in a file. False on any doubt."""
        if not content:
            return True
        return _is_plain(name, content) and not self.suspects(content, first=True)

    def suspects(self, content: bytes, *, first: bool = False) -> list[str]:
        """The rules that may match the very bytes of the content; only one of them if `first`."""
        lower = content.lower()
        found: list[str] = []
        for rule in self._candidates(lower):
            if all(self._pattern(stretch).search(lower) for stretch in rule.stretches):
                found.append(rule.id)
                if first:
                    break
        return found

    def _candidates(self, lower: bytes) -> list[Rule]:
        """The rules of which the content holds a literal."""
        near = list(self._short)
        # Most words of a file come again and again.
        words = b" ".join(set(lower.translate(_TO_WORDS).split()))
        for gram in self._by_gram.keys() & _grams(words):
            near += self._by_gram[gram]
        found = {rule.id: rule for literal, rule in near if literal in lower}
        return [*found.values(), *self._always]

    def _pattern(self, stretch: str) -> re.Pattern[bytes]:
        if stretch not in self._compiled:
            self._compiled[stretch] = re.compile(stretch.encode("ascii"))
        return self._compiled[stretch]


def _grams(text: bytes) -> set[int]:
    """All of its stretches of four bytes, as numbers."""
    found: set[int] = set()
    view = memoryview(text)
    for start in range(min(_GRAM, len(text))):
        end = start + (len(text) - start) // _GRAM * _GRAM
        found.update(view[start:end].cast("I"))
    return found


def _is_plain(name: str, content: bytes) -> bool:
    """Whether Kingfisher looks at the bytes of the file as they are, and at nothing else."""
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    if len(content) > _LARGEST or (dot and suffix.lower() not in _TEXT):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    odd = content.translate(None, _TEXT_BYTES) or any(letter in content for letter in _FOLDED)
    return not odd and not _has_encoded(content)


def _has_encoded(content: bytes) -> bool:
    """Whether Kingfisher could decode something."""
    return any(
        len(run) >= _ENCODED_LENGTH and _ENCODED.search(run)
        for run in set(content.translate(_TO_BASE64).split())
    )
