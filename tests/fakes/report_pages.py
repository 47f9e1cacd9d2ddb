"""Reports as large as asked for, with code beside them, to look at and to measure."""

from __future__ import annotations

import random
from typing import Any

from gatekeeper.model.finding import Measurement, Severity, State, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import (
    GateVerdict,
    Judged,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    WaiverNote,
)
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.interface import Sources
from tests.fakes.reports import judged, report, sources

_LINES = 400
_FOLDERS = ("shop/orders", "shop/payments", "shop/payments/providers", "shop/web", "tools", "tests")
_NAMES = ("models", "views", "client", "tasks", "forms", "signals", "admin", "urls")
_RULES: tuple[tuple[GateId, str, str, Severity, str], ...] = (
    ("lint", "ruff", "F401", "medium", "`os.path` imported but unused"),
    ("lint", "ruff", "RUF012", "low", "Mutable class attributes should be annotated with `typing.ClassVar`"),
    ("lint", "ruff", "B904", "medium", "Within an `except` clause, raise exceptions with `raise ... from err` or `raise ... from None` to distinguish them from errors in exception handling"),
    ("format", "ruff-format", "unformatted", "low", "the file is not formatted: run `ruff format`"),
    ("types", "mypy", "arg-type", "medium", "Argument 1 to \"charge\" has incompatible type \"str | None\"; expected \"str\"\nThe value comes from `settings.get(\"currency\")`, which may be missing."),
    ("sast", "bandit", "B602", "high", "subprocess call with shell=True identified, security issue."),
    ("sast", "semgrep", "python-sql-built-from-text", "critical", "SQL is built from text that a request controls"),
    ("workflows", "zizmor", "template-injection", "high", "code injection via template expansion"),
)  # fmt: skip
_CODE = (
    "def charge(order, amount, currency=None):",
    '    """Charge the customer\'s card and keep the receipt."""',
    "    client = Client(settings.PAYMENT_URL, timeout=30)",
    "    rows = connection.execute(\"SELECT * FROM orders WHERE id = '%s'\" % order.id)",
    "    try:",
    "        receipt = client.post('/charges', json={'amount': amount, 'currency': currency})",
    "    except Timeout:",
    "        raise PaymentError('the provider did not answer')",
    "    subprocess.run(f'gpg --encrypt {receipt.path}', shell=True)",
    "",
    "    return receipt",
    "",
)
WAIVER = Waiver(
    "@payments", "the provider's client needs it until its next version", "2026-03-31",
    rule="bandit/B602", paths=("shop/payments/**",), source=".gatekeeper/waivers.yml:4",
)  # fmt: skip
_GONE = Waiver(
    "@web", "to be rewritten", "2025-12-31", fingerprint="0123456789abcdef0123456789abcdef",
    source=".gatekeeper/waivers.yml:11",
)  # fmt: skip


def page_of(count: int, **more: Any) -> tuple[Report, Sources]:
    """A report of so many findings in all states, and the files that they are in."""
    chance = random.Random(count)
    findings = [_finding(chance, nth, count) for nth in range(count)]
    files = {it.finding.path for it in findings}
    text = "\n".join(_CODE[line % len(_CODE)] for line in range(_LINES)) + "\n"
    told = report(findings, gates=_gates(findings, failed=count > 0), **{**_around(count), **more})
    return told, sources(dict.fromkeys(files, text))


def _finding(chance: random.Random, nth: int, count: int) -> Judged:
    few = nth < max(8, count // 400)
    drawn = chance.choices(_RULES, weights=(20, 30, 8, 10, 12, 6, 1, 2))[0]
    # Among few there is one of each, so that there is something to see.
    gate, scanner, rule, severity, message = _RULES[nth % len(_RULES)] if few else drawn
    path = f"{chance.choice(_FOLDERS)}/{chance.choice(_NAMES)}.py"
    if count > 1_000:
        path = path.replace(".py", f"_{chance.randrange(60)}.py")
    line = chance.randrange(1, _LINES - 6)
    state: State = "new" if few else chance.choices(
        ("existing", "waived", "suppressed"), weights=(90, 4, 6)
    )[0]  # fmt: skip
    return judged(
        gate=gate,
        scanner=scanner,
        rule=rule,
        severity=severity,
        message=message,
        path=path,
        line=line,
        end_line=line + chance.choice((0, 0, 0, 2, 9)),
        column=5,
        fingerprint=f"{chance.getrandbits(128):032x}",
        state=state,
        fresh=few,
        blocks=few and severity != "low",
        cwe=("CWE-78",) if gate == "sast" else (),
        help_url=f"https://docs.example.org/{rule}",
        suppression=Suppression(f"noqa: {rule}", "") if state == "suppressed" else None,
        waiver=WAIVER if state == "waived" else None,
    )


def _gates(findings: list[Judged], *, failed: bool) -> list[GateVerdict]:
    names: tuple[GateId, ...] = (
        "lint", "format", "types", "sast", "secrets", "workflows", "commits", "size", "external",
    )  # fmt: skip
    gates = []
    for name in names:
        blocking = tuple(at for at, it in enumerate(findings) if it.gate == name and it.blocks)
        if blocking:
            said = f"{len(blocking):,} new problem{'s' * (len(blocking) > 1)}"
            gates.append(GateVerdict(name, "block", "findings", said, blocking))
        elif name == "secrets" and failed:
            said = "kingfisher: it took longer than 300 s"
            gates.append(GateVerdict(name, "inconclusive", "scanner-failed", said))
        elif name in ("workflows", "external"):
            said = "no files that this gate looks at"
            gates.append(GateVerdict(name, "pass", "nothing-to-check", said))
        else:
            gates.append(GateVerdict(name, "pass", "clean", "no problems"))
    return gates


def _around(count: int) -> dict[str, Any]:
    numbers = (
        Measurement("size", "size.changed_lines", 214, "lines"),
        Measurement("size", "size.changed_files", 9, "files"),
        Measurement("coverage", "coverage.total", 86.4, "percent"),
        Measurement("coverage", "coverage.base", 87.1, "percent"),
        Measurement("coverage", "coverage.diff", 71.5, "percent"),
        Measurement("coverage", "coverage.changed_statements", 42, "statements"),
    )
    outcomes: tuple[ScannerOutcome, ...] = (
        ScannerOutcome("ruff", "lint", Ran(seconds=0.4, scanned_files=9, cached_files=471, tool_version="0.14.5")),
        ScannerOutcome("mypy", "types", Ran(seconds=6.1, scanned_files=480, tool_version="1.18.2")),
        ScannerOutcome("bandit", "sast", Ran(seconds=2.2, scanned_files=9, cached_files=471, tool_version="1.9.4")),
        ScannerOutcome("size", "size", Ran(measurements=numbers)),
    )  # fmt: skip
    if not count:
        return {"outcomes": outcomes, "seconds": 7.3}
    late = Failed("tool-timeout", "it took longer than 300 s", "raise `limits.timeout`", 300.0)
    return {
        "outcomes": (*outcomes, ScannerOutcome("kingfisher", "secrets", late)),
        "unchecked": (
            JudgedUnchecked(
                Unchecked("mypy", "shop/legacy/py2.py", "parse-error", "invalid syntax, line 8"),
                "types", new=True,
            ),
            *(
                JudgedUnchecked(
                    Unchecked("bandit", f"data/blob_{nth}.py", "too-large", "5.1 MB"), "sast", new=False
                )
                for nth in range(12)
            ),
        ),
        "waivers": (
            WaiverNote(_GONE, "expired", "expired on 2025-12-31"),
        ),
        "waivers_used": (WAIVER,),
        "notes": ("this change edits gatekeeper.yml, which it is judged by",),
        "seconds": 12.8,
    }  # fmt: skip
