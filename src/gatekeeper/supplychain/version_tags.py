"""Tags that name a version, and which of them says most about a commit."""

from __future__ import annotations

from typing import NamedTuple

from gatekeeper.model.remote import Refs
from gatekeeper.text.patterns import regex

_LONGEST = 200
_TAG = regex(
    r"(?P<prefix>(?:.*?[/@_-])?)[vV]?(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,5})"
    r"(?P<suffix>(?:[-+][0-9A-Za-z.+-]+)?)"
)
# What may stand in a comment: nothing that ends it, and nothing that looks like something else.
_PLAIN = regex(r"[0-9A-Za-z][0-9A-Za-z._/+@-]*")


class Version(NamedTuple):
    """`release/v4.1-rc.1` as a prefix, numbers and a suffix."""

    prefix: str
    numbers: tuple[int, ...]
    suffix: str

    def says(self, claim: Version) -> bool:
        """Whether this is the version that somebody claims, or a more exact name of it: 4.1 is a 4."""
        size = len(claim.numbers)
        exact = size == len(self.numbers)
        return self.numbers[:size] == claim.numbers and (
            self.suffix == claim.suffix if exact else not (self.suffix or claim.suffix)
        )


def version_of(tag: str) -> Version | None:
    """The version that a tag names, if it names one."""
    found = _TAG.fullmatch(tag) if len(tag) <= _LONGEST else None
    if found is None:
        return None
    return Version(found["prefix"], tuple(map(int, found["numbers"].split("."))), found["suffix"])


def tags_at(commit: str, refs: Refs) -> list[str]:
    return [tag for tag, at in refs.tags.items() if at == commit]


def label(reference: str, commit: str, refs: Refs) -> str:
    """What to call a commit that a reference, or a claim, led to: the most exact version there is.

    The reference itself where no tag names a version; empty when that may not stand in a comment.
    """
    asked = version_of(reference)
    prefixes = {"", asked.prefix} if asked else {""}
    known = {
        tag: version
        for tag in tags_at(commit, refs)
        if _PLAIN.fullmatch(tag)
        and (version := version_of(tag)) is not None
        and version.prefix in prefixes
    }
    # A part of a repository has versions of its own, which go before those of the whole.
    if asked and asked.prefix and any(it.prefix == asked.prefix for it in known.values()):
        known = {tag: it for tag, it in known.items() if it.prefix == asked.prefix}
    if known:
        return max(known, key=lambda tag: _rank(tag, known[tag], reference, asked))
    return reference if len(reference) <= _LONGEST and _PLAIN.fullmatch(reference) else ""


def _rank(tag: str, it: Version, reference: str, asked: Version | None) -> tuple[object, ...]:
    # What was asked for stays what it is called, unless another name says more.
    return (
        not it.suffix or (asked is not None and bool(asked.suffix)),
        asked is None or it.says(asked),
        len(it.numbers),
        it.numbers,
        tag == reference,
        tag,
    )
