"""Tells a built package which commit it is, so that `gatekeeper init` can pin that commit.

Runs wherever the package is built from a clone: by pip, uv, pipx or pre-commit. A release brings
src/gatekeeper/origin.json along (release/build.py) and is left alone.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "src/gatekeeper/origin.json"


class OriginHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    """Puts origin.json beside the code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`editable` installs change under their user's hands, so they are no commit."""
        root = Path(self.root)
        if version == "editable" or (root / NAME).exists() or not (root / ".git").exists():
            return
        if found := origin(root):
            made = Path(self.directory) / "origin.json"
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(json.dumps(found) + "\n", encoding="ascii")
            target = NAME if self.target_name == "sdist" else NAME.removeprefix("src/")
            build_data["force_include"][str(made)] = target


def origin(root: Path) -> dict[str, object] | None:
    """Commit and address of a clone; None when what lies there is not what was committed."""
    commit, changed = _git(root, "rev-parse", "HEAD"), _git(root, "status", "--porcelain")
    if not commit or changed != "":
        return None
    address = _git(root, "remote", "get-url", "origin") or ""
    return {"commit": commit, "released": False, "address": address}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
