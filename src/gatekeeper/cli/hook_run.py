"""`gatekeeper hooks run`: what a hook does, whoever calls it: git, pre-commit or prek."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec import Struct

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.check import run_check
from gatekeeper.errors import UsageError
from gatekeeper.text.names import printable

# The gravest comes first: trouble of its own, wrong usage, blocked, inconclusive.
_GRAVEST = (4, 2, 1, 3)


class Push(Struct, frozen=True):
    """A commit that a push sends, under the name of its ref. `base` empty: nothing to go by."""

    name: str
    head: str
    base: str


def run_hook(options: Namespace) -> int:
    """Do what the hook is for; its exit status."""
    hook, arguments = options.hook, options.arguments
    if hook == "pre-commit":
        return _pre_commit(arguments, os.environ)
    if hook == "commit-msg":
        return _commit_message(arguments)
    return _pre_push(arguments, os.environ)


def _check(*arguments: str) -> int:
    return run_check(parser().parse_args(["check", *arguments]))


def _by_runner(environ: Mapping[str, str]) -> bool:
    """Whether pre-commit or prek calls: both say so in the same words."""
    return environ.get("PRE_COMMIT") == "1"


def _given_range(environ: Mapping[str, str]) -> tuple[str, str]:
    """The commits that pre-commit or prek was told to look at; empty otherwise."""
    base, head = environ.get("PRE_COMMIT_FROM_REF", ""), environ.get("PRE_COMMIT_TO_REF", "")
    return (base, head) if _by_runner(environ) and base and head else ("", "")


def _pre_commit(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    base, head = _given_range(environ)
    if head:
        kept = [it for it in arguments if it != "--fix"]
        if len(kept) < len(arguments):
            print(
                "gatekeeper: commits are only judged, so --fix does nothing here", file=sys.stderr
            )
        return _check("--stage", "hook", "--base", base, "--head", head, *kept)
    if _by_runner(environ) and not _anything_staged(wiring.open_repository()):
        # With --all-files, say: what is there to judge is what the command itself would judge.
        return _check("--stage", "hook", *arguments)
    return _check("--staged", *arguments)


def _anything_staged(repository: GitRepository) -> bool:
    head = repository.head()
    base = repository.commit_snapshot(head) if head else repository.empty_snapshot()
    return bool(repository.deltas(base, repository.index()))


def _commit_message(arguments: Sequence[str]) -> int:
    from gatekeeper.cli.message import run_check_message

    if not arguments:
        raise UsageError("commit-msg needs the file with the message, as git passes it")
    # Native hooks come all at once, so the gate may well be off; a runner's hook was asked for.
    asked = _by_runner(os.environ)
    return run_check_message(Namespace(file=arguments[0], config="", only_if_on=not asked))


def _pre_push(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    from_git = list(takewhile(lambda it: not it.startswith("-"), arguments))
    options = arguments[len(from_git) :]
    repository = wiring.open_repository()
    base, head = _given_range(environ)
    if head:
        pushes = [Push(environ.get("PRE_COMMIT_LOCAL_BRANCH", ""), head, base)]
    elif _by_runner(environ):
        # All that a runner says of the first push of a history is the branch.
        branch = environ.get("PRE_COMMIT_LOCAL_BRANCH", "")
        commit = repository.resolve(branch) if branch else ""
        if not commit:
            return _check("--stage", "full", *options)
        pushes = [Push(branch, commit, "")]
    else:
        lines = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").splitlines()
        pushes = pushed(repository, lines, from_git[0] if from_git else "")
    found = [_judge(push, options) for push in pushes]
    return next((status for status in _GRAVEST if status in found), max(found, default=0))


def _judge(push: Push, options: Sequence[str]) -> int:
    if push.name:
        print(f"{printable(push.name)}:")
    base = ("--base", push.base) if push.base else ()
    return _check("--stage", "full", "--head", push.head, *base, *options)


def pushed(repository: GitRepository, lines: Sequence[str], remote: str) -> list[Push]:
    """What git says it is going to push: `local ref, local id, remote ref, remote id` per line.

    Left out: what is deleted, what the remote has under another name, and what is no commit with
    files. A branch is compared with what the remote has of it, if that is known here.
    """
    found: dict[tuple[str, str], Push] = {}
    for line in lines:
        fields = line.rsplit(" ", 3)
        if len(fields) != 4:
            raise UsageError(
                f"{line[:80]!r} is not what git tells a pre-push hook",
                remedy="git pipes the refs into the hook; to judge a commit use check --head REV",
            )
        local, commit, there, old = fields
        head = repository.resolve(commit) if commit.strip("0") else ""
        if not head or there.startswith("refs/notes/"):
            continue
        base = repository.resolve(old) if old.strip("0") else ""
        if not base and remote and _has(repository, remote, head):
            continue
        found.setdefault((head, base), Push(local, head, base))
    return list(found.values())


def _has(repository: GitRepository, remote: str, commit: str) -> bool:
    """Whether a branch of the remote is known to have the commit."""
    left = repository.git("rev-list", "--max-count=1", commit, "--not", f"--remotes={remote}")
    return not left.strip()
