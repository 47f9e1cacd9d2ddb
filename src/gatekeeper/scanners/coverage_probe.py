"""What coverage.py says about data files and sources, as JSON.

Started as a program of its own by coverage_data.py, in the project's Python if that has coverage.py
and else in an environment of our own: which lines of a file are statements depends on the version
of Python, on the version of coverage.py and on the project's settings. A plugin is never loaded,
since it is code. This file imports nothing of gatekeeper and runs in Python 3.9.

    python -I coverage_probe.py request.json answer.json

`folder` of the request is where the measurement ran; its settings, or those of the nearest folder
above it up to `root`, count.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from typing import Any


class UnusableError(Exception):
    """What ends the program with a message. `reason` is one of gatekeeper's."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def main() -> int:
    """Answer the request in the file named first, in the file named second."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    try:
        answer = respond(request)
    except UnusableError as error:
        answer = {"reason": error.reason, "problem": error.message}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answer, file)
    return 0


def respond(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to `names` (what data files tell about) or `analyse` (what that means)."""
    try:
        import coverage
        from coverage.exceptions import CoverageException
    except ImportError as error:
        raise UnusableError(
            "tool-not-installed", f"coverage.py cannot be imported: {error}"
        ) from None
    if coverage.version_info < (7, 6):
        raise UnusableError(
            "tool-misconfigured", f"coverage.py {coverage.__version__} is older than 7.6"
        )
    try:
        measure = configured(request["folder"], request["root"])
        answer = names(measure, request) if request["do"] == "names" else analyse(measure, request)
    except CoverageException as error:
        raise UnusableError("input-invalid", str(error)) from None
    return {
        **answer,
        "version": coverage.__version__,
        "python": ".".join(map(str, sys.version_info[:2])),
    }


def configured(folder: str, root: str) -> Any:
    """coverage.py with the settings of the nearest folder that has any; the current one is set."""
    from coverage import Coverage

    folder, root = os.path.realpath(folder), os.path.realpath(root)
    start = folder
    while True:
        os.chdir(folder)
        measure = Coverage(data_file=None)
        if measure.config.config_file or folder == root or len(folder) <= len(root):
            break
        folder = os.path.dirname(folder)
    if not measure.config.config_file:
        # No settings anywhere: names and patterns are those of where the measurement ran.
        os.chdir(start)
        measure = Coverage(data_file=None)
    measure.set_option("run:plugins", [])
    measure.set_option("run:relative_files", False)
    return measure


def names(measure: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Per data file: whether it has branches, and each measured file, renamed as in [paths]."""
    aliases = aliases_of(measure)
    found = []
    for path, shown in request["data"]:
        data = read_data(path, shown)
        files = []
        for name in sorted(data.measured_files()):
            renamed = aliases.map(name) if aliases else name
            files.append([name, renamed, data.file_tracer(name) or ""])
        found.append({"branch": data.has_arcs(), "files": files})
    return {"data": found}


def aliases_of(measure: Any) -> Any:
    """[paths] of the settings; None when there are none."""
    from coverage.files import PathAliases

    if not measure.config.paths:
        return None
    aliases = PathAliases(relative=False)
    for paths in measure.config.paths.values():
        for pattern in paths[1:]:
            aliases.add(pattern, paths[0])
    return aliases


def read_data(path: str, shown: str) -> Any:
    """One data file. Raises UnusableError with its name as people know it."""
    import sqlite3

    from coverage import CoverageData
    from coverage.exceptions import CoverageException

    data = CoverageData(basename=path)
    try:
        data.read()
        data.measured_files()
    except (CoverageException, sqlite3.Error) as error:
        raise UnusableError(
            "input-invalid", f"{shown}: {str(error).replace(path, shown)}"
        ) from None
    return data


def analyse(measure: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What of the measured files, and of those nobody measured, is executable and was executed."""
    root = os.path.realpath(request["root"])
    places = {name: os.path.join(root, path) for name, path in request["names"].items()}
    data = measure.get_data()
    for path, shown in request["data"]:
        # What is not ours keeps its name, and nobody asks for it.
        data.update(read_data(path, shown), map_path=lambda name: places.get(name, name))
    left_out = Patterns(measure)
    files: dict[str, Any] = {}
    failed: dict[str, str] = {}
    detailed = set(request["detailed"])
    for path in sorted({*request["names"].values(), *request["unknown"]}):
        full = os.path.join(root, path)
        unknown = path in request["unknown"]
        why = left_out.why(full, path, unknown=unknown)
        if why:
            files[path] = {"left_out": why}
            continue
        try:
            files[path] = about(measure, data, full, detailed=path in detailed)
        except Exception as error:  # noqa: BLE001 - whatever one file does, the others count
            failed[path] = f"{type(error).__name__}: {error}".replace(root + os.sep, "")[:300]
    return {"files": files, "failed": failed, "sources": left_out.sources}


class Patterns:
    """omit, include and source of the settings."""

    def __init__(self, measure: Any) -> None:
        from coverage.files import GlobMatcher, prep_patterns

        config = measure.config

        def matcher(patterns: Any, name: str) -> Any:
            return GlobMatcher(prep_patterns(patterns), name) if patterns else None

        self.report_omit = matcher(config.report_omit, "report_omit")
        self.report_include = matcher(config.report_include, "report_include")
        self.run_omit = matcher(config.run_omit, "run_omit")
        self.run_include = matcher(config.run_include, "run_include")
        self.folders: list[str] = [
            os.path.realpath(it) for it in getattr(config, "source_dirs", None) or []
        ]
        self.packages: list[str] = list(config.source_pkgs or [])
        for source in config.source or []:
            if os.path.isdir(source):
                self.folders.append(os.path.realpath(source))
            else:
                self.packages.append(source)
        self.sources = [*(config.source or []), *self.packages, *self.folders]

    def why(self, full: str, path: str, *, unknown: bool) -> str:
        """Why a file is not to be measured; the empty string when it is."""
        why = ""
        if self.report_include and not self.report_include.match(full):
            why = "[report] include does not name it"
        elif self.report_omit and self.report_omit.match(full):
            why = "[report] omit names it"
        elif not unknown:
            pass
        elif self.sources and not self.within(full, path):
            why = "it is not in [run] source"
        elif not self.sources and self.run_include and not self.run_include.match(full):
            why = "[run] include does not name it"
        elif self.run_omit and self.run_omit.match(full):
            why = "[run] omit names it"
        return why

    def within(self, full: str, path: str) -> bool:
        """Whether the measurement is to look at the file at all."""
        if any(full.startswith(os.path.join(folder, "")) for folder in self.folders):
            return True
        for package in self.packages:
            inside = "/" + package.replace(".", "/")
            if f"{inside}/" in f"/{path}" or f"/{path}".endswith(f"{inside}.py"):
                return True
        return False


def about(measure: Any, data: Any, full: str, *, detailed: bool) -> dict[str, Any]:
    """One file: what coverage.py would report of it."""
    tracer = data.file_tracer(full)
    if tracer:
        raise LookupError(f"measured by the plugin {tracer}, which is not loaded")
    reporter = measure._get_file_reporter(full)  # noqa: SLF001 - there is no public way
    analysis = measure._analyze(full, reporter)  # noqa: SLF001 - there is no public way
    found: dict[str, Any] = {
        "statements": sorted(analysis.statements),
        "executed": sorted(analysis.executed),
        "excluded": sorted(analysis.excluded),
        "branches": [],
    }
    if analysis.has_arcs:
        missing = analysis.missing_branch_arcs()
        found["branches"] = [
            [line, possible, taken, [f"line {to}" if to > 0 else "exit" for to in missing[line]]]
            for line, (possible, taken) in sorted(analysis.branch_stats().items())
        ]
    source = reporter.source()
    found["stray"] = stray_line(reporter.parser, source, data.lines(full) or ())
    if detailed:
        lines_module = sibling("coverage_lines")
        lines = lines_module.python_lines(source)
        if lines is None:
            raise SyntaxError("it cannot be split into tokens")
        multiline = reporter.parser.multiline_map
        found["first"] = [[line, multiline.get(line, line)] for line in sorted(lines.first)]
        found["last"] = sorted(lines.last.items())
        found["number"] = lines.number
        found["functions"] = lines_module.functions(source)
        found["markers"] = sorted(reporter.parser.raw_excluded)
    return found


def stray_line(parser: Any, source: str, executed: Any) -> int:
    """A line that ran and is blank, a comment, or behind the end; 0 when there is none."""
    lines = source.split("\n")
    for line in sorted(executed):
        # Python says that an empty module runs in its first line.
        first = parser.first_line(line)
        text = lines[first - 1].strip() if 0 < first <= len(lines) else ""
        if line > 0 and (not text or text.startswith("#")) and source.strip():
            return int(line)
    return 0


def sibling(name: str) -> Any:
    """A module beside this file, without the package it belongs to."""
    if name not in sys.modules:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


if __name__ == "__main__":
    raise SystemExit(main())
