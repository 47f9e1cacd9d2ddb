"""The JSON reports that `report` is told to publish."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from gatekeeper.errors import UsageError
from gatekeeper.model.verdict import Report
from gatekeeper.reports.json_reader import MOST_BYTES, read_report
from gatekeeper.text.names import printable

_NAME = "gatekeeper.json"
_MOST = 64


def read_reports(paths: Sequence[str]) -> list[Report]:
    """All of them, in order; a folder holds one, or a folder for each project. Raises UsageError."""
    if not paths:
        raise UsageError(
            "there is no report to tell of",
            remedy="run `gatekeeper check --format json --output report.json`,"
            " then `gatekeeper report --report report.json`",
        )
    found = [file for path in paths for file in _files(path)]
    if len(found) > _MOST:
        raise UsageError(f"at most {_MOST} reports, not {len(found)}")
    reports = [read_report(_content(file), printable(file)) for file in found]
    names = [it.project for it in reports]
    if len(set(names)) < len(names):
        raise UsageError(
            "two reports are about the same project",
            remedy="give each project's report once; those of several jobs have a job each",
        )
    return reports


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    inside = [os.path.join(path, _NAME)]
    with os.scandir(path) as entries:
        folders = sorted(it.path for it in entries if it.is_dir(follow_symlinks=False))
    inside += [os.path.join(folder, _NAME) for folder in folders]
    there = [it for it in inside if os.path.isfile(it) and not os.path.islink(it)]
    if not there:
        raise UsageError(f"there is no {_NAME} in this folder", where=printable(path))
    yield from there


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"the report cannot be read: {error.strerror or error}",
            where=printable(path),
            remedy="did the check end before it wrote one?",
        ) from None
