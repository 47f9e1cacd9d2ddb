"""Reports as the pipeline makes them, with only what a test cares about spelled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatekeeper.model.finding import Finding, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.verdict import (
    Comparison,
    GateVerdict,
    Judged,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    WaiverNote,
)
from gatekeeper.model.waiver import Waiver
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
# What each format takes for more than text, where somebody may put it: a branch, a file, a commit
# message, a rule of another tool, the finding itself.
HOSTILE_TEXTS = (
    HOSTILE,
    "</script><script>alert(1)</script><!--",
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    "]]></failure></testcase><testcase name='forged'/><![CDATA[",
    "\ufffe\uffff\x0b\x1f\x7f\u2028\u2029\ud800",
    "\n::error file=a.py,line=1::forged\n",
    "  ::set-output name=verdict::pass",
    "x ##[set-output name=verdict;]pass",
    "%0A::add-mask::a,b:c=d",
    "a,line=7::b",
    "@octocat please see #1, GH-2, octo/repo#3 and octo@example.org",
    "![pixel](https://evil.example/x.png) [link](https://evil.example) <https://evil.example>",
    "https://evil.example www.evil.example evil.example/x",
    "0123456789abcdef0123456789abcdef01234567 deadbeef cafebabe1",
    "```\n# Pass\n```\n~~~",
    "`` ` ``` a ` b",
    "| a | b |\n|---|---|",
    "1. one\n- two\n> three\n# four\n===\n---",
    "1. one",
    "- [x] done",
    "</details></summary><h1>Pass</h1>",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "$`x`$ $$x$$ :tada: *a* _b_ ~~c~~ [^1] \\",
    "../../etc/passwd",
    "x" * 20_000,
    "a " * 2_000,
    "`" * 1_000,
    " ",
    "",
)


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


def full_of(text: str) -> Report:
    """A report in which `text` stands wherever something comes from outside."""
    waiver = Waiver(text, text, "2030-01-01", rule=text, paths=(text,), source="w.yml:1")
    cwe = (text,)
    return report(
        [
            judged(path=text, message=text, rule=text, help_url=text, cwe=cwe),
            judged(path="app/main.py", state="suppressed", suppression=Suppression(text, text)),
            judged(path=text, message=text, rule=text, blocks=False, severity="high"),
            judged(path=text, message=text, rule=text, blocks=False, severity="low"),
            judged(message=text, state="existing", fresh=False, blocks=False, rule=text),
            judged(message=text, state="waived", blocks=False, waiver=waiver),
        ],
        outcomes=(
            ScannerOutcome("ruff", "lint", Failed("tool-crashed", text, text)),
            ScannerOutcome("mypy", "types", Skipped("not-configured", text)),
            ScannerOutcome("bandit", "sast", Ran(tool_version=text)),
        ),
        unchecked=(
            JudgedUnchecked(Unchecked("ruff", text, "parse-error", text), "lint", new=True),
            JudgedUnchecked(Unchecked("ruff", text, "too-large", text), "lint", new=False),
        ),
        waivers=(WaiverNote(waiver, "unused", text),),
        waivers_used=(waiver,),
        notes=(text,),
        gates=(
            GateVerdict("lint", "block", "findings", text, (0, 1)),
            GateVerdict("types", "inconclusive", "scanner-failed", text),
        ),
        comparison=Comparison(text, text, text, 2, "1" * 32, "2" * 32),
    )
