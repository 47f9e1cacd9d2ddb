"""Semgrep's engine, offline, with rules of the repository and rules of our own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    RawFinding,
    Scanned,
    ScanScope,
)
from gatekeeper.scanners.output import (
    config_files,
    decode,
    expect_status,
    files_digest,
    last_line,
    path_map,
)
from gatekeeper.scanners.semgrep_builtin import run_builtin
from gatekeeper.scanners.semgrep_output import (
    PYTHON,
    Output,
    Paths,
    findings_of,
    one_line,
    unchecked_of,
)
from gatekeeper.scanners.semgrep_rules import (
    LOOK,
    builtin_digest,
    builtin_files,
    check_excluded,
    fixable,
    limited,
)
from gatekeeper.scanners.suppression import directive_in, files_with, suppressed, text_lines
from gatekeeper.scanners.tools import SEMGREP
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_MARKER = regex(rb"nosem", re.IGNORECASE)
_DIRECTIVE = regex(r"(?:#|//|--|/\*|<!--)\s*nosem(?:grep)?\b(?:\s*:\s*[\w.-]+(?:\s*,\s*[\w.-]+)*)?")
_NO_RULES = 7
_SCAN = (
    "scan", "--experimental", "--oss-only", "--metrics=off", "--disable-version-check", "--json",
    "--quiet", "--no-git-ignore", "--jobs=1", "--max-target-bytes=0", "--no-rewrite-rule-ids",
    # Without it, what a rule's `paths` include or exclude is compared with the name of the file alone.
    "--project-root=.",
)  # fmt: skip


class Semgrep:
    """Patterns and data flows. Started with `--experimental`: the same findings, no slow start."""

    id = "semgrep"
    gate: GateId = "sast"
    stage: Stage = "ci"
    scope: ScanScope = "file"
    # It walks all of the folder that it is started in, whichever files it is to look at.
    layout: Layout = "copy"
    tool = SEMGREP
    size_limited = True
    revision = 6
    startup = 0.3
    rate = 1.5

    def prepare(self, context: Context) -> Prepared | Skipped:
        options = context.config.scanners.semgrep
        entries = context.snapshot.entries()
        own = config_files(
            context.snapshot,
            lambda path: (
                any(path == rule or path.startswith(f"{rule}/") for rule in options.rules)
                and path.endswith((".yml", ".yaml"))
            ),
        )
        if options.rules and not own:
            raise ToolError(
                "tool-misconfigured",
                f"no rule file found under {', '.join(options.rules)}",
                "scanners.semgrep.rules names YAML files or folders inside the repository",
            )
        ours = options.builtin_rules and {*builtin_files()} - {*options.exclude_rules}
        if not own and not ours:
            return Skipped("not-configured", "no rules are configured")
        texts = [context.snapshot.read(path) for path in own]
        check_excluded(options.exclude_rules, texts)

        def selects(path: str) -> bool:
            # Our own rules are for Python; rules of the repository may be for any language.
            return path.endswith(PYTHON) or (bool(own) and path not in own)

        if not any(selects(path) for path in entries):
            return Skipped("no-matching-files", "no Python files")
        return Prepared(
            selects=selects,
            digest=digest(
                files_digest(own),
                builtin_digest() if options.builtin_rules else "",
                str(options.timeout),
                *sorted(options.exclude_rules),
            ),
            options=(*own, LOOK) if limited(texts, options.exclude_rules) else tuple(own),
            support=lambda paths: (list(own), ()),
        )

    def scan(self, batch: Batch) -> Scanned:
        output = self._run(batch, batch.paths)
        known = path_map(batch.paths)
        findings = findings_of(output, known, batch.cwd)
        if marked := files_with(batch, _MARKER):
            everything = findings_of(self._run(batch, marked, "--disable-nosem"), known, batch.cwd)
            lines = {path: text_lines(batch.read(path)) for path in marked}

            def directive(finding: RawFinding) -> Suppression:
                return directive_in(
                    lines[finding.path],
                    finding.line,
                    finding.end_line,
                    _DIRECTIVE,
                    "nosemgrep",
                    above=True,
                )

            findings += suppressed(findings, everything, directive)
        return Scanned(findings, list(unchecked_of(output, known, batch)))

    def fix(self, batch: Batch, leave: Collection[str]) -> None:
        # The repository's own rules may say what to write, but nobody vouches for its safety.
        options = batch.config.scanners.semgrep
        left = {*leave, *options.exclude_rules}
        rules = fixable() if options.builtin_rules else []
        if not rules:
            return
        done = batch.run(
            *_SCAN, "--autofix", *(f"--config={path}" for path in rules),
            *(f"--exclude-rule={rule}" for rule in sorted(left)), f"--timeout={options.timeout}",
            "--", *batch.paths,
        )  # fmt: skip
        expect_status(done, (0, 1), "semgrep")
        decode(done, Output, "semgrep")

    def _run(self, batch: Batch, paths: Sequence[str], *more: str) -> Output:
        """What all rules say about these files. A file that no rule can match counts as looked at."""
        found = Output([], [], Paths([]))
        started: set[str] = set()
        for output, chosen in self._runs(batch, paths, *more):
            found.results += output.results
            found.errors += output.errors
            found.paths.scanned += output.paths.scanned
            started.update(chosen)
        found.paths.scanned += [path for path in paths if path not in started]
        return found

    def _runs(
        self, batch: Batch, paths: Sequence[str], *more: str
    ) -> Iterator[tuple[Output, Sequence[str]]]:
        """What every start of the engine says, about which files."""
        if own := batch.prepared.options:
            yield self._start(batch, own, paths, *more), paths
        if batch.config.scanners.semgrep.builtin_rules:
            yield from run_builtin(
                batch.cwd,
                batch.read,
                [path for path in paths if path.endswith(PYTHON)],
                batch.config.scanners.semgrep.exclude_rules,
                lambda rules, chosen: self._start(batch, rules, chosen, *more),
            )

    def _start(
        self, batch: Batch, rules: Sequence[str], paths: Sequence[str], *more: str
    ) -> Output:
        options = batch.config.scanners.semgrep
        done = batch.run(
            *_SCAN, f"--timeout={options.timeout}", *(f"--config={path}" for path in rules),
            *(f"--exclude-rule={rule}" for rule in options.exclude_rules), *more, "--", *paths,
        )  # fmt: skip
        output = decode(done, Output, "semgrep")
        if done.status not in (0, 1):
            # A rule file that is no YAML, say, is only a warning in the report.
            told = [trouble.message for trouble in output.errors] or [last_line(done.stderr)]
            if done.status == _NO_RULES and not told[0]:
                told = ["no rule in the configured files"]
            raise ToolError(
                "tool-misconfigured"
                if output.errors or done.status == _NO_RULES
                else "tool-crashed",
                f"semgrep ended with status {done.status}: {printable(one_line(told[0]))[:300]}",
            )
        return output
