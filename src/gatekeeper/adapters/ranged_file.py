"""A file on a server, of which only the parts that are looked at are fetched."""

from __future__ import annotations

import io

from gatekeeper.adapters.fetch import FetchError, Http
from gatekeeper.ports.package_index import PackageIndexError
from gatekeeper.text.addresses import shown
from gatekeeper.text.patterns import regex

_BLOCK = 1 << 16
_SPAN = regex(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class RangedFile(io.RawIOBase):
    """Seekable and readable, in blocks; an archive's list of contents stands at its end.

    Raises PackageIndexError when a part cannot be had, or more than `limit` bytes are asked for.
    """

    def __init__(self, http: Http, url: str, size: int, limit: int) -> None:
        super().__init__()
        self._http = http
        self._url = url
        self._size = size
        self._left = limit
        self._at = 0
        self._blocks: dict[int, bytes] = {}

    @classmethod
    def opened(cls, http: Http, url: str, limit: int) -> RangedFile | bytes:
        """The file; all of its content where the server gives no parts. Errors: FetchError."""
        answer = http.get(url, limit, Range=f"bytes=-{_BLOCK}")
        if not answer.span:
            return answer.data
        first, last, size = _span(answer.span, url)
        if last != size - 1 or last - first + 1 != len(answer.data):
            raise FetchError(url, "it gives another part of the file than was asked for")
        file = cls(http, url, size, limit - len(answer.data))
        file._keep(first, answer.data)
        return file

    def _keep(self, first: int, data: bytes) -> None:
        """Remember the whole blocks of a part that reaches to the end of the file."""
        start = -(-first // _BLOCK)
        for number in range(start, -(-self._size // _BLOCK)):
            self._blocks[number] = data[number * _BLOCK - first : (number + 1) * _BLOCK - first]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a place before the beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all that are left: fewer only at the end of the file."""
        wanted = self._size - self._at if size < 0 else min(size, self._size - self._at)
        if wanted > self._left + len(self._blocks) * _BLOCK:
            raise PackageIndexError(f"more of {shown(self._url)} is wanted than may be fetched")
        parts: list[bytes] = []
        while wanted > 0:
            block = self._block(self._at // _BLOCK)
            part = block[self._at % _BLOCK :][:wanted]
            parts.append(part)
            self._at += len(part)
            wanted -= len(part)
        return b"".join(parts)

    def _block(self, number: int) -> bytes:
        known = self._blocks.get(number)
        if known is not None:
            return known
        first = number * _BLOCK
        last = min(first + _BLOCK, self._size) - 1
        length = last - first + 1
        if length > self._left:
            raise PackageIndexError(f"more of {shown(self._url)} is wanted than may be fetched")
        try:
            answer = self._http.get(self._url, length, Range=f"bytes={first}-{last}")
            if _span(answer.span, self._url) != (first, last, self._size):
                raise FetchError(self._url, "it gives another part of the file than was asked for")
        except FetchError as error:
            raise PackageIndexError(str(error)) from None
        if len(answer.data) != length:
            raise PackageIndexError(f"{shown(self._url)}: a part of it is cut off")
        self._left -= length
        self._blocks[number] = answer.data
        return answer.data


def _span(text: str, url: str) -> tuple[int, int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise FetchError(url, "it does not say which part of the file it gives")
    return int(found[1]), int(found[2]), int(found[3])
