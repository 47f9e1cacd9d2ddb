"""Building, twice: what two builds in two folders do not agree on is no release."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release.repository import ReleaseError, Repository

# Says to `gatekeeper init` which commit the workflows that it writes are to use.
ORIGIN = "src/gatekeeper/origin.json"


def build_twice(repository: Repository, folder: Path) -> list[Path]:
    """Wheel and source distribution of the commit, in `folder`. Raises ReleaseError."""
    if folder.exists() and any(folder.iterdir()):
        raise ReleaseError(f"{folder} is not empty")
    with tempfile.TemporaryDirectory(prefix="release-") as scratch:
        one, other = (_build(repository, Path(scratch), name) for name in ("a", "another"))
        if one.keys() != other.keys() or len(one) != 2:
            raise ReleaseError(f"the builds made {sorted(one)} and {sorted(other)}")
        differ = [
            name for name in sorted(one) if one[name].read_bytes() != other[name].read_bytes()
        ]
        if differ:
            raise ReleaseError(f"two builds differ: {', '.join(differ)}")
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy2(path, folder / name)) for name, path in sorted(one.items())]


def _build(repository: Repository, scratch: Path, name: str) -> dict[str, Path]:
    source = scratch / name / "source"
    repository.export(source)
    told = {"commit": repository.head(), "released": True}
    (source / ORIGIN).write_text(json.dumps(told) + "\n", encoding="ascii")
    target = scratch / name / "dist"
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(target)],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(repository.seconds())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ReleaseError(f"the build failed: {(done.stdout + done.stderr).strip()[-800:]}")
    return {path.name: path for path in target.iterdir() if path.name.startswith("gatekeeper_ci-")}
