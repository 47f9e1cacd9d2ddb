"""The reports in an artifact that untrusted code has made: every byte of it is somebody's choice.

Nothing is unpacked to a disk. Only files with the name of a report are read, each up to a limit and
not up to what the archive says of itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from gatekeeper.errors import ArtifactError, UsageError
from gatekeeper.model.finding import Finding
from gatekeeper.model.verdict import Judged, Report
from gatekeeper.reports.json_reader import read_report
from gatekeeper.text.names import plural, printable
from gatekeeper.text.patterns import regex

# A report of ten thousand problems has about 8 MiB, and an eighth of that when it is packed.
MOST_PACKED = 16 * 1024 * 1024
MOST_BYTES = 16 * 1024 * 1024
_MOST_ENTRIES = 512
_MOST_REPORTS = 64
_ENTRY = b"PK\x01\x02"  # what each entry of the directory begins with
_REPORT = "gatekeeper.json"
# What the action writes: the forms of one report, or a folder with them for each project.
_FOLDER = r"[0-9]{2,4}(?:-[A-Za-z0-9._-]{1,60})?/"
_FILE = r"gatekeeper\.(?:json|html|md|xml)|sarif/(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.sarif)?"
_EXPECTED = regex(rf"(?:{_FOLDER})?(?:{_FILE})|{_FOLDER}")
# Another way to pack is not read in steps, so that a few bytes could fill the memory.
_METHODS = (ZIP_STORED, ZIP_DEFLATED)


def reports_in(data: bytes, where: str) -> tuple[Report, ...]:
    """The reports in the archive, without anything that a reader could click on.

    Raises ArtifactError for everything that gatekeeper would not have written.
    """
    if len(data) > MOST_PACKED:
        raise ArtifactError(f"it has more than {MOST_PACKED >> 20} MiB", where=where)
    # Counted before the directory is read: each of its entries becomes an object.
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise ArtifactError(f"it has more than {_MOST_ENTRIES} files", where=where)
    try:
        with ZipFile(BytesIO(data)) as archive:
            contents = list(_contents(archive, where))
    # What zipfile raises for archives that are spoilt, encrypted, or of a kind that it cannot read.
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ArtifactError(f"it is no archive that can be read: {error}", where=where) from None
    reports = tuple(_report(content, f"{where}: {name}") for name, content in contents)
    if not reports:
        raise ArtifactError(f"there is no {_REPORT} in it", where=where)
    names = [it.project for it in reports]
    if len(set(names)) < len(names):
        raise ArtifactError("two of its reports are about the same project", where=where)
    return reports


def _contents(archive: ZipFile, where: str) -> Iterator[tuple[str, bytes]]:
    """The reports by name. Raises ArtifactError before anything is unpacked that need not be."""
    entries = archive.infolist()
    names = [it.filename for it in entries]
    for name in names:
        if not _EXPECTED.fullmatch(name):
            raise ArtifactError(
                f"gatekeeper writes no file with the name {printable(name)[:80]!r}", where=where
            )
    if len(set(names)) < len(names):
        raise ArtifactError("it has two files with one name", where=where)
    wanted = [it for it in entries if it.filename.rpartition("/")[2] == _REPORT]
    if len(wanted) > _MOST_REPORTS:
        raise ArtifactError(f"it has more than {plural(_MOST_REPORTS, 'report')}", where=where)
    left = MOST_BYTES
    for entry in wanted:
        content = _content(archive, entry, left, where)
        left -= len(content)
        yield entry.filename, content


def _content(archive: ZipFile, entry: ZipInfo, most: int, where: str) -> bytes:
    if entry.compress_type not in _METHODS:
        raise ArtifactError("it is packed in a way that is not read here", where=where)
    too_large = ArtifactError(
        f"its reports have more than {MOST_BYTES >> 20} MiB", where=where,
        remedy="a report of gatekeeper is hardly ever that large: look at what the change does",
    )  # fmt: skip
    if entry.file_size > most:
        raise too_large
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise too_large
    return content


def _report(content: bytes, where: str) -> Report:
    try:
        report = read_report(content, where)
    except UsageError as error:
        raise ArtifactError(error.message, where=where) from None
    held = any(it.blocks for it in report.findings) or any(
        it.verdict != "pass" for it in report.gates
    )
    if (report.verdict == "pass") == held or not report.gates:
        raise ArtifactError("the report contradicts itself", where=where)
    return _disarmed(report)


def _disarmed(report: Report) -> Report:
    """Without links, and without code to commit with a click: both would come in our name."""
    return msgspec.structs.replace(
        report, findings=tuple(map(_without_links, report.findings)), suggestions=()
    )


def _without_links(judged: Judged) -> Judged:
    return msgspec.structs.replace(
        judged, finding=_plain(judged.finding), also=tuple(map(_plain, judged.also))
    )


def _plain(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, help_url="")
