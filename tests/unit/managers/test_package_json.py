"""package.json: every way to ask for a package."""

from __future__ import annotations

import json

import pytest

from gatekeeper.managers.registry import MANAGERS
from tests.fakes.managing import found, names, one, problems


@pytest.mark.parametrize(
    ("wanted", "name", "version", "requirement", "origin", "url"),
    [
        ("1.2.3", "a", "1.2.3", "1.2.3", "index", ""),
        ("=1.2.3-rc.1+b", "a", "1.2.3-rc.1+b", "=1.2.3-rc.1+b", "index", ""),
        ("^1.2.3", "a", "", "^1.2.3", "index", ""),
        ("1.2", "a", "", "1.2", "index", ""),
        ("*", "a", "", "", "index", ""),
        ("", "a", "", "", "index", ""),
        ("latest", "a", "", "latest", "index", ""),
        (">=1 <2 || 3", "a", "", ">=1 <2 || 3", "index", ""),
        ("npm:@s/b@1.0.0", "@s/b", "1.0.0", "1.0.0", "index", ""),
        ("npm:b", "b", "", "", "index", ""),
        ("workspace:^", "a", "", "workspace:^", "path", "^"),
        ("file:../a", "a", "", "file:../a", "path", "../a"),
        ("../a", "a", "", "../a", "path", "../a"),
        ("git+https://u:p@h/a.git#v1", "a", "", "git+https://h/a.git#v1", "vcs",
         "git+https://h/a.git#v1"),
        ("owner/a#semver:^1", "a", "", "owner/a#semver:^1", "vcs", "owner/a#semver:^1"),
        ("github:owner/a", "a", "", "github:owner/a", "vcs", "github:owner/a"),
        ("https://h/a.git", "a", "", "https://h/a.git", "vcs", "https://h/a.git"),
        ("https://h/a.tgz", "a", "", "https://h/a.tgz", "url", "https://h/a.tgz"),
    ],
)  # fmt: skip
def test_what_can_be_asked_for(
    wanted: str, name: str, version: str, requirement: str, origin: str, url: str
) -> None:
    it = one(found("package-json", "package.json", json.dumps({"dependencies": {"a": wanted}})))

    assert (it.name, it.version, it.requirement) == (name, version, requirement)
    assert (it.origin, it.url, it.display, it.direct) == (origin, url, "a", True)


def test_tables_and_lines() -> None:
    tables = {
        "dependencies": {"a": "1", "o": "1"},
        "devDependencies": {"b": "1"},
        "peerDependencies": {"p": "1", "b": "2"},
        "optionalDependencies": {"o": "1"},
    }
    inventory = found("package-json", "package.json", json.dumps(tables, indent=1))

    assert [(it.name, it.scope, it.place.line) for it in inventory.dependencies] == [
        ("a", "runtime", 3), ("o", "optional", 14), ("b", "dev", 7), ("p", "runtime", 10)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"dependencies": [], "devDependencies": {"b": "1"}}',
         "package.json:1 dependencies has to be a table"),
        ('{"dependencies": {"a":\n1}, "devDependencies": {"b": "1"}}',
         "package.json:1 dependencies.a has to be text"),
        ('{"dependencies": {\n"a b": "1"}, "devDependencies": {"b": "1"}}',
         "package.json:2 'a b' is no name of a package"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_the_rest_is_read(text: str, says: str) -> None:
    inventory = found("package-json", "package.json", text)

    assert problems(inventory) == [says]
    assert names(inventory) == ["b 1"]


def test_what_is_installed_is_not_read() -> None:
    assert not MANAGERS["package-json"].selects("node_modules/a/package.json")
    assert MANAGERS["package-json"].selects("packages/a/package.json")
