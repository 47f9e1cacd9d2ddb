"""The list of findings: filters for the script, and the first findings for readers without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.model.verdict import Report
from gatekeeper.reports.html_data import Encoded, Row, place_of
from gatekeeper.reports.markup import Markup, joined, link, prose, tag
from gatekeeper.reports.overview import WORST_FIRST, count, count_by_gate
from gatekeeper.text.names import plural

WITHOUT_SCRIPT = 50
STATE_WORDS = {
    "new": "new",
    "existing": "existing",
    "waived": "waived",
    "suppressed": "ignored inline",
}


def findings_section(report: Report, encoded: Encoded) -> Markup:
    """All findings; the script takes the place of the list with one that can be filtered."""
    total, held = len(report.findings), len(encoded.rows)
    if not total:
        content = tag("p", "No findings.", class_="quiet")
        return tag("section", tag("h2", "Findings"), content, id="findings")
    left = ""
    if held < total:
        left = f"This page has the {held:,} most important of {total:,}; the JSON report has all."
    return tag(
        "section",
        tag("h2", "Findings ", tag("span", f"{total:,}", class_="number")),
        tag("p", left, class_="quiet") if left else None,
        _filters(report),
        tag("div", *_first(encoded.rows), id="list"),
        tag(
            "div",
            tag("button", "Show more", type="button", id="more"),
            tag("button", "Show all", type="button", id="all"),
            class_="pager",
            id="pager",
            hidden=True,
        ),
        id="findings",
    )


def _filters(report: Report) -> Markup:
    counts = count(report.findings)
    gates = [
        (gate, f"{gate} ({it.open + it.waived + it.suppressed:,})")
        for gate, it in count_by_gate(report).items()
        if it.open + it.waived + it.suppressed
    ]
    states = [("blocks", f"blocks ({counts.blocking:,})")] if counts.blocking else []
    states += [
        (state, f"{word} ({number:,})")
        for state, word in STATE_WORDS.items()
        if (number := getattr(counts, state))
    ]
    # One severity, or that and all above it.
    severities: list[tuple[str, str]] = [
        (str(rank), severity) for rank, severity in enumerate(WORST_FIRST)
    ]
    severities += [(f"-{rank}", f"{WORST_FIRST[rank]} or worse") for rank in (1, 2, 3)]
    return tag(
        "form",
        _field(
            "Search",
            tag("input", type="search", id="search", autocomplete="off", spellcheck="false"),
            "wide",
        ),
        _field(
            "Path",
            tag("input", type="search", id="path", autocomplete="off", spellcheck="false"),
            "wide",
        ),
        _field("Gate", _select("gate", [("", "all gates"), *gates])),
        _field("Severity", _select("severity", [("", "all severities"), *severities])),
        _field("State", _select("state", [("", "all states"), *states])),
        _field(
            "Group by",
            _select("group", [("state", "importance"), ("path", "file"), ("rule", "rule")]),
        ),
        tag(
            "div",
            tag("output", "", id="count", aria_live="polite"),
            tag("button", "Expand all", type="button", id="expand"),
            tag("button", "Clear filters", type="reset", id="clear"),
            class_="actions",
        ),
        id="filters",
        class_="filters",
        role="search",
        aria_label="Filter findings",
        hidden=True,
    )


def _field(label: str, control: Markup, looks: str = "") -> Markup:
    return tag("label", tag("span", label), control, class_=f"field {looks}".strip())


def _select(name: str, options: Sequence[tuple[str, str]]) -> Markup:
    return tag("select", *(tag("option", text, value=value) for value, text in options), id=name)


def _first(rows: Sequence[Row]) -> Iterator[Markup]:
    """What is there without a script: the most important ones, those that block opened."""
    shown = rows[:WITHOUT_SCRIPT]
    if len(rows) > len(shown):
        yield tag(
            "p",
            f"Without JavaScript this page shows the {len(shown)} most important of"
            f" {plural(len(rows), 'finding')}.",
            class_="quiet",
        )
    yield tag("ol", *(tag("li", _finding(row)) for row in shown), class_="list")


def _finding(row: Row) -> Markup:
    return tag(
        "details",
        tag(
            "summary",
            tag("span", row.severity, class_=f"severity {row.severity}"),
            tag("span", prose(row.message.split("\n")[0]), class_="message"),
            tag(
                "span",
                tag("span", place_of(row), class_="place"),
                tag("span", row.rule, class_="rule"),
                tag("span", "blocks", class_="state blocks") if row.blocks else None,
                tag("span", STATE_WORDS[row.state], class_="state"),
                class_="below",
            ),
        ),
        tag("div", *_body(row), class_="body"),
        class_="finding",
        id=row.id,
        open=row.blocks,
    )


def _body(row: Row) -> Iterator[Markup]:
    if "\n" in row.message:
        yield tag("p", prose(row.message), class_="full")
    if row.remark:
        yield tag("p", row.remark, class_="remark")
    if row.code:
        yield tag("pre", tag("code", *(_line(*line) for line in row.code)), class_="code")
    facts: list[Markup] = [
        tag("span", f"gate {row.gate}"),
        tag("span", f"confidence {row.confidence}"),
        *(tag("span", cwe) for cwe in row.cwe),
    ]
    if row.help_url:
        facts.append(link(row.help_url, f"About {row.rule}"))
    facts.append(tag("a", tag("code", row.fingerprint), href=f"#{row.id}", class_="fingerprint"))
    yield tag("p", joined(facts), class_="facts")


def _line(number: int, content: str, own: bool) -> Markup:
    parts = (tag("span", str(number), class_="n"), tag("span", content or " ", class_="t"))
    return tag("mark" if own else "span", *parts, class_="line")
