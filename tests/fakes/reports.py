"""Reports as the pipeline makes them, with only what a test cares about spelled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatekeeper.model.finding import Finding
from gatekeeper.model.outcome import Ran
from gatekeeper.model.verdict import Comparison, GateVerdict, Judged, Report, ScannerOutcome
from gatekeeper.pipeline.gate import overall
from gatekeeper.reports.interface import Sources
from tests.fakes.scanning import FakeSnapshot

COMPARISON = Comparison(
    head="the working tree",
    base="main",
    why="the merge base with main",
    changed_files=2,
    tree_digest="1" * 32,
    base_digest="2" * 32,
)
# Everything a hostile repository or tool may put into a name or a message.
HOSTILE = "a\x1b[31m\r\nb\u202e\x9b2J\udcff%\x00<&>"


def finding(**more: Any) -> Finding:
    """An unused import, unless said otherwise."""
    given: dict[str, Any] = {
        "scanner": "ruff",
        "rule": "F401",
        "severity": "medium",
        "confidence": "high",
        "path": "app/main.py",
        "line": 1,
        "end_line": 1,
        "column": 8,
        "message": "`os` imported but unused",
        "fingerprint": "f" * 32,
    }
    return Finding(**{**given, **more})


def judged(**more: Any) -> Judged:
    """A new finding that blocks the gate `lint`; what `Judged` does not know goes to `finding`."""
    given: dict[str, Any] = {"state": "new", "gate": "lint", "fresh": True, "blocks": True}
    own = {name: more.pop(name) for name in Judged.__struct_fields__ if name in more}
    return Judged(**{"finding": finding(**more), **given, **own})


def report(
    findings: Sequence[Judged] = (), gates: Sequence[GateVerdict] | None = None, **more: Any
) -> Report:
    """A report whose gate verdicts follow from its findings."""
    if gates is None:
        names = dict.fromkeys(item.gate for item in findings) or {"lint": None}
        gates = [
            GateVerdict(name, "block", "findings", "problems", blocking)
            if (
                blocking := tuple(
                    index
                    for index, item in enumerate(findings)
                    if item.gate == name and item.blocks
                )
            )
            else GateVerdict(name, "pass", "clean", "no problems")
            for name in names
        ]
    scanners = {item.finding.scanner: item.gate for item in findings} or {"ruff": "lint"}
    given: dict[str, Any] = {
        "verdict": overall(gates),
        "outcomes": tuple(
            ScannerOutcome(
                scanner,
                gate,
                Ran(
                    findings=tuple(
                        item.finding for item in findings if item.finding.scanner == scanner
                    ),
                    scanned_files=3,
                    seconds=0.25,
                    tool_version="1.2.3",
                ),
            )
            for scanner, gate in scanners.items()
        ),
        "unchecked": (),
        "waivers": (),
        "waivers_used": (),
        "comparison": COMPARISON,
        "stage": "ci",
        "policy_digest": "3" * 32,
        "tools_digest": "4" * 32,
        "notes": (),
        "seconds": 1.5,
    }
    return Report(**{"findings": tuple(findings), "gates": tuple(gates), **given, **more})


def sources(files: Mapping[str, str] | None = None) -> Sources:
    """The text that was checked."""
    encoded = {path: text.encode("utf-8", "replace") for path, text in (files or {}).items()}
    return Sources(FakeSnapshot(encoded))
