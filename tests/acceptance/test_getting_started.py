"""docs/getting-started.md, typed line by line: what it shows is what one sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.fakes.repo import Repo

PAGE = Path(__file__).parents[2] / "docs" / "getting-started.md"
_SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_first_five_minutes(repo: Repo, cache: Path) -> None:
    repo.commit(**{"shop/__init__.py": "", "shop/till.py": "", "pyproject.toml": "[tool.ruff]\n"})
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    sessions = _SESSION.findall(PAGE.read_text(encoding="utf-8"))
    assert len(sessions) == 6

    for session in sessions:
        typed, shown = "", ""
        for command in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
            typed, _, shown = command.partition("\n")
            done = subprocess.run(["bash", "-c", typed], cwd=repo.root, capture_output=True,
                                  text=True, check=False, env={**os.environ, "PATH": path})  # fmt: skip
            assert done.stderr == "", typed
            rows = iter(done.stdout.splitlines())
            assert all(row in rows for row in shown.splitlines()), f"{typed}\n{done.stdout}"
            assert done.returncode == (1 if typed == "gatekeeper check --gate lint" else 0), typed
