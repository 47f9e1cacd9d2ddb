"""From reports to the coverage of the repository's files at one version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.coverage_cobertura import read_cobertura
from gatekeeper.scanners.coverage_data import Analysed, Analysis, Asked, DataFile, decoded
from gatekeeper.scanners.coverage_diff import stale_line
from gatekeeper.scanners.coverage_lcov import read_lcov
from gatekeeper.scanners.coverage_lines import Lines, functions, python_lines
from gatekeeper.scanners.coverage_model import FileCoverage, merged
from gatekeeper.scanners.coverage_paths import Place, Tree, ambiguous
from gatekeeper.scanners.coverage_reports import Report
from gatekeeper.scanners.interface import RawUnchecked
from gatekeeper.text.patterns import regex

# As coverage.py has it.
PRAGMA = regex(r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)")
_ASIDE = frozenset(("test", "tests", "testing", "doc", "docs", "examples", "benchmarks"))
_TOOLS = frozenset(("conftest.py", "setup.py", "noxfile.py", "tasks.py", "manage.py"))


class Detail(Struct, frozen=True):
    """What is known of the text of a changed file. `markers` are lines with an exclusion."""

    lines: Lines | None = None
    functions: Sequence[tuple[int, int, str]] = ()
    markers: frozenset[int] = frozenset()


class Collected(Struct):
    """The coverage of a version.

    `unimported` files are in no report and no part of the total: coverage.py knows nothing of
    them. `left_out` says why others are not measured on purpose. `sources` are the files that each
    report speaks of.
    """

    files: dict[str, FileCoverage] = {}
    details: dict[str, Detail] = {}
    left_out: dict[str, str] = {}
    unimported: dict[str, FileCoverage] = {}
    unchecked: list[RawUnchecked] = []
    stale: list[str] = []
    sources: dict[str, list[str]] = {}


class Collector:
    """Reads reports about `snapshot`, whose files are `paths`, against the text of its files.

    `asked` asks coverage.py; it is given the folder in which the tests ran. `wanted` are the files
    that the change touches: of these alone more than the bare coverage is told.
    """

    def __init__(
        self, snapshot: Snapshot, tree: Tree, asked: Mapping[str, Asked], wanted: frozenset[str]
    ) -> None:
        self._snapshot = snapshot
        self._tree = tree
        self._asked = asked
        self._wanted = wanted
        self.found = Collected()

    def collect(self, reports: Sequence[Report], unknown: frozenset[str]) -> Collected:
        """Everything the reports tell. `unknown` are Python files to look for in them, too."""
        data: dict[str, list[DataFile]] = defaultdict(list)
        for report in reports:
            if report.kind == "data":
                data[report.folder].append(DataFile(report.path, report.shown))
            else:
                self._read(report)
        groups = [group for folder, files in data.items() for group in self._groups(folder, files)]
        for _, _, names in groups:
            unknown -= frozenset(names.values())
        unknown -= frozenset(self.found.files)
        for index, (folder, files, names) in enumerate(groups):
            # Whose settings a file that nobody measured is judged by: any group will do.
            self._analyse(folder, files, names, unknown if index == 0 else frozenset())
        if not groups and unknown:
            self._unmeasured(unknown)
        if not self.found.files and not self.found.stale:
            raise _nothing(reports, self.found)
        return self.found

    def _read(self, report: Report) -> None:
        """XML and LCOV tell lines as they are."""
        reader = read_cobertura if report.kind == "xml" else read_lcov
        told = reader(report.content, report.shown)
        places = self._tree.find_all([it.names for it in told], report.folder)
        for item, place in zip(told, places, strict=True):
            if not self._placed(report.shown, item.names[0], place):
                continue
            self._add(place.path, item.covered)
            if place.path.endswith((".py", ".pyw")):
                self._check_lines(report.shown, place.path, item.covered)

    def _placed(self, report: str, name: str, place: Place) -> bool:
        if place.path:
            sources = self.found.sources.setdefault(report, [])
            sources.append(place.path)
            return True
        self.found.unchecked += [
            RawUnchecked(path, "not-reported", ambiguous(name, place.candidates))
            for path in place.candidates
        ]
        return False

    def _add(self, path: str, covered: FileCoverage) -> None:
        known = self.found.files.get(path)
        self.found.files[path] = merged(known, covered) if known else covered

    def _check_lines(self, report: str, path: str, covered: FileCoverage) -> None:
        """Whether the lines a report tells are those of the file as it is."""
        try:
            source = decoded(self._snapshot.read(path))
        except (KeyError, OSError):
            return
        last = max(covered.statements, default=0)
        number = source.count("\n") + 1
        if last > number:
            self._stale(report, path, last)
        elif path in self._wanted:
            lines = python_lines(source)
            self.found.details[path] = Detail(
                lines, functions(source), frozenset(pragmas(source.split("\n")))
            )
            if lines is None:
                why = "it is no Python that gatekeeper's own can read, so lines say nothing"
                self.found.unchecked.append(RawUnchecked(path, "parse-error", why))
            elif line := stale_line(covered, lines):
                self._stale(report, path, line)

    def _stale(self, report: str, path: str, line: int) -> None:
        self.found.stale.append(f"{report} tells of line {line} of {path}, where no code is")

    def _groups(
        self, folder: str, files: Sequence[DataFile]
    ) -> list[tuple[str, list[DataFile], dict[str, str]]]:
        """Data of one folder, with and without branches apart, and what its names mean."""
        measured = self._asked[folder].names(files)
        groups: list[tuple[str, list[DataFile], dict[str, str]]] = []
        for branch in (True, False):
            chosen = [
                (file, told)
                for file, told in zip(files, measured, strict=True)
                if told.branch is branch
            ]
            names: dict[str, str] = {}
            for file, told in chosen:
                wanted = [(renamed,) for _, renamed, _ in told.files]
                places = self._tree.find_all(wanted, folder)
                for (name, _, _), place in zip(told.files, places, strict=True):
                    if self._placed(file.shown, name, place):
                        names[name] = place.path
            if chosen:
                groups.append((folder, [file for file, _ in chosen], names))
        return groups

    def _analyse(
        self,
        folder: str,
        files: Sequence[DataFile],
        names: Mapping[str, str],
        unknown: frozenset[str],
    ) -> None:
        shown = ", ".join(file.shown for file in files)
        analysis = self._asked[folder].analyse(files, names, sorted(unknown), sorted(self._wanted))
        for path, told in analysis.files.items():
            if told.left_out:
                self.found.left_out[path] = told.left_out
                continue
            if told.stray:
                self._stale(shown, path, told.stray)
            self._take(path, told, analysis, unknown)
        self._failed(analysis)

    def _take(self, path: str, told: Analysed, analysis: Analysis, unknown: frozenset[str]) -> None:
        if path not in unknown:
            self._add(path, told.coverage())
        elif analysis.has_source or is_product(path):
            self.found.unimported[path] = told.coverage()
        else:
            self.found.left_out[path] = "tests, documents and tools of the project are not measured"
            return
        if path in self._wanted:
            self.found.details[path] = Detail(
                told.lines() or Lines({}, {}, 0), told.functions, frozenset(told.markers)
            )

    def _unmeasured(self, unknown: frozenset[str]) -> None:
        """Python files that XML and LCOV do not know: which lines count, only coverage.py says."""
        try:
            analysis = self._asked[""].analyse((), {}, sorted(unknown), sorted(self._wanted))
        except ToolError as error:
            self.found.unchecked += [
                RawUnchecked(
                    path, "not-reported", f"in no report, and {error.message}; {error.remedy}"
                )
                for path in sorted(unknown)
                if is_product(path)
            ]
            return
        for path, told in analysis.files.items():
            if told.left_out:
                self.found.left_out[path] = told.left_out
            else:
                self._take(path, told, analysis, unknown)
        self._failed(analysis)

    def _failed(self, analysis: Analysis) -> None:
        python = f"Python {analysis.python}, coverage.py {analysis.version}"
        self.found.unchecked += [
            RawUnchecked(path, "parse-error", f"{why} ({python})")
            for path, why in analysis.failed.items()
        ]


def is_product(path: str) -> bool:
    """Whether a file that nobody measured should have been, as far as its name tells."""
    *folders, name = path.split("/")
    return not (
        _ASIDE.intersection(folders)
        or name in _TOOLS
        or name.startswith("test_")
        or name.endswith("_test.py")
    )


def pragmas(lines: Sequence[str]) -> list[int]:
    """Lines with coverage.py's own comment for exclusions."""
    return [number for number, line in enumerate(lines, start=1) if PRAGMA.search(line)]


def _nothing(reports: Sequence[Report], found: Collected) -> ToolError:
    named = ", ".join(report.shown for report in reports[:3])
    if found.unchecked:
        why = found.unchecked[0].message
    elif found.left_out:
        why = "the settings of coverage.py leave out every file"
    else:
        why = "none of its files is in this repository"
    return ToolError(
        "input-invalid",
        f"{named} tells about no file that could be judged: {why}",
        "set `relative_files = true` or [paths] in the settings of coverage.py, and measure again",
    )
