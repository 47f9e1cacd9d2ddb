"""Changing references where they stand, and nothing else by a byte.

A reference and the comment behind it are replaced as text. The result has to mean the same but for
them, or there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.references import BY_HAND, Reference, References, row_end
from gatekeeper.managers.tags import claimed

_BOM = "\ufeff".encode()


class Change(NamedTuple):
    """The commit to write, and what to call it in the comment: nothing leaves the comment alone."""

    commit: str
    name: str


def edited(
    content: bytes, found: References, changes: Mapping[int, Change], mark: str = ""
) -> bytes:
    """The file with other references, by where the old ones start. Raises UnreadableError.

    The name goes into the comment, behind `mark`; what else the comment says stays.
    """
    text = found.text
    for it in sorted(found.found, key=lambda one: -one.start):
        if (change := changes.get(it.start)) is not None:
            stop = row_end(text, it.end)
            rest = text[it.end : stop]
            if change.name:
                rest = _commented(text, it, rest, mark + change.name, change.name)
            text = text[: it.start] + change.commit + rest + text[stop:]
    _same(found.text, text, {it.start: it for it in found.found}, changes)
    return (_BOM if content.startswith(_BOM) else b"") + text.encode()


def _commented(text: str, it: Reference, rest: str, marked: str, name: str) -> str:
    if it.comment < 0:
        return f"{rest.rstrip()} # {marked}"
    before, said = rest[: it.comment - it.end], rest[it.comment - it.end :]
    words = marked.split()
    if said.split()[: len(words)] == words:
        return rest
    claim = claimed(said)
    if claim and claimed(name) and _only_claims(said, claim, it):
        at = said.index(claim)
        return before + said[:at] + name + said[at + len(claim) :]
    if said.strip() == it.dependency.requirement:
        return f"{before} {marked}"
    return f"{before} {marked} #{said}"


def _only_claims(said: str, claim: str, it: Reference) -> bool:
    """Whether the comment is about this version, and does not tell something of another one."""
    asked = it.dependency.claim or it.dependency.requirement
    if claim.lstrip("vV") == asked.lstrip("vV"):
        return True
    # As several tools write it: `tag=v4`, `ratchet:owner/name@v4`, `frozen: v4`.
    return bool(re.fullmatch(rf"\s*(?:[\w./@:-]*[=:@]\s*)?{re.escape(claim)}\s*", said))


def _same(
    before: str, after: str, known: Mapping[int, Reference], changes: Mapping[int, Change]
) -> None:
    """Raises UnreadableError unless `after` means what `before` does but for the changes."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for one, other in zip(yaml.parse(before, loader), yaml.parse(after, loader), strict=True):
            if _shape(one) != _shape(other) and not _wanted(one, other, known, changes):
                line = one.start_mark.line + 1 if one.start_mark else 0
                raise UnreadableError("a comment has no place in this line", line, BY_HAND)
    except (yaml.YAMLError, ValueError):
        raise UnreadableError("it cannot be edited", remedy=BY_HAND) from None


def _wanted(
    one: Any, other: Any, known: Mapping[int, Reference], changes: Mapping[int, Change]
) -> bool:
    begin, end = one.start_mark.index, one.end_mark.index
    at = next((start for start in changes if begin <= start < end), None)
    if at is None or type(one) is not type(other):
        return False
    reference = known[at].dependency.requirement
    text = str(one.value)
    kept = text[: len(text) - len(reference)]
    return text.endswith(reference) and bool(other.value == kept + changes[at].commit)


def _shape(event: Any) -> tuple[Any, ...]:
    names = ("value", "anchor", "tag", "implicit", "style")
    return (type(event), *(getattr(event, name, None) for name in names))
