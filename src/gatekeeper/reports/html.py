"""The report as one HTML file that needs nothing else: no network, no server, no script to read it.

Everything is written as text by `markup`, so nothing from a repository becomes an element. On top
of that the page's own policy (CSP) admits the style and the script that ship with it, by their
hashes, and nothing else: no address is ever loaded, and no text can turn into markup in the script.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from gatekeeper.model.verdict import Report
from gatekeeper.reports.excerpt import secret_lines
from gatekeeper.reports.html_charts import charts
from gatekeeper.reports.html_data import Encoded, encode
from gatekeeper.reports.html_findings import findings_section
from gatekeeper.reports.html_parts import (
    gates,
    navigation,
    not_checked,
    notes,
    run_facts,
    top,
    waivers,
)
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.markup import Markup, tag
from gatekeeper.reports.overview import HEADLINE, headline, ranked
from gatekeeper.shipped import shipped

# A browser still opens and searches so many at once; the JSON report has any number.
MOST_FINDINGS = 25_000


class HtmlReport:
    """One document, whole or in a folder."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return _document(report, sources)

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper.html", self.whole(report, sources, Style()))]


def _document(report: Report, sources: Sources) -> str:
    shown = ranked(report.findings)[:MOST_FINDINGS]
    encoded = encode(shown, sources, secret_lines(report))
    css, script = _asset("report.css"), _asset("report.js")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(css, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", f"{HEADLINE[report.verdict]}: {headline(report)} – gatekeeper"),
        tag("style", css),
    )
    body = tag(
        "body",
        tag("a", "Skip to the findings", class_="skip", href="#findings"),
        *_sections(report, encoded),
        # Not a script for the browser, so the policy has no say in it; `<` is spelled otherwise.
        tag("script", Markup(encoded.json), type="application/json", id="data"),
        tag("script", script),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _sections(report: Report, encoded: Encoded) -> Iterator[Markup]:
    """What there is something to say about, in the order of what a reader wants to know."""
    sections = [
        ("gates", "Gates", gates(report)),
        ("not-checked", "Not checked", not_checked(report)),
        ("overview", "Overview", charts(report)),
        ("findings", f"Findings ({len(report.findings):,})", findings_section(report, encoded)),
        ("waivers", "Waivers", waivers(report)),
        ("notes", "Notes", notes(report)),
        ("run", "Run", run_facts(report)),
    ]
    yield top(report, encoded.rows)
    yield navigation((name, title) for name, title, section in sections if section)
    yield tag("main", *(section for *_, section in sections), id="main")


def _asset(name: str) -> Markup:
    with open(shipped("reports", "assets", name), encoding="utf-8", newline="\n") as file:
        return Markup(file.read())


def _policy(css: str, script: str) -> str:
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none';"
        f" style-src {_hash(css)}; script-src {_hash(script)};"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(source: str) -> str:
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"
