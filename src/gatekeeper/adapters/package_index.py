"""Package indexes over HTTP: simple indexes of Python, registries of npm, and their files."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO, cast
from urllib.parse import quote

from gatekeeper.adapters.fetch import FetchError, Http
from gatekeeper.adapters.ranged_file import RangedFile
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.model.indexed import Indexed, IndexedFile
from gatekeeper.ports.package_index import PackageIndexError
from gatekeeper.supplychain.npm_registry import read_package
from gatekeeper.supplychain.simple_index import ACCEPT, AnswerError, read_project
from gatekeeper.text.addresses import shown

# The longest answers of the public indexes are a third of that.
_LARGEST_ANSWER = 64 << 20
_STRONG = ("sha512", "sha384", "sha256")
_WEAK = ("sha1", "md5")


class OfflineIndexes:
    """See the PackageIndexes port: nobody is asked."""

    def package(self, ecosystem: Ecosystem, index: str, name: str) -> Indexed | None:
        raise PackageIndexError(f"offline, and {shown(index)} would have to be asked")

    def open(self, file: IndexedFile, limit: int) -> BinaryIO:
        raise PackageIndexError(f"offline, and {shown(file.url)} would have to be fetched")

    def close(self) -> None:
        return


class HttpIndexes:
    """See the PackageIndexes port. All requests together have the client's deadline."""

    def __init__(self, http: Http) -> None:
        self._client = http

    def package(self, ecosystem: Ecosystem, index: str, name: str) -> Indexed | None:
        url = f"{index.rstrip('/')}/{quote(name, safe='@' if ecosystem == 'npm' else '')}"
        url += "" if ecosystem == "npm" else "/"
        accept = "application/json" if ecosystem == "npm" else ACCEPT
        try:
            answer = self._client.get(url, _LARGEST_ANSWER, Accept=accept)
            if ecosystem == "npm":
                return read_package(answer.data)
            return read_project(answer.data, url)
        except FetchError as error:
            if error.status == 404:
                return None
            raise PackageIndexError(str(error)) from None
        except AnswerError as error:
            raise PackageIndexError(f"{shown(url)}: {error}") from None

    def open(self, file: IndexedFile, limit: int) -> BinaryIO:
        try:
            if file.name.endswith((".whl", ".zip")):
                found = RangedFile.opened(self._client, file.url, limit)
                if isinstance(found, RangedFile):
                    return cast(BinaryIO, found)
                content = found
            else:
                content = self._client.get(file.url, limit).data
        except FetchError as error:
            raise PackageIndexError(str(error)) from None
        _check(file, content)
        return io.BytesIO(content)

    def close(self) -> None:
        self._client.close()


def _check(file: IndexedFile, content: bytes) -> None:
    """Refuse a file that is not the one that the index speaks of."""
    stated = dict(it.partition(":")[::2] for it in reversed(file.hashes))
    names = [it for it in _STRONG if it in stated] or [it for it in _WEAK if it in stated]
    for name in names:
        if hashlib.new(name, content, usedforsecurity=False).hexdigest() != stated[name].lower():
            raise PackageIndexError(f"{shown(file.url)}: it has another {name} than the index says")
