"""The options that a line of a requirements file can have."""

from __future__ import annotations

import shlex

from msgspec import Struct

from gatekeeper.managers.reading import UnreadableError

# Long name: whether it takes a value.
_LONG = {
    "--requirement": True,
    "--constraint": True,
    "--editable": True,
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--no-index": False,
    "--find-links": True,
    "--no-binary": True,
    "--only-binary": True,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--pre": False,
    "--trusted-host": True,
    "--use-feature": True,
    "--process-dependency-links": False,
    "--hash": True,
    "--global-option": True,
    "--install-option": True,
    "--config-settings": True,
    "--config-setting": True,
    "--no-deps": False,
    "--uploaded-prior-to": True,
    "--all-releases": True,
    "--only-final": True,
}
_SHORT = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
    "-C": "--config-settings",
}


class Option(Struct, frozen=True):
    """One option by its long name; `value` is empty for one that takes none."""

    name: str
    value: str = ""


def split_line(content: str, line: int) -> tuple[str, list[Option]]:
    """The requirement of a line, which may be empty, and its options. Raises UnreadableError.

    As pip does it: all up to the first word that begins with a dash is the requirement.
    """
    words = content.split(" ")
    count = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    requirement = " ".join(words[:count]).strip()
    if count == len(words):
        return requirement, []
    rest = " ".join(words[count:])
    try:
        parts = shlex.split(rest)
    except ValueError as error:
        raise UnreadableError(f"{rest[:120]!r} has a quote without an end: {error}", line) from None
    return requirement, _options(parts, line)


def _options(parts: list[str], line: int) -> list[Option]:
    found: list[Option] = []
    queue = list(reversed(parts))
    while queue:
        word = queue.pop()
        if word.startswith("--"):
            name, assigned, value = word.partition("=")
            name = _full(name, line)
        elif word[:2] in _SHORT:
            name, value = _SHORT[word[:2]], word[2:]
            assigned = value
        else:
            raise UnreadableError(
                f"{word[:120]!r} is not understood", line, "see `pip install --help`"
            )
        if _LONG[name] and not assigned:
            if not queue:
                raise UnreadableError(f"{name} has no value", line)
            value = queue.pop()
        found.append(Option(name, value))
    return found


def _full(name: str, line: int) -> str:
    """The option that a name, or the beginning of one, stands for."""
    if name in _LONG:
        return name
    meant = [it for it in _LONG if it.startswith(name)]
    if len(meant) != 1:
        raise UnreadableError(f"the option {name[:80]!r} is not known here", line, "correct it")
    return meant[0]
