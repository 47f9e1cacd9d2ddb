"""The marks that a file has to have for a pattern to match in it.

src/gatekeeper/scanners/python_marks.py says what marks there are, and finds them in files.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

_STRING = re.compile(
    r"""(?:\b[bfruBFRU]{1,2})?(?P<text>\"{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
)
# The value that flows into a sink: no literal.
_SINK = "$SINK"
_METAVARIABLE = re.compile(r"\$\.\.\.[A-Z_0-9]+|\$(?!SINK\b)[A-Z_0-9]+")
_NAME = re.compile(r"(?<![$\w])[A-Za-z_]\w*")
_LEFT = re.compile(r"(?<![$\w])([A-Za-z_]\w*)\.$")
# Soft keywords, and what stands for anything.
COMMON = {*keyword.kwlist, "match", "case", "_"}


def texts(pattern: str) -> list[str]:
    """What stands in quotes."""
    return [it["text"].strip("\"'") for it in _STRING.finditer(pattern)]


def marks(pattern: str) -> Iterator[str]:
    """Each name of the pattern's code, with what is around it."""
    code = _METAVARIABLE.sub("$", _STRING.sub('""', pattern))
    for line in code.splitlines():
        defines = line.lstrip().startswith(("def ", "async def "))
        if "**$" in line and not defines:
            yield "**"
        if re.search(r"[$\w)\]]\[(\$?:|[^\[\],]*:\$?\])", line):
            yield "[:"
        for found in _NAME.finditer(line):
            if found.group() not in COMMON:
                before = _before(line[: found.start()])
                first = defines and line[: found.start()].endswith("(")
                after = _after(line[found.end() :], defines=defines)
                if after == "." and before:
                    yield before + found.group()
                    before = ""
                if after == "=" and line[: found.start()].rstrip().endswith(":"):
                    # What is assigned to, or has the default, stands in front of its type.
                    after = ""
                if after == "," and first:
                    before = "("
                yield before + found.group() + ("" if before.endswith(" ") else after)


def _before(text: str) -> str:
    for word in ("def ", "class "):
        if text.endswith(word):
            return word
    if not text.endswith(".") or text.endswith("..."):
        return ""
    left = _LEFT.search(text)
    return f"{left[1]}." if left and left[1] not in COMMON else "."


def _after(text: str, *, defines: bool) -> str:
    if defines and re.match(r",\s*\.\.\.,\s*\$", text):
        return ","
    for mark, regex in (
        ("(", rf"\([^()]*{re.escape(_SINK)}\b"),
        ("()", r"\("),
        ("[", r"\["),
        ("=", r"(:\s*[$\w.]+)?\s*[+-]?=(?!=)"),
        (".", r"\.\$"),
    ):
        if re.match(regex, text):
            return mark
    return ""
