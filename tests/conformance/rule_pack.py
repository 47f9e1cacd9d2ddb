"""What belongs to a rule of our own, as checks that name exactly what is missing."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gatekeeper.version import REPOSITORY

ROOT = Path(__file__).parents[2]
CLASSES: Mapping[str, str] = runpy.run_path(str(ROOT / "docs/generators/rules.py"))["CLASSES"]
PAGES = f"https://github.com/{REPOSITORY}/blob/main/docs/rules"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CWE = re.compile(r"CWE-\d+: \S.*")
_SEVERITIES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_CONFIDENCES = ("LOW", "MEDIUM", "HIGH")
_KEYS = {"category", "class", "title", "cwe", "confidence", "fix", "references", "help_url"}
_ANNOTATION = re.compile(r"^\s*#\s*(todoruleid|ruleid|todook|ok):\s*(.+?)\s*$")
_FEWEST = 3


@dataclass(frozen=True)
class Examples:
    """What the annotations of an example file say: line numbers from 1, by kind.

    `todoruleid` and `todook` are known limits: a match that is missed, one that is false.
    """

    ruleid: frozenset[int] = frozenset()
    ok: frozenset[int] = frozenset()
    todoruleid: frozenset[int] = frozenset()
    todook: frozenset[int] = frozenset()

    @property
    def found(self) -> frozenset[int]:
        """The lines on which the rule matches today."""
        return self.ruleid | self.todook


def examples_in(text: str, rule: str) -> Examples:
    """The annotations for a rule. One speaks of the next line that is no annotation itself."""
    kinds: dict[str, set[int]] = {}
    waiting: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _ANNOTATION.match(line):
            if rule in re.split(r"[,\s]+", match[2]):
                waiting.append(match[1])
            continue
        for kind in waiting:
            kinds.setdefault(kind, set()).add(number)
        waiting = []
    return Examples(**{kind: frozenset(lines) for kind, lines in kinds.items()})


@dataclass
class Pack:
    """The rules of our own and what belongs to them; a test may point it elsewhere."""

    root: Path = ROOT
    examples: Path = field(init=False)

    def __post_init__(self) -> None:
        self.examples = self.root / "tests/data/semgrep/rules"

    @property
    def files(self) -> dict[str, Path]:
        """Rule files by name."""
        return {it.stem: it for it in sorted((self.root / "src/gatekeeper/rules").rglob("*.yml"))}

    def example(self, name: str) -> Path:
        return self.examples / f"{name}.py"

    def fixed(self, name: str) -> Path:
        return self.examples / f"{name}.fixed.py"


def about_rule(pack: Pack, name: str) -> list[str]:
    """What is missing or wrong for the rule of one file, without running it."""
    document = yaml.safe_load(pack.files[name].read_text(encoding="utf-8"))
    rules = document.get("rules") if isinstance(document, dict) else None
    if not isinstance(rules, list) or len(rules) != 1:
        return ["the file does not hold exactly one rule"]
    rule: dict[str, Any] = rules[0]
    return [*_head(rule, name), *_metadata(rule, name), *_files(pack, rule, name)]


def about_pack(pack: Pack) -> list[str]:
    """What belongs to no rule."""
    names = set(pack.files)
    found = [
        f"tests/data/semgrep/rules/{it.name} is an example of no rule"
        for it in pack.examples.glob("*")
        if it.is_file() and it.name.removesuffix(".py").removesuffix(".fixed") not in names
    ]
    found += [
        f"docs/rules/{it.name} is about no rule"
        for it in (pack.root / "docs/rules").glob("*.md")
        if it.stem not in {*names, "README"}
    ]
    return sorted(found)


def _head(rule: Mapping[str, Any], name: str) -> Iterator[str]:
    if rule.get("id") != name:
        yield f"the rule is called {rule.get('id')!r}, not {name!r} like its file"
    if not _ID.fullmatch(name):
        yield f"{name} is not lower case with hyphens"
    if rule.get("languages") != ["python"]:
        yield "languages is not [python]"
    if rule.get("severity") not in _SEVERITIES:
        yield f"severity is {rule.get('severity')!r}, not one of {', '.join(_SEVERITIES)}"
    message = " ".join(str(rule.get("message", "")).split())
    if len(re.findall(r"[.!?](?:\s|$)", message)) < 2:
        yield "message does not say, in sentences, what can happen and how to fix it"
    if len(message) > 450:
        yield f"message has {len(message)} characters: more than 450 are not read"


def _metadata(rule: Mapping[str, Any], name: str) -> Iterator[str]:
    metadata = rule.get("metadata") or {}
    for key in sorted(_KEYS - set(metadata)):
        yield f"metadata.{key} is missing"
    wanted: dict[str, bool] = {
        "category": metadata.get("category") == "security",
        "class": metadata.get("class") in CLASSES,
        "title": bool(str(metadata.get("title", "")).strip()),
        "cwe": bool(_CWE.fullmatch(str(metadata.get("cwe", "")))),
        "confidence": metadata.get("confidence") in _CONFIDENCES,
        "help_url": metadata.get("help_url") == f"{PAGES}/{name}.md",
        "fix": _texts(metadata.get("fix")),
        "references": _links(metadata.get("references")),
    }
    for key, right in wanted.items():
        if key in metadata and not right:
            yield f"metadata.{key} cannot be {metadata[key]!r}"


def _texts(fix: object) -> bool:
    return bool(fix) and isinstance(fix, dict) and all(isinstance(it, str) for it in fix.values())


def _links(references: object) -> bool:
    return (
        isinstance(references, list)
        and bool(references)
        and all(isinstance(it, str) and it.startswith("https://") for it in references)
    )


def _files(pack: Pack, rule: Mapping[str, Any], name: str) -> Iterator[str]:
    page = pack.root / "docs/rules" / f"{name}.md"
    if not page.is_file():
        yield f"docs/rules/{name}.md is missing: python docs/generate.py"
    shown = f"tests/data/semgrep/rules/{name}.py"
    if not pack.example(name).is_file():
        yield f"{shown} is missing"
        return
    text = pack.example(name).read_text(encoding="utf-8")
    examples = examples_in(text, name)
    for kind, lines in (("ruleid", examples.ruleid), ("ok", examples.ok)):
        if len(lines) < _FEWEST:
            yield f"{shown} has {len(lines)} lines after `# {kind}: {name}`, not {_FEWEST} or more"
    if page.is_file() and re.search(r"```python\n\s*```", page.read_text(encoding="utf-8")):
        yield f"{shown} has no definition with nothing but matches, or none without any, for the page"
    if "fix-regex" in rule:
        yield "fix-regex cannot be tested here: use fix"
    fixed = f"tests/data/semgrep/rules/{name}.fixed.py"
    if "fix" in rule and not pack.fixed(name).is_file():
        yield f"{fixed} is missing: what the autofix makes of the examples"
    if "fix" not in rule and pack.fixed(name).is_file():
        yield f"{fixed} is there and the rule has no fix"
