"""Inline ignores: found by asking the tool twice, with and without honouring them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

import msgspec

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.interface import Batch, RawFinding
from gatekeeper.text.patterns import regex

# Directives for other tools beside a directive explain nothing.
_OTHER = regex(
    r"#\s*(?:noqa\b(?:\s*:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?|nosec\b(?:\s*:?\s*B\d+(?:[,\s]+B\d+)*)?"
    r"|nosemgrep\b(?:\s*:\s*[\w.,-]+)?|pragma:\s*no\s*(?:cover|branch)"
    r"|(?:type|mypy|ty|pyrefly|(?:based)?pyright)\s*:\s*[\w=-]+(?:\s*\[[^\]]*\])?"
    r"|(?:pylint|ruff|flake8|isort|fmt|yapf)\s*:\s*[\w=,-]+(?:\s*:?\s*(?:[A-Z]+\d+|\[[^\]]*\]))?)",
    re.IGNORECASE,
)
_WORDS = regex(r"[^\W\d_]{2,}\W+(?:\w+\W+)*?[^\W\d_]{2,}|[^\W\d_]{8,}")


def files_with(batch: Batch, marker: re.Pattern[bytes]) -> list[str]:
    """The files of the batch that contain the marker."""
    return [path for path in batch.paths if marker.search(batch.read(path))]


def text_lines(content: bytes) -> list[str]:
    """The lines as tools count them: a form feed or a Unicode line separator ends none."""
    return re.split(r"\r\n|\r|\n", content.decode("utf-8", "replace"))


def _key(finding: RawFinding) -> Hashable:
    return (finding.path, finding.rule, finding.line, finding.column, finding.message)


def suppressed(
    honoured: Iterable[RawFinding],
    everything: Iterable[RawFinding],
    directive_of: Callable[[RawFinding], Suppression],
) -> list[RawFinding]:
    """Findings that only appear when inline ignores are not honoured, marked as such."""
    visible = Counter(_key(finding) for finding in honoured)
    hidden: list[RawFinding] = []
    for finding in everything:
        key = _key(finding)
        if visible[key]:
            visible[key] -= 1
        else:
            hidden.append(msgspec.structs.replace(finding, suppression=directive_of(finding)))
    return hidden


def directive_in(
    lines: Sequence[str],
    first: int,
    last: int,
    pattern: re.Pattern[str],
    name: str,
    *,
    above: bool = False,
) -> Suppression:
    """The ignore comment on lines `first` to `last` (from 1), else on the line `above`.

    `pattern` matches the directive with its codes; what follows is the reason when it has words.
    A comment elsewhere explains something else: then there is only the directive's `name`.
    """
    span = list(lines[max(first - 1, 0) : max(last, first)])
    for line in [*span, *lines[first - 2 : first - 1]] if above and first > 1 else span:
        if match := pattern.search(line):
            reason = reason_in(line[match.end() :])
            return Suppression(directive=match.group().strip("#/*<!- \t")[:100], reason=reason)
    return Suppression(directive=name)


def reason_in(rest: str) -> str:
    """The explanation in what follows a directive on its line; empty when there are no words."""
    text = _OTHER.sub("", rest).strip(" \t\r#-:,;.\u2013\u2014")
    return text[:200] if _WORDS.search(text) else ""
