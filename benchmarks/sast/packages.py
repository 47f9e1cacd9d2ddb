"""Real code: findings per 1,000 lines in packages from PyPI, and a sample to look at by hand.

Nothing of a package is run: pip downloads its archive, and only Python files are taken out of it.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from benchmarks.sast.scan import Found, Scanners

_PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9.!+_-]*")
_TESTS = re.compile(r"(^|/)(tests?|testing|docs?|examples?|benchmarks?)/|(^|/)(test_|conftest)")
_AROUND = 3


class PackageError(Exception):
    """A package could not be downloaded or holds no Python."""


def report(packages: Sequence[str], scanners: Scanners, sample: int, seed: str) -> str:
    """Counts per rule and a sample with context for every package, then all together."""
    parts: list[str] = []
    counts: list[int] = []
    with tempfile.TemporaryDirectory(prefix="gatekeeper-packages-") as name:
        root = Path(name).resolve()
        paths = {package: unpacked(package, root / package) for package in packages}
        every = [f"{one}/{path}" for one in packages for path in paths[one]]
        found = scanners.pack(root, every, one_in=0)
        for package in packages:
            folder = root / package
            own = [
                msgspec.structs.replace(one, path=one.path.removeprefix(f"{package}/"))
                for one in found
                if one.path.startswith(f"{package}/")
            ]
            counts.append(sum(len(_text(folder / path)) for path in paths[package]))
            parts.append(_section(package, folder, counts[-1], own, sample, seed))
    parts.append(f"all: {_rate(len(found), sum(counts))}")
    totals = Counter(one.rule for one in found)
    return "\n".join([*parts, *(f"{number:6}  {rule}" for rule, number in totals.most_common())])


def unpacked(package: str, folder: Path) -> list[str]:
    """The package's Python files below `folder`, without tests, documentation and examples."""
    if not _PINNED.fullmatch(package):
        raise PackageError(f"{package}: write name==version")
    paths: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gatekeeper-download-") as download:
        archive = _downloaded(package, Path(download))
        for name, content in _members(archive):
            if _parses(content):
                target = folder.joinpath(*PurePosixPath(name).parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                paths.append(name)
    if not paths:
        raise PackageError(f"{package}: no Python files in it")
    return sorted(set(paths))


def _downloaded(package: str, folder: Path) -> Path:
    """The package's wheel. Not a source archive: pip runs its build to learn its metadata."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
               "--only-binary=:all:", "--dest", str(folder), package]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    archives = [path for path in folder.iterdir() if path.is_file()]
    if done.returncode or not archives:
        raise PackageError(f"{package}: {done.stderr.strip()[-300:] or 'nothing was downloaded'}")
    return archives[0]


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files that count. Names that lead elsewhere are left out."""
    with zipfile.ZipFile(archive) as box:
        for info in box.infolist():
            if _wanted(info.filename):
                yield info.filename, box.read(info)


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return inside and path.suffix == ".py" and not _TESTS.search(name)


def _parses(content: bytes) -> bool:
    """Templates and files for another Python are none that a scanner could be right about."""
    try:
        compile(content, "file", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _section(
    package: str, folder: Path, lines: int, found: Sequence[Found], sample: int, seed: str
) -> str:
    shown = [f"{package}: {_rate(len(found), lines)}"]
    for rule, number in Counter(one.rule for one in found).most_common():
        severities = {one.severity for one in found if one.rule == rule}
        shown.append(f"{number:6}  {rule} ({', '.join(sorted(severities))})")
    ordered = sorted(found, key=lambda one: (one.path, one.line, one.rule))
    chosen = random.Random(f"{seed} {package}").sample(ordered, min(sample, len(ordered)))
    for one in sorted(chosen, key=ordered.index):
        shown.append(f"\n  {one.path}:{one.line}  {one.rule}")
        text = _text(folder / one.path)
        for number in range(max(1, one.line - _AROUND), min(len(text), one.end_line + 1) + 1):
            mark = ">" if one.line <= number <= one.end_line else " "
            shown.append(f"  {mark}{number:6}  {text[number - 1][:160]}")
    return "\n".join([*shown, ""])


def _text(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _rate(findings: int, lines: int) -> str:
    return f"{findings} findings in {lines} lines, {1000 * findings / max(lines, 1):.2f} per 1,000"
