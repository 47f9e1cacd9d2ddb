"""Where references to other repositories stand in a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gatekeeper.managers.github_actions import GithubActions
from gatekeeper.managers.interface import Manager
from gatekeeper.managers.names import without_password
from gatekeeper.managers.pre_commit import PreCommit
from gatekeeper.managers.reading import UnreadableError, decode, line_at
from gatekeeper.model.dependency import Dependency, Inventory, Place, Problem
from gatekeeper.text.patterns import regex

_COMMENT = regex(r"\s#")
_MANAGERS: tuple[Manager, ...] = (GithubActions(), PreCommit())
BY_HAND = "write the key and its value in one line of their own, without an anchor"


class Reference(Struct, frozen=True):
    """One reference, with what the manager of the file says of it.

    `start` and `end` are where the tag, branch or commit stands, in characters; `comment` is where
    the text of the comment behind it begins, -1 when there is none.
    """

    dependency: Dependency
    line: int
    start: int
    end: int
    comment: int = -1


class References(Struct, frozen=True):
    """All of a file. With a problem nobody may say that the file is in order.

    `images` counts containers without a digest, which are no references to repositories.
    """

    text: str
    found: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()
    images: int = 0


def manager_of(path: str) -> Manager | None:
    """The manager of files that refer to repositories."""
    return next((it for it in _MANAGERS if it.selects(path)), None)


def references(path: str, content: bytes) -> References:
    """The references in a file that has a manager; what cannot be told or edited is a problem."""
    manager = manager_of(path)
    if manager is None:
        return References("", problems=(Problem(Place(path), "no such file is known"),))
    inventory = manager.read(path, {path: content})
    images = sum(it.ecosystem == "docker" and not it.hashes for it in inventory.dependencies)
    if inventory.problems:
        return References("", (), inventory.problems, images)
    text = decode(content)
    try:
        return References(text, tuple(_located(text, inventory)), (), images)
    except UnreadableError as error:
        problem = Problem(Place(path, error.line), error.message, error.remedy)
        return References(text, (), (problem,), images)


def row_end(text: str, at: int) -> int:
    """Where the line of a character ends, before its line break."""
    stop = text.find("\n", at)
    stop = len(text) if stop < 0 else stop
    return stop - 1 if text[at:stop].endswith("\r") else stop


def _located(text: str, inventory: Inventory) -> Iterator[Reference]:
    waiting: dict[tuple[str, str], list[Dependency]] = {}
    for it in inventory.dependencies:
        if it.ecosystem == inventory.manager:
            waiting.setdefault((it.display, it.requirement), []).append(it)
    seen: set[int] = set()
    rows: set[int] = set()
    for key, node in _nodes(text, inventory.manager):
        if not waiting.get(key):
            continue
        start, line = node.start_mark.index, line_at(text, node.start_mark.index)
        if start in seen or line in rows:
            raise UnreadableError(
                "an alias repeats this" if start in seen else "two references share this line",
                line,
                BY_HAND,
            )
        seen.add(start)
        rows.add(line)
        start, end = _span(text, node, line)
        begin = text.rindex(key[1], start, end)
        comment = _COMMENT.search(text, end, row_end(text, end))
        yield Reference(
            waiting[key].pop(0), line, begin, begin + len(key[1]), comment.end() if comment else -1
        )
    if left := [it for them in waiting.values() for it in them]:
        line = left[0].place.line
        raise UnreadableError("this is written in a way that cannot be edited", line, BY_HAND)


def _span(text: str, node: Any, line: int) -> tuple[int, int]:
    """Where a plain or quoted text stands. Raises UnreadableError when it is written otherwise."""
    start, end = node.start_mark.index, node.end_mark.index
    written = text[start:end]
    if node.style in ("'", '"'):
        written = written[1:-1]
    elif node.style:
        written = ""
    if written != node.value:
        raise UnreadableError("this value is not in one line as it is", line, BY_HAND)
    return start, end


def _nodes(text: str, manager: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """The nodes that hold references, with what is named and its tag, branch or commit."""
    import yaml

    # The manager has read it, so it is one document, and not too deep.
    top = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if manager == "pre-commit":
        for repository in _items(_at(top, "repos")):
            name, rev = _at(repository, "repo"), _at(repository, "rev")
            if name is not None and rev is not None:
                yield (without_password(str(name.value).strip()), str(rev.value).strip()), rev
        return
    for _, job in _entries(_at(top, "jobs")):
        yield from _uses(job)
        for step in _items(_at(job, "steps")):
            yield from _uses(step)
    for step in _items(_at(_at(top, "runs"), "steps")):
        yield from _uses(step)


def _uses(node: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    found = _at(node, "uses")
    if found is not None:
        name, _, reference = str(found.value).strip().partition("@")
        yield (name, reference), found


def _at(node: Any, key: str) -> Any:
    return next((value for name, value in _entries(node) if name == key), None)


def _entries(node: Any) -> Iterator[tuple[str, Any]]:
    import yaml

    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)


def _items(node: Any) -> Iterator[Any]:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        yield from node.value
