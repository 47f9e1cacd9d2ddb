"""super-linter, as workflows call it: its settings are environment variables of a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gatekeeper.config.documents import Document, Path, decode, parse_yaml
from gatekeeper.setup.carry import Ledger, Read, formats, switched
from gatekeeper.setup.from_megalinter import default_branch
from gatekeeper.setup.linters import SUPER_LINTER, no_counterpart
from gatekeeper.text.patterns import regex

_ACTION = regex(r"(?:super-linter|github)/super-linter(?:/slim)?@")
_ENVIRONMENT = ".github/super-linter.env"
_IGNORED = ("LOG_", "GITHUB_", "CREATE_LOG_FILE", "SAVE_", "ENABLE_GITHUB_", "MULTI_STATUS",
            "SUPPRESS_", "LINTER_RULES_PATH", "BASH_", "DISABLE_ERRORS", "SSH_", "RENAME_", "FIX_",
            "REMOVE_ANSI", "ACTIONS_RUNNER_DEBUG", "ANSIBLE_", "SSL_", "USE_FIND")  # fmt: skip
_REASONS = {
    "FILTER_REGEX_INCLUDE": "every file is looked at; `gatekeeper check PATH` narrows one run",
    "DISABLE_ERRORS": "only new problems block; see gates.*.block_from",
    "IGNORE_GITIGNORED_FILES": "",
    "IGNORE_GENERATED_FILES": "name them in `exclude`, or in an override",
}


def carry(read: Read, ledger: Ledger) -> bool:
    """Carry over what every step that calls it says; False when none does. Errors: ConfigError."""
    found = False
    for path in ledger.facts.workflows:
        document = parse_yaml(path, decode(path, read(path) or b""))
        for variables, place in _steps(document):
            found = True
            values = {
                str(key): (str(value), document.where((*place, key)))
                for key, value in variables.items()
            }
            _step(values | _environment(read), ledger)
    return found


def _steps(document: Document) -> Iterator[tuple[dict[str, Any], Path]]:
    """The variables that super-linter sees: of the workflow, the job and the step."""
    jobs = document.data.get("jobs")
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        steps = job.get("steps") if isinstance(job, dict) else None
        for at, step in enumerate(steps if isinstance(steps, list) else ()):
            if isinstance(step, dict) and _ACTION.match(str(step.get("uses", ""))):
                own = step.get("env")
                yield own if isinstance(own, dict) else {}, ("jobs", name, "steps", at, "env")


def _environment(read: Read) -> dict[str, tuple[str, str]]:
    """Variables of the file that many workflows load into the environment."""
    text = (read(_ENVIRONMENT) or b"").decode("utf-8", "replace")
    return {
        key.strip(): (value.strip().strip("'\""), f"{_ENVIRONMENT}:{number}")
        for number, row in enumerate(text.splitlines(), start=1)
        for key, mark, value in [row.partition("=")]
        if mark and re.fullmatch(r"\s*[A-Z_]+", key)
    }


def _step(values: dict[str, tuple[str, str]], ledger: Ledger) -> None:
    switches = {
        key.removeprefix("VALIDATE_"): value.lower() == "true"
        for key, (value, _) in values.items()
        if key.startswith("VALIDATE_") and key != "VALIDATE_ALL_CODEBASE"
    }
    # With one `true` only those that are named run, with `false` alone all others do.
    named = any(switches.values())
    for key, (value, where) in values.items():
        if key.startswith("VALIDATE_") and key != "VALIDATE_ALL_CODEBASE":
            _switch(key, where, ledger, on=value.lower() == "true")
        else:
            _other(key, where, value, ledger)
    if switches:
        on = {
            scanner for linter, (scanner, _) in SUPER_LINTER.items()
            if switches.get(linter, not named)
        }  # fmt: skip
        if "ruff-format" in on and named:
            ledger.settings.append(formats("as for super-linter"))
        for scanner in dict.fromkeys(scanner for scanner, _ in SUPER_LINTER.values()):
            if scanner not in on:
                ledger.settings.append(switched(scanner, "as for super-linter"))


def _switch(key: str, where: str, ledger: Ledger, *, on: bool) -> None:
    linter = key.removeprefix("VALIDATE_")
    what = f"{key}: {str(on).lower()}"
    if linter in SUPER_LINTER:
        scanner, note = SUPER_LINTER[linter]
        said = f"{'' if on else 'no '}scanner {scanner}"
        ledger.carried(what, where, f"{said}; {note}" if note else said)
    elif on:
        ledger.lost(what, where, no_counterpart(linter))
    else:
        ledger.same(what, where, "gatekeeper does not run it")


def _other(key: str, where: str, value: str, ledger: Ledger) -> None:
    if key == "FILTER_REGEX_EXCLUDE":
        ledger.excluded(key, where, value, absolute=True)
    elif key == "DEFAULT_BRANCH" and "${{" not in value:
        default_branch(key, where, value, ledger)
    elif key == "VALIDATE_ALL_CODEBASE" and value.lower() == "false":
        ledger.same(f"{key}: false", where, "only what the change touches is judged")
    elif key == "VALIDATE_ALL_CODEBASE":
        why = "only new problems block; to block on all, set `on: all` for a gate"
        ledger.lost(key, where, why)
    elif key in ("GITHUB_TOKEN", "DEFAULT_BRANCH"):
        ledger.same(key, where, "not needed: the base is found in the event and in git")
    elif key == "IGNORE_GITIGNORED_FILES":
        ledger.same(key, where, "files that git ignores are not looked at")
    elif key in _REASONS:
        ledger.lost(key, where, _REASONS[key])
    elif key.endswith(("_CONFIG_FILE", "_FILE_NAME", "_COMMAND_ARGS", "_COMMAND_OPTIONS")):
        ledger.lost(key, where, "tools read the project's own settings: keep them there")
    elif key.startswith(_IGNORED):
        why = "how it runs and reports, not what it judges: see --jobs and --format"
        ledger.lost(key, where, why)
    else:
        ledger.lost(key, where, "gatekeeper has no such setting")
