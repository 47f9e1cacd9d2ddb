"""A stand-in for ruff that does as a test tells it: slow, broken, or talkative."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.repo import Repo

# Exits at once, having found nothing.
CLEAN = "echo '[]'\n"


def stand_in(repo: Repo, folder: Path, script: str = CLEAN, more: str = "") -> Path:
    """Commit a configuration whose ruff is this shell script; `more` is added to it."""
    tool = folder / "ruff-stand-in"
    tool.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    tool.chmod(0o755)
    repo.commit(
        "stand-in",
        **{
            "gatekeeper.yml": f"version: 1\ntools: {{ruff: {{from: path, path: '{tool}'}}}}\n{more}",
            "a.py": "x = 1\n",
        },
    )
    return tool
