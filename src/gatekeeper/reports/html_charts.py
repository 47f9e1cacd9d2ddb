"""Small charts: bars drawn as SVG beside the numbers they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.model.finding import Measurement, Severity
from gatekeeper.model.verdict import Judged, Report
from gatekeeper.reports.markup import Markup, tag
from gatekeeper.reports.overview import (
    WORST_FIRST,
    count,
    folders,
    measurements,
    most,
    rule_of,
)
from gatekeeper.text.names import printable

ROWS = 8
_WIDTH = 1_000
_COVERAGE = {"diff": "changed lines", "base": "at the base"}
_PERCENT = ("%", "percent", "per cent")


def charts(report: Report) -> Markup | None:
    """What is where: by severity, folder and rule, and coverage if somebody measured it."""
    counted = [it for it in report.findings if it.blocks or it.state in ("new", "existing")]
    severity, *others = _finding_cards(counted) if counted else (None,)
    coverage = _coverage(measurements(report))
    if not (severity or coverage):
        return None
    first = tag("div", severity, coverage, class_="stack")
    cards = tag("div", first, *others, class_="cards")
    return tag("section", tag("h2", "Overview"), cards, id="overview")


def stacked(parts: Mapping[Severity, int], most: int) -> Markup:
    """A bar made of severities, as long as it is of the longest."""
    told = ", ".join(f"{parts[name]:,} {name}" for name in WORST_FIRST if parts.get(name))
    return _bar([(name, parts.get(name, 0)) for name in WORST_FIRST], most, told)


def _bar(parts: Sequence[tuple[str, float]], most: float, told: str) -> Markup:
    rects: list[Markup] = []
    left = 0.0
    for name, number in parts:
        if number:
            # Thin ones stay visible.
            width = max(number / most * _WIDTH, 4) if most else 0
            rects.append(
                tag("rect", class_=f"fill {name}", x=f"{left:.0f}", y="0", width=f"{width:.0f}", height="10")
            )  # fmt: skip
            left += width
    return tag(
        "svg",
        *rects,
        class_="bar",
        viewBox=f"0 0 {max(_WIDTH, round(left))} 10",
        preserveAspectRatio="none",
        role="img",
        aria_label=told,
    )


def _finding_cards(counted: Sequence[Judged]) -> Iterator[Markup]:
    severities = count(counted).severities
    largest = max(severities.values())
    yield _card(
        "By severity",
        [
            _row(name, {"data_severity": str(rank)}, {name: severities[name]}, largest)
            for rank, name in enumerate(WORST_FIRST)
            if severities.get(name)
        ],
    )
    paths = [it.finding.path for it in counted if it.finding.path]
    if paths:
        by_folder = folders(paths, ROWS)
        yield _card("By folder", _ranking(by_folder, "data_path", counted), len(by_folder))
    by_rule: dict[str, int] = {}
    for judged in counted:
        by_rule[rule_of(judged.finding)] = by_rule.get(rule_of(judged.finding), 0) + 1
    yield _card("By rule", _ranking(most(by_rule, ROWS), "data_rule", counted), len(by_rule))


def _ranking(
    rows: Sequence[tuple[str, int]], filters: str, counted: Sequence[Judged]
) -> list[Markup]:
    """Rows of folders or rules, each split into its severities."""
    parts: list[dict[Severity, int]] = [{} for _ in rows]
    for judged in counted:
        name = rule_of(judged.finding) if filters == "data_rule" else judged.finding.path
        for at, (wanted, _) in enumerate(rows):
            if _belongs(name, wanted, filters):
                severity = judged.finding.severity
                parts[at][severity] = parts[at].get(severity, 0) + 1
                break
    largest = max(number for _, number in rows)
    return [
        _row(name, {filters: name.removesuffix("*")}, split, largest)
        for (name, _), split in zip(rows, parts, strict=True)
    ]


def _belongs(name: str, wanted: str, filters: str) -> bool:
    if filters == "data_rule":
        return name == wanted
    if wanted.endswith("*"):
        folder = wanted[:-1]
        return name.startswith(folder) and "/" not in name[len(folder) :]
    return name.startswith(wanted)


def _row(
    name: str, filters: Mapping[str, str], parts: Mapping[Severity, int], largest: int
) -> Markup:
    """A bar with its name; the script lets the name filter the list."""
    return tag(
        "li",
        tag("a", printable(name), href="#findings", class_="name", **filters),
        stacked(parts, largest),
        tag("span", f"{sum(parts.values()):,}", class_="value"),
    )


def _card(title: str, rows: Sequence[Markup], of: int = 0) -> Markup:
    more = f"and {of - len(rows):,} more" if of > len(rows) else ""
    return tag(
        "div",
        tag("h3", title),
        tag("ul", *rows, class_="bars"),
        tag("p", more, class_="quiet") if more else None,
        class_="card",
    )


def _coverage(numbers: Sequence[Measurement]) -> Markup | None:
    """Whatever the gate `coverage` measured: shares as bars, all else as numbers."""
    rows: list[Markup] = []
    for it in numbers:
        if not it.name.startswith("coverage."):
            continue
        short = it.name.removeprefix("coverage.")
        name = _COVERAGE.get(short) or printable(short.replace("_", " "))
        if it.unit in _PERCENT:
            share = min(max(it.value, 0.0), 100.0)
            told = f"{it.value:.6g} %"  # as measured: 99.96 is not 100
            bar: Markup | None = _bar([("covered", share), ("rest", 100 - share)], 100, told)
        else:
            told, bar = f"{it.value:,.6g} {printable(it.unit)}", None
        rows.append(
            tag("li", tag("span", name, class_="name"), bar, tag("span", told, class_="value"))
        )
    return _card("Coverage", rows) if rows else None
