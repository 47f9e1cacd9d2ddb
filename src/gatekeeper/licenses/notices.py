"""The notices file: what the licences of shipped packages want to be passed on."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.licenses.metadata import declared
from gatekeeper.model.installed import Installed

_RULE = "=" * 78


def notices(packages: Sequence[Installed]) -> str:
    """Each package with its licence and the texts that came with it, in the order of names.

    One without any text is listed as such, so that somebody looks for it.
    """
    parts: list[str] = []
    for it in sorted(packages, key=lambda one: (one.name.lower(), one.version)):
        said = declared(it.metadata)
        licence = said.expression or said.said or "unknown"
        texts = "\n\n".join(text.strip() for text in it.notices)
        body = texts or "(no licence text came with this package)"
        parts.append(f"{_RULE}\n{it.name} {it.version}\nLicence: {licence}\n\n{body}\n")
    return "\n".join(parts)
