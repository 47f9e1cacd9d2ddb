"""The answer of a registry of npm about a package: all its versions, their times and scripts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from msgspec import Struct

from gatekeeper.model.indexed import Indexed, IndexedFile
from gatekeeper.supplychain.simple_index import AnswerError

# What npm runs by itself when it installs a package from a registry.
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")


class _Dist(Struct, frozen=True):
    tarball: str = ""
    integrity: str = ""
    shasum: str = ""


class _Version(Struct, frozen=True):
    dist: _Dist = _Dist()
    scripts: Any = None
    has_install_script: bool = msgspec.field(default=False, name="hasInstallScript")


class _Package(Struct, frozen=True):
    versions: dict[str, _Version]
    time: dict[str, Any] = {}


def read_package(content: bytes) -> Indexed:
    """What a registry says. Raises AnswerError."""
    try:
        package = msgspec.json.decode(content, type=_Package)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise AnswerError(f"its answer makes no sense: {error}") from None
    return Indexed(
        tuple(_file(version, it, package.time) for version, it in package.versions.items())
    )


def _file(version: str, it: _Version, times: dict[str, Any]) -> IndexedFile:
    uploaded = times.get(version)
    hashes = [integrity(word) for word in it.dist.integrity.split()]
    if it.dist.shasum:
        hashes.append(f"sha1:{it.dist.shasum.lower()}")
    return IndexedFile(
        name=it.dist.tarball.rpartition("/")[2].removesuffix(".tgz") + ".tgz",
        version=version,
        url=it.dist.tarball,
        hashes=tuple(hashes),
        uploaded=uploaded if isinstance(uploaded, str) else "",
        scripts=install_scripts(it.scripts) or (("install",) if it.has_install_script else ()),
    )


def install_scripts(scripts: object) -> tuple[str, ...]:
    """`name: command` of each script that runs when the package is installed."""
    if not isinstance(scripts, dict):
        return ()
    return tuple(
        f"{name}: {scripts[name]}" for name in INSTALL_SCRIPTS if isinstance(scripts.get(name), str)
    )


def integrity(word: str) -> str:
    """`sha512-<base64>` as `sha512:<hex>`; what is no hash as it is."""
    algorithm, dash, value = word.partition("?")[0].partition("-")
    try:
        decoded = base64.b64decode(value, validate=True).hex()
    except (binascii.Error, ValueError):
        return word
    return f"{algorithm}:{decoded}" if dash else word
