"""What the action tells: reports in a folder, the job's summary, annotations, outputs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from gatekeeper.adapters.runner import command
from gatekeeper.cli.output import write_text
from gatekeeper.errors import UsageError
from gatekeeper.model.verdict import Report
from gatekeeper.reports.github_markdown import code, prose
from gatekeeper.reports.interface import Sources, Style
from gatekeeper.reports.markdown import LIMIT, MarkdownReport
from gatekeeper.reports.registry import REPORTS
from gatekeeper.text.names import did_you_mean, plural, printable
from gatekeeper.text.patterns import regex

_LEAST_SUMMARY = 16_384
_ODD = regex(r"[^A-Za-z0-9._-]+")
_VERDICTS = {0: "pass", 1: "block", 3: "inconclusive"}
_WORDS = {0: "✅ pass", 1: "⛔ blocked", 3: "❔ inconclusive"}
# `text` is in the job's log and `github` among its annotations already.
FORMATS = ("json", "sarif", "html", "markdown", "junit")
DEFAULT_FORMATS = ("json", "sarif", "html")
_FILES = {
    "json": "gatekeeper.json",
    "html": "gatekeeper.html",
    "markdown": "gatekeeper.md",
    "junit": "gatekeeper.xml",
}


class Section(Struct, frozen=True):
    """What became of one project. Without a report `message` says why, or `partial` is a shard's."""

    name: str
    status: int
    report: Report | None = None
    sources: Sources | None = None
    message: str = ""
    partial: str = ""


def formats(asked: Sequence[str]) -> Sequence[str]:
    """The forms to write. Raises UsageError."""
    for name in asked:
        if name not in FORMATS:
            raise UsageError(f"input format: unknown {name!r}", remedy=did_you_mean(name, FORMATS))
    return asked or DEFAULT_FORMATS


def write_reports(
    sections: Sequence[Section], folder: str, asked: Sequence[str], shard: str
) -> dict[str, str]:
    """Write all reports, each project's in a folder of its own; where they are, as outputs."""
    for number, section in enumerate(sections, start=1):
        place = folder_of(folder, number, section.name, many=len(sections) > 1)
        if section.partial:
            name = partial_name(number, _part(shard))
            write_text(section.partial, os.path.join(folder, name))
        if section.report is None or section.sources is None:
            continue
        for form in asked:
            if form == "sarif":
                for part in REPORTS[form]().parts(section.report, section.sources):
                    write_text(part.text, os.path.join(place, "sarif", part.name))
            else:
                text = REPORTS[form]().whole(section.report, section.sources, Style())
                write_text(text, os.path.join(place, _FILES[form]))
    found = {"output": folder, "part": _part(shard)}
    if len(sections) == 1 and sections[0].report is not None:
        found |= {form: os.path.join(folder, _FILES.get(form, form)) for form in asked}
    return found


def _part(shard: str) -> str:
    return shard.replace("/", "-of-")


def partial_name(number: int, shard: str) -> str:
    """The file of one project's shard, such as `1-2-of-4`; `merge` looks for it by this name."""
    return f"partial-{number}-{shard}.json"


def folder_of(folder: str, number: int, name: str, *, many: bool) -> str:
    """Where a project's reports go: by its number, so that no two names can mean one folder."""
    plain = _ODD.sub("-", name).strip("-.")[:60]
    return os.path.join(folder, f"{number:02d}-{plain}".rstrip("-")) if many else folder


def outputs(sections: Sequence[Section], status: int) -> dict[str, str]:
    """The action's outputs: the verdict over everything, and how much of what there is."""
    reports = [section.report for section in sections if section.report is not None]
    states = Counter(judged.state for report in reports for judged in report.findings)
    judged = bool(reports) or status not in _VERDICTS
    return {
        "verdict": _VERDICTS.get(status, "error") if judged or status else "",
        "status": str(status),
        "blocking": str(sum(it.blocks for report in reports for it in report.findings)),
        **{state: str(states[state]) for state in ("new", "existing", "waived", "suppressed")},
        "unchecked": str(sum(len(report.unchecked) for report in reports)),
    }


def annotate(sections: Sequence[Section]) -> str:
    """The most important of all projects, as commands to the runner."""
    text = ""
    for section in sections:
        if section.message:
            message = printable(" ".join(section.message.split()))
            text += command("error", f"gatekeeper: {printable(section.name)}", message) + "\n"
    judged = [it for it in sections if it.report is not None and it.sources is not None]
    if not judged:
        return text
    # GitHub counts annotations by step, so they are chosen from all projects at once.
    reports = [it.report for it in judged if it.report is not None]
    everything = msgspec.structs.replace(
        reports[0],
        **{
            field: tuple(item for report in reports for item in getattr(report, field))
            for field in ("gates", "outcomes", "findings", "unchecked")
        },
    )
    sources = judged[0].sources
    return text + (REPORTS["github"]().whole(everything, sources, Style()) if sources else "")


def summary(sections: Sequence[Section]) -> str:
    """Markdown within GitHub's limit: a section per project, and an overview of several."""
    many = len(sections) > 1
    text = _overview(sections) if many else ""
    room = (LIMIT - len(text.encode()) - 2_000) // len(sections)
    for section in sections:
        if many:
            text += f"\n# {code(section.name)}\n\n"
        if section.report is not None and section.sources is not None:
            if room < _LEAST_SUMMARY:
                text += "There is no room left here: the other reports have it.\n"
                continue
            markdown = MarkdownReport(min(LIMIT, room))
            text += markdown.whole(section.report, section.sources, Style())
        else:
            text += f"## ⚠️ nothing was judged\n\n{prose(section.message)}\n"
    return text


def _overview(sections: Sequence[Section]) -> str:
    rows = [
        "| Project | Verdict | Blocking | New |",
        "|---|---|--:|--:|",
        *(_row(section) for section in sections),
    ]
    bad = sum(section.status != 0 for section in sections)
    head = f"# {plural(len(sections), 'project')}, {bad} not passing\n\n" if bad else ""
    head = head or f"# {plural(len(sections), 'project')}, all passing\n\n"
    return head + "\n".join(rows) + "\n"


def _row(section: Section) -> str:
    # A table takes a bar for the end of a cell even inside of code.
    name = code(section.name).replace("|", "\\|")
    word = _WORDS.get(section.status, "⚠️ error")
    report = section.report
    if report is None:
        return f"| {name} | {word} | | |"
    blocking = sum(judged.blocks for judged in report.findings)
    new = sum(judged.state == "new" for judged in report.findings)
    return f"| {name} | {word} | {blocking:,} | {new:,} |"
