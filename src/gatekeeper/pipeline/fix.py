"""Fixes: what the tools would make of the files that a change has to answer for.

Nothing here writes into the repository. Tools work on copies, one after another in the order of
the registry, each on what the one before left behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from gatekeeper.model.outcome import Ran, Skipped
from gatekeeper.model.policy import Policy
from gatekeeper.model.verdict import Report
from gatekeeper.pipeline.gate import policy_for
from gatekeeper.pipeline.overlay import Overlaid
from gatekeeper.pipeline.run import Means, ToolBatch, run_batch
from gatekeeper.pipeline.scan import ScannerRun
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.workspace import Beside
from gatekeeper.scanners.interface import Fixer, Prepared
from gatekeeper.text.redact import redact

_AT_ONCE = 2_000


class FixedFile(Struct, frozen=True):
    """One file's content as it was checked, as it would be, and the scanners that fixed it."""

    path: str
    before: bytes
    after: bytes
    by: tuple[str, ...]


class Fixes(Struct, frozen=True):
    """Files whose content would change, and the scanners that could not fix, with the reason."""

    files: tuple[FixedFile, ...]
    problems: tuple[str, ...]


class FixRun:
    """The fixes for what `report` says about `head`."""

    def __init__(
        self, runs: Sequence[ScannerRun], head: Snapshot, means: Means, policy: Policy
    ) -> None:
        self._runs = [run for run in runs if isinstance(run.scanner, Fixer)]
        self._policy = policy
        self._head = head
        self._means = means
        self._before: dict[str, bytes] = {}
        self._after: dict[str, bytes] = {}
        self._by: dict[str, list[str]] = {}

    def collect(self, report: Report) -> Fixes:
        """Ask every tool that can fix for the files with problems that it may block for."""
        problems: list[str] = []
        for run in self._runs:
            try:
                for leave, paths in self._wanted(report, run).items():
                    for start in range(0, len(paths), _AT_ONCE):
                        self._fix(run, paths[start : start + _AT_ONCE], leave)
            except ToolError as error:
                problems.append(f"{run.scanner.id}: {redact(error.message)}")
        files = tuple(
            FixedFile(path, before, self._after[path], tuple(self._by[path]))
            for path, before in sorted(self._before.items())
            if path in self._after and self._after[path] != before
        )
        return Fixes(files, tuple(problems))

    def _wanted(self, report: Report, run: ScannerRun) -> dict[frozenset[str], list[str]]:
        """Files to fix, by the rules that are to be left alone in them.

        Besides files with problems that the change answers for, those are fixed that an earlier
        tool changed, if nothing was wrong with them before: removing an import may leave a blank
        line too many. What was unformatted is still left to whoever wants to format it.
        """
        rules: dict[str, set[str]] = {}
        wanted: dict[str, set[str]] = {}
        found = (
            (judged, finding)
            for judged in report.findings
            for finding in (judged.finding, *judged.also)
        )
        for judged, finding in found:
            if finding.scanner == run.scanner.id and finding.path:
                rules.setdefault(finding.path, set()).add(finding.rule)
                if (judged.state == "new" or judged.blocks) and self._demanded(run, finding.path):
                    wanted.setdefault(finding.path, set()).add(finding.rule)
        prepared = run.prepared() if self._after and isinstance(run.outcome, Ran) else None
        if isinstance(prepared, Prepared):
            for path in filter(prepared.selects, self._after):
                if path not in rules and self._demanded(run, path):
                    wanted[path] = rules[path] = set()
        groups: dict[frozenset[str], list[str]] = {}
        for path in sorted(wanted):
            groups.setdefault(frozenset(rules[path] - wanted[path]), []).append(path)
        return groups

    def _demanded(self, run: ScannerRun, path: str) -> bool:
        return policy_for(self._policy, run.scanner.gate, path).enabled

    def _fix(self, run: ScannerRun, paths: Sequence[str], leave: frozenset[str]) -> None:
        prepared = run.prepared()
        if not isinstance(run.scanner, Fixer) or isinstance(prepared, Skipped):
            return
        try:
            for path, content in self._head.read_many(it for it in paths if it not in self._before):
                self._before[path] = content
        except OSError as error:
            raise ToolError("input-invalid", f"a file cannot be read: {error.strerror}") from None
        contents = {path: self._after.get(path, self._before[path]) for path in paths}
        batch = self._laid_out(run, prepared, contents)
        run.scanner.fix(batch, leave)
        for path, content in contents.items():
            fixed = batch.read(path)
            if content and not fixed:
                raise ToolError("tool-output-invalid", f"the fix would leave nothing of {path}")
            if fixed != content:
                self._after[path] = fixed
                self._by.setdefault(path, []).append(run.scanner.id)

    def _laid_out(
        self, run: ScannerRun, prepared: Prepared, contents: Mapping[str, bytes]
    ) -> ToolBatch:
        means = self._means
        executable = means.toolbox.executable(run.scanner.tool)
        files, placeholders = prepared.support(list(contents))
        beside = Beside(means.settings, tuple(files), tuple(placeholders))
        cwd = means.workspaces.checkout(Overlaid(self._head, contents), contents, beside)
        names = {path: path for path in contents}
        return ToolBatch(run.scanner, prepared, means, cwd, names, executable)

    def adds_problems(self, file: FixedFile, old: bytes, new: bytes) -> bool:
        """Whether the scanners that fixed the file find more in `new` than in `old`.

        What is staged and what lies in the working tree may need different fixes: an import that
        nothing staged uses can be in use in the working tree.
        """
        for run in self._runs:
            # How a file is laid out cannot break it, and formatting half of it is no harm.
            if run.scanner.id in file.by and run.scanner.gate != "format":
                one, other = (self._found(run, file.path, content) for content in (old, new))
                if other - one:
                    return True
        return False

    def _found(self, run: ScannerRun, path: str, content: bytes) -> Counter[str]:
        prepared = run.prepared()
        if isinstance(prepared, Skipped):
            return Counter()
        shown = Overlaid(self._head, {path: content})
        answer = run_batch(run.scanner, prepared, shown, [path], self._means, since=0).files[path]
        found = Counter(finding.fingerprint for finding in answer.findings)
        return found + Counter(unchecked.reason for unchecked in answer.unchecked)
