"""Files that a snapshot of advisories is made of: told apart by content, read within bounds."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal, NamedTuple

from gatekeeper.advisories.format import LARGEST_RECORD, MAGIC

Kind = Literal["snapshot", "osv-zip", "osv-json", "kev", "epss"]
_MOST_MEMBERS = 3_000_000
_LEAST_LIMIT = 1 << 30
_MOST_RATIO = 100
_LARGEST_FEED = 256 << 20
_DEEPEST = 4
# In a folder anything may stand beside the data: a README, OSV's lists of what there is.
_SUFFIXES = (".json", ".zip", ".csv", ".gz", ".snapshot")
_PASSED_OVER = ("modified_id.csv",)


class SourceError(Exception):
    """A file that no snapshot can be made of; `where` names it."""

    def __init__(self, message: str, where: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy


class Part(NamedTuple):
    """A file, or the loose records of a folder, and what it is called in messages.

    `stated` is when its server says it was written, RFC 3339; empty when nobody says.
    """

    name: str
    kind: Kind
    paths: tuple[str, ...]
    ecosystems: tuple[str, ...] = ()
    stated: str = ""


def parts_of(path: str) -> list[Part]:
    """A file, or everything in a folder. Errors: SourceError."""
    try:
        if not os.path.isdir(path):
            return [Part(os.path.basename(path), kind_of(path), (path,))]
        parts = list(_folder(path, path, 0))
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror or error}", path) from None
    if not parts:
        raise SourceError("there is no advisory in this folder", path)
    return parts


def _folder(folder: str, top: str, depth: int) -> Iterator[Part]:
    loose: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda it: it.name):
        if entry.is_symlink() or entry.name.startswith(".") or entry.name in _PASSED_OVER:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < _DEEPEST:
                yield from _folder(entry.path, top, depth + 1)
        elif entry.is_file(follow_symlinks=False) and entry.name.endswith(_SUFFIXES):
            kind = kind_of(entry.path)
            if kind == "osv-json":
                loose.append(entry.path)
            else:
                yield Part(os.path.relpath(entry.path, top), kind, (entry.path,))
    if loose:
        yield Part(os.path.relpath(folder, top), "osv-json", tuple(loose))


def kind_of(path: str) -> Kind:
    """What a file is, by how it begins. Errors: SourceError."""
    with open(path, "rb") as file:
        begin = file.read(4096)
    if begin.startswith(MAGIC):
        return "snapshot"
    if begin.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "osv-zip"
    if begin.startswith((b"\x1f\x8b", b"#model_version", b"cve,")):
        return "epss"
    if begin.lstrip().startswith(b"{"):
        return "kev" if b'"catalogVersion"' in begin else "osv-json"
    html = begin.lstrip().lower().startswith((b"<!doctype", b"<html"))
    raise SourceError(
        "this is a web page, and no advisories"
        if html
        else "this is neither a snapshot, nor OSV's zip or JSON, nor a KEV or EPSS list",
        path,
    )


def records_of(part: Part) -> Iterator[tuple[str, bytes]]:
    """Each record's name and JSON. Nothing is unpacked to disk. Errors: SourceError."""
    if part.kind == "osv-json":
        for path in part.paths:
            try:
                with open(path, "rb") as file:
                    yield os.path.basename(path), file.read(LARGEST_RECORD + 1)
            except OSError as error:
                raise SourceError(str(error.strerror or error), path) from None
        return
    (path,) = part.paths
    try:
        yield from _members(path)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        OSError,
    ) as error:  # fmt: skip
        raise SourceError(
            f"the zip is damaged: {str(error)[:200]}", part.name, "get it again"
        ) from None


def _members(path: str) -> Iterator[tuple[str, bytes]]:
    allowed = max(_LEAST_LIMIT, os.path.getsize(path) * _MOST_RATIO)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise zipfile.BadZipFile("it has too many members")
        for member in members:
            if member.is_dir() or not member.filename.endswith(".json"):
                continue
            with archive.open(member) as file:
                data = file.read(LARGEST_RECORD + 1)
            # What the zip says about sizes is not believed: what came out is counted.
            allowed -= len(data)
            if allowed < 0:
                raise zipfile.BadZipFile("it holds far more than it could")
            yield member.filename, data


def feed_of(part: Part) -> bytes:
    """The content of a KEV or EPSS list, unpacked. Errors: SourceError."""
    (path,) = part.paths
    try:
        with open(path, "rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            stream: io.BufferedIOBase = gzip.GzipFile(fileobj=file) if packed else file
            data = stream.read(_LARGEST_FEED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"it cannot be read: {error}", part.name, "get it again") from None
    if len(data) > _LARGEST_FEED:
        raise SourceError("it is far larger than such a list can be", part.name)
    return data


def digest_of(part: Part) -> str:
    """`sha256:…` of the files, in order."""
    total = sha256()
    try:
        for path in part.paths:
            with open(path, "rb") as file:
                while block := file.read(1 << 20):
                    total.update(block)
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror or error}", part.name) from None
    return "sha256:" + total.hexdigest()
