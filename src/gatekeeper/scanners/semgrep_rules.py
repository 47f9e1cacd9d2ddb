"""The rules that semgrep runs: ours, those of the repository, and which of them are left out."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.semgrep_needs import Needs
from gatekeeper.scanners.semgrep_parts import Parts
from gatekeeper.shipped import shipped
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import nearest, printable
from gatekeeper.text.patterns import regex

RULES = shipped("rules")
# Without it, files that the `paths` of rules leave out would not be told from files not looked at.
LOOK = shipped("scanners", "semgrep_look.yml")
_NEEDS = shipped("rules", "needs.json")
_PARTS = shipped("rules", "parts.json")
_FIX = regex(r"^    fix:", re.MULTILINE)
_PATHS = regex(r"\bpaths[\"']?\s*:")
_ID = regex(r"^\s*(?:-\s*)?id:\s*[\"']?([\w.-]+)", re.MULTILINE)


def builtin_files() -> dict[str, str]:
    """The full paths of our own rule files, by the rule's id. A rule and its file have one name."""
    return {
        name.removesuffix(".yml"): os.path.join(folder, name)
        for folder, _, names in sorted(os.walk(RULES))
        for name in sorted(names)
        if name.endswith(".yml")
    }


@cache
def builtin_parts() -> tuple[Needs, Parts]:
    """What files have to hold for each of our own rules to match in them, and the rules."""
    needs = Needs.load(_NEEDS)
    return needs, Parts.load(_PARTS, needs)


def fixable() -> list[str]:
    """The rule files of ours whose rule says what to write instead. All such fixes are safe."""
    found = []
    for path in builtin_files().values():
        with open(path, encoding="utf-8") as file:
            if _FIX.search(file.read()):
                found.append(path)
    return found


def builtin_digest() -> str:
    """Identity of the rules that ship with gatekeeper, and of what decides where they are tried."""
    texts: list[str] = []
    for path in (*builtin_files().values(), _NEEDS, _PARTS):
        with open(path, encoding="utf-8") as file:
            texts.append(file.read())
    return digest(*texts)


def ids_in(text: str) -> list[str]:
    """What may be ids of rules in the text of a rule file."""
    return _ID.findall(text)


def limited(texts: Iterable[bytes], excluded: Collection[str]) -> bool:
    """Whether these rule files have a rule that is not left out, and say in which paths to look."""
    decoded = [text.decode("utf-8", "replace") for text in texts]
    used = any(rule not in excluded for text in decoded for rule in ids_in(text))
    return used and any(_PATHS.search(text) for text in decoded)


def check_excluded(excluded: Sequence[str], own: Iterable[bytes]) -> None:
    """Raise ToolError when a rule is to be left out that is neither ours nor in these files."""
    if not excluded:
        return
    known = [
        *builtin_files(),
        *(it for text in own for it in ids_in(text.decode("utf-8", "replace"))),
    ]
    for rule in excluded:
        if rule not in known:
            near = nearest(rule, known)
            raise ToolError(
                "tool-misconfigured",
                f"scanners.semgrep.exclude_rules names {printable(rule)!r}, and there is no such rule",
                (f"did you mean {near!r}? " if near else "")
                + "ids are written as reports show them, without `semgrep/`",
            )
