"""Where code lies and where it was measured, each beside diff-cover's answer to the same report.

Every layout is a repository of its own whose program really ran under coverage.py. The change is
always the same: a function that nobody calls.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.covering import check, coverage, diff_cover, places
from tests.fakes.repo import Repo

BASE = "def used():\n    return 1\n"
HEAD = BASE + "\n\ndef unused():\n    return 2\n"
STATEMENTS = 2
UNCOVERED = 6
IGNORED = ".coverage*\n!.coveragerc\ncoverage.*\n__pycache__/\nvenv/\nbuild/\n"
PROGRAM = "import sys\n\nsys.path.insert(0, {folder!r})\nfrom pkg import core\n\ncore.used()\n"


@dataclass(frozen=True)
class Layout:
    """`code` is the package's folder; `measure` runs its program and gives the XML report's path.

    `theirs`: the changed lines that diff-cover finds in the report, and the uncovered ones.
    """

    code: str
    measure: Callable[[Repo, Path], str]
    theirs: tuple[int, int]


def runs(
    *more: str, program: str = "run.py", folder: str = "src", cwd: str = ".", settings: str = ""
) -> Callable[[Repo, Path], str]:
    """The program in `cwd`, which finds the package in `folder`."""

    def measure(repo: Repo, elsewhere: Path) -> str:
        repo.write(f"{cwd}/{program}", PROGRAM.format(folder=folder))
        if settings:
            repo.write(f"{cwd}/.coveragerc", settings)
        coverage(repo, "run", *more, program, cwd=cwd)
        coverage(repo, "xml", "-q", cwd=cwd)
        return "coverage.xml" if cwd == "." else f"{cwd}/coverage.xml"

    return measure


def installed(repo: Repo, elsewhere: Path) -> str:
    """As tox and `pip install .` do: what runs is a copy."""
    site = repo.root / "venv/lib/python3.11/site-packages"
    shutil.copytree(repo.root / "src/pkg", site / "pkg")
    return runs("--source=pkg", folder=str(site))(repo, elsewhere)


def built(repo: Repo, elsewhere: Path) -> str:
    """As `setup.py build` does."""
    shutil.copytree(repo.root / "src/pkg", repo.root / "build/lib/pkg")
    return runs("--source=build/lib", folder="build/lib")(repo, elsewhere)


def combined(repo: Repo, elsewhere: Path) -> str:
    """Two runs; one alone has seen nothing of the package."""
    repo.write("empty.py", "x = 1\n")
    repo.write("run.py", PROGRAM.format(folder="src"))
    coverage(repo, "run", "--parallel-mode", "empty.py")
    coverage(repo, "run", "--parallel-mode", "run.py")
    coverage(repo, "combine", "-q")
    coverage(repo, "xml", "-q")
    return "coverage.xml"


def mapped(repo: Repo, elsewhere: Path) -> str:
    """Data of another machine's checkout, and [paths] that says where that lies here."""
    shutil.copytree(repo.root / "src", elsewhere / "src")
    repo.write("run.py", PROGRAM.format(folder=str(elsewhere / "src")))
    repo.write(".coveragerc", f"[paths]\nsource =\n    src\n    {elsewhere}/src\n")
    coverage(repo, "run", "--parallel-mode", "--source", str(elsewhere / "src"), "run.py")
    shutil.rmtree(elsewhere / "src")
    coverage(repo, "combine", "-q")
    coverage(repo, "xml", "-q")
    return "coverage.xml"


def carried(repo: Repo, elsewhere: Path) -> str:
    """The report of another machine's checkout, as it is."""
    shutil.copytree(repo.root, elsewhere / "checkout")
    there = Repo(elsewhere / "checkout")
    report = runs("--source=src")(there, elsewhere)
    shutil.copy(there.root / report, repo.root / report)
    shutil.rmtree(there.root)
    return report


LAYOUTS = {
    "code at the top": Layout("pkg", runs(folder="."), (2, 1)),
    "`src/`": Layout("src/pkg", runs(), (2, 1)),
    "`src/`, measured with `--source=src`": Layout("src/pkg", runs("--source=src"), (2, 1)),
    "`src/`, an installed copy measured": Layout("src/pkg", installed, (0, 0)),
    "`src/`, a built copy measured": Layout("src/pkg", built, (0, 0)),
    "a subproject, measured in its folder": Layout(
        "services/api/pkg", runs(folder=".", cwd="services/api"), (2, 1)
    ),
    "a subproject's `src/`, with `--source=src`": Layout(
        "services/api/src/pkg", runs("--source=src", cwd="services/api"), (2, 1)
    ),
    "a subproject, with `relative_files`": Layout(
        "services/api/pkg",
        runs(folder=".", cwd="services/api", settings="[run]\nrelative_files = true\n"),
        (0, 0),
    ),
    "two runs combined": Layout("src/pkg", combined, (2, 1)),
    "another checkout's data, mapped by `[paths]`": Layout("src/pkg", mapped, (2, 1)),
    "another checkout's report, as it is": Layout("src/pkg", carried, (2, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_function_that_nobody_calls_is_found(
    name: str, repo: Repo, cache: Path, uncovered: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    layout = LAYOUTS[name]
    path = f"{layout.code}/core.py"
    repo.write(".gitignore", IGNORED)
    repo.write(f"{layout.code}/__init__.py", "")
    # As everywhere: the same name in another place, which the report does not speak of.
    repo.write("tools/core.py", "X = 1\n")
    repo.write(path, BASE)
    repo.commit("base")
    repo.branch()
    repo.write(path, HEAD)
    repo.commit("head")
    report = layout.measure(repo, tmp_path_factory.mktemp("elsewhere"))
    reports = [report]
    data = Path(report).with_name(".coverage")
    if (repo.root / data).is_file():
        reports.append(str(data))

    theirs = diff_cover(repo, report)
    for one in reports:
        ours = check(repo, "--coverage", one)
        assert ours.status == 0, ours.stdout + ours.stderr
        assert [it for it in places(ours) if "pkg" in it[0]] == [(path, UNCOVERED, UNCOVERED)], one

    told = [it for where, it in theirs.items() if where.endswith("core.py")]
    assert (sum(it[0] for it in told), sum(it[1] for it in told)) == layout.theirs


def test_the_page_shows_every_layout() -> None:
    page = Path(__file__).parents[2] / "docs" / "scanners" / "coverage.md"
    rows = page.read_text(encoding="utf-8").splitlines()

    for name, layout in LAYOUTS.items():
        assert (
            f"| {name} | 2 changed, 1 place | {layout.theirs[0]} lines, {layout.theirs[1]} uncovered |"
            in rows
        )
