"""Which files with coverage data there are, and what is demanded: all that is known beforehand."""

from __future__ import annotations

import os
from typing import Literal

from msgspec import Struct

from gatekeeper.config.suite_options import CoverageOptions
from gatekeeper.scanners.change_interface import Change

Origin = Literal["given", "measured", "found"]
NO_DATA = "no coverage data"
RUN_TESTS = (
    "run the tests with coverage first (`coverage run -m pytest`, `pytest --cov`), or name the"
    " report of this version with --coverage"
)


class Chosen(Struct, frozen=True):
    """Full paths of reports, and where they come from: named, just written, or lying about."""

    origin: Origin
    paths: tuple[str, ...]


def choose(change: Change) -> Chosen:
    """The first source that has any report."""
    if change.given.coverage:
        return Chosen("given", tuple(map(os.path.abspath, change.given.coverage)))
    if change.measured is not None and change.measured.coverage:
        return Chosen("measured", tuple(change.measured.coverage))
    return Chosen("found", tuple(_found(change)))


def asked_for(change: Change, chosen: Chosen) -> bool:
    """Whether anybody wants the data judged; what merely lies about may be of a part of the tests."""
    return chosen.origin != "found" or demands_anything(change.config.scanners.coverage)


def _found(change: Change) -> list[str]:
    """Files that lie about; those that are committed are of an earlier version, or worse."""
    found = change.project.find(change.config.scanners.coverage.reports)
    inside = {path: os.path.relpath(path, change.project.root) for path in found}
    files = change.head.entries()
    if not any(path in files for path in inside.values()):
        return found
    fresh = change.uncommitted()
    return [path for path in found if inside[path] not in files or inside[path] in fresh]


def demands_base(options: CoverageOptions) -> bool:
    """Whether a verdict without the base's numbers would be none."""
    return options.drop is not None


def demands_anything(options: CoverageOptions) -> bool:
    """Whether any number is demanded."""
    wanted = [options.total, options.drop, options.diff]
    wanted += [number for it in options.paths for number in (it.total, it.diff)]
    return any(number is not None for number in wanted)
