"""What is installed in an environment, read from its metadata: no code of it runs."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator

from gatekeeper.model.installed import Installed

_LARGEST = 1 << 20
_NOTICES = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "AUTHORS*")


def distributions(environment: str) -> Iterator[Installed]:
    """Every package below `environment`, in the order of their names; what is broken is left out."""
    pattern = os.path.join(
        glob.escape(environment), "lib", "python*", "site-packages", "*.dist-info"
    )
    for folder in sorted(glob.glob(pattern)):
        text = _read(os.path.join(folder, "METADATA"))
        fields = dict(_fields(text))
        if fields.get("name") and fields.get("version"):
            yield Installed(fields["name"], fields["version"], text, tuple(_notices(folder)))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.partition("\n\n")[0].splitlines():
        name, colon, value = line.partition(":")
        if colon and name in ("Name", "Version"):
            yield name.lower(), value.strip()


def _notices(folder: str) -> Iterator[str]:
    """Their texts; links could lead anywhere and are not followed."""
    places = [folder, os.path.join(folder, "licenses")]
    found = {
        path
        for place in places
        for name in _NOTICES
        for path in glob.glob(os.path.join(glob.escape(place), "**", name), recursive=True)
    }
    for path in sorted(found):
        if os.path.isfile(path) and not os.path.islink(path) and (text := _read(path).strip()):
            yield text


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""
