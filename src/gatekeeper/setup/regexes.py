"""Regular expressions over paths as .gitignore patterns: exactly, or not at all.

Only a small part of the language is understood: literals, `.*`, `[^/]*`, `[^/]+`, small classes,
groups with alternatives, optional groups, `^` and `$`. Everything else is refused with the reason,
since a pattern that means almost the same would leave files out that nobody meant.

A pattern for files also covers a folder of that name (`*.min.js` what lies in a folder `x.min.js`),
so `folders` has to tell which there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby, pairwise, product, takewhile

from gatekeeper.setup.regex_reader import (
    ANY,
    MOST,
    ONE,
    PLUS,
    SEGMENT,
    Reader,
    UntranslatableError,
    unspaced,
)  # fmt: skip

# What super-linter's expressions see before each path.
WORKSPACE = "/github/workspace/"
_SPECIAL = frozenset("*?[]\\!#")
_LONGEST = 4_000


def patterns(regex: str, folders: Collection[str] = (), *, absolute: bool = False) -> list[str]:
    """Patterns that match exactly the paths in which `regex` is found. Raises UntranslatableError.

    `absolute`: the expression sees WORKSPACE before the path.
    """
    if len(regex) > _LONGEST:
        raise UntranslatableError(f"it has {len(regex):,} characters")
    found: list[tuple[str, bool]] = []
    for parts in Reader(unspaced(regex)).read():
        found += _globs(parts, absolute=absolute)
    merged = _merged(found)
    if not merged:
        raise UntranslatableError("it matches no path")
    if len(merged) > MOST:
        raise UntranslatableError(f"it stands for more than {MOST} patterns")
    for pattern, below in merged:
        if not below:
            _check_folders(pattern, folders)
    return [pattern for pattern, _ in merged]


def _globs(parts: list[str], *, absolute: bool) -> list[tuple[str, bool]]:
    """Patterns for one alternative, each with whether it is to cover what lies below a match."""
    start, end = parts[:1] == ["\x00^"], parts[-1:] == ["\x00$"]
    body = parts[start : len(parts) - end]
    if any(part in ("\x00^", "\x00$") for part in body):
        raise UntranslatableError("`^` or `$` stands in the middle")
    if absolute and start:
        if "".join(body[: len(WORKSPACE)]) != WORKSPACE:
            raise UntranslatableError(
                f"`^` stands before {WORKSPACE} there, outside the repository"
            )
        body, absolute = body[len(WORKSPACE) :], False
    body = _joined([*([] if start else [ANY]), *body, *([] if end else [ANY])])
    if any(pair == ("/", "/") for pair in pairwise(body)) or body[:1] == ["/"]:
        return []  # no path looks like that
    if absolute:
        _check_workspace(body)
        if body[:2] == [ANY, "/"]:
            # The text before the path ends with `/`: the name stands at the top, or further down.
            return [*_spelt(body[2:]), *_spelt(body)]
    return _spelt(body)


def _check_workspace(body: Sequence[str]) -> None:
    """Refuse what may be found, or begin, in the folders above the repository."""
    literal = "".join(takewhile(lambda part: not part.startswith("\x00"), body[1:]))
    inside = literal in WORKSPACE or any(
        literal.startswith(WORKSPACE[-length:]) for length in range(2, len(WORKSPACE))
    )
    if body[:1] != [ANY] or not literal or inside:
        raise UntranslatableError(
            f"it may match in {WORKSPACE}, which stands before every path there"
        )


def _joined(parts: Sequence[str]) -> list[str]:
    """Neighbours as one: a run of `.*`, `.+` and `[^/]*` is `.*`, or `[^/]*` if it is only that."""
    made: list[str] = []
    for wide, group in groupby(parts, key=lambda part: part in (ANY, PLUS, SEGMENT)):
        run = list(group)
        if not wide:
            made += run
        elif run.count(PLUS) > 1:
            raise UntranslatableError("`.+` twice asks for two characters")
        elif PLUS in run:
            made.append(PLUS)
        else:
            made.append(ANY if ANY in run else SEGMENT)
    for at, part in enumerate(made):
        if part == PLUS:
            beside = {made[at - 1] if at else "", (made[at + 1 :] or [""])[0]}
            # No path begins or ends with `/`, or has two: so there is a character anyway.
            if not beside <= {"/", ""} or "/" not in beside:
                raise UntranslatableError("`.+` asks for a character, which may be `/`")
            made[at] = ANY
    return made


def _spelt(body: list[str]) -> list[tuple[str, bool]]:
    """All spellings: a `.*` stays in its segment, or reaches over some."""
    tail = body[-1:] == [ANY]
    inner = body[: len(body) - tail]
    if not inner or inner == [ANY]:
        raise UntranslatableError("it matches every path")
    spellings: list[str] = [""]
    for at, part in enumerate(inner):
        before, after = inner[at - 1] if at else "", (inner[at + 1 :] or [""])[0]
        if part == ANY:
            choices = _any(before, after, first=not at)
        elif part == SEGMENT:
            choices = ["*"]
        elif part == ONE:
            choices = ["?"]
        elif part.startswith("\x00"):
            choices = [part[1:]]
        else:
            choices = ["\\" + part if part in _SPECIAL else part]
        spellings = [left + right for left, right in product(spellings, choices)]
        if len(spellings) > MOST:
            raise UntranslatableError(f"it stands for more than {MOST} patterns")
    if inner[-1] == "/" and not tail:
        return []  # no path ends like that
    return [(_anchored(text, tail=tail), tail) for text in spellings]


def _any(before: str, after: str, *, first: bool) -> list[str]:
    """`.*` between two parts; the `/` beside it is written by its neighbours."""
    if first:
        # From the top: `.*/x` asks for a folder, `.*x` does not.
        return ["*/**"] if after == "/" else ["**/*"]
    if before == "/":
        return ["*/**"] if after == "/" else ["**/*"]
    return ["*", "*/**"] if after == "/" else ["*", "*/**/*"]


def _anchored(text: str, *, tail: bool) -> str:
    """A whole pattern from the top of the repository."""
    if tail and not text.endswith(("/", "*")):
        text += "*"
    if text != text.strip() or not text.isprintable():
        raise UntranslatableError("it has blanks at an end, or characters that do not show")
    if text.startswith("**/") and "/" not in text[3:].removesuffix("/"):
        # Without a slash a pattern counts in every folder anyway.
        return text[3:]
    return text if text.startswith(("**/", "/")) else f"/{text}"


def _merged(found: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """`/x` and `/*/**/x` are `x`: at the top, or further down."""
    unique = dict(found)
    made: dict[str, bool] = {}
    for pattern, below in unique.items():
        if pattern.startswith("/*/**/") and pattern[5:] in unique:
            continue
        name = pattern
        if pattern.startswith("/") and f"/*/**{pattern}" in unique:
            deep = "/" in pattern[1:].removesuffix("/")
            name = f"**{pattern}" if deep else pattern[1:]
        made[name] = below
    return list(made.items())


def _check_folders(pattern: str, folders: Collection[str]) -> None:
    """Refuse a pattern for files that a folder bears, too: all below it would be left out."""
    from gatekeeper.text.globs import matches

    if hit := next((it for it in folders if matches((pattern,), it)), ""):
        raise UntranslatableError(f"the pattern {pattern} would cover all of {hit}/ as well")
