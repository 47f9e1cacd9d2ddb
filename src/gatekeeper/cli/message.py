"""`gatekeeper check-message`: judge the message of a commit that is being made."""

from __future__ import annotations

import os
from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.adapters.clock import SystemClock
from gatekeeper.adapters.git import GitRepository
from gatekeeper.cli.check import EXIT
from gatekeeper.cli.setting import load_setting
from gatekeeper.errors import UsageError
from gatekeeper.pipeline.gate import overall
from gatekeeper.pipeline.message import judge_message
from gatekeeper.scanners.commits import draft_findings, lines_of
from gatekeeper.text.commit_message import cleaned
from gatekeeper.text.names import printable

_LIMIT = 1024 * 1024


def run_check_message(options: Namespace) -> int:
    """Judge one message by the gate `commits`, configured as staged; the exit status."""
    repository = wiring.open_repository()
    setting = load_setting(repository.root, repository.index(), options.config)
    commits = setting.loaded.config.scanners.commits
    if not (setting.loaded.policy.gates["commits"].enabled and commits.enabled):
        if options.only_if_on:
            return 0
        raise UsageError(
            "gate commits is off, so no message is judged",
            remedy="set gates.commits.enabled: true in gatekeeper.yml",
        )
    message = _message(repository, options.file)
    # git refuses an empty one itself, and a merge is judged nowhere.
    if not message or _merges(repository, message):
        return 0
    findings = draft_findings(message, commits)
    today = SystemClock().today()
    judged = judge_message(findings, setting.loaded, setting.waivers, today)
    for item in judged.findings:
        finding = item.finding
        mark = "" if item.blocks else f" ({item.state}, does not block)"
        print(f"{finding.scanner}/{finding.rule}: {finding.message}{mark}")
    status = EXIT[overall(judged.gates)]
    if status:
        print(f"  {printable(lines_of(message)[0])}")
        print(f"BLOCKED  the message is kept in {printable(options.file)}")
    return status


def _message(repository: GitRepository, path: str) -> str:
    try:
        with open(path, "rb") as file:
            text = file.read(_LIMIT).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(
            f"the message cannot be read: {error.strerror or error}", where=path
        ) from None
    cleanup = _configured(repository, "commit.cleanup")
    # git sets this where no editor is opened; then it keeps lines that look like comments.
    edited = os.environ.get("GIT_EDITOR") != ":"
    strip = cleanup == "strip" or (cleanup in ("", "default") and edited)
    mark = _configured(repository, "core.commentString") or _configured(
        repository, "core.commentChar"
    )
    return cleaned(text, mark or "#", strip=strip)


def _configured(repository: GitRepository, key: str) -> str:
    shown = repository.git("config", "--get", key, status=(0, 1))
    return shown.decode("utf-8", "replace").rstrip("\n")


def _merges(repository: GitRepository, message: str) -> bool:
    """Whether the commit will be a merge, or is one whose message is amended."""
    if repository.merging():
        return True
    head = repository.head()
    if not head or len(repository.parents(head)) < 2:
        return False
    written = repository.git("show", "-s", "--format=%s", head).decode("utf-8", "replace")
    return lines_of(message)[0] == written.strip()
