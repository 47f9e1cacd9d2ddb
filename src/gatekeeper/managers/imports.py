"""Which distributions a project imports, as far as its source says. Advice, and never a proof."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from msgspec import Struct

from gatekeeper.managers.names import pypi_name

Usage = Literal["imported", "not found", "unknown"]
# Distributions whose modules have another name, where no metadata is at hand.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "attrs": ("attr", "attrs"),
    "beautifulsoup4": ("bs4",),
    "dnspython": ("dns",),
    "gitpython": ("git",),
    "google-cloud-storage": ("google.cloud.storage",),
    "markdown-it-py": ("markdown_it",),
    "msgpack-python": ("msgpack",),
    "mysqlclient": ("MySQLdb",),
    "opencv-python": ("cv2",),
    "opencv-python-headless": ("cv2",),
    "pillow": ("PIL",),
    "protobuf": ("google.protobuf",),
    "psycopg2-binary": ("psycopg2",),
    "pycryptodome": ("Crypto",),
    "pycryptodomex": ("Cryptodome",),
    "pygithub": ("github",),
    "pyjwt": ("jwt",),
    "pyopenssl": ("OpenSSL",),
    "pyserial": ("serial",),
    "python-dateutil": ("dateutil",),
    "python-docx": ("docx",),
    "python-dotenv": ("dotenv",),
    "python-jose": ("jose",),
    "python-multipart": ("multipart", "python_multipart"),
    "pyyaml": ("yaml",),
    "pyzmq": ("zmq",),
    "ruamel-yaml": ("ruamel.yaml",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "setuptools": ("setuptools", "pkg_resources"),
    "websocket-client": ("websocket",),
}


class Imports(Struct, frozen=True):
    """Dotted names that a project imports. `whole` is False when some of it could not be read, or
    imports what only running it tells."""

    modules: frozenset[str] = frozenset()
    whole: bool = True


def usage(
    distribution: str,
    imports: Imports,
    provides: Mapping[str, Collection[str]] | None = None,
) -> Usage:
    """Whether a distribution is imported.

    `provides` has the modules of distributions, by normalised name, as their metadata tells;
    without it a few well-known ones and the name itself are tried. `not found` is only said where
    the modules are known and all of the project could be read.
    """
    known, modules = _modules_of(distribution, provides)
    if any(_imported(module, imports.modules) for module in modules):
        return "imported"
    return "not found" if known and imports.whole else "unknown"


def roots(distribution: str, provides: Mapping[str, Collection[str]] | None = None) -> set[str]:
    """The words one of which is in every file that imports the distribution by its name."""
    return {module.partition(".")[0] for module in _modules_of(distribution, provides)[1]}


def _modules_of(
    distribution: str, provides: Mapping[str, Collection[str]] | None
) -> tuple[bool, Collection[str]]:
    """Whether its modules are known, and the modules; else what they are most likely called."""
    name = pypi_name(distribution)
    known = (provides or {}).get(name) or KNOWN.get(name)
    return bool(known), known or (name.replace("-", "_"), name.replace("-", "."))


def _imported(module: str, imported: Collection[str]) -> bool:
    return any(it == module or it.startswith(f"{module}.") for it in imported)


def modules_of_record(record: str) -> frozenset[str]:
    """The top-level modules among the files that a RECORD of a distribution lists."""
    found: set[str] = set()
    for row in record.splitlines():
        path = row.rpartition(",")[0].rpartition(",")[0].strip('"')
        first, slash, _ = path.partition("/")
        if first.endswith((".dist-info", ".data", ".egg-info", ".pth")) or first in ("..", ""):
            continue
        if slash and first != "__pycache__" and path.endswith((".py", ".so", ".pyd", ".pyi")):
            found.add(first)
        elif not slash and path.endswith((".py", ".so", ".pyd")):
            found.add(first.partition(".")[0])
    return frozenset(it for it in found if it.isidentifier())
