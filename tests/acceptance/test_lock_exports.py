"""What we read in the locks of real projects is what the tools that wrote them export.

The locks and exports were recorded with `python -m tests.recording.locks` and
`python -m tests.recording.packages`; they are read here by means of their own: an export is lines
of `name==version` with hashes and `# via` comments.
"""

from __future__ import annotations

import fcntl
import json
import lzma
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from gatekeeper.adapters.installed import installed_files
from gatekeeper.managers.gather import gathered
from gatekeeper.managers.installed import read_environment
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Dependency, Inventory
from tests.conftest import SHARED
from tests.recording.locks import STEPS, install, run

RECORDED = Path(__file__).parents[1] / "data" / "managers" / "recorded"
RECORDINGS_OF = {path.name.partition(".")[0]: path for path in sorted(RECORDED.glob("*.json.xz"))}
PROJECTS = [name for name in RECORDINGS_OF if not name.startswith("npm-")]
PACKAGES = [name for name in RECORDINGS_OF if name.startswith("npm-")]
# Manager, its lock, and the export.
LOCKS = (
    ("uv-lock", "uv.lock", "uv.txt"),
    ("pylock", "pylock.toml", "uv.txt"),
    ("poetry-lock", "poetry.lock", "poetry.txt"),
    ("pdm-lock", "pdm.lock", "pdm.txt"),
    ("pipfile-lock", "Pipfile.lock", "pipenv.txt"),
)


def files_of(project: str) -> Mapping[str, str]:
    recorded: dict[str, dict[str, str]] = json.loads(
        lzma.decompress(RECORDINGS_OF[project].read_bytes())
    )
    return recorded["files"]


RECORDINGS = [
    pytest.param(files, manager, lock, export, id=f"{project}-{manager}")
    for project in PROJECTS
    for files in [files_of(project)]
    for manager, lock, export in LOCKS
    if lock in files
]


def read(files: Mapping[str, str], manager: str, path: str) -> Inventory:
    def content(name: str) -> bytes | None:
        return files[name].encode() if name in files else None

    return gathered(MANAGERS[manager], path, content)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def exported(text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Name, version and hashes of each line of an export."""
    for line in text.replace("\\\n", " ").splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*([0-9][^\s;]*)", line)
        if found:
            hashes = frozenset(re.findall(r"--hash[= ](\S+)", line))
            yield normal(found[1]), found[2], hashes


def via(text: str) -> dict[str, set[str]]:
    """Who brought each package in, by the comments of an annotated export."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in text.splitlines():
        if package := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==", line):
            name = normal(package[1])
        elif name and (single := re.match(r"\s+# via (\S+)", line)):
            found.setdefault(name, set()).add(normal(single[1]))
        elif name and (more := re.match(r"\s+#   (\S+)", line)):
            found.setdefault(name, set()).add(normal(more[1]))
        elif not line.startswith((" ", "#")):
            name = ""
    return found


def indexed(inventory: Inventory) -> list[Dependency]:
    return [it for it in inventory.dependencies if it.origin == "index" and it.version]


def test_at_least_ten_real_projects_are_recorded() -> None:
    assert len(PROJECTS) >= 10
    assert {it.values[1] for it in RECORDINGS} == {manager for manager, _, _ in LOCKS}


@pytest.mark.parametrize(("files", "manager", "lock", "export"), RECORDINGS)
def test_packages_and_hashes_are_those_of_the_export(
    files: Mapping[str, str], manager: str, lock: str, export: str
) -> None:
    inventory = read(files, manager, lock)
    ours = {(it.name, it.version): frozenset(it.hashes) for it in indexed(inventory)}
    theirs: dict[tuple[str, str], frozenset[str]] = {}
    for name, version, hashes in exported(files[export]):
        theirs[name, version] = theirs.get((name, version), frozenset()) | hashes

    assert inventory.problems == ()
    assert ours == theirs


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(files, id=project)
        for project in PROJECTS
        for files in [files_of(project)]
        if "# via" in files.get("uv-annotated.txt", "")
    ],
)
def test_who_brought_it_in_is_who_uv_says(files: Mapping[str, str]) -> None:
    inventory = read(files, "uv-lock", "uv.lock")
    names = {it.name for it in inventory.dependencies}
    ours = {
        it.name: {normal(key.partition(":")[2].rpartition("@")[0]) for key in it.parents}
        for it in indexed(inventory)
    }
    annotated = {name: whys & names for name, whys in via(files["uv-annotated.txt"]).items()}

    assert annotated
    assert {name: ours[name] for name in annotated} == annotated


def test_what_pipenv_leaves_open_is_open() -> None:
    for project in PROJECTS:
        files = files_of(project)
        if "Pipfile.lock" not in files:
            continue
        # pipenv writes `name==>=1.0` for what its own machine has no use for.
        theirs = {
            normal(it) for it in re.findall(r"(?m)^([A-Za-z0-9._-]+)==[<>~]", files["pipenv.txt"])
        }
        inventory = read(files, "pipfile-lock", "Pipfile.lock")
        assert theirs <= {it.name for it in inventory.dependencies if not it.version}


@pytest.mark.parametrize(("files", "manager", "lock", "export"), RECORDINGS)
def test_every_package_can_be_traced_to_a_direct_one(
    files: Mapping[str, str], manager: str, lock: str, export: str
) -> None:
    inventory = read(files, manager, lock)
    known = {it.key for it in inventory.dependencies}

    assert all(set(it.parents) <= known for it in inventory.dependencies)
    if manager in ("uv-lock", "poetry-lock", "pdm-lock"):
        orphans = [it.key for it in inventory.dependencies if not it.parents and not it.direct]
        assert orphans == []


def listed(tree: Mapping[str, Any], aliases: Mapping[str, str]) -> set[tuple[str, str]]:
    """Name and version of all that `npm ls` shows; what is missing has no version."""
    found: set[tuple[str, str]] = set()
    stack = [tree]
    while stack:
        for key, it in stack.pop().get("dependencies", {}).items():
            if "version" in it:
                found.add((aliases.get(key, key), it["version"]))
            stack.append(it)
    return found


@pytest.mark.parametrize("project", PACKAGES)
@pytest.mark.parametrize("version", ["v1", "v3"])
def test_packages_of_npm_are_those_that_npm_lists(project: str, version: str) -> None:
    files = files_of(project)
    inventory = read(files, "package-lock", f"{version}/package-lock.json")
    ours = {(it.name, it.version) for it in inventory.dependencies}
    optional = {(it.name, it.version) for it in inventory.dependencies if it.scope == "optional"}
    lock = json.loads(files["v3/package-lock.json"])["packages"]
    aliases = {
        at.rpartition("node_modules/")[2]: it["name"] for at, it in lock.items() if "name" in it
    }
    theirs = listed(json.loads(files["ls.json"]), aliases)

    assert inventory.problems == ()
    assert theirs <= ours
    # npm leaves out what this machine has no use for.
    assert ours - theirs <= optional
    assert all(it.direct or it.parents for it in inventory.dependencies if it.scope != "unknown")


WANTED = """\
[project]
name = "tried"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["httpx[http2]>=0.27", "colorama; sys_platform == 'win32'"]

[project.optional-dependencies]
yaml = ["pyyaml>=6"]

[dependency-groups]
dev = ["pytest>=8", { include-group = "lint" }]
lint = ["mccabe"]

[tool.uv]
package = false
"""


@pytest.fixture(scope="module")
def exporters() -> Path:
    """poetry and pdm, installed once per machine."""
    folder = SHARED / "exporters"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(folder, "poetry", "pdm")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("tool", ["uv", "poetry", "pdm"])
def test_the_tools_of_today_write_what_we_read(tool: str, exporters: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(WANTED)
    files = {"pyproject.toml": WANTED, **STEPS[tool](tmp_path, exporters)}

    for manager, lock, export in LOCKS:
        if lock not in files:
            continue
        inventory = read(files, manager, lock)
        ours = {(it.name, it.version) for it in indexed(inventory)}
        assert inventory.problems == ()
        assert ours == {(name, version) for name, version, _ in exported(files[export])}
        direct = {it.name for it in inventory.dependencies if it.direct}
        assert direct == {"httpx", "colorama", "pyyaml", "pytest", "mccabe"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_built_environment_holds_what_pip_lists(tmp_path: Path) -> None:
    uv = find_uv_bin()
    for arguments in (("venv", "--seed", "env"), ("pip", "install", "--python", "env", "httpx")):
        run(tmp_path, uv, *arguments, "--quiet")
    pip = run(tmp_path, "env/bin/python", "-m", "pip", "list", "--format", "json")
    inventory = read_environment("env", installed_files(str(tmp_path / "env")))

    assert {(it.name, it.version) for it in inventory.dependencies} == {
        (normal(it["name"]), it["version"]) for it in json.loads(pip)
    }
    assert {"httpx", "httpcore", "idna", "pip"} <= {it.name for it in inventory.dependencies}
