"""What ruff's answer for a file depends on besides the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import Entry
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import Context, Prepared
from gatekeeper.scanners.output import config_files, files_digest, name_of
from gatekeeper.text.fingerprint import digest

_SUFFIXES = (".py", ".pyi", ".ipynb")
_NAMES = ("ruff.toml", ".ruff.toml", "pyproject.toml")


def prepare_ruff(context: Context) -> Prepared | Skipped:
    """The same for the linter and the formatter."""
    entries = context.snapshot.entries()
    if not any(path.endswith(_SUFFIXES) for path in entries):
        return Skipped("no-matching-files", "no Python files")
    # `extend` may name any TOML file, so every one that speaks of ruff counts.
    configs = config_files(
        context.snapshot,
        lambda path: (
            name_of(path) in _NAMES or (path.endswith(".toml") and "ruff" in name_of(path))
        ),
    )
    roots = _source_roots(context.snapshot, configs)
    layout = sorted(_top_level_names(entries, roots))

    def support(paths: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        beside = [name for folder in _folders(paths) if (name := f"{folder}__init__.py") in entries]
        return list(configs), [*beside, *layout]

    def file_digest(path: str) -> str:
        # Whether the folder is a package decides some rules (INP001).
        return str(f"{path.rpartition('/')[0]}/__init__.py".lstrip("/") in entries)

    return Prepared(
        selects=lambda path: path.endswith(_SUFFIXES),
        digest=digest(files_digest(configs), *layout),
        file_digest=file_digest,
        support=support,
    )


def _folders(paths: Sequence[str]) -> set[str]:
    found = {""}
    for path in paths:
        parts = path.split("/")[:-1]
        found.update("/".join(parts[: depth + 1]) + "/" for depth in range(len(parts)))
    return found


def _source_roots(snapshot: Snapshot, configs: Iterable[str]) -> set[str]:
    """Folders whose packages ruff takes for first-party ones, each ending in `/` or empty."""
    roots = {"", "src/"}
    for path in configs:
        folder = path.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        roots |= {prefix, f"{prefix}src/"}
        try:
            document: Any = tomllib.loads(snapshot.read(path).decode("utf-8", "replace"))
        except (tomllib.TOMLDecodeError, RecursionError):
            continue  # ruff itself reports it
        if name_of(path) == "pyproject.toml":
            tool = document.get("tool")
            document = tool.get("ruff", {}) if isinstance(tool, dict) else {}
        listed = document.get("src", []) if isinstance(document, dict) else []
        for name in listed if isinstance(listed, list) else []:
            if isinstance(name, str):
                roots.add(f"{prefix}{name.strip('./')}/" if name.strip("./") else prefix)
    return roots


def _top_level_names(entries: dict[str, Entry], roots: set[str]) -> set[str]:
    """Modules and packages directly below a source root: what import sorting depends on."""
    found: set[str] = set()
    for path in entries:
        if not path.endswith(_SUFFIXES):
            continue
        for root in roots:
            if path.startswith(root):
                head, slash, _ = path[len(root) :].partition("/")
                found.add(f"{root}{head}/__init__.py" if slash else path)
    return found
