"""Repositories to measure in: generated ones, always the same, and copies of given ones."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pieces import HEADER, IMPORTS, PIECES, PROBLEMS, WORKFLOW
from benchmarks.sandbox import Sandbox


def _module(chance: random.Random, number: int, package: str, pieces: int, problem: float) -> str:
    parts: list[str] = []
    for position in range(pieces):
        choice = PROBLEMS if chance.random() < problem else PIECES
        numbers = {name: chance.randrange(2, 9_000) for name in "abc"}
        parts.append("\n" + chance.choice(choice).format(n=f"{number}_{position}", **numbers))
    body = "".join(parts)
    imports = "\n".join(
        line for use, line in IMPORTS if use in body or chance.random() < problem / 2
    )
    return HEADER.format(number=number, package=package, imports=imports) + body


def _secret(chance: random.Random) -> str:
    """Something that looks like a credential; it exists only in the generated repository."""
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    digits = "".join(chance.choices("0123456789", k=12))
    return "-".join(("xo" + "xb", digits, digits[::-1], "".join(chance.choices(letters, k=24))))


def _project(files: int) -> Iterator[tuple[str, str]]:
    """A project of usual size: modules of 30 to 500 lines in packages, tests, two workflows."""
    chance = random.Random(240)
    yield "pyproject.toml", '[project]\nname = "generated"\nversion = "1"\n'
    yield "README.md", "# Generated\n\nFor measuring only.\n"
    for name in ("test", "release"):
        yield f".github/workflows/{name}.yml", WORKFLOW.format(name=name)
    for number in range(files):
        package = f"package_{number // 12:02d}"
        pieces = max(2, min(45, round(chance.lognormvariate(2.3, 0.7))))
        text = _module(chance, number, package, pieces, 0.06)
        if number % 60 == 7:
            text += f'\nSLACK_TOKEN = "{_secret(chance)}"\n'
        yield f"src/{package}/module_{number:03d}.py", text
        if number % 12 == 0:
            yield f"src/{package}/__init__.py", ""


def _many(files: int) -> Iterator[tuple[str, str]]:
    """Many small files in folders of a hundred: two in five are Python."""
    chance = random.Random(files)
    for number in range(files):
        folder = f"part_{number // 1000:02d}/group_{number // 100:03d}"
        match number % 5:
            case 0 | 1:
                text = _module(chance, number, folder, 1 + number % 3, 0.02)
                yield f"{folder}/module_{number}.py", text
            case 2:
                yield (
                    f"{folder}/data_{number}.json",
                    f'{{"number": {number}, "name": "n{number}"}}\n',
                )
            case 3:
                yield f"{folder}/note_{number}.md", f"# Note {number}\n\n" + "Some words. " * 40
            case _:
                yield f"{folder}/style_{number}.css", f".c{number} {{ width: {number}px; }}\n" * 8


def generated(sandbox: Sandbox, name: str, files: int, *, many: bool = False) -> Path:
    """A repository with one commit on `main`."""
    root = sandbox.root / name
    for path, text in _many(files) if many else _project(files):
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, encoding="utf-8")
    sandbox.git(root, "init", "-q", "-b", "main")
    sandbox.git(root, "add", "-A")
    sandbox.git(root, "commit", "-q", "-m", "generated")
    sandbox.git(root, "status")  # so that the index knows when each file was written
    return root


def copied(sandbox: Sandbox, given: Path) -> Path:
    """A copy of what a repository has committed, with its history."""
    root = sandbox.root / "copy"
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(given.resolve()), str(root)],
        env=sandbox.environment, check=True,
    )  # fmt: skip
    sandbox.git(root, "status")
    return root
