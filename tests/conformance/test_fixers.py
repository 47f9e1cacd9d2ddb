"""A scanner that fixes keeps to the contract of `Fixer`, with its real tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.scanners.interface import Fixer
from gatekeeper.scanners.registry import scanners
from tests.fakes.scanning import locked_batch

ROOT = Path(__file__).parents[2]
FIXERS = {name: it for name, it in scanners().items() if isinstance(it, Fixer)}
_WORKFLOW = """\
name: ci
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: echo always # kept
        if: |
          ${{ github.actor == 'someone' }}
"""
# For each: a file with a problem that is safe to fix, and what cannot be read at all.
CASES: dict[str, tuple[str, bytes, bytes]] = {
    "ruff": ("app/one.py", b"import os\r\n\r\nx = 1\r\n", b"x = (\n"),
    "ruff-format": ("app/one.py", b"x  =  1\r\n", b"x = (\n"),
    "semgrep": ("app/one.py", b"SESSION_COOKIE_HTTPONLY = False\r\n", b"x = (\n"),
    "zizmor": (".github/workflows/one.yml", _WORKFLOW.encode(), b"jobs: [\n"),
}


def test_every_fixer_has_a_case() -> None:
    assert set(CASES) == set(FIXERS)


@pytest.mark.parametrize("name", CASES)
def test_it_is_documented(name: str) -> None:
    page = (ROOT / "docs/scanners" / f"{name}.md").read_text(encoding="utf-8")

    assert "`--fix`" in page


@pytest.mark.parametrize("name", CASES)
def test_a_fix_leaves_fewer_problems_and_other_files_alone(
    name: str, tools: Path, tmp_path: Path
) -> None:
    path, content, broken = CASES[name]
    scanner, fixer = scanners()[name], FIXERS[name]
    stuck = path.replace("one", "two")
    batch = locked_batch(tools, tmp_path, scanner, {path: content, stuck: broken})
    before = [it for it in scanner.scan(batch).findings if it.path == path]

    fixer.fix(batch, ())

    fixed = (Path(batch.cwd) / path).read_bytes()
    after = [it for it in scanner.scan(batch).findings if it.path == path]
    assert before
    assert len(after) < len(before)
    assert fixed != content
    assert (fixed.count(b"\r") > 0) == (content.count(b"\r") > 0)
    assert (Path(batch.cwd) / stuck).read_bytes() == broken
    fixer.fix(batch, ())
    assert (Path(batch.cwd) / path).read_bytes() == fixed, "fixing twice changes nothing more"
