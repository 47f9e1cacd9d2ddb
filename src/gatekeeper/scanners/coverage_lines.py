"""Which statement a line of Python belongs to, from the text alone.

coverage_probe.py loads this file in the project's own Python, so it needs nothing but the standard
library, and nothing newer than Python 3.9.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from typing import NamedTuple

_IDLE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
         tokenize.ENDMARKER)  # fmt: skip

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Lines(NamedTuple):
    """What each line of a file belongs to.

    `first` maps every line with code to the first line of its statement; headers such as `if …:`
    are statements of their own. A line that is not in it is blank, or only a comment, wherever it
    stands. `last` maps a first line to the last one. `number` is how many lines there are.
    """

    first: Mapping[int, int]
    last: Mapping[int, int]
    number: int


def python_lines(source: str) -> Lines | None:
    """The lines of a Python file; None when it does not parse."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    start = 0
    pending: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in _IDLE:
                start = start or token.start[0]
                # A string has no blank lines and no comments: all of it is content.
                pending.update(range(token.start[0], token.end[0] + 1))
            if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) and start:
                # A backslash at the end of a line may stand alone on it.
                end = max(pending)
                first.update(dict.fromkeys(pending, start))
                last[start] = end
                start = 0
                pending = set()
    except (tokenize.TokenError, SyntaxError):
        return None
    return Lines(first, last, source.count("\n") + (not source.endswith("\n") and source != ""))


def functions(source: str) -> list[tuple[int, int, str]]:
    """First line (with decorators), last line and dotted name of every function, outer ones first.

    Nothing when the source cannot be parsed by the Python that gatekeeper runs in.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[tuple[int, int, str]] = []
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, _NAMED):
            inside = f"{inside}.{node.name}" if inside else node.name
            if not isinstance(node, ast.ClassDef):
                start = min((it.lineno for it in node.decorator_list), default=node.lineno)
                found.append((start, node.end_lineno or node.lineno, inside))
        if not isinstance(node, ast.expr):
            stack += [(child, inside) for child in ast.iter_child_nodes(node)]
    return sorted(found, key=lambda it: (it[0], -it[1]))


def function_at(spans: list[tuple[int, int, str]], line: int) -> str:
    """The innermost function around a line; empty outside of any."""
    name = ""
    for start, end, inside in spans:
        if start > line:
            break
        if line <= end:
            name = inside
    return name
