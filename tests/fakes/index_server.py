"""Package indexes on this machine: a simple index of Python, and a registry of npm."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.odd_server import Behaviour, Odd, OddServer, ok


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def simple(
    server: OddServer,
    name: str,
    files: Mapping[str, bytes],
    *,
    uploaded: str = "2020-01-01T00:00:00Z",
    yanked: bool | str = False,
    root: str = "simple",
    **more: Any,
) -> None:
    """Serve a project with these files; `more` goes into every one of them."""
    rows = []
    for file, content in files.items():
        server.behaviours[f"/files/{file}"] = parts(content)
        rows.append(
            {
                "filename": file,
                "url": f"../../files/{file}",
                "hashes": {"sha256": sha256(content)},
                "yanked": yanked,
                "upload-time": uploaded,
                **more,
            }
        )
    answer = {"meta": {"api-version": "1.1"}, "name": name, "files": rows}
    server.behaviours[f"/{root}/{name}/"] = ok(json.dumps(answer).encode())


def package(
    server: OddServer,
    name: str,
    versions: Mapping[str, bytes],
    *,
    uploaded: str = "2020-01-01T00:00:00Z",
    scripts: Mapping[str, str] | None = None,
    root: str = "npm",
) -> None:
    """Serve a package of npm."""
    told: dict[str, Any] = {}
    for version, content in versions.items():
        file = f"{name.rpartition('/')[2]}-{version}.tgz"
        server.behaviours[f"/files/{file}"] = parts(content)
        told[version] = {
            "scripts": dict(scripts or {}),
            "dist": {"tarball": f"{server.url}/files/{file}", "integrity": integrity(content)},
        }
    answer = {"versions": told, "time": dict.fromkeys(versions, uploaded)}
    path = name.replace("/", "%2F")
    server.behaviours[f"/{root}/{path}"] = ok(json.dumps(answer).encode())


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def parts(content: bytes) -> Behaviour:
    """A file of which parts can be had, as from the servers of the public indexes."""

    def behave(it: Odd) -> None:
        wanted = it.headers.get("Range", "")
        if not wanted:
            it.reply(200, content)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(content) - int(last))
        end = int(last) if first else len(content) - 1
        span = f"bytes {start}-{end}/{len(content)}"
        it.reply(206, content[start : end + 1], Content_Range=span)

    return behave
