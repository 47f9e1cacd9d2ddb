"""Batches and snapshots for scanner tests: scripted ones, and one that really runs the tool."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.config.schema import Config
from gatekeeper.model.tree import Entry, HeadKind
from gatekeeper.ports.process import Completed
from gatekeeper.scanners.interface import Context, Prepared, Scanned, Scanner

CWD = "/project"


@dataclass(frozen=True)
class FakeSnapshot:
    """A version of the files, held in a dict. `links` are paths that are symlinks instead."""

    files: Mapping[str, bytes]
    links: frozenset[str] = frozenset()
    kind: HeadKind = "worktree"
    label: str = "the working tree"

    @property
    def digest(self) -> str:
        return str(sorted((path, entry.blob) for path, entry in self.entries().items()))

    def entries(self) -> dict[str, Entry]:
        return {
            path: Entry(
                "120000" if path in self.links else "100644",
                hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            )
            for path, content in self.files.items()
        }

    def read(self, path: str) -> bytes:
        return self.files[path]

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        return {path: len(self.read(path)) for path in paths if path in self.entries()}

    def read_many(self, paths: Iterable[str]) -> Iterable[tuple[str, bytes]]:
        return [(path, self.files[path]) for path in paths]


def snapshot_of(files: Mapping[str, str], links: Iterable[str] = ()) -> FakeSnapshot:
    """A snapshot of text files."""
    return FakeSnapshot({path: text.encode() for path, text in files.items()}, frozenset(links))


def context_of(
    snapshot: FakeSnapshot, config: Config | None = None, environment: str = ""
) -> Context:
    """What a scanner may know, for a snapshot."""
    return Context(snapshot=snapshot, config=config or Config(), root=CWD, environment=environment)


def ready(scanner: Scanner, files: Mapping[str, bytes], config: Config | None = None) -> Prepared:
    """The scanner prepared for these files; fails when it has no business there."""
    prepared = scanner.prepare(context_of(FakeSnapshot(files), config))
    assert isinstance(prepared, Prepared), prepared
    return prepared


@dataclass
class FakeBatch:
    """Answers each run with the next of `answers`; `finish` fails when some are left over."""

    files: Mapping[str, bytes]
    prepared: Prepared
    answers: list[Completed] = field(default_factory=list)
    config: Config = field(default_factory=Config)
    cwd: str = CWD
    runs: list[tuple[str, ...]] = field(default_factory=list)
    envs: list[Mapping[str, str]] = field(default_factory=list)
    tool_version: str = ""

    @property
    def paths(self) -> Sequence[str]:
        return sorted(path for path in self.files if self.prepared.selects(path))

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
        assert self.answers, f"unexpected run: {arguments}"
        self.runs.append(arguments)
        self.envs.append(env or {})
        return self.answers.pop(0)

    def read(self, path: str) -> bytes:
        return self.files[path]

    def finish(self) -> None:
        assert not self.answers, f"never run: {len(self.answers)} answers are left"


@dataclass
class RealBatch:
    """Lays the files out below `cwd` and starts `executable`, in the environment it belongs to."""

    cwd: str
    executable: str
    files: Mapping[str, bytes]
    prepared: Prepared
    config: Config = field(default_factory=Config)
    tool_version: str = ""

    def __post_init__(self) -> None:
        self.cwd = os.path.realpath(self.cwd)
        for path, content in self.files.items():
            full = os.path.join(self.cwd, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(content)

    @property
    def paths(self) -> Sequence[str]:
        return sorted(path for path in self.files if self.prepared.selects(path))

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
        folder = os.path.dirname(self.executable)
        environment = {
            "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}",
            "VIRTUAL_ENV": os.path.dirname(folder),
            "HOME": self.cwd,
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            [self.executable, *arguments],
            cwd=self.cwd,
            env=environment | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Completed(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def read(self, path: str) -> bytes:
        return self.files[path]


@dataclass
class LockedBatch(RealBatch):
    """A RealBatch that starts its tool the way gatekeeper starts a locked one.

    Files of scanners with a flat layout get their harmless names; `names` leads back.
    """

    home: str = ""
    names: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[str, ...]] = field(default_factory=list)
    answers: list[Completed] = field(default_factory=list)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
        self.runs.append(arguments)
        processes = LocalProcesses(self.home or os.devnull, self.environ)
        done = processes.run([self.executable, *arguments], cwd=self.cwd, deadline=120, env=env)
        self.answers.append(done)
        return done


def installed(tools: Path, scanner: Scanner) -> str:
    """The program of the scanner's locked tool."""
    return ToolEnvironments(str(tools), str(tools), {}, {}, offline=True).executable(scanner.tool)


def locked_batch(
    tools: Path,
    folder: Path,
    scanner: Scanner,
    files: Mapping[str, bytes],
    config: Config | None = None,
) -> LockedBatch:
    """These files, laid out below `folder` as the scanner wants them, and its locked tool."""
    prepared = ready(scanner, files, config)
    names: dict[str, str] = {}
    if scanner.layout == "flat":
        names = {f"{n:06d}/{os.path.basename(path)}": path for n, path in enumerate(sorted(files))}
        files = {name: files[path] for name, path in names.items()}
    if scanner.layout == "copy":
        # Nothing lies beside the batch but what the scanner asks for.
        beside, _ = prepared.support([path for path in files if prepared.selects(path)])
        files = {
            path: content
            for path, content in files.items()
            if path in beside or prepared.selects(path)
        }
    cwd = str(folder / "laid-out")
    return LockedBatch(
        cwd,
        installed(tools, scanner),
        files,
        prepared,
        config or Config(),
        home=str(tools / "home"),
        names=names,
    )


def really(
    tools: Path,
    folder: Path,
    scanner: Scanner,
    files: Mapping[str, bytes],
    config: Config | None = None,
) -> Scanned:
    """What the scanner says about these files with its locked tool."""
    return scanner.scan(locked_batch(tools, folder, scanner, files, config))


# Names that tools quote, split, read as options or patterns, or print with other letters.
ODD_NAMES = (
    "plain",
    "sp ace",
    "-dash",
    "two\nlines",
    "car\rriage",
    "tab\tbed",
    "quo\"te's",
    "back\\slash",
    "co:1:2: lon",
    "[br]ack*ets?",
    "@at",
    "$HOME",
    "esc\x1b[31m",
    "é",
    "\u2028",
    "bytes-\udcff",
    "bytes-\udcfe",
)

# What the recordings in tests/data of the type checkers were made of.
TYPED_PROJECT: dict[str, bytes] = {
    "app/__init__.py": b"",
    "app/lib.py": b"def double(number: int) -> int:\n    return number * 2\n",
    "app/main.py": b"""\
import nothere
from typing import reveal_type

from app.lib import double

count: int = "one"
kept: int = "two"  # type: ignore
reveal_type(count)


def total() -> str:
    return double(
        1,
        2,
    )
""",
    "notes.ipynb": b"""\
{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], \
"source": ["size: int = ''\\n"]}], "metadata": {"language_info": {"name": "python"}}, \
"nbformat": 4, "nbformat_minor": 5}
""",
}
