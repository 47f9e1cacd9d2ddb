"""What every word of a report means. docs/verdict.md says the same in its tables; a test compares."""

from __future__ import annotations

from collections.abc import Mapping

VERDICTS: Mapping[str, str] = {
    "pass": "nothing blocks, and everything that had to be looked at was looked at",  # nosec B105 - no password
    "block": "a gate blocks",
    "inconclusive": "nothing blocks, but something needed could not be checked",
}
STATES: Mapping[str, str] = {
    "new": "the change brings it in",
    "existing": "the base has it, too",
    "waived": "a waiver covers it",
    "suppressed": "an inline ignore hides it",
}
WAIVER_NOTES: Mapping[str, str] = {
    "expired": "its last day is over",
    "unused": "it covers nothing; said only when no `PATH` and no `--gate` was given, in the stages `ci` and `full`",
    "too-broad": "a rule without `paths`, or more findings than `waivers.max_findings`",
}
GATE_REASONS: Mapping[str, str] = {
    "clean": "no findings at all",
    "no-blocking-findings": "findings, and none of them blocks",
    "nothing-to-check": "every scanner of the gate was skipped",
    "not-in-stage": "every scanner was skipped, and one of them runs from a later stage on",
    "warned": "not everything was checked, and `inconclusive: warn` accepts that",
    "findings": "findings that block",
    "suppression-without-reason": "all that blocks are inline ignores without a reason",
    "files-not-checked": "a file the change answers for was not checked",
    "scanner-failed": "a scanner could not do its work",
    "base-unavailable": "there is no base to compare with",
}
SKIP_REASONS: Mapping[str, str] = {
    "no-matching-files": "no files of its kind; with `hook` or `PATH`, none among those looked at",
    "not-configured": "the project does not use the tool, or no input was given",
    "disabled": "the gate or the scanner is off",
    "not-in-stage": "it runs from a later stage on",
    "nothing-changed": "the change has no commits, or touches no files",
}
FAIL_REASONS: Mapping[str, str] = {
    "tool-not-installed": "a tool of the project is not there, a program cannot start, or nothing is cached while offline",
    "tool-install-failed": "the locked tool could not be installed",
    "tool-crashed": "the tool ended in a way that means it did not do its work",
    "tool-timeout": "it took longer than `limits.tool_timeout`, tests longer than `scanners.tests.timeout_minutes`",
    "tool-output-invalid": "its report could not be understood, or contradicts itself",
    "tool-output-too-large": "it printed more than 64 MiB",
    "tool-misconfigured": "it could not use its settings",
    "base-unavailable": "the base, or something in it, cannot be had",
    "input-invalid": "a report of another program is unusable, or a file cannot be read",
    "no-tests": "the tests that were to be judged are none, or all skipped",
    "advisories-unavailable": "nothing is known about vulnerable packages: the advisories are missing, too old, damaged, not the pinned ones, or do not answer",
    "disk-full": "files could not be laid out for the tool",
    "cancelled": "the check was interrupted",
}
UNCHECKED_REASONS: Mapping[str, str] = {
    "parse-error": "the tool could not make sense of the content",
    "undecodable": "the content is not text as the tool expects it",
    "too-large": "larger than `limits.max_file_mb`",
    "timeout": "the tool gave up on this file after its own time limit",
    "unreadable": "the file cannot be opened",
    "changed-during-check": "written after the check began, or while the tests ran",
    "not-reported": "the tool was given the file and did not say that it looked at it, or did not run to its end",
    "unpinned": "no exact version is known of the dependency",
    "not-on-index": "the package index does not know the dependency",
    "private": "the dependency comes from an index of one's own, which no advisory is about",
    "vcs": "the dependency comes from a repository and may be anything",
    "url": "the dependency comes from an address and may be anything",
    "path": "the dependency comes from a folder outside the repository",
    "unsupported-ecosystem": "nobody publishes advisories about this kind of package",
    "no-advisories": "the snapshot holds no advisories about this kind of package",
    "invalid-version": "nobody can tell which versions are older than this one",
    "service-unavailable": "a service or repository that was asked about it gave no answer",
}
STAGES: Mapping[str, str] = {
    "hook": "the quick scanners, over files that the change touches: for commit hooks",
    "ci": "the scanners of `hook` and `ci`, over all files: the default",
    "full": "all scanners, over all files",
}
GATES: Mapping[str, str] = {
    "lint": "mistakes and bad style in code",
    "format": "whether code is laid out the way the formatter would",
    "types": "type errors, by the type checker that the project has set up",
    "tests": "the project's own tests: which fail, and which the change made fail",
    "coverage": "how much of the code, and of the change, the tests run",
    "sast": "code that is open to attacks",
    "secrets": "credentials in files",
    "dependencies": "vulnerable and malicious packages among what the project depends on",
    "licenses": "dependencies under a licence that the project does not allow",
    "workflows": "GitHub workflows that are open to attacks, or that GitHub would refuse",
    "iac": "containers and infrastructure code that are open to attacks",
    "commits": "commit messages that are no Conventional Commits; off until enabled",
    "size": "changes too large to review well; off until enabled",
    "external": "findings of other tools, given with --sarif-in",
}
# What to do about a code, where the report itself has no room to say it.
REMEDIES: Mapping[str, str] = {
    "inconclusive": "look at `Not checked` in the report: each entry has its reason and remedy",
    "existing": "nothing; `gatekeeper check --all` judges existing problems as well",
    "expired": "renew it with a new reason, or repair what it covers",
    "unused": "remove it from .gatekeeper/waivers.yml",
    "too-broad": "give it `paths`, or name single findings by fingerprint",
    "suppression-without-reason": "write the reason behind the directive, such as"
    " `# noqa: F401 - imported for its side effect`",
    "files-not-checked": "repair the file, or exclude it on purpose with `exclude`",
    "not-in-stage": "`gatekeeper check --stage ci` runs it",
    "disabled": "set `enabled: true` for the gate or the scanner in gatekeeper.yml",
    "not-configured": "set the tool up in the project, or leave it",
    "tool-not-installed": "`gatekeeper doctor` tells which tool and how to get it",
    "tool-install-failed": "`gatekeeper tools install` where the package index can be reached",
    "tool-crashed": "run the tool by hand on the same file; a crash is the tool's bug",
    "tool-timeout": "raise `limits.tool_timeout`, or exclude what takes so long",
    "tool-output-invalid": "`gatekeeper doctor` tells whether the tool is the locked one",
    "tool-output-too-large": "exclude generated files with `exclude`",
    "tool-misconfigured": "the message in the report is the tool's own: repair its settings",
    "base-unavailable": "`fetch-depth: 0` in actions/checkout, or `git fetch --unshallow`",
    "input-invalid": "look at the step that should have written the report",
    "no-tests": "look whether the command finds the tests: run it by hand in the root",
    "advisories-unavailable": "`gatekeeper advisories sync`, or copy a snapshot to where there is no network",
    "unpinned": "pin the version, or add a lock file",
    "not-on-index": "look at the name; a package of your own goes into `scanners.dependencies.private`",
    "private": "name it in `scanners.dependencies.private`, or its index in `scanners.dependencies.mirrors`",
    "vcs": "depend on a release instead, or waive it",
    "url": "depend on a release instead, or waive it",
    "path": "depend on a release instead, or waive it",
    "unsupported-ecosystem": "look at it by other means; `scanners.dependencies.tolerate` has it by default",
    "no-advisories": "add its ecosystem to `advisories.ecosystems`, and run `gatekeeper advisories sync`",
    "invalid-version": "pin a version that the package index has",
    "service-unavailable": "run it again where there is a network; advisories can come from a snapshot",
    "disk-full": "make room in the temporary folder (TMPDIR)",
    "parse-error": "repair the file, or exclude it on purpose with `exclude`",
    "undecodable": "save the file as UTF-8, or exclude it on purpose with `exclude`",
    "too-large": "raise `limits.max_file_mb`, or exclude it on purpose with `exclude`",
    "timeout": "raise `scanners.semgrep.timeout`, or exclude it on purpose with `exclude`",
    "unreadable": "look at the access rights of the file",
    "changed-during-check": "run the check again when nothing writes to the files",
    "not-reported": "look whether the tool's own settings exclude the file",
}
# Every family of words: what a word of it is, and its words.
FAMILIES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("a verdict", VERDICTS),
    ("a gate", GATES),
    ("a stage", STAGES),
    ("a state of a finding", STATES),
    ("a note about a waiver", WAIVER_NOTES),
    ("a reason code of a gate", GATE_REASONS),
    ("a reason code of a scanner that was skipped", SKIP_REASONS),
    ("a reason code of a scanner that failed", FAIL_REASONS),
    ("a reason code of a file that was not checked", UNCHECKED_REASONS),
)
