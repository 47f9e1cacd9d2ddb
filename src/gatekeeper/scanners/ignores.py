"""Inline ignores of tools that cannot be asked what they hid: an inventory from the source.

Comments are told from strings with a light pattern, not a tokenizer: files that do not parse have
ignores too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.interface import Batch, RawFinding
from gatekeeper.scanners.suppression import files_with, reason_in
from gatekeeper.text.patterns import regex

_CODES = r"(?:\s*\[[^\]\n]*\])?(?![\w-])"
_VALUE = r"\s*=\s*(?:\"[^\"\n]*\"|[\w-]+)"
_TYPE_IGNORE = rf"type:\s*ignore{_CODES}"
MYPY_IGNORES = rf"mypy:\s*(?:ignore-errors(?:{_VALUE})?|disable-error-code{_VALUE})"
PYRIGHT_IGNORES = rf"(?:based)?pyright:\s*(?:ignore{_CODES}|report\w+\s*=\s*(?:false|none)\b)"
TY_IGNORES = rf"ty:\s*ignore{_CODES}"
# Codes of vulture among those of others; without any, the directive is ruff's.
VULTURE_IGNORES = r"(?i:noqa):\s?(?:[A-Z]+\d+[,\s]+)*V\d+(?:[,\s]+[A-Z]+\d+)*"
PYREFLY_IGNORES = rf"pyrefly:\s*(?:ignore-errors(?:\s*\[[^\]\n]*\])?|ignore{_CODES})"

_MARKER = regex(rb"#[^\n]*(?:ignore|disable-error-code|report\w+\s*=|(?i:noqa):)")
_TOKEN = regex(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|(?P<comment>#[^\n]*)",
    re.DOTALL,
)
# Inside a notebook the source is in JSON strings, each ending with an escaped line break.
_NOTEBOOK_COMMENT = regex(r"(?P<comment>#[^\n\"\\]*)")


def ignored(batch: Batch, own: str) -> list[RawFinding]:
    """One suppressed finding per directive: those that `own` matches, and `# type: ignore`.

    The latter only when `Options.type_ignore` of the batch says that it is listed here.
    """
    shared = f"|{_TYPE_IGNORE}" if batch.prepared.options.type_ignore else ""
    directive = re.compile(rf"#\s*(?P<directive>{own}{shared})")
    return [
        _finding(path, line, column, match)
        for path in files_with(batch, _MARKER)
        for line, column, comment in _comments(path, batch.read(path))
        for match in directive.finditer(comment)
    ]


def _comments(path: str, content: bytes) -> Iterator[tuple[int, int, str]]:
    """The comments of a file, each with its line and column."""
    text = content.decode("utf-8", "replace")
    pattern = _NOTEBOOK_COMMENT if path.endswith(".ipynb") else _TOKEN
    line, counted = 1, 0
    for token in pattern.finditer(text):
        if comment := token["comment"]:
            start = token.start()
            line += text.count("\n", counted, start)
            counted = start
            yield line, start - text.rfind("\n", 0, start), comment


def _finding(path: str, line: int, column: int, match: re.Match[str]) -> RawFinding:
    directive = match["directive"]
    return RawFinding(
        path=path,
        rule="ignored",
        message=f"`# {directive}` hides {_hidden(directive)}",
        severity="info",
        line=line,
        end_line=line,
        column=column + match.start(),
        suppression=Suppression(directive[:100], reason_in(match.string[match.end() :])),
    )


def _hidden(directive: str) -> str:
    """What a directive names: the codes in brackets, the codes it disables, or the one it is."""
    if directive[:4].lower() == "noqa":
        codes = directive.partition(":")[2]
    elif "[" in directive:
        codes = directive.partition("[")[2]
    elif "disable-error-code" in directive:
        codes = directive.partition("=")[2]
    else:
        codes = directive.partition("=")[0] if "report" in directive else ""
        codes = codes.partition(":")[2]
    return codes.strip(' ]"') or "every error"
