"""What a word on the command line speaks of."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.errors import UsageError
from gatekeeper.explain import rules
from gatekeeper.explain.own import OWN
from gatekeeper.explain.rules import Rule, RunTool
from gatekeeper.explain.words import FAMILIES
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import Judged
from gatekeeper.pipeline.last import LastReport
from gatekeeper.ports.toolbox import Toolbox
from gatekeeper.scanners.tools import BANDIT, RUFF
from gatekeeper.shipped import shipped
from gatekeeper.text.names import nearest
from gatekeeper.text.patterns import regex

_FINGERPRINT = regex(r"[0-9a-f]{4,32}")
_PLACE = regex(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::\d+)?")
_CODE = regex(r"\w[\w.-]*(?:/\w[\w.-]*)*")
_RUFF = regex(r"[A-Z]{1,6}\d{3,4}")
_BANDIT = regex(r"B[1-7]\d\d")
MOST_SHOWN = 20


class Knowledge(Struct, frozen=True):
    """All that can be asked. `gates` names each scanner's gate."""

    loaded: Loaded
    reports: tuple[LastReport, ...]
    gates: dict[str, GateId]
    toolbox: Toolbox
    run: RunTool
    root: str

    @property
    def findings(self) -> list[Judged]:
        """Findings of the remembered reports; a finding that is in two is named once."""
        seen: dict[tuple[str, str, int], Judged] = {}
        for report in self.reports:
            for it in report.findings:
                seen.setdefault((it.finding.fingerprint, it.finding.path, it.finding.line), it)
        return list(seen.values())

    @property
    def rule_places(self) -> tuple[str, ...]:
        """Where semgrep's rules are: ours, and those of the repository."""
        own = self.loaded.config.scanners.semgrep.rules
        return (shipped("rules"), *(os.path.join(self.root, path) for path in own))


def words(topic: str) -> list[tuple[str, str]]:
    """What kind of word it is, and what it means; once for each family that has it."""
    return [(kind, family[topic]) for kind, family in FAMILIES if topic in family]


def findings(topic: str, known: Knowledge) -> list[Judged]:
    """The remembered findings that a fingerprint, the start of one, or a place means."""
    if _FINGERPRINT.fullmatch(topic):
        hits = [it for it in known.findings if any(mark.startswith(topic) for mark in marks(it))]
        several = sorted({mark for it in hits for mark in marks(it) if mark.startswith(topic)})
        if len(several) > 1:
            raise UsageError(
                f"{topic} is the start of {len(several)} fingerprints",
                remedy=f"write more of it: {', '.join(several[:5])}",
            )
        return hits
    match = _PLACE.fullmatch(topic)
    if match is None:
        return []
    path, line = match["path"].removeprefix("./"), int(match["line"] or 0)
    return [
        it for it in known.findings
        if it.finding.path == path
        and (not line or it.finding.line <= line <= max(it.finding.end_line, it.finding.line))
    ]  # fmt: skip


def marks(judged: Judged) -> list[str]:
    """The fingerprints of a finding: its own, and those of what others found there."""
    return [it.fingerprint for it in (judged.finding, *judged.also)]


def rule(topic: str, known: Knowledge) -> Rule | None:
    """The rule that is meant: `scanner/rule`, `scanner:rule`, or the rule alone."""
    scanner, code = _split(topic, known)
    if not scanner or not _CODE.fullmatch(code):
        return None
    full = f"{scanner}/{code}"
    if full in OWN:
        return OWN[full]
    if scanner in _OWN_ONLY:
        return Rule(full, known=False)
    if tell := _TELLERS.get(scanner):
        return tell(code, known)
    return rules.linked(scanner, code)


def _of_another_tool(code: str, known: Knowledge) -> Rule:
    seen = any(it.finding.scanner == "sarif" and it.finding.rule == code for it in known.findings)
    return Rule(
        f"sarif/{code}",
        "a rule of another tool, whose report was given with --sarif-in",
        known=seen,
    )


_OWN_ONLY = frozenset({"commits", "size", "ruff-format", "workflow-schema"})
# Scanners whose rules are told by something on this machine; the others' texts are on the web.
_TELLERS: Mapping[str, Callable[[str, Knowledge], Rule]] = {
    "ruff": lambda code, known: rules.ruff(code, RUFF, known.run),
    "bandit": lambda code, known: rules.bandit(code, known.toolbox.status(BANDIT)),
    "semgrep": lambda code, known: rules.semgrep(code, known.rule_places),
    "kingfisher": lambda code, known: rules.kingfisher(code),
    "sarif": _of_another_tool,
}


def _split(topic: str, known: Knowledge) -> tuple[str, str]:
    """The scanner and the rule's own id; no scanner when none is named and none is likely."""
    for mark in ("/", ":"):
        scanner, found, code = topic.partition(mark)
        if found and scanner in known.gates:
            return scanner, code
    if "/" in topic:
        return "", topic
    names = [
        *((it.finding.scanner, it.finding.rule) for it in known.findings),
        *(name.split("/", 1) for name in OWN),
    ]
    for scanner, code in names:
        if code.lower() == topic.lower():
            return scanner, code
    return _likely(topic, known), topic.upper() if _RUFF.fullmatch(topic.upper()) else topic


def _likely(code: str, known: Knowledge) -> str:
    # bandit's numbers and flake8-bugbear's begin alike; bandit has B101 to B703, bugbear the rest.
    if _BANDIT.fullmatch(code.upper()):
        return "bandit"
    if _RUFF.fullmatch(code.upper()):
        return "ruff"
    if code in rules.semgrep_ids(known.rule_places):
        return "semgrep"
    return "kingfisher" if code in rules.kingfisher_ids() else ""


def unknown(topic: str, known: Knowledge) -> UsageError:
    """Nothing is known by that name: which one is near?"""
    names: list[str] = [word for _, family in FAMILIES for word in family]
    names += known.gates
    names += OWN
    names += [f"{it.finding.scanner}/{it.finding.rule}" for it in known.findings]
    names += _rules_of(topic, known)
    near = nearest(topic, dict.fromkeys(names))
    hint = f"did you mean {near!r}? " if near else ""
    last = "" if known.reports else " (no check of this repository is remembered)"
    return UsageError(
        f"nothing is known about {topic!r}{last}",
        remedy=f"{hint}Rules are written as reports name them (ruff/F401); fingerprints are in"
        " the JSON and SARIF reports",
    )


def _rules_of(topic: str, known: Knowledge) -> Sequence[str]:
    """Full names of rules that a misspelt one may mean."""
    scanner = topic.replace(":", "/").partition("/")[0]
    if scanner == "bandit":
        return [f"bandit/{it}" for it in rules.bandit_ids(known.toolbox.status(BANDIT))]
    if scanner == "kingfisher":
        return [f"kingfisher/{it}" for it in rules.kingfisher_ids()]
    if scanner == "ruff":
        return [f"ruff/{it}" for it in rules.ruff_ids(RUFF, known.run)]
    ids = rules.semgrep_ids(known.rule_places)
    return [f"semgrep/{it}" for it in ids] if scanner == "semgrep" else ids
