"""Package addresses (purl), and the dependencies that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from gatekeeper.managers.names import pypi_name
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.model.dependency import Ecosystem

if TYPE_CHECKING:
    from packageurl import PackageURL

_ECOSYSTEMS: dict[str, Ecosystem] = {
    "pypi": "pypi",
    "npm": "npm",
    "githubactions": "github-actions",
    "docker": "docker",
    "oci": "docker",
}


class Named(Struct, frozen=True):
    """What a purl says; `generic` names keep the type: `maven/org.example/thing`."""

    ecosystem: Ecosystem
    name: str
    version: str
    display: str


def read_purl(text: str, line: int) -> Named:
    """Raises UnreadableError for what is no purl."""
    from packageurl import PackageURL

    try:
        purl = PackageURL.from_string(text)
    except ValueError as error:
        raise UnreadableError(f"{text[:120]!r} is no package address: {error}", line) from None
    ecosystem = _ECOSYSTEMS.get(purl.type, "generic")
    whole = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    return Named(ecosystem, _name(ecosystem, whole, purl), purl.version or "", whole)


def _name(ecosystem: Ecosystem, whole: str, purl: PackageURL) -> str:
    if ecosystem == "pypi":
        return pypi_name(purl.name)
    if ecosystem == "github-actions":
        return whole.lower()
    if ecosystem == "docker":
        address = dict(purl.qualifiers).get("repository_url", "")
        if address:
            return address.lower() if address.endswith(purl.name) else f"{address}/{whole}".lower()
        return f"docker.io/{whole}" if purl.namespace else f"docker.io/library/{whole}"
    return whole if ecosystem == "npm" else f"{purl.type}/{whole}"
