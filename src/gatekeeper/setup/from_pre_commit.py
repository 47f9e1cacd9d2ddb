"""pre-commit's hooks. They stay in their file; what gatekeeper does as well can be taken out there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.config.documents import Document, decode, parse_yaml
from gatekeeper.setup.carry import Ledger, Read, formats
from gatekeeper.setup.facts import PRE_COMMIT
from gatekeeper.setup.linters import EXTERNAL, GATES
from gatekeeper.setup.settings import Setting

_FORMATTED = "ruff's formatter writes black's style, but for a few places"
_SECRETS = "Kingfisher looks for the same; the hook's own ignores and baselines do not count"
_OWN_CHECKS = "checks of your own are not loaded"
# By id of the hook: scanner, what to know.
HOOKS: Mapping[str, tuple[str, str]] = {
    "ruff": ("ruff", ""),
    "ruff-check": ("ruff", ""),
    "ruff-format": ("ruff-format", ""),
    "black": ("ruff-format", _FORMATTED),
    "black-jupyter": ("ruff-format", _FORMATTED),
    "flake8": ("ruff", "ruff has flake8's rules: take its settings to [tool.ruff.lint]"),
    "isort": ("ruff", "ruff sorts imports: select I in [tool.ruff.lint]"),
    "pyupgrade": ("ruff", "ruff has these rules: select UP in [tool.ruff.lint]"),
    "pydocstyle": ("ruff", "ruff has these rules: select D in [tool.ruff.lint]"),
    "pylint": ("ruff", "ruff has part of pylint's rules: select PL in [tool.ruff.lint]"),
    "autoflake": ("ruff", "ruff has these rules: F401, F841"),
    "debug-statements": ("ruff", "ruff has this rule: select T10 in [tool.ruff.lint]"),
    "name-tests-test": ("", "no counterpart: pytest itself says what it collects"),
    "mypy": ("mypy", "from the project's environment, which has to have mypy and the types"),
    "pyright": ("pyright", "from the project's environment"),
    "basedpyright": ("basedpyright", "from the project's environment"),
    "bandit": ("bandit", ""),
    "semgrep": ("semgrep", "with gatekeeper's own rules, and those of scanners.semgrep.rules"),
    "detect-secrets": ("kingfisher", _SECRETS),
    "gitleaks": ("kingfisher", _SECRETS),
    "gitleaks-docker": ("kingfisher", _SECRETS),
    "trufflehog": ("kingfisher", _SECRETS),
    "detect-private-key": ("kingfisher", ""),
    "detect-aws-credentials": ("kingfisher", ""),
    "kingfisher": ("kingfisher", ""),
    "zizmor": ("zizmor", ""),
    "actionlint": ("workflow-schema", "GitHub's schemas: part of what actionlint checks"),
    "check-github-workflows": ("workflow-schema", ""),
    "check-github-actions": ("workflow-schema", ""),
    "vulture": ("vulture", "settings: `[tool.vulture]` in pyproject.toml"),
    "hadolint": ("hadolint", ""),
    "hadolint-docker": ("hadolint", ""),
    "checkov": ("checkov", _OWN_CHECKS),
    "checkov_container": ("checkov", _OWN_CHECKS),
    "checkov_diff": ("checkov", _OWN_CHECKS),
    "commitizen": ("commits", ""),
    "conventional-pre-commit": ("commits", ""),
    "commitlint": ("commits", ""),
    "check-added-large-files": ("", "no counterpart: gatekeeper judges what files say, not their size"),
}  # fmt: skip
_TEXT = frozenset({
    "check-yaml", "check-toml", "check-json", "check-xml", "check-ast", "end-of-file-fixer",
    "trailing-whitespace", "mixed-line-ending", "check-merge-conflict", "check-case-conflict",
    "check-symlinks", "fix-byte-order-marker", "check-executables-have-shebangs",
    "check-shebang-scripts-are-executable", "pretty-format-json", "requirements-txt-fixer",
    "check-docstring-first", "destroyed-symlinks", "check-vcs-permalinks", "no-commit-to-branch",
    "check-builtin-literals", "forbid-submodules", "codespell", "typos", "prettier", "markdownlint",
    "shellcheck", "yamllint", "taplo",
})  # fmt: skip
_TOP = {
    "default_stages": "hooks keep their stages in their own entries",
    "default_language_version": "tools bring their Python along",
    "fail_fast": "all gates are judged, so that one run tells everything",
    "files": "every file is looked at; `gatekeeper check PATH` narrows one run",
    "minimum_pre_commit_version": "it is about pre-commit itself",
    "ci": "it is about pre-commit.ci",
    "default_install_hook_types": "it is about pre-commit itself",
}


def carry(read: Read, ledger: Ledger) -> bool:
    """Carry it over; False when there is no such file. Errors: ConfigError."""
    content = read(PRE_COMMIT)
    if content is None:
        return False
    document = parse_yaml(PRE_COMMIT, decode(PRE_COMMIT, content))
    for key, value in document.data.items():
        where = document.where((key,))
        if key == "exclude" and value and value != "^$":
            ledger.excluded("exclude", where, str(value))
        elif key in _TOP:
            ledger.lost(key, where, _TOP[key])
        elif key not in ("repos", "exclude"):
            ledger.lost(key, where, "gatekeeper has no such setting")
    repos = document.data.get("repos")
    for at, repo in enumerate(repos if isinstance(repos, list) else ()):
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        for index, hook in enumerate(hooks if isinstance(hooks, list) else ()):
            if isinstance(hook, dict):
                _hook(document, ("repos", at, "hooks", index), hook, ledger)
    return True


def _hook(
    document: Document, path: tuple[str | int, ...], hook: dict[str, Any], ledger: Ledger
) -> None:
    name = str(hook.get("id", ""))
    where = document.where((*path, "id"))
    scanner, note = HOOKS.get(name, ("", ""))
    if name.partition("-")[0] == "gatekeeper":
        return
    if not scanner:
        ledger.lost(name, where, note or _why_not(name))
        return
    said = f"scanner {scanner}; the hook can go" + (f"; {note}" if note else "")
    if scanner == "commits":
        setting = Setting(("gates", "commits", "enabled"), True, f"the hook {name} ({where})")
        ledger.carried(name, where, "gate commits", setting)
    elif scanner == "ruff-format":
        said += _line_length(name, ledger)
        ledger.carried(name, where, said, formats(f"the hook {name} ({where})"))
    else:
        ledger.same(name, where, said)
    _limits(document, path, hook, scanner, ledger)


def _limits(
    document: Document, path: tuple[str | int, ...], hook: dict[str, Any], scanner: str,
    ledger: Ledger,
) -> None:  # fmt: skip
    """What narrows a hook that has a counterpart."""
    name = str(hook["id"])
    gate, alone = GATES.get(scanner, ("", False))
    for key in ("exclude", "files", "args", "additional_dependencies", "types", "types_or"):
        if not hook.get(key):
            continue
        what, where = f"{name}: {key}", document.where((*path, key))
        if key == "exclude" and alone:
            ledger.gates_off(what, where, str(hook[key]), (gate,))
        elif key == "exclude":
            why = f"the gate {gate} has other scanners, too: an override would silence them all"
            ledger.lost(what, where, why)
        elif key == "args":
            ledger.lost(what, where, f"{scanner} reads the project's own settings: put them there")
        elif key == "additional_dependencies":
            ledger.lost(what, where, "install them in the project's environment")
        else:
            ledger.lost(what, where, "a scanner looks at all files of its kind")


def _line_length(hook: str, ledger: Ledger) -> str:
    length = ledger.facts.black_line_length
    if not hook.startswith("black") or length == (ledger.facts.ruff_line_length or 88):
        return ""
    return f"; set line-length = {length or 88} in [tool.ruff]"


def _why_not(name: str) -> str:
    if name in _TEXT:
        return "gatekeeper has no such check: keep the hook"
    return f"unknown to gatekeeper: keep the hook; if it can, {EXTERNAL}"
