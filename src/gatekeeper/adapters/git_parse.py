"""Reading what git prints."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.model.tree import Commit, Delta, Entry, Hunk, LineCount
from gatekeeper.text.patterns import regex

_HUNK = regex(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ABSENT = "000000"
# Small letters are assumed unchanged, S is left out of a sparse checkout.
_HIDDEN = regex(rb"\0[a-zS] \d{6} [0-9a-f]+ 0\t([^\0]*)")


def path_text(raw: bytes) -> str:
    """A path's bytes as text that can be turned back."""
    return raw.decode("utf-8", "surrogateescape")


def parse_stage(raw: bytes) -> dict[str, Entry]:
    """`ls-files --stage -z`, with or without `-v`: path to entry. Unmerged paths are left out."""
    entries: dict[str, Entry] = {}
    for record in path_text(raw).split("\0"):
        meta, tab, path = record.partition("\t")
        if tab:
            mode, blob, stage = meta.split(" ")[-3:]
            if stage == "0":
                entries[path] = Entry(mode, blob)
    return entries


def find_stage(raw: bytes, path: str) -> Entry | None:
    """What `parse_stage` would say of one path, without taking everything apart."""
    ending = b"\t" + path.encode("utf-8", "surrogateescape") + b"\0"
    at = -1
    while (at := raw.find(ending, at + 1)) >= 0:
        meta, tab, _ = raw[raw.rfind(b"\0", 0, at) + 1 : at].partition(b"\t")
        fields = meta.split(b" ")
        # A tab before means that this is the end of a longer name.
        if not tab and len(fields) >= 3 and fields[-1] == b"0":
            return Entry(fields[-3].decode(), fields[-2].decode())
    return None


def parse_hidden(raw: bytes) -> list[str]:
    """`ls-files --stage -v -z`: the paths that `status` takes for unchanged without a look."""
    return [path_text(path) for path in _HIDDEN.findall(b"\0" + raw)]


def has_unmerged(raw: bytes) -> bool:
    """Whether `ls-files --unmerged -z` named anything."""
    return bool(raw)


def parse_tree(raw: bytes) -> dict[str, Entry]:
    """`ls-tree -r -z`: path to entry."""
    entries: dict[str, Entry] = {}
    for record in path_text(raw).split("\0"):
        meta, tab, path = record.partition("\t")
        if tab:
            mode, _, blob = meta.split(" ")
            entries[path] = Entry(mode, blob)
    return entries


def parse_raw_diff(raw: bytes) -> Iterator[Delta]:
    """`diff-index` or `diff-tree` with `-r -z --raw --no-renames`."""
    fields = path_text(raw).split("\0")
    for index in range(0, len(fields) - 1, 2):
        old_mode, new_mode, old_blob, new_blob, _ = fields[index].lstrip(":").split(" ")
        yield Delta(
            fields[index + 1],
            None if old_mode == _ABSENT else Entry(old_mode, old_blob),
            None if new_mode == _ABSENT else Entry(new_mode, new_blob),
        )


def parse_status(raw: bytes) -> tuple[list[str], list[str]]:
    """`status --porcelain=v2 -z` without renames: changed tracked paths, and untracked ones.

    A path that differs only between HEAD and the index is as the index says, so it is left out.
    """
    changed: list[str] = []
    untracked: list[str] = []
    for record in path_text(raw).split("\0"):
        kind = record[:2]
        if kind == "1 ":
            parts = record.split(" ", 8)
            if parts[1][1] != ".":
                changed.append(parts[8])
        elif kind == "u ":
            changed.append(record.split(" ", 10)[10])
        elif kind == "? ":
            untracked.append(record[2:])
    return changed, untracked


def parse_log(raw: bytes) -> list[Commit]:
    """`log -z --format=%H%n%P%n%B`, newest first."""
    commits: list[Commit] = []
    for record in raw.decode("utf-8", "replace").split("\0"):
        if record.strip():
            head, parents, message = (record + "\n\n").split("\n", 2)
            commits.append(Commit(head, len(parents.split()), message.strip("\n")))
    return commits


def parse_numstat(raw: bytes) -> list[LineCount]:
    """`diff --numstat -z`; a rename is counted under its new name."""
    counts: list[LineCount] = []
    fields = path_text(raw).split("\0")
    index = 0
    while index < len(fields) - 1:
        added, deleted, path = fields[index].split("\t", 2)
        if path:
            index += 1
        else:
            path = fields[index + 2]
            index += 3
        counts.append(
            LineCount(
                path,
                -1 if added == "-" else int(added),
                -1 if deleted == "-" else int(deleted),
            )
        )
    return counts


def parse_hunks(raw: bytes) -> list[Hunk]:
    """`diff --unified=0` with `a/` and `b/`: what is deleted and added, in git's order."""
    found: list[Hunk] = []
    old_path = path = ""
    left = 0
    for line in raw.split(b"\n"):
        # Inside a hunk every line is content, whatever it looks like.
        if left and line[:1] in (b"+", b"-", b"\\"):
            left -= line[:1] != b"\\"
        elif line.startswith(b"--- "):
            old_path = _diff_path(line[4:], b"a/")
        elif line.startswith(b"+++ "):
            path = _diff_path(line[4:], b"b/")
        elif match := _HUNK.match(line):
            old_length, length = (int(it) if it is not None else 1 for it in (match[2], match[4]))
            found.append(Hunk(path, int(match[3]), length, old_path, int(match[1]), old_length))
            left = old_length + length
    return found


def _diff_path(raw: bytes, prefix: bytes) -> str:
    """The path of a `--- ` or `+++ ` line; empty where there is none. git quotes as C does."""
    raw = raw.rstrip(b"\t")
    if raw.startswith(b'"') and raw.endswith(b'"'):
        raw = raw[1:-1].decode("unicode_escape").encode("latin-1")
    return path_text(raw[2:]) if raw.startswith(prefix) else ""
