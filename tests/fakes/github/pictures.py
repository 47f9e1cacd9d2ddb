"""A comment as people see it: GitHub's Markdown as HTML, with GitHub's styles."""

from __future__ import annotations

import html
from pathlib import Path

from markdown_it import MarkdownIt

from gatekeeper.model.finding import Unchecked
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import (
    Comparison,
    GateVerdict,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    Suggestion,
)
from gatekeeper.model.waiver import Waiver
from gatekeeper.publish.state import compose, part_of
from gatekeeper.reports.comment import LIMIT, section
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.interface import Sources
from gatekeeper.text.codeowners import CodeOwners
from tests.fakes.reports import judged, report, sources

HEAD = "8c1d3f0e5b7a49d2836c0a1f4e6b9d7c5a3e2f10"
SERVER = "https://github.com/octo/shop"
LOOK = Look(
    blob=f"{SERVER}/blob/{HEAD}",
    details=f"{SERVER}/actions/runs/4711",
    today="2026-11-27",
    owners=CodeOwners("* @octo/shop\n/shop/payments/ @octo/payments\n"),
)
_FILES = {
    "shop/payments/refunds.py": (
        "import json\n"
        "import os\n"
        "\n"
        "from shop.db import connection\n"
        "\n"
        "\n"
        "def refund(order, amount):\n"
        '    """Give money back."""\n'
        "    rows = connection.execute(\n"
        "        \"SELECT * FROM refunds WHERE order_id = '%s'\" % order.id\n"
        "    )\n"
        "    return rows.first()\n"
    ),
    "shop/web/forms.py": "def clean(value):\n    return value.strip( )\n",
}
_COMPARISON = Comparison(
    "the working tree", "main", "the pull request's base", 5, "1" * 32, "2" * 32
)


def blocked() -> tuple[Report, Sources]:
    """A pull request as there are many: two things to solve, one to look at, one not checked."""
    path = "shop/payments/refunds.py"
    findings = [
        judged(
            scanner="semgrep", gate="sast", rule="python-sql-built-from-text", severity="critical",
            path=path, line=9, end_line=11, column=12, fingerprint="817b0c43bff9" + "0" * 20,
            message="SQL is built from text that a request controls: pass the values as parameters",
            help_url="https://owasp.org/www-community/attacks/SQL_Injection",
        ),
        judged(
            path=path, line=2, end_line=2, column=8, fingerprint="65aec90a0c68" + "0" * 20,
            help_url="https://docs.astral.sh/ruff/rules/unused-import/",
        ),
        judged(
            scanner="ruff-format", gate="format", rule="unformatted", severity="low", blocks=False,
            path="shop/web/forms.py", line=2, end_line=2, column=1, fingerprint="a" * 32,
            message="the file is not formatted: run `ruff format`",
        ),
        *(
            judged(state="existing", blocks=False, fresh=False, fingerprint=f"{at:032x}")
            for at in range(14)
        ),
    ]  # fmt: skip
    gates = [
        GateVerdict("lint", "block", "findings", "1 new problem", (1,)),
        GateVerdict("format", "pass", "no-blocking-findings", "1 new below the threshold"),
        GateVerdict("types", "inconclusive", "files-not-checked", "mypy could not check a file"),
        GateVerdict("tests", "pass", "clean", "no problems"),
        GateVerdict("coverage", "pass", "clean", "no problems"),
        GateVerdict("sast", "block", "findings", "1 new problem", (0,)),
        GateVerdict("secrets", "pass", "clean", "no problems"),
        GateVerdict("workflows", "pass", "nothing-to-check", "no workflows"),
    ]
    told = report(
        findings,
        gates,
        comparison=_COMPARISON,
        outcomes=(
            ScannerOutcome("tests", "tests", Ran(summary="412 passed, 3 skipped")),
            ScannerOutcome("coverage", "coverage", Ran(summary="91.2 % in all, 84 % of new lines")),
            ScannerOutcome("pip", "sast", Failed("tool-timeout", "it took longer than 300 s", "raise `limits.timeout`")),
        ),
        unchecked=(
            JudgedUnchecked(
                Unchecked("mypy", "shop/legacy/py2.py", "parse-error", "invalid syntax in line 8"),
                "types", new=True,
            ),
        ),
        waivers_used=(
            Waiver("@octo/payments", "the provider's client needs it", "2026-12-05",
                   rule="bandit/B602", source=".gatekeeper/waivers.yml:4"),
        ),
        suggestions=(Suggestion(path, 2, 2, "", ("ruff",), removes=True),),
    )  # fmt: skip
    return told, sources(_FILES)


def green() -> tuple[Report, Sources]:
    """Nothing to do."""
    told = report(
        comparison=_COMPARISON,
        outcomes=(
            ScannerOutcome(
                "coverage", "coverage", Ran(summary="91.4 % in all, 100 % of new lines")
            ),
        ),
    )
    return told, sources(_FILES)


def body(told: Report, files: Sources) -> str:
    """The comment's text, with its hidden state."""
    text = section(told, files, LOOK, LIMIT)
    return compose((part_of("gate", HEAD, 1, 1, told.verdict, "", text),), HEAD, LIMIT)


def page(descriptions: Path, markdown: str, scheme: str) -> str:
    """The comment as a page, in the frame that GitHub puts around it."""
    styles = descriptions / "node_modules/github-markdown-css"
    css = (styles / f"github-markdown-{scheme}.css").read_text(encoding="utf-8")
    # In comments, unlike in files, GitHub breaks lines where the text does.
    shown = MarkdownIt("gfm-like", {"breaks": True}).render(markdown)
    dark = scheme == "dark"
    back, line, bar = ("#0d1117", "#30363d", "#151b23") if dark else ("#fff", "#d1d9e0", "#f6f8fa")
    colour = "#9198a1" if dark else "#59636e"
    return f"""<!doctype html><meta charset="utf-8"><title>comment</title><style>{css}
    body {{ background: {back}; margin: 24px; font-family: sans-serif; }}
    .frame {{ border: 1px solid {line}; border-radius: 6px; max-width: 880px; }}
    .bar {{ background: {bar}; border-bottom: 1px solid {line}; padding: 8px 16px; color: {colour};
            border-radius: 6px 6px 0 0; font-size: 14px; }}
    .markdown-body {{ padding: 16px; font-size: 14px; }}</style>
    <div class="frame"><div class="bar"><b>{html.escape("github-actions")}</b> bot commented</div>
    <article class="markdown-body">{shown}</article></div>"""
