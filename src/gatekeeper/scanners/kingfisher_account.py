"""Whether Kingfisher looked into every file, told from how many it counts.

A file counts once, an archive or a database once for each of its members, and not at all where the
tool refuses it. So the members of one must not make up for another that was passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.interface import Batch, RawUnchecked

# Zip, gzip, bzip2, xz, zstandard, 7z, ar, SQLite; tar says so further down.
_STARTS = (
    b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"!<arch>",
    b"SQLite format 3",
)  # fmt: skip
_TAR, _TAR_AT = b"ustar", 257
# Tar archives of old have no mark of their own.
_ENDS = (".tar", ".zip", ".tgz", ".gz", ".bz2", ".xz", ".jar", ".whl", ".egg", ".db", ".asar")


def left_out(batch: Batch, seen: int, count: Callable[[str], int]) -> Sequence[RawUnchecked]:
    """What was passed over when the whole batch counted `seen`; `count` says it of one file.

    Raises `ToolError` when that cannot be told.
    """
    contents = {path: batch.read(path) for path in batch.paths}
    counted: dict[str, int] = {}
    # Kinds of archives that nobody told us of are among what is not text.
    for several in (_packed, _binary):
        for path, content in contents.items():
            if path not in counted and several(path, content):
                counted[path] = count(path)
        ones, rest = len(contents) - len(counted), seen - sum(counted.values())
        if rest == ones:
            return [
                RawUnchecked(path, "not-reported", "kingfisher did not look into the archive")
                for path, times in counted.items()
                if not times and contents[path]
            ]
    looked = len(contents) - ones + rest
    raise ToolError(
        "tool-output-invalid", f"kingfisher looked at {looked} of {len(contents)} files"
    )


def _packed(path: str, content: bytes) -> bool:
    return (
        content.startswith(_STARTS)
        or content[_TAR_AT:].startswith(_TAR)
        or path.lower().endswith(_ENDS)
    )


def _binary(path: str, content: bytes) -> bool:
    return b"\0" in content
