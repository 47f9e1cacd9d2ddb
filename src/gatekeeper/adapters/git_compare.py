"""What differs between two versions of the repository's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatekeeper.adapters.git_parse import parse_raw_diff
from gatekeeper.adapters.git_snapshot import CommitSnapshot, EmptySnapshot, IndexSnapshot
from gatekeeper.adapters.git_worktree import WorktreeSnapshot
from gatekeeper.errors import RepositoryError
from gatekeeper.model.tree import Delta

if TYPE_CHECKING:
    from gatekeeper.adapters.git import GitRepository
    from gatekeeper.ports.repository import Snapshot


def compare(repository: GitRepository, base: Snapshot, head: Snapshot) -> list[Delta]:
    """Paths whose content differs between a commit (or nothing) and any head, in path order."""
    if not isinstance(base, CommitSnapshot | EmptySnapshot):
        raise RepositoryError("only a commit can be a base")
    options = ("-r", "-z", "--raw", "--no-renames", "--ignore-submodules=all", "--no-abbrev")
    if isinstance(head, CommitSnapshot | EmptySnapshot):
        raw = repository.git("diff-tree", *options, base.tree, head.tree)
    else:
        # What `git add --intent-to-add` notes down is not staged, so no commit will have it.
        staged = ("--ita-invisible-in-index",) if isinstance(head, IndexSnapshot) else ()
        raw = repository.git("diff-index", "--cached", *staged, *options, base.tree)
    found = {delta.path: delta for delta in parse_raw_diff(raw)}
    if isinstance(head, WorktreeSnapshot) and head.overlay:
        index = head.indexed()
        for path, entry in head.overlay.items():
            old = found[path].old if path in found else index.get(path)
            found.pop(path, None)
            if old != entry:
                found[path] = Delta(path, old, entry)
    return [found[path] for path in sorted(found)]
