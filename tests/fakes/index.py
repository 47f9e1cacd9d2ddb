"""A package index in a folder, as uv reads one: pages with links to wheels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fakes.wheels import wheel


def index(root: Path, packages: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """The address of an index that has these versions, each with what it needs."""
    for name, versions in packages.items():
        folder = root / name
        folder.mkdir(parents=True)
        for version, needs in versions.items():
            wheel(folder, name, version, *needs)
        links = "".join(f'<a href="{it.name}">{it.name}</a>' for it in sorted(folder.iterdir()))
        (folder / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
    return f"file://{root}"
