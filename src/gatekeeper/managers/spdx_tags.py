"""SPDX as lines of `Tag: value`, in the shape that its JSON has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gatekeeper.managers.bills import REMEDY
from gatekeeper.managers.reading import UnreadableError, decode
from gatekeeper.managers.view import Path, View, nearest
from gatekeeper.text.patterns import regex

_TAG = regex(r"([A-Za-z]+):\s*(.*)")
_PACKAGE = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared",
}
# What begins a part that is no package.
_OTHER = frozenset({"FileName", "SnippetSPDXID", "LicenseID", "Reviewer", "Annotator"})


def view_of_tags(content: bytes) -> View:
    """The document. Raises UnreadableError with the line."""
    data: dict[str, Any] = {"packages": [], "relationships": []}
    lines: dict[Path, int] = {(): 1}
    package: dict[str, Any] | None = None
    for line, tag, value in _tags(decode(content)):
        if tag == "PackageName":
            package = {"name": value, "externalRefs": [], "checksums": []}
            lines["packages", len(data["packages"])] = line
            data["packages"].append(package)
        elif tag == "SPDXVersion":
            data["spdxVersion"] = value
            lines["spdxVersion",] = line
        elif tag == "Relationship":
            words = value.split()
            if len(words) != 3:
                raise UnreadableError(f"the relationship {value[:100]!r} has no three parts", line)
            lines["relationships", len(data["relationships"])] = line
            keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
            data["relationships"].append(dict(zip(keys, words, strict=True)))
        elif tag in _OTHER:
            package = None
        elif package is not None:
            _add(package, tag, value, line)
    return View(data, nearest(lines))


def _add(package: dict[str, Any], tag: str, value: str, line: int) -> None:
    if tag in _PACKAGE:
        package.setdefault(_PACKAGE[tag], value)
    elif tag == "ExternalRef":
        words = value.split()
        if len(words) != 3:
            raise UnreadableError(f"the reference {value[:100]!r} has no three parts", line)
        reference = {"referenceType": words[1], "referenceLocator": words[2]}
        package["externalRefs"].append(reference)
    elif tag == "PackageChecksum":
        algorithm, _, digest = value.partition(":")
        package["checksums"].append({"algorithm": algorithm, "checksumValue": digest.strip()})


def _tags(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, tag and value of each; a value in `<text>` may go over several lines."""
    rows = text.split("\n")
    number = 0
    while number < len(rows):
        line, row = number + 1, rows[number].strip()
        number += 1
        if not row or row.startswith("#"):
            continue
        found = _TAG.fullmatch(row)
        if found is None:
            raise UnreadableError(f"{row[:100]!r} is no `Tag: value`", line, REMEDY)
        value = found[2]
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while "</text>" not in parts[-1]:
                if number >= len(rows):
                    raise UnreadableError("the text that begins here has no end", line, REMEDY)
                parts.append(rows[number])
                number += 1
            value = "\n".join(parts).partition("</text>")[0]
        yield line, found[1], value
