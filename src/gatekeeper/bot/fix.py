"""`/gatekeeper fix`: what ruff repairs safely, as a commit on the commit that was commented on.

The change is hostile, and this runs with a token that may push. So nothing of it is checked out or
run: its Python files are read through the API, and given to tools that only read and write text, with
the settings of the default branch.
"""

from __future__ import annotations

from gatekeeper.bot.answer import Answer, Asked, Fixed, Means
from gatekeeper.bot.authority import moved
from gatekeeper.bot.waive import NO_RUN, unpushable
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import ChangedFile, Tree
from gatekeeper.ports.forge import Forge
from gatekeeper.reports.github_markdown import code
from gatekeeper.text.names import plural

# Each costs two requests to read and one to write; a job's token has a thousand an hour for all.
MOST_FILES = 100
_MOST_BYTES = 1024 * 1024
SUFFIXES = (".py", ".pyi", ".ipynb")
_PLAIN = ("100644", "100755")
_MARK = "Asked for in "


def fix(forge: Forge, asked: Asked, means: Means) -> Answer:
    """Make the commit. Raises ForgeError."""
    pull = asked.pull
    if why := unpushable(forge, pull):
        return Answer("refused", f"{why} `gatekeeper check --fix` does the same on a clone.")
    if _is_ours(forge, asked):
        return _pushed(pull.head, ())
    if why := moved(forge, asked):
        return Answer(
            "refused", f"Nothing was fixed: {why}. Write a new comment for the new commit."
        )
    changed = forge.changed_files(pull.number)
    tree = forge.tree(pull.head)
    files = [it for it in changed.files if _wanted(it, tree)]
    if len(files) > MOST_FILES or not changed.complete or not tree.complete:
        return Answer(
            "refused",
            f"This change has more than {MOST_FILES} Python files, which is too much for a comment:"
            " `gatekeeper check --fix` does the same on a clone.",
        )
    base = forge.merge_base(pull.base, pull.head)
    before = {}
    after = {}
    for it in files:
        content = forge.file(it.path, pull.head)
        if content is None or len(content.content) > _MOST_BYTES:
            continue
        after[it.path] = content.content
        old = forge.file(it.previous or it.path, base) if base and it.status != "added" else None
        if old is not None:
            before[it.previous or it.path] = old.content
    others = [path for path in tree.modes if path not in after]
    fixes = means.repair(before, after, others) if after else ()
    # Whatever came back, nothing else than what was handed out is written.
    kept = [it for it in fixes if it.path in after and it.content != after[it.path]]
    if not kept:
        return Answer("unclear", "There is nothing in this change that ruff repairs safely.")
    tools = ", ".join(dict.fromkeys(tool for it in kept for tool in it.by))
    message = f"Apply the safe fixes of {tools}\n\n{_MARK}{asked.comment.url}\n"
    executable = frozenset(it.path for it in kept if tree.modes[it.path] == "100755")
    commit = forge.commit_files(
        pull.head_branch, pull.head, message, {it.path: it.content for it in kept}, executable
    )
    return _pushed(commit, kept)


def _wanted(it: ChangedFile, tree: Tree) -> bool:
    return (
        it.status != "removed"
        and it.path.endswith(SUFFIXES)
        and tree.modes.get(it.path) in _PLAIN
        and plain_path(it.path)
    )


def plain_path(path: str) -> bool:
    """Whether it stays below a folder that it is put into, and out of git's own."""
    parts = path.split("/")
    return not (
        "\\" in path
        or "\0" in path
        or any(it in ("", ".", "..") or it.lower() == ".git" for it in parts)
    )


def _is_ours(forge: Forge, asked: Asked) -> bool:
    """Whether the head is the commit that this very command has made, before it could say so.

    Its message alone anybody could have written.
    """
    pull = asked.pull
    if f"{_MARK}{asked.comment.url}" not in forge.commit(pull.head).message.split("\n"):
        return False
    last = next(iter(forge.pushes(pull.head_branch)), None)
    return last is not None and (last.after, last.by) == (pull.head, forge.viewer())


def _pushed(commit: str, kept: list[Fixed] | tuple[()]) -> Answer:
    files = f" to {plural(len(kept), 'file')}" if kept else ""
    text = f"The safe fixes{files} are in {code(commit[:12])}.\n\n<sub>{NO_RUN}</sub>"
    return Answer("done", text)


def cannot_push(error: ForgeError) -> Answer | None:
    """In words, when the branch is elsewhere by now."""
    if error.kind == "conflict":
        return Answer("refused", "Nothing was written: the branch has changed meanwhile.")
    return None
