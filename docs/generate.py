"""Write the documents that are generated from the code, or with `--check` say which are stale.

Run it from anywhere: `python docs/generate.py [--check]`. Exit status 1: a document differs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gatekeeper.cli.config import render_schema

ROOT = Path(__file__).resolve().parent.parent


def config_schema() -> str:
    """The schema that editors use for gatekeeper.yml."""
    return render_schema("config")


def waiver_schema() -> str:
    """The schema that editors use for .gatekeeper/waivers.yml."""
    return render_schema("waivers")


# One line per generated document: its path from the repository root, and what writes its text.
GENERATED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("docs/schemas/gatekeeper-config-1.schema.json", config_schema),
    ("docs/schemas/gatekeeper-waivers-1.schema.json", waiver_schema),
)


def stale(root: Path = ROOT) -> list[str]:
    """The generated documents that are missing or differ from what the code says."""
    return [
        name
        for name, generate in GENERATED
        if not (root / name).is_file() or (root / name).read_bytes() != generate().encode()
    ]


def write(root: Path = ROOT) -> list[str]:
    """Bring every document up to date; the names of those that changed."""
    changed = stale(root)
    for name, generate in GENERATED:
        if name in changed:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(generate().encode())
    return changed


def main(arguments: list[str]) -> int:
    """`--check` only compares."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    if arguments:
        names = stale()
        for name in names:
            print(f"{name} differs from the code: run python docs/generate.py", file=sys.stderr)
        return 1 if names else 0
    for name in write():
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
