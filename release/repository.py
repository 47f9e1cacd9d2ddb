"""What git says, as far as a release needs it."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import dataclass
from pathlib import Path


class ReleaseError(Exception):
    """Why there can be no release, and what to do."""


@dataclass(frozen=True)
class Repository:
    """`root` is the top of a checkout."""

    root: Path

    def git(self, *arguments: str) -> str:
        """What git answers. Raises ReleaseError with its words."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise ReleaseError(f"git {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()

    def seconds(self) -> int:
        """When that commit was made: the one time that every build of it has in common."""
        return int(self.git("show", "-s", "--format=%ct", "HEAD"))

    def date(self) -> str:
        """The day of that commit, in UTC."""
        moment = dt.datetime.fromtimestamp(self.seconds(), tz=dt.UTC)
        return moment.date().isoformat()

    def export(self, folder: Path) -> None:
        """The files of that commit, and nothing that lies around."""
        folder.mkdir(parents=True)
        archive = folder.with_suffix(".tar")
        self.git("archive", "--format=tar", f"--output={archive}", "HEAD")
        subprocess.run(["tar", "-xf", str(archive), "-C", str(folder)], check=True)
        archive.unlink()
