"""What a tag, a commit and the comment beside it say about a version."""

from __future__ import annotations

import re

from gatekeeper.text.patterns import regex

_FULL = regex(r"[vV]?(\d+\.\d+\.\d+(?:[-+.][0-9A-Za-z.+-]+)?)")
_COMMIT = regex(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_END = r"(?:-[0-9A-Za-z.]+)?(?![0-9A-Za-z])"
# A plain number may be anything, and a date has no dots.
_CLAIM = regex(rf"(?<![0-9A-Za-z.])(?:[vV]\d+(?:\.\d+)*|\d+(?:\.\d+)+){_END}")


def is_commit(reference: str) -> bool:
    """Whether a reference is a whole commit id, which nobody can move."""
    return bool(_COMMIT.fullmatch(reference))


def tag_version(tag: str) -> str:
    """The version that a tag names. Empty for one such as `v4`, which moves, and for a branch."""
    found = _FULL.fullmatch(tag)
    return found[1] if found else ""


def claimed(comment: str) -> str:
    """The version that a comment claims, as written: `# v4.1.2`, `# frozen: v1.0`, `# tag=v3`."""
    found = _CLAIM.search(comment)
    return found.group() if found else ""


def comment_of(row: str, value: str) -> str:
    """The comment behind a value in a line of YAML."""
    _, _, rest = row.partition(value)
    found = re.search(r"(?:^|[\s'\"])#\s*(.*)$", rest.rstrip("\r\n"))
    return found[1].strip() if found else ""


def commit_hash(reference: str) -> tuple[str, ...]:
    """A commit id as a hash; nothing for a tag."""
    if not is_commit(reference):
        return ()
    return (f"{'sha1' if len(reference) == 40 else 'sha256'}:{reference.lower()}",)
