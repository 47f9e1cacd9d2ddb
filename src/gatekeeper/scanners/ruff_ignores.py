"""Which comment hides one of ruff's findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.suppression import reason_in
from gatekeeper.text.patterns import regex

_CODES = r"[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*"
_DIRECTIVE = regex(
    rf"#\s*(?P<file>(?:ruff|flake8)\s*:\s*)?noqa(?:\s*:\s*(?P<codes>{_CODES}))?"
    r"|#\s*ruff\s*:\s*(?P<kind>disable|ignore|file-ignore)\s*\[(?P<names>[^\]]*)\]",
    re.IGNORECASE,
)


class Directive(NamedTuple):
    """An inline ignore; `wide` when it reaches further than its line."""

    line: int
    wide: bool
    codes: tuple[str, ...]
    suppression: Suppression

    def names(self, rule: str) -> bool:
        """Whether it is about this rule: it names the rule, or no rule at all."""
        return not self.codes or rule.startswith(self.codes)


def directives(lines: Sequence[str]) -> list[Directive]:
    """The inline ignores of a file or a cell."""
    return [
        Directive(
            line=number,
            wide=bool(match["file"])
            or (match["kind"] or "").lower() in ("disable", "file-ignore")
            or (match["kind"] is not None and line.lstrip().startswith("#")),
            codes=tuple(re.findall(r"[\w-]+", match["codes"] or match["names"] or "")),
            suppression=Suppression(
                match.group().strip("# \t")[:100], reason_in(line[match.end() :])
            ),
        )
        for number, line in enumerate(lines, 1)
        for match in _DIRECTIVE.finditer(line)
    ]


def suppression_of(rule: str, rows: Sequence[int], found: Sequence[Directive]) -> Suppression:
    """The directive that hides a finding: on one of its rows, else the nearest above, else any."""
    near = [it for it in found if it.line in rows]
    wide = [it for it in found if it.wide]
    above = [it for it in reversed(wide) if it.line < min(rows)]
    candidates = [*near, *above, *wide]
    fitting = [it for it in candidates if it.names(rule)] or candidates
    return fitting[0].suppression if fitting else Suppression("noqa")
