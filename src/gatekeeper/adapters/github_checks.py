"""GitHub's check runs and code scanning."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from gatekeeper.adapters.github_http import Api
from gatekeeper.adapters.github_wire import WireCheck, WireChecks, read
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Annotation, CheckReport, CheckRun, Upload

MOST_ANNOTATIONS = 50
# After compression; more is refused.
MOST_SARIF = 10 * 1024 * 1024
_CHECKS = "checks: write"
_SARIF = "security-events: write"
_OFF = ("advanced security", "code security", "code scanning is not enabled", "not available")


class GitHubChecks:
    """The ports `Checks` and `CodeScanning`."""

    _api: Api

    def check_runs(self, commit: str, name: str) -> list[CheckRun]:
        path = f"commits/{quote(commit, safe='')}/check-runs"
        query = {"check_name": name, "filter": "latest"}
        return [
            _check(it)
            for page in self._api.pages(path, needs="checks: read", query=query, most=3)
            for it in read(page, WireChecks, path).check_runs
        ]

    def create_check(self, report: CheckReport, annotations: Sequence[Annotation]) -> CheckRun:
        body: dict[str, Any] = {
            "name": report.name,
            "head_sha": report.head,
            "external_id": report.external,
            "status": "completed",
            "conclusion": report.conclusion,
            "output": _output(report, annotations),
        }
        if report.details_url:
            body["details_url"] = report.details_url
        answer = self._api.call("POST", "check-runs", body, needs=_CHECKS)
        return _check(read(answer, WireCheck, "check-runs"))

    def annotate(
        self, check: int, report: CheckReport, annotations: Sequence[Annotation]
    ) -> CheckRun:
        path = f"check-runs/{check}"
        body = {"output": _output(report, annotations)}
        # Sent twice, they would be shown twice.
        answer = self._api.call("PATCH", path, body, needs=_CHECKS, again=False)
        return _check(read(answer, WireCheck, path))

    def upload_sarif(self, upload: Upload) -> None:
        packed = gzip.compress(upload.document.encode(), mtime=0)
        if len(packed) > MOST_SARIF:
            raise ForgeError(
                "too-large",
                f"the results of {upload.tool} have {len(packed) >> 20} MiB after compression",
                where="code-scanning/sarifs",
                remedy="code scanning takes 10 MiB: exclude generated files, or waive rules",
            )
        body = {
            "commit_sha": upload.commit,
            "ref": upload.ref,
            "sarif": base64.b64encode(packed).decode("ascii"),
            "tool_name": upload.tool,
        }
        if upload.root:
            body["checkout_uri"] = upload.root
        try:
            # A second copy of the same results replaces the first.
            self._api.call("POST", "code-scanning/sarifs", body, needs=_SARIF, again=True)
        except ForgeError as error:
            off = any(it in error.message.lower() for it in _OFF)
            if error.kind in ("permission", "not-found") and off:
                raise ForgeError(
                    "unavailable",
                    "this repository has no code scanning",
                    where="code-scanning/sarifs",
                    remedy="switch it on in the repository's settings, under code security",
                ) from None
            raise


def _output(report: CheckReport, annotations: Sequence[Annotation]) -> dict[str, Any]:
    output: dict[str, Any] = {"title": report.title, "summary": report.summary}
    if report.text:
        output["text"] = report.text
    if annotations:
        output["annotations"] = [_annotation(it) for it in annotations[:MOST_ANNOTATIONS]]
    return output


def _annotation(it: Annotation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": it.path,
        "start_line": it.line,
        "end_line": max(it.line, it.end_line),
        "annotation_level": it.level,
        "message": it.message,
    }
    if it.title:
        found["title"] = it.title
    # GitHub takes columns for remarks on one line only.
    if it.column and it.line == max(it.line, it.end_line):
        found |= {"start_column": it.column, "end_column": it.column}
    return found


def _check(wire: WireCheck) -> CheckRun:
    return CheckRun(
        id=wire.id,
        name=wire.name,
        head=wire.head_sha,
        status=wire.status,
        conclusion=wire.conclusion or "",
        external=wire.external_id or "",
        annotations=wire.output.annotations_count,
        app=wire.app.id if wire.app else 0,
        url=wire.html_url or "",
    )
