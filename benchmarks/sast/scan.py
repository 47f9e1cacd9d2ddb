"""The two scanners over a folder: what they find, with what weakness numbers, in which lines."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.model.tool import ToolSpec
from gatekeeper.scanners import bandit, semgrep_output
from gatekeeper.scanners.semgrep_builtin import run_builtin
from gatekeeper.scanners.tools import BANDIT, SEMGREP
from gatekeeper.shipped import shipped

_CWE = re.compile(r"CWE-(\d+)")
_OPTIONS = (
    "scan", "--experimental", "--oss-only", "--metrics=off", "--disable-version-check", "--json",
    "--quiet", "--no-git-ignore", "--max-target-bytes=0", "--timeout=60", "--no-rewrite-rule-ids",
    "--disable-nosem", "--project-root=.",
)  # fmt: skip


class ScanFailedError(Exception):
    """A scanner did not do its work, so that its answer means nothing."""


class Found(msgspec.Struct, frozen=True):
    """A finding. `path` is relative to the folder that was scanned."""

    path: str
    line: int
    end_line: int
    rule: str
    severity: str
    cwes: frozenset[int]
    message: str = ""


class Scanners:
    """Semgrep and bandit as gatekeeper locks them, installed in `cache` if they are not yet."""

    def __init__(self, cache: str = "", rules: str = "") -> None:
        folder = cache or cache_folder()
        self._box = ToolEnvironments(folder, folder, {}, {}, offline=False)
        self._own = bool(rules)
        self._rules = rules or str(shipped("rules"))

    def pack(self, folder: Path, paths: Sequence[str], *, one_in: int = 1) -> list[Found]:
        """What the rules that ship with gatekeeper find. Raises when a file was not checked.

        Every rule is tried on one file in so many, 0 for none, and it raises when a check, which
        tries few rules on few files, would find something else there.
        """
        found: list[semgrep_output.Result] = []
        again = paths if self._own else paths[::one_in] if one_in else ()
        if again:
            report = self._start(folder, [self._rules], again)
            unread = {os.path.normpath(path) for path in report.paths.scanned} ^ set(again)
            if unread:
                raise ScanFailedError(f"semgrep: {len(unread)} files not checked")
            found = report.results
        if not self._own:
            checked = self._checked(folder, paths)
            # Of two sinks in a line the engine tells one or both: it depends on the files before.
            looked = frozenset(again)
            ours = {it for it in map(_place, checked) if it[0] in looked}
            every = {*map(_place, found)}
            if ours != every:
                raise ScanFailedError(
                    f"a check would find {ours - every} more and {every - ours} less"
                )
            found = checked
        return [
            Found(
                os.path.normpath(one.path),
                one.start.line,
                one.end.line,
                one.check_id,
                one.extra.severity.lower(),
                frozenset(map(int, _CWE.findall(str(one.extra.metadata.get("cwe", ""))))),
                one.extra.message,
            )
            for one in found
        ]

    def _checked(self, folder: Path, paths: Sequence[str]) -> list[semgrep_output.Result]:
        def read(path: str) -> bytes:
            return (folder / path).read_bytes()

        def start(rules: Sequence[str], chosen: Sequence[str]) -> semgrep_output.Output:
            return self._start(folder, rules, chosen)

        outputs = run_builtin(str(folder), read, paths, (), start)
        return [it for output, _ in outputs for it in output.results]

    def bandit(self, folder: Path, paths: Sequence[str]) -> list[Found]:
        """What bandit finds at its defaults."""
        out = self._run(BANDIT, ["--quiet", "--format", "json", "--exclude=//"], folder, paths)
        report = msgspec.json.decode(out, type=bandit.Output)
        if report.errors:
            raise ScanFailedError(f"bandit: {report.errors[0].filename} was not checked")
        return [
            Found(
                os.path.normpath(one.filename),
                one.line_number,
                max(one.line_range, default=one.line_number),
                one.test_id,
                one.issue_severity.lower(),
                frozenset({one.issue_cwe.id}),
                one.issue_text,
            )
            for one in report.results
        ]

    def _start(
        self, folder: Path, rules: Sequence[str], paths: Sequence[str]
    ) -> semgrep_output.Output:
        configs = [f"--config={path}" for path in rules]
        out = self._run(SEMGREP, [*_OPTIONS, "--jobs=2", *configs], folder, paths)
        report = msgspec.json.decode(out, type=semgrep_output.Output)
        if told := [f"{one.path}: {one.message}" for one in report.errors]:
            raise ScanFailedError(f"semgrep: {told[:3]}")
        return report

    def _run(
        self, tool: ToolSpec, arguments: Sequence[str], folder: Path, paths: Sequence[str]
    ) -> bytes:
        done = subprocess.run(
            [self._box.executable(tool), *arguments, "--", *paths],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode not in (0, 1) or not done.stdout:
            said = done.stderr.decode("utf-8", "replace").strip()[-600:]
            raise ScanFailedError(f"{tool.id} ended with {done.returncode}: {said}")
        return done.stdout


def _place(one: semgrep_output.Result) -> tuple[str, str, int, int]:
    return os.path.normpath(one.path), one.check_id, one.start.line, one.end.line
