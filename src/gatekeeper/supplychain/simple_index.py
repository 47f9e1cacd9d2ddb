"""The answer of a simple index about a project: JSON (PEP 691, 700) or HTML (PEP 503, 592)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import msgspec

from gatekeeper.model.indexed import Indexed, IndexedFile

ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
# No project has so many.
_MOST_FILES = 100_000
_SUFFIXES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".egg", ".exe")


class AnswerError(ValueError):
    """It is no answer of an index."""


def read_project(content: bytes, url: str) -> Indexed:
    """What an index says at `url`. Raises AnswerError, also for a page without any file."""
    if content.lstrip()[:1] == b"{":
        return _indexed(_json(content, url))
    parser = _Page(url)
    try:
        parser.feed(content.decode("utf-8", "replace"))
        parser.close()
    except (AssertionError, ValueError) as error:
        raise AnswerError(f"its page cannot be read: {error}") from None
    if not parser.files:
        # A page to sign in on, or one that says that all is well, looks like this.
        raise AnswerError("it answers with a page that lists no files")
    return _indexed(parser.files)


_Row = tuple[str, str, tuple[str, ...], str, str | None]


def _json(content: bytes, url: str) -> Iterator[_Row]:
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise AnswerError(f"its answer is no JSON: {error}") from None
    files = document.get("files") if isinstance(document, dict) else None
    if not isinstance(files, list) or len(files) > _MOST_FILES:
        raise AnswerError("its answer has no list of files")
    for file in files:
        yield _row(file, url)


def _row(file: Any, url: str) -> _Row:
    if not isinstance(file, dict) or not isinstance(file.get("filename"), str):
        raise AnswerError("its answer has a file without a name")
    hashes = file.get("hashes")
    yanked = file.get("yanked")
    uploaded = file.get("upload-time")
    return (
        file["filename"],
        urljoin(url, str(file.get("url", ""))),
        _hashes(hashes) if isinstance(hashes, dict) else (),
        uploaded if isinstance(uploaded, str) else "",
        (yanked if isinstance(yanked, str) else "") if yanked or isinstance(yanked, str) else None,
    )


def _hashes(table: Mapping[Any, Any]) -> tuple[str, ...]:
    return tuple(f"{name}:{value}".lower() for name, value in table.items())


class _Page(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.files: list[_Row] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "base" and named.get("href"):
            self._url = urljoin(self._url, named["href"] or "")
        if tag != "a" or not named.get("href") or len(self.files) > _MOST_FILES:
            return
        address, fragment = urldefrag(urljoin(self._url, named["href"] or ""))
        name = unquote(urlsplit(address).path.rpartition("/")[2])
        algorithm, _, value = fragment.partition("=")
        if not name or not (value or name.endswith(_SUFFIXES)):
            return
        yanked = (named["data-yanked"] or "") if "data-yanked" in named else None
        self.files.append((name, address, _hashes({algorithm: value}) if value else (), "", yanked))


def _indexed(rows: Iterable[_Row]) -> Indexed:
    return Indexed(
        tuple(
            IndexedFile(
                name=name,
                version=_version(name),
                url=url,
                hashes=hashes,
                uploaded=uploaded,
                yanked=yanked,
            )
            for name, url, hashes, uploaded, yanked in rows
        )
    )


def _version(name: str) -> str:
    """The normal form of the version in a file's name; empty when there is none to be told."""
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        if name.endswith(".whl"):
            return str(parse_wheel_filename(name)[1])
        if name.endswith((".tar.gz", ".zip")):
            return str(parse_sdist_filename(name)[1])
    except (InvalidSdistFilename, InvalidWheelFilename):
        return ""
    return ""


def normal_version(version: str) -> str:
    """A version as `Indexed` has it; as it is when it is none."""
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(version))
    except InvalidVersion:
        return version
