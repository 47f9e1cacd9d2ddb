"""Gets what a snapshot of advisories is made of: OSV's zips, CISA's list, EPSS scores."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from gatekeeper.adapters.advisory_sources import Part, SourceError, kind_of
from gatekeeper.adapters.fetch import FetchError, Http
from gatekeeper.text.addresses import shown

# npm's zip has several hundred megabytes; lists have a few.
_LARGEST_ZIP = 4 << 30
_LARGEST_LIST = 64 << 20


class Wanted(NamedTuple):
    """Something to download; `ecosystem` is OSV's name when it holds one completely."""

    url: str
    limit: int = _LARGEST_ZIP
    ecosystem: str = ""


def wanted(url: str, ecosystems: Sequence[str], kev: str, epss: str) -> list[Wanted]:
    """All that a snapshot is made of. `ecosystems` by OSV's names; empty addresses are left out."""
    return [
        *(Wanted(f"{url.rstrip('/')}/{quote(it)}/all.zip", ecosystem=it) for it in ecosystems),
        *(Wanted(it, _LARGEST_LIST) for it in (kev, epss) if it),
    ]


@contextlib.contextmanager
def downloaded(
    several: Sequence[Wanted],
    folder: str,
    http: Http,
    announce: Callable[[str], None] = lambda text: None,
) -> Iterator[list[Part]]:
    """The files, in a temporary folder below `folder` that is gone afterwards.

    Errors: SourceError.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".download-", dir=folder) as temporary:
        parts = []
        for number, it in enumerate(several):
            announce(f"getting {shown(it.url)}")
            path = os.path.join(temporary, str(number))
            try:
                with open(path, "wb") as file:
                    stated = http.download(it.url, file, it.limit)
            except FetchError as error:
                raise SourceError(
                    str(error),
                    "",
                    "where it cannot be reached, copy a snapshot from elsewhere, and give it with"
                    " --from",
                ) from None
            try:
                kind = kind_of(path)
            except SourceError as error:
                raise SourceError(error.message, shown(it.url), error.remedy) from None
            if it.ecosystem and kind != "osv-zip":
                # A snapshot, say, could tell anything of where it is from.
                raise SourceError("this is not OSV's zip of an ecosystem", shown(it.url))
            ecosystems = (it.ecosystem,) if it.ecosystem else ()
            parts.append(Part(shown(it.url), kind, (path,), ecosystems, stated))
        yield parts
