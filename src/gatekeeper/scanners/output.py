"""Reading what tools print: hostile until proved otherwise."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from gatekeeper.model.tree import Entry
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable
from gatekeeper.text.redact import redact

T = TypeVar("T")


def decode(done: Completed, shape: type[T], tool: str) -> T:
    """The tool's JSON as `shape`; unknown fields are ignored, anything else raises ToolError.

    Paths that are no valid UTF-8 appear raw in some tools' JSON, so bytes are read leniently.
    """
    try:
        return msgspec.json.decode(done.stdout, type=shape, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise invalid(done, tool, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        import json

        try:
            text = done.stdout.decode("utf-8", "surrogateescape")
            return msgspec.convert(json.loads(text), shape, strict=False)
        except (ValueError, RecursionError, msgspec.ValidationError) as error:
            raise invalid(done, tool, str(error)) from None


def invalid(done: Completed, tool: str, why: str) -> ToolError:
    """The error for output that cannot be understood."""
    said = printable(last_line(done.stderr))
    told = f"; it said: {said}" if said else ""
    return ToolError(
        "tool-output-invalid" if done.stdout else "tool-crashed",
        f"{tool} ended with status {done.status} and no usable report ({printable(why)[:200]}){told}",
    )


def last_line(text: str) -> str:
    """The last line that is not blank, cut to a readable length."""
    lines = [line for line in text.splitlines() if line.strip()]
    # Redacted before it is cut: half a token is no longer recognised as one.
    return redact(lines[-1].strip())[:300] if lines else ""


def expect_status(done: Completed, allowed: Sequence[int], tool: str) -> None:
    """Raise ToolError unless the tool ended in a way that means it did its work."""
    if done.status not in allowed:
        raise ToolError(
            "tool-crashed",
            f"{tool} ended with status {done.status}: "
            f"{printable(last_line(done.stderr)) or 'nothing on standard error'}",
        )


def path_map(paths: Sequence[str]) -> dict[str, str]:
    """From the way tools print a path (lossy for undecodable bytes) to the real path."""
    return {
        spelling: path
        for path in paths
        for spelling in {path, os.fsencode(path).decode("utf-8", "replace")}
    }


def real_path(name: str, known: Mapping[str, str], cwd: str, tool: str) -> str:
    """The file of the batch a tool names. Raises ToolError when there is no such file.

    Leaving out what cannot be placed would make the file it belongs to look clean.
    """
    path = known.get(relative(name, cwd))
    if path is None:
        raise ToolError(
            "tool-output-invalid",
            f"{tool} named a file it was not given: {printable(name)[:200]}",
        )
    return path


def told_apart(paths: Sequence[str]) -> list[list[str]]:
    """The paths in as few lists as it takes that tools print no two of a list alike."""
    lists: list[list[str]] = []
    seen: Counter[str] = Counter()
    for path in paths:
        spelling = os.fsencode(path).decode("utf-8", "replace")
        if seen[spelling] == len(lists):
            lists.append([])
        lists[seen[spelling]].append(path)
        seen[spelling] += 1
    return lists


def relative(name: str, cwd: str) -> str:
    """A path as a tool prints it, absolute or with `./`, relative to `cwd`."""
    prefix = cwd + "/"
    if name.startswith(prefix):
        name = name[len(prefix) :]
    while name.startswith("./"):
        name = name[2:]
    return name


def config_files(snapshot: Snapshot, wanted: Callable[[str], bool]) -> dict[str, Entry]:
    """Regular files of the snapshot whose path is wanted, in path order."""
    return {
        path: entry
        for path, entry in sorted(snapshot.entries().items())
        if wanted(path) and entry.regular
    }


def files_digest(files: dict[str, Entry]) -> str:
    """Identity of a set of files: their paths and contents."""
    return digest(*(part for path, entry in files.items() for part in (path, entry.blob)))


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]
