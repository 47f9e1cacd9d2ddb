"""Locks and the manifests that they were made for."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gatekeeper.managers.gather import gathered
from gatekeeper.managers.lock_pairs import Pair, differences, pairs, stale
from gatekeeper.managers.registry import sources
from gatekeeper.model.dependency import Inventory

RECORDED = Path(__file__).parents[2] / "data" / "managers" / "recorded"
# Poetry was told of an index while it locked, which the recorded manifest does not have.
INDEX = '\n[[tool.poetry.source]]\nname = "index"\nurl = "https://pypi.org/simple/"\n'


def read(files: Mapping[str, str]) -> list[Inventory]:
    content = {name: text.encode() for name, text in files.items()}
    return [gathered(manager, path, content.get) for manager, path in sources(sorted(content))]


def told(files: Mapping[str, str]) -> list[str]:
    """`lock kind name` of each difference."""
    return [
        f"{pair.lock.path} {it.kind} {it.dependency.name}"
        for pair in pairs(read(files))
        for it in differences(pair)
    ]


def old(files: Mapping[str, str]) -> list[str]:
    return [f"{it.lock.path} {path}" for it in pairs(read(files)) for path in stale(it)]


def recorded() -> Iterator[tuple[str, Mapping[str, str]]]:
    for path in sorted(RECORDED.glob("*.json.xz")):
        found: dict[str, dict[str, str]] = json.loads(lzma.decompress(path.read_bytes()))
        yield path.name, {k: v for k, v in found["files"].items() if not k.endswith(".txt")}


RECORDINGS = [pytest.param(files, id=name) for name, files in recorded()]


@pytest.mark.parametrize("files", RECORDINGS)
def test_what_the_tools_have_just_locked_fits_and_is_fresh(files: Mapping[str, str]) -> None:
    assert told(files) == []
    manifest = files.get("pyproject.toml", "")
    for_poetry = {"pyproject.toml": manifest + INDEX} if "poetry.lock" in files else {}
    without = {k: v for k, v in files.items() if k != "poetry.lock"}
    only = {k: v for k, v in files.items() if k == "poetry.lock"}
    assert old(without) == []
    assert old(only | for_poetry) == []


@pytest.mark.parametrize("files", RECORDINGS)
def test_what_is_added_to_a_manifest_is_missing_in_every_lock(files: Mapping[str, str]) -> None:
    manifest = files.get("pyproject.toml", "")
    if "\ndependencies = [" not in manifest:
        locks: list[str] = []
    else:
        manifest = manifest.replace("\ndependencies = [", '\ndependencies = ["never-locked>=1",', 1)
        files = {**files, "pyproject.toml": manifest}
        names = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
        locks = sorted(f"{it} missing never-locked" for it in names if it in files)

    assert sorted(told(files)) == locks


MADE: Mapping[str, Mapping[str, str]] = json.loads(
    lzma.decompress((RECORDED.parents[1] / "dependencies" / "locks.json.xz").read_bytes())
)


@pytest.mark.parametrize("files", MADE.values(), ids=MADE)
def test_workspaces_overrides_aliases_and_peers_are_no_differences(
    files: Mapping[str, str],
) -> None:
    assert any(it.whole for it in pairs(read(files)))
    assert (told(files), old(files)) == ([], [])


@pytest.mark.parametrize(
    ("case", "manifest", "before", "after"),
    [
        ("uv-workspace", "packages/b/pyproject.toml", '"attrs"]', '"attrs", "never-locked"]'),
        ("uv-workspace", "tool.py", '"rich>=13"', '"rich>=13", "never-locked"'),
        ("uv-workspace", "requirements.in", "flask", "flask\nnever-locked"),
        ("poetry", "pyproject.toml", "pytest =", 'never-locked = "1"\npytest ='),
        ("pdm", "pyproject.toml", '"ruff"', '"ruff", "never-locked"'),
        ("pipenv", "Pipfile", "requests =", 'never-locked = "*"\nrequests ='),
        ("npm", "packages/two/package.json", '"debug"', '"never-locked": "1", "debug"'),
        ("pnpm", "packages/two/package.json", '"debug"', '"never-locked": "1", "debug"'),
        ("yarn", "packages/two/package.json", '"debug"', '"never-locked": "1", "debug"'),
    ],
)
def test_one_more_demand_in_any_of_their_manifests_is(
    case: str, manifest: str, before: str, after: str
) -> None:
    assert before in MADE[case][manifest]
    files = {**MADE[case], manifest: MADE[case][manifest].replace(before, after, 1)}

    assert {it.split(" ", 1)[1] for it in told(files)} == {"missing never-locked"}


@pytest.mark.parametrize("case", ["uv-workspace", "npm", "pnpm", "yarn"])
def test_one_less_is_told_of_locks_that_say_what_is_asked_for(case: str) -> None:
    name = "attrs" if case == "uv-workspace" else "debug"
    manifest = "packages/b/pyproject.toml" if name == "attrs" else "packages/two/package.json"
    text = MADE[case][manifest]
    shorter = text.replace(', "attrs"', "").replace('"debug": "4.x"', "")
    assert shorter != text

    found = told({**MADE[case], manifest: shorter})

    assert [it.split(" ", 1)[1] for it in found] == [f"not-asked {name}"]


PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["a>=1"]\n'
UV_LOCK = """\
version = 1
[[package]]
name = "x"
version = "1"
source = { editable = "." }
dependencies = [{ name = "a" }]
[package.metadata]
requires-dist = [{ name = "a", specifier = ">=1" }]
[[package]]
name = "a"
version = "1.5"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://h/a.whl", hash = "sha256:aa" }]
"""


def test_a_demand_that_changed_makes_uvs_lock_old_though_it_fits() -> None:
    files = {"pyproject.toml": PYPROJECT, "uv.lock": UV_LOCK}
    assert (told(files), old(files)) == ([], [])

    files["pyproject.toml"] = PYPROJECT.replace("a>=1", "A >= 1.0")
    assert old(files) == []  # the same in other words
    files["pyproject.toml"] = PYPROJECT.replace("a>=1", "a>=1.2")
    assert (told(files), old(files)) == ([], ["uv.lock pyproject.toml"])
    files["pyproject.toml"] = PYPROJECT.replace("a>=1", "a>=2")
    assert told(files) == ["uv.lock not-satisfied a"]


def test_what_somebody_put_into_the_lock_alone() -> None:
    inside = UV_LOCK.replace('[{ name = "a" }]', '[{ name = "a" }, { name = "evil" }]')
    inside += UV_LOCK[UV_LOCK.index('[[package]]\nname = "a"') :].replace('"a"', '"evil"')

    assert told({"pyproject.toml": PYPROJECT, "uv.lock": inside}) == ["uv.lock not-asked evil"]


def test_overrides_replace_demands() -> None:
    manifest = PYPROJECT.replace("a>=1", "a>=2")
    manifest += '[tool.uv]\noverride-dependencies = ["a==1.5"]\n'

    assert told({"pyproject.toml": manifest, "uv.lock": UV_LOCK}) == []


def test_environments_of_hatch_are_in_no_lock() -> None:
    manifest = PYPROJECT + '[tool.hatch.envs.e]\ndependencies = ["h"]\n'
    manifest += (
        '[tool.poetry.group.g.dependencies]\np = "1"\n[tool.pdm.dev-dependencies]\nd = ["q"]\n'
    )
    assert told({"pyproject.toml": manifest, "uv.lock": UV_LOCK}) == []
    manifest += '[tool.uv]\ndev-dependencies = ["r"]\n'
    assert told({"pyproject.toml": manifest, "uv.lock": UV_LOCK}) == ["uv.lock missing r"]


MEMBER = """\
[manifest]
members = ["x", "y"]
[[package]]
name = "y"
version = "1"
source = { editable = "packages/y" }
"""


def test_members_of_a_workspace_are_found_and_others_left_alone() -> None:
    lock = UV_LOCK.replace("version = 1\n", "version = 1\n" + MEMBER, 1)
    files = {
        "pyproject.toml": PYPROJECT,
        "uv.lock": lock,
        "packages/y/pyproject.toml": '[project]\nname = "y"\ndependencies = ["z"]\n',
        "examples/e/pyproject.toml": '[project]\nname = "e"\ndependencies = ["q"]\n',
    }

    assert told(files) == ["uv.lock missing z"]
    # Without that manifest nobody knows all that is asked for.
    del files["packages/y/pyproject.toml"]
    files["pyproject.toml"] = PYPROJECT.replace('"a>=1"', "")
    assert told(files) == []


def test_scripts_and_compiled_requirements_have_locks_beside_them() -> None:
    script = '# /// script\n# dependencies = ["b"]\n# ///\n'
    files = {
        "tool.py": script,
        "tool.py.lock": "version = 1\n[manifest]\nrequirements = []\n",
        "requirements.in": "c>=2\n",
        "requirements.txt": f"c==1.0 --hash=sha256:{'a' * 64}\n    # via -r requirements.in\n",
    }

    assert told(files) == ["requirements.txt not-satisfied c", "tool.py.lock missing b"]


PACKAGE = {"name": "root", "dependencies": {"a": "^1.0.0"}, "peerDependencies": {"p": "*"}}


def npm(manifest: object, **packages: object) -> dict[str, str]:
    lock = {
        "lockfileVersion": 3,
        "packages": {it.replace("__", "/"): packages[it] for it in packages},
    }
    return {"package.json": json.dumps(manifest), "package-lock.json": json.dumps(lock)}


LOCKED = {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"}


def test_npm() -> None:
    root = {"dependencies": {"a": "^1.0.0"}}
    files = npm(PACKAGE, **{"": root, "node_modules/a": LOCKED})
    assert told(files) == []

    newer = PACKAGE | {"dependencies": {"a": "^2.0.0", "b": "1"}}
    assert told(npm(newer, **{"": root, "node_modules/a": LOCKED})) == [
        "package-lock.json not-satisfied a",
        "package-lock.json missing b",
    ]
    assert (
        told(
            npm(newer | {"overrides": {"a": "1", "b": "1"}}, **{"": root, "node_modules/a": LOCKED})
        )
        == []
    )
    assert told(npm({"name": "root"}, **{"": root, "node_modules/a": LOCKED})) == [
        "package-lock.json not-asked a"
    ]


def test_workspaces_of_npm_depend_on_each_other_by_name() -> None:
    files = npm(
        {"name": "root", "workspaces": ["packages/*"]},
        **{
            "": {},
            "packages/one": {"name": "one", "dependencies": {"two": "^1.0.0"}},
            "packages/two": {"name": "two", "dependencies": {"a": "^1.0.0"}},
            "node_modules/two": {"resolved": "packages/two", "link": True},
            "node_modules/a": LOCKED,
        },
    )
    files["packages/one/package.json"] = '{"name": "one", "dependencies": {"two": "^1.0.0"}}'
    files["packages/two/package.json"] = '{"name": "two", "dependencies": {"a": "^1.0.0"}}'
    assert told(files) == []
    files["packages/two/package.json"] = '{"name": "two", "dependencies": {"c": "1"}}'
    assert sorted(told(files)) == ["package-lock.json missing c", "package-lock.json not-asked a"]


YARN = '# yarn lockfile v1\n\na@^1.0.0:\n  version "1.0.0"\n  resolved "https://r/a/-/a-1.0.0.tgz#SUM"\n'


def test_yarn_locks_by_demand() -> None:
    lock = YARN.replace("SUM", "a" * 40)
    assert told({"package.json": json.dumps(PACKAGE), "yarn.lock": lock}) == []
    newer = json.dumps(PACKAGE | {"dependencies": {"a": "^2.0.0"}})
    assert told({"package.json": newer, "yarn.lock": lock}) == ["yarn.lock not-satisfied a"]


def test_pnpm_locks_what_its_own_overrides_say() -> None:
    lock = (
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n"
        "        specifier: 1.0.0\n        version: 1.0.0\n"
        "packages:\n  a@1.0.0:\n    resolution: {integrity: sha512-aa}\nsnapshots:\n  a@1.0.0: {}\n"
    )
    assert told({"package.json": json.dumps(PACKAGE), "pnpm-lock.yaml": lock}) == [
        "pnpm-lock.yaml not-satisfied a"
    ]
    lock = lock.replace("importers:", "overrides:\n  a: 1.0.0\nimporters:")
    assert told({"package.json": json.dumps(PACKAGE), "pnpm-lock.yaml": lock}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"uv.lock": UV_LOCK},
        {"pyproject.toml": PYPROJECT},
        {"pyproject.toml": PYPROJECT, "uv.lock": "not TOML ="},
        {"pyproject.toml": PYPROJECT, "other/uv.lock": UV_LOCK},
    ],
    ids=["no manifest", "no lock", "broken lock", "elsewhere"],
)
def test_without_both_there_is_nothing_to_compare(files: Mapping[str, str]) -> None:
    assert told(files) == []


def test_a_lock_cannot_lead_out_of_the_repository() -> None:
    lock = UV_LOCK.replace('editable = "."', 'editable = "../.."')
    lock = lock.replace("version = 1\n", 'version = 1\n[manifest]\nmembers = ["x"]\n', 1)
    found: list[Pair] = list(pairs(read({"pyproject.toml": PYPROJECT, "uv.lock": lock})))

    assert found == []
