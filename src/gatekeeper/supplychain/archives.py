"""What is in a wheel, a source distribution or a package of npm: listed and read, never unpacked.

Archives are hostile: what is read of them is bounded, nothing is written, links are not followed.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from gatekeeper.supplychain.startup import (
    Trouble,
    judge_build,
    judge_pth,
    judge_scripts,
    startup_name,
)

_MOST_MEMBERS = 100_000
_LARGEST_MEMBER = 1 << 20
# So much of an archive is unpacked to look for what is in it.
_LARGEST_WHOLE = 256 << 20
_ESCAPES = ("/", "\\")


class ArchiveError(ValueError):
    """It is no archive, or one that no honest tool makes."""


def look_into(name: str, file: BinaryIO) -> list[Trouble]:
    """What a file of a package runs before anybody imports it. Raises ArchiveError."""
    try:
        if name.endswith(".whl"):
            return list(_wheel(file))
        if name.endswith(".zip"):
            return list(judge_build(dict(_zip_roots(file))))
        found = dict(_tar_roots(file))
        # A package of npm is a .tgz: what its registry calls otherwise is named so for us.
        return list(judge_scripts(found) if name.endswith(".tgz") else judge_build(found))
    except ArchiveError:
        raise
    except (
        zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError,
        NotImplementedError, RuntimeError, ValueError, UnicodeError, RecursionError,
    ) as error:  # fmt: skip
        raise ArchiveError(f"it cannot be read: {error}") from None


def _wheel(file: BinaryIO) -> Iterator[Trouble]:
    with zipfile.ZipFile(file) as archive:
        for info in _members(archive):
            kind = startup_name(info.filename)
            if kind == "pth":
                yield from judge_pth(info.filename, _unzipped(archive, info))
            elif kind == "module":
                content = _unzipped(archive, info)
                yield Trouble.of(
                    "startup", info.filename, content, "Python imports it at each start"
                )


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise ArchiveError(f"it has {len(members):,} members")
    for it in members:
        _check_name(it.filename)
    return members


def _check_name(name: str) -> None:
    if name.startswith(_ESCAPES) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
        raise ArchiveError(f"it has a member that leads out of it: {name[:100]!r}")


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 1:
        raise ArchiveError(f"{info.filename[:100]!r} in it is encrypted")
    with archive.open(info) as member:
        return _bounded(member.read(_LARGEST_MEMBER + 1), info.filename)


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > _LARGEST_MEMBER:
        raise ArchiveError(f"{name[:100]!r} in it is larger than {_LARGEST_MEMBER >> 20} MiB")
    return content


_WANTED = ("setup.py", "pyproject.toml", "package.json", "binding.gyp")


def _wanted(name: str) -> str:
    """The name of a file in the archive's only folder that says what is run; empty for others."""
    parts = name.removeprefix("./").split("/")
    return parts[1] if len(parts) == 2 and parts[1] in _WANTED else ""


def _zip_roots(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as archive:
        for info in _members(archive):
            if name := _wanted(info.filename):
                yield name, _unzipped(archive, info)


def _tar_roots(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with (
        gzip.GzipFile(fileobj=file) as unpacked,
        tarfile.open(fileobj=_Bounded(unpacked), mode="r|") as archive,
    ):
        for count, member in enumerate(archive):
            if count > _MOST_MEMBERS:
                raise ArchiveError(f"it has more than {_MOST_MEMBERS:,} members")
            _check_name(member.name)
            if not (name := _wanted(member.name)):
                continue
            if not member.isreg():
                raise ArchiveError(f"{member.name[:100]!r} in it is a link")
            content = archive.extractfile(member)
            yield name, _bounded(content.read(_LARGEST_MEMBER + 1) if content else b"", member.name)


class _Bounded(io.RawIOBase):
    """Stops to give more when an archive would fill the memory or take for ever."""

    def __init__(self, file: gzip.GzipFile) -> None:
        super().__init__()
        self._file = file
        self._left = _LARGEST_WHOLE

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise ArchiveError(f"more than {_LARGEST_WHOLE >> 20} MiB are packed in it")
        return content
