"""Locks of real JavaScript projects, and what npm says is in them.

`python -m tests.recording.packages FOLDER OUT NAME...` takes the package.json of each package from
the registry, locks it in versions 1 and 3, and records `npm ls` to OUT/npm-NAME.json.xz.
"""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

_KEPT = ("name", "version", "dependencies", "devDependencies", "optionalDependencies")


def npm(folder: Path, *arguments: str) -> str:
    """What npm says; `ls` ends with 1 where something is odd, and says it all the same."""
    done = subprocess.run(
        ("npm", *arguments), cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode and arguments[0] != "ls":
        raise RuntimeError(f"{arguments}: {done.stderr[-1000:]}")
    return done.stdout


def record(folder: Path) -> dict[str, str]:
    """Locks and lists of the project whose package.json lies there."""
    files = {"package.json": (folder / "package.json").read_text()}
    for version in ("3", "1"):
        (folder / "package-lock.json").unlink(missing_ok=True)
        npm(folder, "install", "--package-lock-only", "--ignore-scripts", "--no-audit",
            "--lockfile-version", version)  # fmt: skip
        files[f"v{version}/package-lock.json"] = (folder / "package-lock.json").read_text()
        files[f"v{version}/package.json"] = files["package.json"]
    listed = npm(folder, "ls", "--all", "--json", "--package-lock-only")
    files["ls.json"] = json.dumps(json.loads(listed))
    return files


def main(folder: Path, out: Path, names: Sequence[str]) -> None:
    for name in names:
        here = folder / name
        here.mkdir(parents=True, exist_ok=True)
        packed = npm(here, "pack", "--silent", name).strip().splitlines()[-1]
        with tarfile.open(here / packed) as archive:
            member = archive.extractfile("package/package.json")
            manifest = json.load(member) if member else {}
        kept = {key: manifest[key] for key in _KEPT if key in manifest}
        (here / "package.json").write_text(json.dumps(kept, indent=2))
        files = record(here)
        print(name, {key: len(text) for key, text in files.items()}, flush=True)
        data = json.dumps({"source": packed, "files": files}).encode()
        (out / f"npm-{name}.json.xz").write_bytes(lzma.compress(data, preset=9))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
