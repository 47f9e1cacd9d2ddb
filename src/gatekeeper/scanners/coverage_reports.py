"""Which files with coverage data count, what kind they are, and whether they can be about head."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.coverage_data import MAGIC
from gatekeeper.scanners.coverage_wanted import RUN_TESTS
from gatekeeper.text.names import plural, printable

Kind = Literal["data", "xml", "lcov"]


class Report(Struct, frozen=True):
    """One file with coverage data.

    `path` is the full path, `shown` what people call it, `folder` where the tests ran, below the
    repository's root. `content` is empty for coverage.py's own data.
    """

    path: str
    shown: str
    folder: str
    kind: Kind
    content: bytes = b""


def read_reports(change: Change, paths: Sequence[str], cwd: str = "") -> list[Report]:
    """The files as reports. Raises ToolError for what is none; `cwd` is where the tests ran."""
    reports = [_read(change, path, cwd) for path in paths]
    return sorted(reports, key=lambda report: (report.folder, report.path))


def most_exact(reports: Sequence[Report]) -> list[Report]:
    """Of reports about the same run, those that tell most: a run writes several formats."""
    order: tuple[Kind, ...] = ("data", "xml", "lcov")
    best: dict[str, Kind] = {}
    for report in reports:
        known = best.get(report.folder, report.kind)
        best[report.folder] = min(known, report.kind, key=order.index)
    return [report for report in reports if report.kind == best[report.folder]]


def _read(change: Change, path: str, cwd: str) -> Report:
    root = os.path.realpath(change.project.root)
    place = os.path.relpath(os.path.realpath(cwd or os.path.dirname(path)), root)
    inside = os.path.relpath(os.path.realpath(path), root)
    shown = printable(path if inside.startswith("..") else inside)
    # A report that lies elsewhere was carried here: it is about the whole repository.
    folder = "" if place.startswith("..") or place == "." else place
    if os.path.basename(path).startswith(".coverage"):
        # Not read here: with contexts they grow beyond what a report may be.
        if not change.project.modified(path):
            raise ToolError("input-invalid", f"{shown}: no such file", RUN_TESTS)
        return Report(path, shown, folder, "data")
    content = change.read_report(path)
    if content.startswith(MAGIC):
        return Report(path, shown, folder, "data")
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Report(path, shown, folder, "xml", content)
    if start.startswith((b"TN:", b"SF:", b"#")):
        return Report(path, shown, folder, "lcov", content)
    what = "is empty" if not content.strip() else "is in no format that is known"
    raise ToolError(
        "input-invalid",
        f"{shown} {what}; expected coverage.py's data (.coverage), Cobertura XML or LCOV",
        "have the tests write one of these: `coverage run`, `coverage xml`, `coverage lcov`",
    )


def outdated(
    change: Change, report: Report, files: Iterable[str], uncommitted: frozenset[str] | None
) -> str:
    """Why the report cannot be about these files as they are now; the empty string if it can.

    A file's time tells when it was put here, which in another checkout is long after its content
    was measured. So for reports that were named on purpose only `uncommitted` files are looked at.
    """
    written = change.project.modified(report.path)
    newer = [
        path
        for path in sorted(files)
        if (uncommitted is None or path in uncommitted)
        and change.project.modified(os.path.join(change.project.root, path)) > written
    ]
    if not newer:
        return ""
    named = ", ".join(map(printable, newer[:3])) + (" …" if len(newer) > 3 else "")
    return f"{report.shown} is older than {plural(len(newer), 'file')} it is about: {named}"
