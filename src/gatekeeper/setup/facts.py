"""What a repository tells about itself: nobody is asked for what stands there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from gatekeeper.config.load import PYPROJECT
from gatekeeper.ports.repository import Repository
from gatekeeper.text.patterns import regex

PRE_COMMIT = ".pre-commit-config.yaml"
WORKFLOWS = ".github/workflows/"
Read = Callable[[str], bytes | None]

# A tool: its table in pyproject.toml, its sections in setup.cfg and tox.ini, its own files.
_TOOLS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ruff": ("ruff", (), ("ruff.toml", ".ruff.toml")),
    "black": ("black", (), ()),
    "yapf": ("yapf", ("yapf",), (".style.yapf",)),
    "autopep8": ("autopep8", ("autopep8",), ()),
    "isort": ("isort", ("isort", "tool:isort"), (".isort.cfg",)),
    "flake8": ("flake8", ("flake8",), (".flake8",)),
    "pylint": ("pylint", (), (".pylintrc", "pylintrc")),
    "mypy": ("mypy", ("mypy",), ("mypy.ini", ".mypy.ini")),
    "pyright": ("pyright", (), ("pyrightconfig.json",)),
    "basedpyright": ("basedpyright", (), ()),
    "ty": ("ty", (), ("ty.toml",)),
    "pyrefly": ("pyrefly", (), ("pyrefly.toml",)),
    "vulture": ("vulture", (), ()),
    "bandit": ("bandit", (), (".bandit",)),
    "semgrep": ("", (), (".semgrep.yml", ".semgrep.yaml", ".semgrep/")),
    "pytest": ("pytest", ("tool:pytest", "pytest"), ("pytest.ini",)),
    "coverage": ("coverage", ("coverage:run",), (".coveragerc",)),
    "commitizen": ("commitizen", (), (".cz.toml", ".cz.yaml", ".cz.json", "cz.toml")),
    "commitlint": ("", (), (".commitlintrc", ".commitlintrc.json", ".commitlintrc.yml",
                            ".commitlintrc.yaml", "commitlint.config.js", "commitlint.config.ts",
                            "commitlint.config.mjs", "commitlint.config.cjs")),
    "semantic-release": ("semantic_release", (), (".releaserc", ".releaserc.json")),
}  # fmt: skip
_FOREIGN = frozenset({"vendor", "_vendor", "vendored", "third_party", "thirdparty", "extern"})
_SECTION = regex(r"^\[([^\]\n]+)\]", re.MULTILINE)
_USUAL_BRANCHES = ("main", "master", "trunk", "develop")


class Found(Struct, frozen=True):
    """A tool that the project has set up, and the file that says so."""

    tool: str
    where: str


class Facts(Struct, frozen=True):
    """What was found. `foreign` counts the Python files of folders with other people's code.

    `locked`: there is a uv.lock; else `installs` is what pip takes to install the project.
    `branch_known` says whether `gatekeeper check` finds the default branch by itself.
    """

    branch: str
    branch_known: bool
    python_files: int
    packages: tuple[str, ...]
    tools: tuple[Found, ...]
    foreign: dict[str, int]
    workflows: tuple[str, ...]
    pre_commit: bool
    ruff_formats: bool = False
    black_line_length: int = 0
    ruff_line_length: int = 0
    locked: bool = False
    installs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def where(self, tool: str) -> str:
        """The file that sets a tool up, the empty string when none does."""
        return next((it.where for it in self.tools if it.tool == tool), "")


def look(repository: Repository, read: Read) -> Facts:
    """Look at the working tree and at git."""
    paths = sorted(path for path, entry in repository.worktree().entries().items() if entry.regular)
    project, notes = _project(read(PYPROJECT))
    tables = project.get("tool", {}) if isinstance(project.get("tool"), dict) else {}
    branch, known = _branch(repository)
    hooks = read(PRE_COMMIT)
    return Facts(
        branch=branch,
        branch_known=known,
        python_files=sum(path.endswith((".py", ".pyi")) for path in paths),
        packages=_packages(paths),
        tools=tuple(_tools(paths, tables, read)),
        foreign=_foreign(paths),
        workflows=tuple(
            path for path in paths
            if path.startswith(WORKFLOWS) and path.endswith((".yml", ".yaml"))
        ),
        pre_commit=hooks is not None,
        ruff_formats=b"ruff-format" in (hooks or b"") or "format" in _table(tables, "ruff"),
        black_line_length=_length(tables, "black"),
        ruff_line_length=_length(tables, "ruff"),
        locked="uv.lock" in paths,
        installs=tuple(_installs(paths)),
        notes=notes,
    )  # fmt: skip


def _branch(repository: Repository) -> tuple[str, bool]:
    """The default branch's short name, and whether a check in CI would find it by itself."""
    name = repository.default_branch()
    short = name.removeprefix("refs/remotes/origin/").removeprefix("refs/heads/")
    # A fresh clone knows what the remote calls its default branch; the usual names are tried.
    known = name.startswith("refs/remotes/") or short in _USUAL_BRANCHES
    if short:
        return short, known
    current = repository.branch()
    return current or "main", not current or current in _USUAL_BRANCHES


def _project(content: bytes | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    if content is None:
        return {}, ()
    import tomllib

    try:
        return tomllib.loads(content.decode()), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        return {}, (f"{PYPROJECT} cannot be read, so nothing was learned from it: {error}",)


def _tools(paths: Iterable[str], tables: Mapping[str, Any], read: Read) -> Iterable[Found]:
    known = set(paths)
    sections = {
        name: set(_SECTION.findall((read(name) or b"").decode("utf-8", "replace")))
        for name in ("setup.cfg", "tox.ini")
        if name in known
    }
    folders = {path.partition("/")[0] + "/" for path in known if "/" in path}
    for tool, (table, own_sections, files) in _TOOLS.items():
        own = next((file for file in files if file in known or file in folders), "")
        section = next((name for name, has in sections.items() if has & set(own_sections)), "")
        where = own or (PYPROJECT if table and table in tables else section)
        if where:
            yield Found(tool, where)


def _installs(paths: Collection[str]) -> Iterable[str]:
    if PYPROJECT in paths or "setup.py" in paths:
        yield "-e ."
    if "requirements.txt" in paths:
        yield "-r requirements.txt"


def _packages(paths: Iterable[str]) -> tuple[str, ...]:
    """Folders of top-level packages, those of tests aside."""
    folders = {path.removesuffix("/__init__.py") for path in paths if path.endswith("/__init__.py")}
    return tuple(
        sorted(
            folder for folder in folders
            if folder.rpartition("/")[0] not in folders
            and not re.match(r"(?:.*/)?(?:tests?|docs?|examples?)(?:/|$)", folder)
            and not _FOREIGN & set(folder.split("/"))
        )
    )  # fmt: skip


def _foreign(paths: Iterable[str]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for path in paths:
        parts = path.split("/")[:-1]
        for depth, part in enumerate(parts, 1):
            if part in _FOREIGN:
                counted["/".join(parts[:depth]) + "/"] += path.endswith(".py")
                break
    return {folder: count for folder, count in sorted(counted.items()) if count}


def _table(tables: Mapping[str, Any], tool: str) -> Mapping[str, Any]:
    table = tables.get(tool)
    return table if isinstance(table, dict) else {}


def _length(tables: Mapping[str, Any], tool: str) -> int:
    value = _table(tables, tool).get("line-length", 0)
    return value if isinstance(value, int) else 0
