"""Archives as packages come in them, with whatever a test wants to have in them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def tarred(
    files: Mapping[str, str | bytes], edit: Callable[[tarfile.TarInfo], None] = lambda info: None
) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            edit(info)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()
