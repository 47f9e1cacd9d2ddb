"""What is compared with what."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gatekeeper.ports.repository import Repository, Snapshot


class Wanted(Struct, frozen=True):
    """What was asked for, and what the CI says about the change.

    `head` is the full id of the commit to judge; empty for the working tree or the index.
    """

    everything: bool = False
    staged: bool = False
    head: str = ""
    base: str = ""
    offline: bool = False
    ci_commit: str = ""
    ci_branch: str = ""
    ci_merge: str = ""


class Base(Struct, frozen=True):
    """The version to compare with. `snapshot` is None when everything counts, or on a problem.

    `commit` is the base's own id, and `head` that of the last commit of the change.
    `problem` says why there is no base although one is needed, and `remedy` what to do.
    `merged` are the other parents of a merge that is about to be committed: what comes from them
    unchanged is no part of the change.
    """

    snapshot: Snapshot | None
    name: str
    why: str
    commit: str = ""
    head: str = ""
    problem: str = ""
    remedy: str = ""
    merged: tuple[Snapshot, ...] = ()


def choose_head(repository: Repository, wanted: Wanted) -> Snapshot:
    """The version to check."""
    if wanted.head:
        return repository.commit_snapshot(wanted.head)
    return repository.index() if wanted.staged else repository.worktree()


def choose_base(repository: Repository, wanted: Wanted) -> Base:
    """The version to compare with; may fetch it, unless offline."""
    if wanted.everything:
        # What the last commit is called is of interest only where something is compared.
        return Base(None, "", "everything counts (--all)", head=wanted.head)
    head = wanted.head or repository.head()
    return replace(_choose(repository, head, wanted), head=head)


def _choose(repository: Repository, commit: str, wanted: Wanted) -> Base:
    if not commit:
        return Base(repository.empty_snapshot(), "nothing", "there is no commit yet")
    if wanted.staged:
        return _last_commit(repository, commit)
    if wanted.base:
        return _merge_base(repository, commit, wanted.base, wanted.offline)
    if wanted.ci_commit or wanted.ci_branch:
        return _in_ci(repository, commit, wanted)
    return _by_default(repository, commit, wanted)


def _last_commit(repository: Repository, commit: str) -> Base:
    merged = repository.merging()
    return Base(
        repository.commit_snapshot(commit),
        "HEAD",
        "the last commit" if not merged else "the last commit and what is merged into it",
        commit,
        merged=tuple(map(repository.commit_snapshot, merged)),
    )


def _commit(repository: Repository, commit: str, name: str, why: str) -> Base:
    return Base(repository.commit_snapshot(commit), name, why, commit)


def _missing(name: str, why: str, offline: bool) -> Base:
    fetch = "run again without --offline, or " if offline else ""
    return Base(
        None,
        name,
        "the base is missing",
        problem=f"the base {name} cannot be had: {why}",
        remedy=f"{fetch}fetch it (`git fetch --unshallow`, `fetch-depth: 0`), or name one with --base",
    )


def _in_ci(repository: Repository, head: str, wanted: Wanted) -> Base:
    parents = repository.parents(head)
    if head == wanted.ci_merge and len(parents) == 2:
        # GitHub checks out a merge of the pull request into its base: the first parent is the
        # exact base, newer than what the event names and there even in a clone of depth 1.
        if _have(repository, parents[0], wanted.offline):
            return _commit(
                repository, parents[0], wanted.ci_branch or "the base", "the pull request's base"
            )
        return _missing(parents[0][:12], _why_missing(repository), wanted.offline)
    return _merge_base(repository, head, wanted.ci_commit or wanted.ci_branch, wanted.offline)


def _by_default(repository: Repository, head: str, wanted: Wanted) -> Base:
    offline = wanted.offline
    branch = repository.default_branch()
    tip = repository.resolve(branch) if branch else _tip_of_remote(repository, offline)
    if not tip and repository.is_shallow():
        # The last commit may be one of many on a branch: nobody here knows where it began.
        return _missing(
            "origin/HEAD", "the clone is shallow and does not know the default branch", offline
        )
    name = branch.removeprefix("refs/remotes/").removeprefix("refs/heads/")
    name = name or ("origin/HEAD" if tip else "HEAD")
    if tip and tip != head:
        base = _merge_base(repository, head, branch or tip, offline, shown=name)
        if base.commit != head:
            return base
    if not wanted.head and not repository.is_clean():
        return _commit(repository, head, "HEAD", f"what is not committed yet, on {name}")
    # On the default branch with nothing uncommitted, the last commit is the change.
    parents = repository.parents(head)
    if not parents:
        return Base(repository.empty_snapshot(), "nothing", "this is the first commit")
    if not _have(repository, parents[0], offline):
        return _missing(parents[0][:12], _why_missing(repository), offline)
    return _commit(repository, parents[0], "HEAD~1", f"the last commit on {name}")


def _tip_of_remote(repository: Repository, offline: bool) -> str:
    """The default branch's tip, asked of the remote: a clone of one branch knows no other."""
    if offline or not repository.fetch("HEAD", depth=int(repository.is_shallow())):
        return ""
    return repository.resolve("FETCH_HEAD")


def _merge_base(
    repository: Repository, head: str, name: str, offline: bool, shown: str = ""
) -> Base:
    """The merge base of HEAD and `name`, fetching what a shallow clone lacks."""
    shown = shown or (name[:12] if len(name) in (40, 64) else name)
    tip = _resolve(repository, name)
    there = _at_origin(name)
    if not tip and not offline and repository.fetch(there, depth=int(repository.is_shallow())):
        tip = repository.resolve("FETCH_HEAD")
    if not tip:
        return _missing(shown, "there is no such branch or commit", offline)
    found = repository.merge_base(head, tip)
    if not found and repository.is_shallow() and not offline and repository.fetch(there, depth=0):
        found = repository.merge_base(head, tip)
    if not found:
        return _missing(shown, _why_missing(repository, "it shares no history with HEAD"), offline)
    return _commit(repository, found, shown, f"the merge base with {shown}")


def _at_origin(name: str) -> str:
    """What the remote itself calls one of its branches."""
    return name.removeprefix("refs/remotes/").removeprefix("origin/")


def _resolve(repository: Repository, name: str) -> str:
    return repository.resolve(name) or repository.resolve(f"refs/remotes/origin/{name}")


def _have(repository: Repository, commit: str, offline: bool) -> bool:
    if repository.resolve(commit):
        return True
    return not offline and repository.fetch(commit, depth=1) and bool(repository.resolve(commit))


def _why_missing(repository: Repository, otherwise: str = "it could not be fetched") -> str:
    return (
        "the clone is shallow and it could not be fetched" if repository.is_shallow() else otherwise
    )
