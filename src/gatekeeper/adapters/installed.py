"""The metadata of what is installed in an environment; nothing of it is run or imported."""

from __future__ import annotations

import contextlib
import glob
import os
from collections.abc import Iterator

from gatekeeper.managers.imports import modules_of_record
from gatekeeper.managers.names import pypi_name

_WANTED = ("METADATA", "PKG-INFO", "direct_url.json", "REQUESTED")
# No package says so much about itself.
_LARGEST = 16 << 20


def site_packages(environment: str) -> list[str]:
    """The folders of an environment in which packages lie, without those that are links."""
    folders: list[str] = []
    for pattern in ("lib/python*/site-packages", "lib64/python*/site-packages",
                    "lib/python3/dist-packages", "Lib/site-packages"):  # fmt: skip
        folders += sorted(glob.glob(os.path.join(glob.escape(environment), pattern)))
    real = {os.path.realpath(it): it for it in reversed(folders)}
    return [it for it in folders if it in real.values()]


def installed_files(environment: str) -> dict[str, bytes]:
    """The files that managers.installed reads, by their path below the environment."""
    found: dict[str, bytes] = {}
    for folder in site_packages(environment):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda it: it.name):
                for path in _files(entry):
                    with contextlib.suppress(OSError):
                        name = os.path.relpath(path, environment).replace(os.sep, "/")
                        found[name] = _read(path)
    return found


def _files(entry: os.DirEntry[str]) -> Iterator[str]:
    if entry.name.endswith(".egg-info") and entry.is_file(follow_symlinks=False):
        yield entry.path
    elif entry.name.endswith((".dist-info", ".egg-info")) and entry.is_dir(follow_symlinks=False):
        yield from (os.path.join(entry.path, name) for name in _WANTED)


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        return file.read(_LARGEST + 1)


def installed_modules(environment: str) -> dict[str, frozenset[str]]:
    """The modules of each distribution, by the name in its folder, as RECORD lists its files."""
    found: dict[str, frozenset[str]] = {}
    for folder in site_packages(environment):
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.dist-info", "RECORD"))):
            name = os.path.basename(os.path.dirname(path)).partition("-")[0]
            with contextlib.suppress(OSError):
                record = _read(path).decode("utf-8", "replace")
                found[pypi_name(name)] = modules_of_record(record)
    return found
