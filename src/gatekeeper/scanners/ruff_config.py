"""What ruff's answer for a file depends on besides the file."""

from __future__ import annotations

import fnmatch
import posixpath
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import Entry
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import Context, Prepared
from gatekeeper.scanners.output import config_files, files_digest, name_of
from gatekeeper.text.fingerprint import digest

_SUFFIXES = (".py", ".pyi", ".ipynb")
_SUBMODULE = "160000"
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
    folders = folders_of(entries)
    roots = _source_roots(context.snapshot, configs, folders)
    layout = sorted(_top_level_names(entries, folders, roots))
    # A folder is enough for its name to be first-party; an `__init__.py` would say too much.
    stand_ins = [f"{name}.stand-in" if name.endswith("/") else name for name in layout]

    def support(paths: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        beside = [
            name for folder in folders_of(paths) if (name := f"{folder}__init__.py") in entries
        ]
        return list(configs), [*beside, *stand_ins]

    def file_digest(path: str) -> str:
        # Whether the folder is a package decides some rules (INP001).
        return str(f"{path.rpartition('/')[0]}/__init__.py".lstrip("/") in entries)

    return Prepared(
        selects=lambda path: path.endswith(_SUFFIXES),
        digest=digest(files_digest(configs), *layout),
        file_digest=file_digest,
        support=support,
    )


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder above the paths, each ending in `/`; the root is the empty string."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and f"{folder}/" not in found:
            found.add(f"{folder}/")
            folder = folder.rpartition("/")[0]
    return found


def _source_roots(snapshot: Snapshot, configs: Iterable[str], folders: set[str]) -> set[str]:
    """Folders whose packages ruff takes for first-party ones, each ending in `/` or empty."""
    roots = {"", "src/"}
    for path in configs:
        prefix = path[: path.rfind("/") + 1]
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
                roots |= _matching(posixpath.normpath(f"{prefix}{name}"), folders)
    return roots


def _matching(pattern: str, folders: set[str]) -> set[str]:
    """The folders a source root stands for: it may have wildcards."""
    if pattern == ".":
        return {""}
    if "**" in pattern:
        return folders
    if re.search(r"[*?\[]", pattern) is None:
        return {f"{pattern}/"}
    parts = pattern.split("/")
    return {
        folder
        for folder in folders
        if folder.count("/") == len(parts)
        and all(map(fnmatch.fnmatchcase, folder.split("/"), parts))
    }


def _top_level_names(entries: Mapping[str, Entry], folders: set[str], roots: set[str]) -> set[str]:
    """Modules and folders directly below a source root: what import sorting depends on."""
    modules = {
        f"{path}/" if entry.mode == _SUBMODULE else path
        for path, entry in entries.items()
        if (path.endswith(_SUFFIXES) or entry.mode == _SUBMODULE)
        and path[: path.rfind("/") + 1] in roots
    }
    return modules | {it for it in folders if it and it[: it.rfind("/", 0, -1) + 1] in roots}
