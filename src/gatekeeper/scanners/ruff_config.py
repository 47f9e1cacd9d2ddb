"""What ruff's answer for a file depends on besides the file."""

from __future__ import annotations

import fnmatch
import posixpath
import re
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
    configs = config_files(context.snapshot, lambda path: name_of(path) in _NAMES)
    settings = _read_settings(context.snapshot, configs)
    folders = folders_of(entries)
    roots = _source_roots(settings, folders)
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
        # With no settings here, ruff would take those of a folder above the repository.
        options=() if configs else ("--isolated",),
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


def _read_settings(snapshot: Snapshot, configs: dict[str, Entry]) -> dict[str, dict[str, Any]]:
    """Ruff's settings by file. Files that others extend are added to `configs`."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(configs)
    while waiting:
        path = waiting.pop()
        found[path] = settings = _settings(name_of(path), snapshot.read(path))
        extended = settings.get("extend")
        if isinstance(extended, str):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), extended))
            entry = snapshot.entries().get(other)
            if entry is not None and entry.regular and other not in configs:
                configs[other] = entry
                waiting.append(other)
    return found


def _settings(name: str, content: bytes) -> dict[str, Any]:
    import tomllib

    try:
        document: Any = tomllib.loads(content.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}  # ruff itself reports it
    if name == "pyproject.toml":
        tool = document.get("tool")
        document = tool.get("ruff") if isinstance(tool, dict) else {}
    return document if isinstance(document, dict) else {}


def _source_roots(settings: Mapping[str, dict[str, Any]], folders: set[str]) -> set[str]:
    """Folders whose packages ruff takes for first-party ones, each ending in `/` or empty."""
    roots = {"", "src/"}
    for path, document in settings.items():
        prefix = path[: path.rfind("/") + 1]
        roots |= {prefix, f"{prefix}src/"}
        listed = document.get("src", [])
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
