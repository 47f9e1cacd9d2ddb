"""The parts of the page around the list of findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.html_charts import stacked
from gatekeeper.reports.html_data import Row, place_of
from gatekeeper.reports.markup import Markup, joined, prose, tag
from gatekeeper.reports.overview import (
    HEADLINE,
    IDLE,
    count_by_gate,
    failures,
    headline,
    idle_gates,
    measurements,
)
from gatekeeper.text.names import plural
from gatekeeper.version import VERSION

_FILES_SHOWN = 200
_REASONS = 5
_VERDICT = {"pass": "pass", "block": "blocks", "inconclusive": "inconclusive"}  # nosec B105 - no password


def top(report: Report, rows: Sequence[Row]) -> Markup:
    """The verdict before anything else, what it is about, and the first problems behind it."""
    compared = report.comparison
    facts = [("Checked", compared.head)]
    if compared.base:
        facts.append(("Against", compared.base))
    facts.append(("Because", compared.why))
    if compared.base:
        facts.append(("Changed", plural(compared.changed_files, "file")))
    facts += [("Stage", report.stage), ("Time", f"{report.seconds:.1f} s")]
    return tag(
        "header",
        tag(
            "div",
            tag("p", "gatekeeper", class_="product"),
            tag(
                "label",
                tag("span", "Theme"),
                tag(
                    "select",
                    tag("option", "system", value=""),
                    tag("option", "light", value="light"),
                    tag("option", "dark", value="dark"),
                    id="theme",
                ),
                class_="theme",
                id="theme-field",
                hidden=True,
            ),
            class_="bar-top",
        ),
        tag("h1", HEADLINE[report.verdict]),
        tag("p", headline(report), class_="lead"),
        tag("dl", *(_pair(name, value) for name, value in facts), class_="facts-top"),
        _reasons([row for row in rows if row.blocks]),
        class_=f"top {report.verdict}",
    )


def _reasons(rows: Sequence[Row]) -> Markup | None:
    """What blocks, for those who read no further."""
    if not rows:
        return None
    shown = [
        tag(
            "li",
            tag("span", row.severity, class_=f"severity {row.severity}"),
            tag(
                "span",
                tag("a", prose(row.message.split("\n")[0]), href=f"#{row.id}"),
                " ",
                tag("span", place_of(row), class_="place"),
            ),
        )
        for row in rows[:_REASONS]
    ]
    if left := len(rows) - len(shown):
        more = tag("a", f"and {left:,} more", href="#findings")
        shown.append(tag("li", tag("span"), more))
    return tag("ol", *shown, class_="reasons")


def _pair(name: str, value: str | Markup) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value))


def navigation(sections: Iterable[tuple[str, str]]) -> Markup:
    """Where things are, for long pages: (id, title) of what is there."""
    links = (tag("a", title, href=f"#{name}") for name, title in sections)
    return tag("nav", *links, aria_label="Sections")


def gates(report: Report) -> Markup:
    """A row per gate that had something to do; the others in a sentence."""
    counts = count_by_gate(report)
    largest = max((it.open for it in counts.values()), default=0)
    idle = [gate for gate in report.gates if gate.reason_code in IDLE]
    rows = []
    for gate in [it for it in report.gates if it not in idle] or idle:
        it = counts[gate.id]
        numbers = (it.blocking, it.new, it.existing, it.waived, it.suppressed)
        rows.append(
            tag(
                "tr",
                tag("th", gate.id, scope="row"),
                tag("td", tag("span", _VERDICT[gate.verdict], class_=f"verdict {gate.verdict}")),
                tag("td", gate.message, class_="says"),
                tag("td", stacked(it.severities, largest) if it.severities else None, class_="drawn"),
                *(
                    tag("td", f"{number:,}" if number else "–", class_=_count_class(at, number))
                    for at, number in enumerate(numbers)
                ),
            )
        )  # fmt: skip
    quiet = " ".join(idle_gates(idle)) if len(idle) < len(report.gates) else ""
    return tag(
        "section",
        tag("h2", "Gates"),
        tag(
            "table",
            tag(
                "thead",
                tag(
                    "tr",
                    *(tag("th", it, scope="col") for it in ("Gate", "Verdict", "Why")),
                    tag("th", "Findings", scope="col", class_="drawn"),
                    *(
                        tag("th", it, scope="col", class_=_count_class(at, 1))
                        for at, it in enumerate(("Block", "New", "Existing", "Waived", "Ignored"))
                    ),
                ),
            ),
            tag("tbody", *rows),
            class_="gates",
        ),
        tag("p", quiet, class_="quiet") if quiet else None,
        id="gates",
    )


def _count_class(column: int, number: int) -> str:
    """Where there is little room, only the first of the numbers stays."""
    return f"count{' other' * (column > 0)}{' none' * (not number)}"


def _missing(report: Report) -> bool:
    return bool(failures(report) or report.unchecked)


def not_checked(report: Report) -> Markup | None:
    """What nobody looked at, with reasons: it is never clean."""
    if not _missing(report):
        return None
    rows = [
        _absent(
            item.scanner, failed.reason, joined((prose(failed.message), *_remedy(failed.remedy)))
        )
        for item, failed in failures(report)
    ]
    for new in (True, False):
        kinds: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for it in (it.unchecked for it in report.unchecked if it.new is new):
            kinds.setdefault((it.scanner, it.reason), []).append((it.path, it.message))
        for (scanner, reason), files in kinds.items():
            rows.append(_absent(scanner, reason, _files(files, new=new)))
    return tag(
        "section", tag("h2", "Not checked"), tag("ul", *rows, class_="absent"), id="not-checked"
    )


def _absent(scanner: str, reason: str, what: Markup) -> Markup:
    return tag(
        "li", tag("strong", scanner), " ", tag("span", reason, class_="reason"), tag("div", what)
    )


def _remedy(remedy: str) -> Iterator[Markup]:
    if remedy:
        yield tag("div", prose(remedy), class_="remedy")


def _files(files: Sequence[tuple[str, str]], *, new: bool) -> Markup:
    rows = [
        tag("li", tag("code", path) if path else "the change as a whole", f": {message}")
        for path, message in files[:_FILES_SHOWN]
    ]
    if len(files) > _FILES_SHOWN:
        rows.append(tag("li", f"and {len(files) - _FILES_SHOWN:,} more"))
    told = plural(len(files), "file") + ("" if new else ", not touched by this change")
    return tag("details", tag("summary", told), tag("ul", *rows), open=new and len(files) <= 5)


def waivers(report: Report) -> Markup | None:
    """Those that need attention first, then those in use."""
    if not (report.waivers or report.waivers_used):
        return None
    rows = [
        _waiver(
            it.waiver,
            tag("span", it.problem, class_="problem"),
            it.message.removeprefix(it.problem).strip(),
        )
        for it in report.waivers
    ]
    rows += [_waiver(it, tag("span", "in use"), "") for it in report.waivers_used]
    head = ("Waives", "State", "Last day", "Owner", "Reason", "Written in")
    return tag(
        "section",
        tag("h2", "Waivers"),
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", it, scope="col") for it in head))),
            tag("tbody", *rows),
            class_="rows",
        ),
        id="waivers",
    )


def _waiver(waiver: Waiver, state: Markup, message: str) -> Markup:
    paths = f" in {', '.join(waiver.paths)}" if waiver.paths else ""
    return tag(
        "tr",
        tag("td", tag("code", waiver.target), paths),
        tag("td", state, f" {message}" if message else None),
        tag("td", waiver.expires),
        tag("td", waiver.owner),
        tag("td", waiver.reason),
        tag("td", tag("code", waiver.source)),
    )


def notes(report: Report) -> Markup | None:
    """Remarks on the check itself."""
    if not report.notes:
        return None
    rows = (tag("li", prose(note)) for note in report.notes)
    return tag("section", tag("h2", "Notes"), tag("ul", *rows), id="notes")


def run_facts(report: Report) -> Markup:
    """What ran, what was measured, and the identity of everything the verdict rests on."""
    compared = report.comparison
    digests = [
        (name, digest)
        for name, digest in (
            ("Files checked", compared.tree_digest),
            ("Files compared with", compared.base_digest),
            ("Policy and waivers", report.policy_digest),
            ("Tools", report.tools_digest),
        )
        if digest
    ]
    numbers = [_pair(it.name, f"{it.value:,.6g} {it.unit}".strip()) for it in measurements(report)]
    head = ("Scanner", "Gate", "Ended", "Version", "Files", "From cache", "Time")
    return tag(
        "section",
        tag("h2", "Run"),
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", it, scope="col") for it in head))),
            tag("tbody", *map(_outcome, report.outcomes)),
            class_="rows",
        ),
        tag("h3", "Measured") if numbers else None,
        tag("dl", *numbers, class_="pairs") if numbers else None,
        tag("h3", "Digests"),
        tag("dl", *(_pair(name, tag("code", digest)) for name, digest in digests), class_="pairs"),
        tag("p", f"Written by gatekeeper {VERSION}.", class_="quiet"),
        id="run",
    )


def _outcome(item: ScannerOutcome) -> Markup:
    outcome = item.outcome
    version = files = cached = time = ""
    if isinstance(outcome, Ran):
        ended, version, time = "ran", outcome.tool_version, f"{outcome.seconds:.1f} s"
        if looked_at := outcome.scanned_files + outcome.cached_files:
            files, cached = f"{looked_at:,}", f"{outcome.cached_files:,}"
    elif isinstance(outcome, Failed):
        ended, time = f"failed: {outcome.reason}", f"{outcome.seconds:.1f} s"
    else:
        ended = f"skipped: {outcome.message}"
    return tag(
        "tr",
        tag("th", item.scanner, scope="row"),
        *(tag("td", it) for it in (item.gate, ended, version, files, cached, time)),
    )
