"""package-lock.json, versions 1 to 3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, parents, problems


def read(lock: Any, package: Any = None) -> Inventory:
    others = {} if package is None else {"package_json": json.dumps(package)}
    return found("package-lock", "package-lock.json", json.dumps(lock, indent=1), **others)


def packages(root: Any = None, **entries: Any) -> Inventory:
    listed = {f"node_modules/{name}": entry for name, entry in entries.items()}
    return read({"lockfileVersion": 3, "packages": {"": root or {}, **listed}})


@pytest.mark.parametrize(
    ("path", "selected"),
    [("package-lock.json", True), ("a/npm-shrinkwrap.json", True),
     ("node_modules/a/package-lock.json", False), ("package.json", False)],
)  # fmt: skip
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["package-lock"].selects(path) is selected


def test_names_are_looked_up_from_folder_to_folder() -> None:
    inventory = read(
        {
            "lockfileVersion": 3,
            "packages": {
                "": {"dependencies": {"a": "^1", "c": "1"}, "devDependencies": {"d": "1"}},
                "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "^1", "c": "*"}},
                "node_modules/a/node_modules/b": {"version": "1.0.0", "dependencies": {"c": "*"}},
                "node_modules/a/node_modules/c": {"version": "2.0.0"},
                "node_modules/b": {"version": "2.0.0"},
                "node_modules/c": {"version": "1.0.0"},
                "node_modules/d": {"version": "1.0.0", "dev": True, "dependencies": {"b": "2"}},
            },
        }
    )

    assert problems(inventory) == []
    assert {it.key: (parents(it), it.direct, it.scope) for it in inventory.dependencies} == {
        "npm:a@1.0.0": ([], True, "runtime"),
        "npm:b@1.0.0": (["a"], False, "runtime"),
        "npm:c@2.0.0": (["a", "b"], False, "runtime"),
        "npm:b@2.0.0": (["d"], False, "dev"),
        "npm:c@1.0.0": ([], True, "runtime"),
        "npm:d@1.0.0": ([], True, "dev"),
    }


def test_one_version_in_many_folders_is_one() -> None:
    inventory = read(
        {
            "lockfileVersion": 2,
            "packages": {
                "": {"dependencies": {"a": "1", "b": "1"}},
                "node_modules/a": {"version": "1.0.0", "dependencies": {"c": "1"}},
                "node_modules/a/node_modules/c": {"version": "1.0.0"},
                "node_modules/b": {"version": "1.0.0", "dependencies": {"c": "1"}},
                "node_modules/b/node_modules/c": {"version": "1.0.0"},
            },
        }
    )

    assert names(inventory) == ["a 1.0.0", "c 1.0.0", "b 1.0.0"]
    assert parents(one(inventory, "c")) == ["a", "b"]


def test_members_of_a_workspace_are_the_project() -> None:
    inventory = read(
        {
            "lockfileVersion": 3,
            "packages": {
                "": {"workspaces": ["packages/*"], "devDependencies": {"one": "*"}},
                "node_modules/one": {"resolved": "packages/one", "link": True},
                "packages/one": {"version": "1.0.0", "dependencies": {"a": "1"},
                                 "devDependencies": {"b": "1"}},
                "packages/one/node_modules/a": {"version": "1.0.0"},
                "node_modules/b": {"version": "1.0.0"},
            },
        }
    )  # fmt: skip

    assert {it.name: (it.direct, it.scope) for it in inventory.dependencies} == {
        "a": (True, "runtime"), "b": (True, "dev")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "name", "origin", "url"),
    [
        ({"version": "1.0.0", "resolved": "https://r.org/x/a/-/a-1.0.0.tgz"}, "a", "index",
         "https://r.org/x"),
        ({"version": "1.0.0", "name": "@s/b",
          "resolved": "https://u:p@r.org/@s/b/-/b-1.0.0.tgz"}, "@s/b", "index", "https://r.org"),
        ({"version": "1.0.0"}, "a", "index", ""),
        ({"version": "1.0.0", "resolved": "https://h/a.tgz"}, "a", "url", "https://h/a.tgz"),
        ({"version": "1.0.0", "resolved": "git+ssh://git@github.com/o/a.git#abc"}, "a", "vcs",
         "git+ssh://github.com/o/a.git#abc"),
        ({"version": "1.0.0", "resolved": "file:../a.tgz"}, "a", "path", "../a.tgz"),
    ],
)  # fmt: skip
def test_where_it_comes_from(entry: Any, name: str, origin: str, url: str) -> None:
    it = one(packages(a=entry))

    assert (it.name, it.origin, it.url) == (name, origin, url)


def test_hashes_are_told_in_hexadecimal() -> None:
    it = one(packages(a={"version": "1.0.0", "integrity": "sha512-q83v sha1-AAAA?x odd"}))

    assert it.hashes == ("sha512:abcdef", "sha1:000000", "odd")


def test_what_is_optional_or_a_peer_may_be_missing() -> None:
    inventory = packages(
        {"optionalDependencies": {"gone": "1"}, "peerDependencies": {"peer": "1"}},
        a={
            "version": "1.0.0",
            "dependencies": {"gone": "1"},
            "optionalDependencies": {"gone": "1"},
        },
    )

    assert problems(inventory) == []
    assert one(inventory).direct is False


OLD = {
    "lockfileVersion": 1,
    "requires": True,
    "dependencies": {
        "a": {
            "version": "1.0.0",
            "requires": {"b": "1", "c": "1"},
            "dependencies": {"b": {"version": "1.0.0", "requires": {"c": "1"}}},
        },
        "b": {"version": "2.0.0", "dev": True},
        "c": {"version": "1.0.0", "optional": True},
        "alias": {"version": "npm:real@3.0.0"},
        "g": {"version": "git+https://h/g.git#abc", "from": "x"},
        "t": {"version": "https://h/t-1.2.3.tgz"},
    },
}


def test_version_1_nests_what_is_installed_inside() -> None:
    inventory = read(OLD, {"dependencies": {"a": "^1"}, "devDependencies": {"b": "2"}})

    assert problems(inventory) == []
    assert {it.key: (parents(it), it.direct, it.scope) for it in inventory.dependencies} == {
        "npm:a@1.0.0": ([], True, "runtime"),
        "npm:b@1.0.0": (["a"], False, "runtime"),
        "npm:b@2.0.0": ([], True, "dev"),
        "npm:c@1.0.0": (["a", "b"], False, "runtime"),
        "npm:real@3.0.0": ([], False, "unknown"),
        "npm:g@git+https://h/g.git#abc": ([], False, "unknown"),
        "npm:t@1.2.3": ([], False, "unknown"),
    }
    assert one(inventory, "real").display == "alias"
    assert [one(inventory, it).origin for it in "gt"] == ["vcs", "url"]


def test_version_1_alone_does_not_say_what_is_direct() -> None:
    assert one(read(OLD), "c").direct is None
    assert one(read(OLD, {"workspaces": ["x"]}), "c").direct is None


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        ([], "package-lock.json:1 the document has to be a table"),
        ({}, "package-lock.json:1 version None of package-lock.json is not known"),
        ({"lockfileVersion": True}, "package-lock.json:2 version True"),
        ({"lockfileVersion": 4}, "package-lock.json:2 version 4"),
        ({"lockfileVersion": 3}, "package-lock.json:1 the lock has no `packages`"),
        ({"lockfileVersion": 3, "packages": []}, "package-lock.json:3 packages has to be a table"),
        ({"lockfileVersion": 3, "packages": {"node_modules/a": 1}},
         "package-lock.json:4 packages.node_modules/a has to be a table"),
        ({"lockfileVersion": 3, "packages": {"node_modules/a": {}}},
         "package-lock.json:4 a has no version"),
        ({"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}},
         "package-lock.json:6 the project asks for a, which the lock does not have"),
        ({"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": 1}}}},
         "package-lock.json:6 packages..dependencies.a has to be text"),
        ({"lockfileVersion": 3, "packages": {"a/" * 2000: {}}},
         "package-lock.json:4 a path of 4,000 characters"),
        ({"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": {"b": "1"}}}},
         "package-lock.json:7 a asks for b, which the lock does not have"),
        ({"lockfileVersion": 1, "dependencies": {"a": {"requires": {}}}},
         "package-lock.json:4 dependencies.a has no 'version'"),
        ({"lockfileVersion": 1, "dependencies": {"a": 1}},
         "package-lock.json:4 dependencies.a has to be a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(lock: Any, says: str) -> None:
    assert problems(read(lock))[0].startswith(says)
