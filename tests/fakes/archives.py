"""Archives as a run keeps them, and as somebody would make them who means harm."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Style
from gatekeeper.reports.json import JsonReport
from tests.fakes.reports import sources

NAME = "gatekeeper.json"
GIGABYTE = 1 << 30
_STEP = 1 << 20


def told(report: Report) -> bytes:
    """A report as the action writes it."""
    return JsonReport().whole(report, sources(), Style()).encode()


def archive(files: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A zip; names are taken as they are."""
    made = io.BytesIO()
    with ZipFile(made, "w", method) as zip_file:
        for name, content in files.items():
            entry = ZipInfo("x")
            entry.filename = name
            entry.compress_type = method
            zip_file.writestr(entry, content)
    return made.getvalue()


def bomb(name: str = NAME, says: int = GIGABYTE) -> bytes:
    """A gigabyte of zeros in about a megabyte, which says of itself what it likes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(b"\0" * _STEP) + packer.flush(zlib.Z_FULL_FLUSH)
    body = head * (GIGABYTE // _STEP) + packer.flush()
    path = name.encode()
    about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(body), says, len(path), 0)
    local = b"PK\x03\x04" + about + path + body
    tail = struct.pack("<HHHII", 0, 0, 0, 0, 0)
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + about + tail + path
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)
    return local + directory + b"PK\x05\x06" + end
