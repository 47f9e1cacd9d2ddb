"""What a file has to hold for a rule to match anything in it: words, and regular expressions.

The engine asks only whether parts of words occur somewhere, which `req` in `required` answers with
yes. A need is a word, `{"all": [...]}`, `{"any": [...]}`, `{"regex": "..."}`, or None: no need.
Names resolve through imports, so each word of `a.b` has to be somewhere, and not next to the other.
"""

from __future__ import annotations

import itertools
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Need = str | dict[str, Any] | None

_STRING = re.compile(r'"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_METAVARIABLE = re.compile(r"\$\.\.\.[A-Z_0-9]+|\$[A-Z_0-9]+")
_WORD = re.compile(r"[A-Za-z_]\w*")
# Soft keywords, and what stands for anything.
_COMMON = {*keyword.kwlist, "match", "case", "_"}
# One of several words, perhaps in quotes or behind the names of modules, and nothing but that.
_CHOICE = re.compile(r"\^(?:\\W\?|\([^()|]*\)\?)?(?P<words>[\w|()?:]+?)(?:\\W\?)?\$")
# A text that a regular expression tells: its start, or all of it.
_TOLD = re.compile(r"=~/\^?(?P<text>[\w-]+)\$?/(?P<case>i?)")


def need_of(rule: Mapping[str, Any]) -> Need:
    """What the file has to hold. `metadata.needs` adds a regular expression to what patterns tell."""
    stated = rule.get("metadata", {}).get("needs")
    found: list[Need] = [{"regex": stated}] if stated else []
    if rule.get("mode") == "taint":
        found.append(_any(_formula(it) for it in rule["pattern-sources"]))
        found.append(_any(_formula(it) for it in rule["pattern-sinks"]))
    else:
        found.append(_formula(rule))
    return _all(found)


def _formula(formula: Mapping[str, Any]) -> Need:
    found: list[Need] = []
    for key, value in formula.items():
        if key in ("pattern", "pattern-inside"):
            found.append(_inside(value))
        elif key == "pattern-either":
            found.append(_any(_formula(it) for it in value))
        elif key == "patterns":
            found.append(_all(_formula(it) for it in value))
        elif key == "metavariable-regex":
            found.append(_choice(value))
    return _all(found)


def _inside(pattern: str | Mapping[str, Any]) -> Need:
    if not isinstance(pattern, str):
        return _formula(pattern)
    texts = [it.group().strip("\"'") for it in _STRING.finditer(pattern)]
    told = [match for it in texts if (match := _TOLD.fullmatch(it))]
    expressions = [{"regex": f"(?i){it['text']}" if it["case"] else it["text"]} for it in told]
    return _all([*_words(pattern, texts), *expressions])


def _words(pattern: str, texts: Sequence[str]) -> list[str]:
    plain = [it for it in texts if re.fullmatch(r"[\w-]+", it)]
    code = _METAVARIABLE.sub(" ", _STRING.sub(" ", pattern))
    words = [word for text in (code, *plain) for word in _WORD.findall(text)]
    return [word for word in words if word not in _COMMON]


def _choice(condition: Mapping[str, Any]) -> Need:
    # What is propagated may be put together from parts that are no word of the file.
    match = _CHOICE.fullmatch(condition["regex"])
    if match is None or condition.get("constant-propagation"):
        return None
    words = _expanded(match["words"])
    return None if words is None else _any(words)


def _expanded(regex: str) -> list[str] | None:
    """All words that a regular expression of words, groups and choices stands for; None: too hard."""
    text = regex.replace("(?:", "(")
    parts = None if "?" in text else _parts(text)
    if parts is None:
        return None
    words = ["".join(it) for it in itertools.product(*parts)]
    # What is no name need not be in the file as such: 1 is 0x1 as well, and True can be computed.
    return words if all(it.isidentifier() and not keyword.iskeyword(it) for it in words) else None


def _parts(text: str) -> list[list[str]] | None:
    """Pieces that follow each other, each with its choices. A choice outside of groups is one piece."""
    options = _split(text, "|")
    if len(options) > 1:
        found = _known(_expanded(option) for option in options)
        return None if found is None else [[word for words in found for word in words]]
    pieces = re.findall(r"\((?:[^()]|\([^()]*\))*\)|\w+", text)
    if "".join(pieces) != text:
        return None
    return _known(_expanded(it[1:-1]) if it.startswith("(") else [it] for it in pieces)


def _known(found: Iterable[list[str] | None]) -> list[list[str]] | None:
    kept: list[list[str]] = []
    for words in found:
        if words is None:
            return None
        kept.append(words)
    return kept


def _split(text: str, mark: str) -> list[str]:
    found, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == mark and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


def _all(needs: Iterable[Need]) -> Need:
    return _joined("all", [it for it in needs if it is not None])


def _any(needs: Iterable[Need]) -> Need:
    kept = list(needs)
    return None if None in kept else _joined("any", kept)


def _joined(kind: str, needs: Sequence[Need]) -> Need:
    found: list[Any] = []
    for need in needs:
        parts = need[kind] if isinstance(need, dict) and kind in need else [need]
        found += [part for part in parts if part not in found]
    if len(found) > 1:
        return {kind: found}
    return found[0] if found else None
