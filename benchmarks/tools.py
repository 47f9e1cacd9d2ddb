"""The tools' own invocations over the files that gatekeeper gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from benchmarks.measure import Command
from benchmarks.sandbox import Sandbox
from gatekeeper.adapters.git import GitRepository
from gatekeeper.config.schema import Config
from gatekeeper.model.outcome import Skipped
from gatekeeper.pipeline.select import Scope, files_for
from gatekeeper.scanners.interface import Context
from gatekeeper.scanners.registry import scanners

RULES = str(files("gatekeeper").joinpath("rules"))
SEMGREP = ("--oss-only", "--metrics=off", "--disable-version-check", "--json", "--quiet",
           "--no-git-ignore", "--max-target-bytes=0", "--no-rewrite-rule-ids")  # fmt: skip
# What a user types. Semgrep in one process: with more it takes twice the CPU on a busy machine,
# which would make the bound of case 2 too easy.
ARGUMENTS: Mapping[str, Sequence[str]] = {
    "ruff": ("check", "--output-format", "json", "--no-cache", "--force-exclude", "--quiet"),
    "ruff-format": ("format", "--diff", "--no-cache", "--force-exclude"),
    "bandit": ("--quiet", "--format", "json"),
    "semgrep": ("scan", "--experimental", "--jobs=1", *SEMGREP, f"--config={RULES}"),
    "kingfisher": (
        "scan", "--no-validate", "--no-update-check", "--redact", "--no-dedup", "--quiet",
        "--format", "json", "--git-history", "none", "--max-file-size", "0",
    ),
    "zizmor": ("--offline", "--format", "json-v1", "--no-progress", "--no-config"),
    "workflow-schema": (
        "--builtin-schema", "vendor.github-workflows", "--output-format", "json",
    ),
}  # fmt: skip
# Findings have statuses of their own.
STATUSES = (0, 1, 11, 12, 13, 14, 200, 205)
_PATTERNS = {"zizmor": r"^\.github/workflows/", "workflow-schema": r"^\.github/workflows/",
             "kingfisher": ""}  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """One scanner's tool, started the way a user would."""

    scanner: str
    argv: Sequence[str]
    paths: Sequence[str]

    def command(self, sandbox: Sandbox, repository: Path) -> Command:
        # Kingfisher finds its own files: a list of them would be far slower to scan.
        what = ["."] if self.scanner == "kingfisher" else ["--", *self.paths]
        return Command([*self.argv, *what], repository, sandbox.environment, STATUSES)


def direct_tools(sandbox: Sandbox, repository: Path) -> list[Tool]:
    """Those with files in the repository; the same files, options and rules as gatekeeper's."""
    head = GitRepository(str(repository)).worktree()
    context = Context(head, Config(), str(repository))
    found: list[Tool] = []
    for scanner in scanners().values():
        prepared = scanner.prepare(context) if scanner.tool.locked else None
        if prepared is None or isinstance(prepared, Skipped):
            continue
        options = prepared.options if scanner.id == "bandit" else ()
        argv = [sandbox.tools[scanner.tool.id], *ARGUMENTS[scanner.id], *options]
        paths = files_for(scanner, prepared, head.entries(), Scope())
        if scanner.id == "workflow-schema":
            paths = [path for path in paths if path.startswith(".github/workflows/")]
        if paths:
            found.append(Tool(scanner.id, argv, paths))
    return found


def hook_config(sandbox: Sandbox, tools: Sequence[Tool], name: str) -> Path:
    """A configuration for pre-commit and prek with the same commands as local system hooks."""
    hooks = [
        {
            "id": tool.scanner,
            "name": tool.scanner,
            "language": "system",
            "entry": " ".join(tool.argv),
            "files": _PATTERNS.get(tool.scanner, r"\.pyi?$"),
        }
        for tool in tools
    ]
    path = sandbox.root / f"{name}.yaml"
    # JSON is YAML.
    path.write_text(json.dumps({"repos": [{"repo": "local", "hooks": hooks}]}, indent=2))
    return path
