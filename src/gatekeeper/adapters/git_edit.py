"""Putting fixed content into git's index and the working tree."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence

from gatekeeper.adapters.edit import NotEditedError, content_of, replace_content
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_parse import parse_stage
from gatekeeper.errors import RepositoryError
from gatekeeper.model.tree import Entry

Accept = Callable[[bytes, bytes], bool]


class GitEditor:
    """Changes files of a repository. What it could not change, it names with the reason."""

    def __init__(self, repository: GitRepository) -> None:
        self._repository = repository

    def write(self, path: str, before: bytes, after: bytes) -> str:
        """Change a file of the working tree; why not, or the empty string."""
        try:
            replace_content(self._repository.root, path, before, after)
        except NotEditedError as error:
            return str(error)
        return ""

    def stage(
        self, entries: Mapping[str, Entry], contents: Mapping[str, bytes]
    ) -> tuple[dict[str, Entry], dict[str, str]]:
        """Put contents into the index where it still has `entries`, all in one step.

        What was staged, with its new entries, and why other paths were not. Nothing is staged
        when RepositoryError is raised, as when another git command holds the index.
        """
        git = self._repository.git
        found = parse_stage(git("ls-files", "--stage", "-z", "--", *contents))
        staged: dict[str, Entry] = {}
        for path, content in contents.items():
            entry = entries.get(path)
            if entry is not None and entry.regular and found.get(path) == entry:
                blob = git("hash-object", "-w", "--stdin", data=content).decode().strip()
                staged[path] = Entry(entry.mode, blob)
        lines = "".join(f"{it.mode} {it.blob} 0\t{path}\0" for path, it in staged.items())
        if lines:
            data = lines.encode("utf-8", "surrogateescape")
            git("update-index", "-z", "--index-info", data=data)
        return staged, {
            path: "was staged anew meanwhile" for path in contents if path not in staged
        }

    def follow(self, path: str, old: Entry, new: Entry, accept: Accept) -> str:
        """Bring a staged fix into the working tree, where nothing that is not staged is in its way.

        Why the file was left alone, or the empty string. `accept` has the last word on a file that
        has more in it than what is staged: it is shown the content as it is and as it would be.
        """
        try:
            there = content_of(self._repository.root, path)
            before, after = self._checked_out(path, old), self._checked_out(path, new)
            merged = after if there == before else self._merge(there, before, after)
            if merged is None:
                return "has changes that are not staged in the same place"
            if there not in (before, merged) and not accept(there, merged):
                return "has changes that are not staged and do not go with it"
            if merged != there:
                replace_content(self._repository.root, path, there, merged)
        except NotEditedError as error:
            return str(error)
        return ""

    def _checked_out(self, path: str, entry: Entry) -> bytes:
        """The content as git would write it into the working tree: line endings and filters."""
        return self._repository.git("cat-file", "--filters", f"--path={path}", entry.blob)

    def _merge(self, ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
        """`ours` with what lies between `base` and `theirs`; None when they are in conflict."""
        with tempfile.TemporaryDirectory(prefix="gatekeeper-") as folder:
            names = _write_all(folder, ours, base, theirs)
            try:
                return self._repository.git("merge-file", "-p", "-q", *names)
            except RepositoryError:
                return None  # the status is the number of conflicts

    def diff(self, before: bytes, after: bytes) -> str:
        """The difference in unified format, without the lines that name the files."""
        with tempfile.TemporaryDirectory(prefix="gatekeeper-") as folder:
            shown = self._repository.git(
                "diff", "--no-index", "--no-ext-diff", "--no-textconv", "--no-color", "--text",
                "--unified=3", "--", *_write_all(folder, before, after), status=(0, 1),
            )  # fmt: skip
        text = shown.decode("utf-8", "replace")
        return text[at + 1 :] if (at := text.find("\n@@ ")) >= 0 else ""


def _write_all(folder: str, *contents: bytes) -> Sequence[str]:
    names = [os.path.join(folder, str(number)) for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        with open(name, "wb") as file:
            file.write(content)
    return names
