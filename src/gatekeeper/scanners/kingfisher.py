"""Secrets, found by Kingfisher. No value leaves the scanned file: not even in a cache."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gatekeeper.model.finding import Confidence, Suppression
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
from gatekeeper.scanners.kingfisher_account import left_out
from gatekeeper.scanners.kingfisher_output import Match, Output, Place, decoded
from gatekeeper.scanners.output import expect_status, path_map, relative
from gatekeeper.scanners.suppression import directive_in, files_with, suppressed, text_lines
from gatekeeper.scanners.tools import KINGFISHER
from gatekeeper.text.fingerprint import digest, secret_anchor
from gatekeeper.text.patterns import regex

_MARKER = regex(rb"kingfisher:\s*ignore", re.IGNORECASE)
_DIRECTIVE = regex(r"kingfisher:\s*ignore", re.IGNORECASE)
_CONFIDENCE: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}
# 0: nothing; 200: findings; 205: findings that were validated, which we never ask for.
_STATUSES = (0, 200, 205)
# For counting: the files looked at are the same with any rules, and few are loaded faster than all.
_ONE_RULE = "--rule=betterleaks.github-pat"
_FEW = 20
_LITTLE = 1 << 18
_KEY_END = b"-----END "
_LONGEST_KEY = 200


class Kingfisher:
    """Credentials in any kind of file. They are never tried out: nothing goes over the network."""

    id = "kingfisher"
    gate: GateId = "secrets"
    stage: Stage = "hook"
    scope: ScanScope = "file"
    # Folder names such as node_modules, and ignore files, must not hide a secret.
    layout: Layout = "flat"
    tool = KINGFISHER
    size_limited = False
    revision = 4
    startup = 0.6
    rate = 0.1

    def prepare(self, context: Context) -> Prepared | Skipped:
        if not context.snapshot.entries():
            return Skipped("no-matching-files", "no files")
        excluded = context.config.scanners.kingfisher.exclude_rules
        return Prepared(selects=lambda path: True, digest=digest(*sorted(excluded)))

    def scan(self, batch: Batch) -> Scanned:
        if _proved_clean(batch):
            return Scanned()
        excluded = [f"--exclude-rule={it}" for it in batch.config.scanners.kingfisher.exclude_rules]
        output = self._run(batch, *excluded)
        seen = output.metadata.summary.blobs_scanned
        findings = _findings(output.findings, batch)
        if marked := set(files_with(batch, _MARKER)):
            again = self._run(batch, *excluded, "--no-ignore")
            if (now := again.metadata.summary.blobs_scanned) != seen:
                message = f"kingfisher counted {seen} files, and then {now} of the same"
                raise ToolError("tool-output-invalid", message)
            everything = [it for it in _findings(again.findings, batch) if it.path in marked]

            def directive(finding: RawFinding) -> Suppression:
                text = text_lines(batch.read(finding.path))
                return directive_in(
                    text, finding.line, finding.line, _DIRECTIVE, "ignored inline", above=True
                )

            visible = [item for item in findings if item.path in marked]
            findings += suppressed(visible, everything, directive)

        def count(path: str) -> int:
            return self._run(batch, _ONE_RULE, path=f"./{path}").metadata.summary.blobs_scanned

        return Scanned(findings, left_out(batch, seen, count))

    def _run(self, batch: Batch, *more: str, path: str = ".") -> Output:
        done = batch.run(
            "scan", "--no-validate", "--no-update-check", "--redact", "--no-dedup", "--quiet",
            "--format", "json", "--git-history", "none", "--jobs", "1", "--max-file-size", "0",
            *more, path,
        )  # fmt: skip
        expect_status(done, _STATUSES, "kingfisher")
        return decoded(done)


def _findings(matches: Sequence[Match], batch: Batch) -> list[RawFinding]:
    """Each match once, on the file it is in."""
    known = path_map(batch.paths)
    places: dict[tuple[str, str], dict[tuple[str, int, int], Match]] = {}
    for match in matches:
        name = relative(match.finding.path, batch.cwd)
        # A secret inside an archive is reported below the archive's own name.
        above = (it for it in batch.paths if name.startswith(it))
        path = known.get(name) or max(above, key=len, default="")
        if not path:
            raise ToolError("tool-output-invalid", "kingfisher named a file it was not given")
        member = name.removeprefix(path) if name not in known else ""
        key = (match.rule.id, match.finding.line, match.finding.column_start)
        places.setdefault((path, member), {}).setdefault(key, match)
    found: list[RawFinding] = []
    for (path, member), unique in places.items():
        lines = [] if member else batch.read(path).split(b"\n")
        for match in unique.values():
            masked = _masked(lines, match.finding, [it.finding for it in unique.values()])
            found.append(_finding(match, path, masked, member))
    return found


def _masked(lines: Sequence[bytes], place: Place, others: Sequence[Place]) -> Sequence[bytes]:
    """The lines with every other secret on this one's line blotted out."""
    here = place.line - 1
    if not 0 <= here < len(lines):
        return lines
    line = bytearray(lines[here])
    for other in others:
        start, end = other.column_start, other.column_end + 1
        apart = end <= place.column_start or start > place.column_end
        if other.line == place.line and apart:
            line[start:end] = b"*" * len(line[start:end])
    return [*lines[:here], bytes(line), *lines[here + 1 :]]


def _proved_clean(batch: Batch) -> bool:
    """Whether the tool would find nothing in any file, whichever of its rules are excluded.

    Only asked for the few files of a commit: for more, starting the tool does not take longer.
    """
    if not batch.tool_version or len(batch.paths) > _FEW:
        return False
    from gatekeeper.scanners.kingfisher_proof import Proof

    proof = Proof.load(batch.tool_version)
    if proof is None:
        return False
    contents = {path: batch.read(path) for path in batch.paths}
    return sum(map(len, contents.values())) <= _LITTLE and all(
        proof.cannot_match(path, content) for path, content in contents.items()
    )


def _extent(place: Place, lines: Sequence[bytes]) -> tuple[bytes, int]:
    """The text a secret stands in, from the start of its line, and where in it the secret ends."""
    here = place.line - 1
    line = lines[here] if 0 <= here < len(lines) else b""
    if b"-----BEGIN " not in line or _KEY_END in line:
        return line, place.column_end + 1
    # All keys in PEM form have the same first line; what tells them apart comes below it.
    last = next(
        (at for at in range(here, min(here + _LONGEST_KEY, len(lines))) if _KEY_END in lines[at]),
        here,
    )
    body = [following.strip() for following in lines[here + 1 : last + 1]]
    key = b" ".join([line.rstrip(), *(text.partition(_KEY_END)[0] for text in body)])
    return key, len(key)


def _finding(match: Match, path: str, lines: Sequence[bytes], member: str) -> RawFinding:
    place = match.finding
    confidence = _CONFIDENCE.get(place.confidence.lower(), "medium")
    text, end = _extent(place, lines)
    # Latin-1 keeps one character per byte, as the columns count.
    anchor = secret_anchor(text.decode("latin-1"), place.column_start, end)
    if member:
        # What stands in an archive is not at hand; its place has to do.
        anchor = f"{member}:{place.line}:{place.column_start}"
    return RawFinding(
        path=path,
        rule=match.rule.id,
        message=match.rule.description or match.rule.name,
        severity="critical" if confidence == "high" else "high",
        confidence=confidence,
        line=place.line,
        end_line=place.line,
        column=place.column_start + 1,
        cwe=("CWE-798",),
        sensitive=True,
        anchor=anchor,
    )
