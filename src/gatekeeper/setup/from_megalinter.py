"""MegaLinter's .mega-linter.yml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.config.documents import Document, decode, parse_yaml
from gatekeeper.setup.carry import Ledger, Read, formats, switched
from gatekeeper.setup.linters import GATES, MEGALINTER, no_counterpart
from gatekeeper.setup.settings import Setting

FILES = (".mega-linter.yml", ".mega-linter.yaml", ".megalinter.yml", ".megalinter.yaml")
# Keys that say nothing about what is judged.
_REASONS: Mapping[str, str] = {
    "APPLY_FIXES": "gatekeeper check --fix repairs, and only when it is asked to",
    "DISABLE_ERRORS": "only new problems block, so there is nothing to soften; see gates.*.block_from",
    "DISABLE_ERRORS_LINTERS": "a gate blocks by severity: raise gates.<gate>.block_from",
    "EXTENDS": "extended files are not fetched: carry over what they say by hand",
    "FILTER_REGEX_INCLUDE": "every file is looked at; `gatekeeper check PATH` narrows one run",
    "FAIL_IF_MISSING_LINTER_IN_FLAVOR": "there are no flavors: tools are installed when they are needed",
    "FLAVOR_SUGGESTIONS": "there are no flavors: tools are installed when they are needed",
    "EXCLUDED_DIRECTORIES": "these are names of folders at any depth: see `exclude`",
    "PRE_COMMANDS": "no commands are run before the tools",
    "POST_COMMANDS": "no commands are run after the tools",
    "PLUGINS": "there are no plugins; findings of other tools come in with --sarif-in",
    "MARKDOWN_DEFAULT_STYLE": "gatekeeper has no gate for Markdown",
}
_OUTPUT = ("REPORT", "LOG_", "PRINT_", "SHOW_", "OUTPUT_", "SARIF_", "JSON_", "TEXT_", "CONSOLE_",
           "GITHUB_", "GITLAB_", "AZURE_", "BITBUCKET_", "EMAIL_", "FILEIO_", "UPDATED_SOURCES_",
           "MARKDOWN_SUMMARY_", "TAP_", "CONFIG_REPORTER", "CLEAR_REPORT")  # fmt: skip
_PERFORMANCE = (
    "PARALLEL",
    "PARALLEL_PROCESS_NUMBER",
    "LINTER_RULES_PATH",
    "LINTER_TIMEOUT_SECONDS",
)


def carry(read: Read, ledger: Ledger) -> bool:
    """Carry it over; False when there is no such file. Errors: ConfigError."""
    name = next((file for file in FILES if read(file) is not None), "")
    if not name:
        return False
    document = parse_yaml(name, decode(name, read(name) or b""))
    _scanners(document, ledger)
    for key, value in document.data.items():
        if key not in ("ENABLE", "DISABLE", "ENABLE_LINTERS", "DISABLE_LINTERS"):
            _other(document, key, value, ledger)
    return True


def _names(document: Document, key: str) -> list[str]:
    """A list of names, which may be written with commas."""
    value = document.data.get(key)
    if isinstance(value, str):
        return [it.strip() for it in value.split(",") if it.strip()]
    return [str(it) for it in value] if isinstance(value, list) else []


def _scanners(document: Document, ledger: Ledger) -> None:
    """Which linters run: those named if any are named, less those that are taken away."""
    lists = {
        key: _names(document, key)
        for key in ("ENABLE", "ENABLE_LINTERS", "DISABLE", "DISABLE_LINTERS")
    }
    chosen = [*lists["ENABLE"], *lists["ENABLE_LINTERS"]]

    def runs(linter: str) -> bool:
        family = linter.partition("_")[0]
        if linter in lists["DISABLE_LINTERS"] or family in lists["DISABLE"]:
            return False
        return not chosen or linter in lists["ENABLE_LINTERS"] or family in lists["ENABLE"]

    # One linter of several that scan for the same is enough to keep a scanner on.
    on = {scanner for linter, (scanner, _) in MEGALINTER.items() if runs(linter)}
    for key, names in lists.items():
        for at, linter in enumerate(names):
            _named(document.where((key, at)), key, linter, on, ledger)
    if "ruff-format" in on and chosen:
        ledger.settings.append(formats(f"as in {document.name}"))
    decided = {key for key, names in lists.items() if names}
    for scanner in dict.fromkeys(scanner for scanner, _ in MEGALINTER.values()):
        if decided and scanner not in on:
            ledger.settings.append(switched(scanner, f"as in {document.name}"))


def _named(where: str, key: str, linter: str, on: set[str], ledger: Ledger) -> None:
    what = f"{key}: {linter}"
    families = {name.partition("_")[0] for name in MEGALINTER}
    if linter in MEGALINTER:
        scanner, note = MEGALINTER[linter]
        if key.startswith("DISABLE"):
            if scanner in on:
                ledger.same(what, where, f"scanner {scanner} stays on for the others of its kind")
            else:
                ledger.carried(what, where, f"scanner {scanner} is off")
            return
        said = f"scanner {scanner}"
        ledger.carried(what, where, f"{said}; {note}" if note else said)
    elif linter in families and key in ("ENABLE", "DISABLE"):
        scanners = dict.fromkeys(
            scanner for name, (scanner, _) in MEGALINTER.items() if name.partition("_")[0] == linter
        )
        ledger.carried(what, where, f"scanners {', '.join(it for it in scanners if it in on)}"
                       if key == "ENABLE" else f"without {', '.join(scanners)}")  # fmt: skip
    elif key.startswith("DISABLE"):
        ledger.same(what, where, "gatekeeper does not run it")
    else:
        ledger.lost(what, where, no_counterpart(linter))


def _other(document: Document, key: str, value: Any, ledger: Ledger) -> None:
    where = document.where((key,))
    linter = next(
        (it for it in sorted(MEGALINTER, key=len, reverse=True) if key.startswith(f"{it}_")), ""
    )
    if key == "FILTER_REGEX_EXCLUDE":
        ledger.excluded(key, where, str(value))
    elif linter:
        _about_linter(key, where, linter, value, ledger)
    elif key == "VALIDATE_ALL_CODEBASE":
        _all(key, where, value, ledger)
    elif key == "DEFAULT_BRANCH":
        default_branch(key, where, str(value), ledger)
    elif key in _REASONS:
        ledger.lost(key, where, _REASONS[key])
    elif key in _PERFORMANCE or key.startswith(_OUTPUT) or key.endswith("_REPORTER"):
        ledger.lost(
            key, where, "how it runs and reports, not what it judges: see --jobs and --format"
        )
    else:
        ledger.lost(key, where, no_counterpart(key))


def _all(key: str, where: str, value: Any, ledger: Ledger) -> None:
    if value is False or str(value).lower() == "false":
        ledger.same(key, where, "only what the change touches is judged")
    else:
        ledger.lost(
            key, where, "only new problems block; to block on all, set `on: all` for a gate",
        )  # fmt: skip


def default_branch(key: str, where: str, branch: str, ledger: Ledger) -> None:
    """The branch to compare with."""
    if branch == ledger.facts.branch and ledger.facts.branch_known:
        ledger.same(key, where, f"{branch} is found out")
    else:
        setting = Setting(("base",), f"origin/{branch}", f"{key} ({where})")
        ledger.carried(key, where, f"base: origin/{branch}", setting)


def _about_linter(key: str, where: str, linter: str, value: Any, ledger: Ledger) -> None:
    scanner, _ = MEGALINTER[linter]
    gate, alone = GATES[scanner]
    option = key.removeprefix(f"{linter}_")
    if option == "FILTER_REGEX_EXCLUDE" and alone:
        ledger.gates_off(key, where, str(value), (gate,))
    elif option == "FILTER_REGEX_EXCLUDE":
        ledger.lost(
            key, where, f"the gate {gate} has other scanners, too: an override would silence them all",
        )  # fmt: skip
    elif option in ("DISABLE_ERRORS", "DISABLE_ERRORS_IF_LESS_THAN"):
        ledger.lost(key, where, f"raise gates.{gate}.block_from; existing problems do not block")
    elif option in ("CONFIG_FILE", "RULES_PATH", "ARGUMENTS"):
        ledger.lost(key, where, f"{scanner} reads the project's own settings: keep them there")
    else:
        ledger.lost(key, where, f"scanners.{scanner} has no such setting")
