"""What is installed in an environment, by its metadata; nothing of it is run or imported."""

from __future__ import annotations

import contextlib
import glob
import os
from collections.abc import Collection, Iterator

from gatekeeper.managers.imports import modules_of_record
from gatekeeper.managers.names import pypi_name
from gatekeeper.model.installed import Installed

_WANTED = ("METADATA", "PKG-INFO", "direct_url.json", "REQUESTED")
# The file that says what is installed, by the kind of folder.
_TELLING = {"dist-info": "/METADATA", "egg-info": "PKG-INFO"}
_NOTICES = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "AUTHORS*")
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
                    name = os.path.relpath(path, environment).replace(os.sep, "/")
                    try:
                        found[name] = _read(path)
                    except OSError:
                        # Something is installed there, and nobody can tell what: not left out.
                        if name.endswith(_TELLING[entry.name.rpartition(".")[2]]):
                            found[name] = b""
    return found


def _files(entry: os.DirEntry[str]) -> Iterator[str]:
    if entry.name.startswith("~"):  # what pip could not take away, and nothing imports
        return
    if entry.name.endswith(".egg-info") and entry.is_file(follow_symlinks=False):
        yield entry.path
    elif entry.name.endswith((".dist-info", ".egg-info")) and entry.is_dir(follow_symlinks=False):
        yield from (os.path.join(entry.path, name) for name in _WANTED)


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        return file.read(_LARGEST + 1)


def distributions(environment: str) -> Iterator[Installed]:
    """Every package with its licences, in the order of their names; what is broken is left out."""
    for folder in site_packages(environment):
        for place in sorted(glob.glob(os.path.join(glob.escape(folder), "*.dist-info"))):
            text = _text(os.path.join(place, "METADATA"))
            fields = dict(_fields(text))
            if fields.get("name") and fields.get("version"):
                yield Installed(fields["name"], fields["version"], text, tuple(_notices(place)))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.partition("\n\n")[0].splitlines():
        name, colon, value = line.partition(":")
        if colon and name in ("Name", "Version"):
            yield name.lower(), value.strip()


def _notices(folder: str) -> Iterator[str]:
    """Their texts; links could lead anywhere and are not followed."""
    places = [folder, os.path.join(folder, "licenses")]
    found = {
        path
        for place in places
        for name in _NOTICES
        for path in glob.glob(os.path.join(glob.escape(place), "**", name), recursive=True)
    }
    yield from filter(None, (_text(path).strip() for path in sorted(found)))


def _text(path: str) -> str:
    try:
        return _read(path).decode("utf-8", "replace")
    except OSError:
        return ""


def installed_modules(environment: str, names: Collection[str]) -> dict[str, frozenset[str]]:
    """The modules of these distributions, by normalised name, as RECORD lists their files."""
    found: dict[str, frozenset[str]] = {}
    for folder in site_packages(environment):
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.dist-info"))):
            name = pypi_name(os.path.basename(path).partition("-")[0])
            if name in names:
                with contextlib.suppress(OSError):
                    record = _read(os.path.join(path, "RECORD")).decode("utf-8", "replace")
                    found[name] = modules_of_record(record)
    return found
