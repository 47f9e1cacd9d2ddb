"""What a file has to hold for a rule to match anything in it.

The engine asks only whether parts of words occur somewhere, which `req` in `required` answers with
yes. A need is one of these, or None: no need.

| need | the file has |
| ---- | ------------ |
| `"a.b("` | a mark of its code; pattern_marks.py |
| `"\"text"` | the word, anywhere |
| `"~text"` | the text, in upper or lower case, anywhere |
| `{"regex": "..."}` | a match |
| `{"word": "..."}` | a word with a match |
| `{"all": [...]}`, `{"any": [...]}` | all, or any, of other needs |
"""

from __future__ import annotations

import itertools
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rulepack.pattern_marks import COMMON, marks, texts

Need = str | dict[str, Any] | None

_WORD = re.compile(r"[A-Za-z_]\w*")
# One of several words, perhaps in quotes or behind the names of modules, and nothing but that.
_CHOICE = re.compile(
    r"\^(?:\\W\?|(?P<module>\([^()|]*\\\.\)\?))?(?P<words>[\w|()?:]+?)(?:\\W\?)?\$"
)
# A text that a regular expression tells.
_TOLD = re.compile(r"=~/(?P<regex>.*)/(?P<case>i?)")
# What it says about the start and the end of the text, which are places like any other in the file.
_ENDS = re.compile(r"(?P<start>(?:\^|\(\?[is]\))*)(?P<inside>.*?)(?:\.\*)?(?P<close>\)*)\$?")
# Other places, which the text and the file may not have in common, escapes, which they may not write
# alike, and whatever could take long.
_HARD = re.compile(r"[\^$*+{]|\\[bBAZ\\]|\(\?(?!:)")
# What has no two letters in a row is in almost any file.
_LOOSE = re.compile(r"\[[^]]*\]|\\.")
_TELLING = re.compile(r"[\w-]{2}")
_PLACE = "A_NAME_OF_THE_CHOICE"


def need_of(rule: Mapping[str, Any]) -> Need:
    """What the file has to hold. `metadata.needs` adds to what patterns tell: needs, all of them."""
    found: list[Need] = [*rule.get("metadata", {}).get("needs", ())]
    if rule.get("mode") == "taint":
        found.append(_any(need_of_formula(it) for it in rule["pattern-sources"]))
        found.append(_any(need_of_formula(it) for it in rule["pattern-sinks"]))
    else:
        found.append(need_of_formula(rule))
    return _all(found)


def need_of_formula(formula: Mapping[str, Any], around: Sequence[str] = ()) -> Need:
    """What a part of a rule needs. `around` are patterns that may tell what metavariables are."""
    found: list[Need] = []
    for key, value in formula.items():
        if key in ("pattern", "pattern-inside"):
            found.append(_inside(value))
        elif key == "pattern-either":
            found.append(_any(need_of_formula(it, around) for it in value))
        elif key == "patterns":
            inside = [*around, *_patterns(value)]
            found.append(_all(need_of_formula(it, inside) for it in value))
        elif key == "metavariable-regex":
            found.append(_choice(value, around))
    return _all(found)


def _patterns(formula: Any) -> Iterator[str]:
    if isinstance(formula, str):
        yield formula
    elif isinstance(formula, list):
        for it in formula:
            yield from _patterns(it)
    else:
        for key in ("pattern", "pattern-inside", "pattern-either", "patterns"):
            yield from _patterns(formula.get(key, []))


def _inside(pattern: str | Mapping[str, Any]) -> Need:
    if not isinstance(pattern, str):
        return need_of_formula(pattern)
    found: list[Need] = [*dict.fromkeys(marks(pattern))]
    for text in texts(pattern):
        if told := _TOLD.fullmatch(text):
            found.append(_contained(told["regex"], told["case"]))
        elif re.fullmatch(r"[\w-]+", text):
            found += [f'"{it}' for it in _WORD.findall(text) if it not in COMMON]
    return _all(found)


def _choice(condition: Mapping[str, Any], around: Sequence[str]) -> Need:
    # What is propagated may be put together from parts that are no word of the file.
    if condition.get("constant-propagation"):
        return None
    variable = re.compile(re.escape(condition["metavariable"]) + r"\b")
    places = [variable.sub(_PLACE, it) for it in around if variable.search(it)]
    match = _CHOICE.fullmatch(condition["regex"])
    words = _expanded(match["words"]) if match else None
    if words is None:
        quoted = places and all(f'"{_PLACE}"' in it for it in places)
        return _contained(condition["regex"]) if quoted else None
    told = [mark for it in places for mark in marks(it) if _PLACE in mark]
    told += [f'"{_PLACE}' for it in places for text in texts(it) if _PLACE in text]
    if match and match["module"]:
        told += [f".{mark}" for mark in told if mark.startswith(_PLACE)]
    # What stands alone may be a text.
    told = [f'"{it}' if it == _PLACE else it for it in told or [_PLACE]]
    return _any(mark.replace(_PLACE, it) for mark in dict.fromkeys(told) for it in words)


def _contained(regex: str, flags: str = "") -> Need:
    """That the file has a match anywhere, where a text has to match."""
    told = _ENDS.fullmatch(regex)
    inside = told["inside"] + told["close"] if told else ""
    if told is None or _HARD.search(inside) or not _TELLING.search(_LOOSE.sub(" ", inside)):
        return None
    flags = "".join(sorted({*flags, *re.findall("[is]", told["start"])}))
    if "i" in flags and re.fullmatch(r"[a-z0-9-]+", inside):
        return f"~{inside}"
    return {"regex": (f"(?{flags})" if flags else "") + inside}


def _expanded(regex: str) -> list[str] | None:
    """All words that a regular expression of words, groups and choices stands for; None: too hard."""
    parts = _parts(regex.replace("(?:", "("))
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
    pieces = re.findall(r"\((?:[^()]|\([^()]*\))*\)\??|\w+", text)
    if "".join(pieces) != text:
        return None
    return _known(_group(it) if it.startswith("(") else [it] for it in pieces)


def _group(text: str) -> list[str] | None:
    words = _expanded(text.removesuffix("?")[1:-1])
    return ["", *words] if words and text.endswith("?") else words


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
