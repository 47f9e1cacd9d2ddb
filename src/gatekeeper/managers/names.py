"""Names as their ecosystems compare them, paths as the repository has them, addresses to show."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from gatekeeper.text.patterns import regex

_SEPARATORS = regex(r"[-_.]+")
_PYPI = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PASSWORD = regex(r"(?<=://)[^/?#\s]*@")
# The condition of what only has to be there when somebody else brings it (npm).
PEER = "peer"
VCS = ("git", "hg", "svn", "bzr")


@lru_cache(maxsize=4096)
def pypi_name(name: str) -> str:
    """The normalised name of a Python package: `Foo.Bar_baz` is `foo-bar-baz`."""
    return _SEPARATORS.sub("-", name).lower()


def is_pypi_name(name: str) -> bool:
    """Whether a Python package can be called so."""
    return bool(_PYPI.fullmatch(name))


@lru_cache(maxsize=1024)
def without_password(url: str) -> str:
    """An address without user and password, which have no business in a report."""
    return _PASSWORD.sub("", url)


def is_url(text: str) -> bool:
    """Whether it is an address, and not a path."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|[^\\/])", text)) and text[1:2] != ":"


def is_vcs(url: str) -> bool:
    """Whether an address is one of version control, as pip writes them: `git+https://…`."""
    return url.startswith(tuple(f"{name}+" for name in VCS))


def beside(path: str, name: str) -> str:
    """The path of `name` relative to the folder of `path`; empty when it leaves the repository."""
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", name):
        return ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return "" if joined == ".." or joined.startswith(("../", "/")) else joined


def base_name(path: str) -> str:
    return path.rpartition("/")[2]
