"""Hooks of pre-commit, and the packages that are installed for them."""

from __future__ import annotations

import pytest

from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, problems

SHA = "b4ffde65f46336ab88eb53be808477a3936bae11"


def read(text: str) -> Inventory:
    return found("pre-commit", ".pre-commit-config.yaml", text)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/Owner/Name", "github.com/owner/name"),
        ("https://u:p@github.com/owner/name.git", "github.com/owner/name"),
        ("git@github.com:owner/name.git", "github.com/owner/name"),
        ("ssh://git@github.com/owner/name/", "github.com/owner/name"),
        ("../hooks", "../hooks"),
    ],
)
def test_repositories_have_one_name_however_they_are_written(address: str, name: str) -> None:
    it = one(read(f"repos:\n- repo: {address}\n  rev: v1.0.0\n"))

    assert (it.ecosystem, it.name, it.version, it.origin) == ("pre-commit", name, "1.0.0", "vcs")
    assert "u:p" not in it.url


@pytest.mark.parametrize(
    ("revision", "version", "claim"),
    [
        ("v1.2.3", "1.2.3", ""),
        ("1.2.3", "1.2.3", ""),
        (f"{SHA}  # frozen: v1.2.3", "1.2.3", "v1.2.3"),
        (SHA, "", ""),
        ("main", "", ""),
        ("v1", "", ""),
    ],
)
def test_revisions(revision: str, version: str, claim: str) -> None:
    it = one(read(f"repos:\n- repo: https://h/o/n\n  hooks: []\n  rev: {revision}\n"))

    assert (it.version, it.claim, it.place.line) == (version, claim, 4)
    assert it.hashes == ((f"sha1:{SHA}",) if revision.startswith(SHA) else ())


def hook(*packages: str, more: str = "", repository: str = "local") -> Inventory:
    listed = ", ".join(f"'{it}'" for it in packages)
    return read(
        f"repos:\n- repo: {repository}\n  rev: v1.0.0\n  hooks:\n"
        f"  - id: h\n    {more}\n    additional_dependencies: [{listed}]\n"
    )


def test_packages_of_python_and_of_npm_are_told_apart_by_how_they_are_written() -> None:
    python = hook("Foo_bar[x]==1.0", "b>=1", "c @ https://h/c-1.0.zip")
    npm = hook("prettier@3.0.0", "plain", "@s/p@^1")

    assert [(it.ecosystem, it.name, it.version) for it in python.dependencies] == [
        ("pypi", "foo-bar", "1.0"), ("pypi", "b", ""), ("pypi", "c", "1.0")
    ]  # fmt: skip
    assert [(it.ecosystem, it.name, it.version) for it in npm.dependencies] == [
        ("npm", "prettier", "3.0.0"), ("npm", "plain", ""), ("npm", "@s/p", "")
    ]  # fmt: skip
    assert {it.groups for it in npm.dependencies} == {("h",)}


@pytest.mark.parametrize(
    ("package", "more", "ecosystem", "name", "version"),
    [
        ("eslint", "language: node", "npm", "eslint", ""),
        ("golang.org/x/tools@v0.1.0", "language: golang", "generic", "golang.org/x/tools", "0.1.0"),
        ("rubocop:1.0.0", "language: ruby", "generic", "rubocop", "1.0.0"),
        ("thing", "language: rust", "generic", "thing", ""),
        ("thing==1", "language: system", "pypi", "thing", "1"),
    ],
)
def test_the_language_decides_where_it_is_given(
    package: str, more: str, ecosystem: str, name: str, version: str
) -> None:
    it = one(hook(package, more=more))

    assert (it.ecosystem, it.name, it.version) == (ecosystem, name, version)


def test_mirrors_of_known_tools_are_of_node() -> None:
    inventory = hook("plugin", repository="https://github.com/pre-commit/mirrors-prettier")

    assert one(inventory, "plugin").ecosystem == "npm"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the document has to be a table"),
        ("repos: 1", "repos has to be a list"),
        ("repos: [1]", "repos[0] has to be a table"),
        ("repos: [{rev: x}]", "repos[0] has no 'repo'"),
        ("repos: [{repo: x}]", "repos[0] has no 'rev'"),
        ("repos: [{repo: local, hooks: [1]}]", "repos[0].hooks[0] has to be a table"),
        ("repos: [{repo: local, hooks: [{additional_dependencies: ['a b']}]}]",
         "'a b' is no requirement"),
        ("repos: [{repo: local, hooks: [{language: node, additional_dependencies: ['a b']}]}]",
         "'a b' is no package of npm"),
        ("repos: [{repo: local, hooks: [{additional_dependencies: [[]]}]}]",
         "repos[0].hooks[0].additional_dependencies[0] has to be text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text: str, says: str) -> None:
    assert problems(read(text))[0].partition(" ")[2].startswith(says)


def test_meta_and_local_are_no_repositories() -> None:
    assert names(read("repos:\n- repo: meta\n  hooks: []\n- repo: local\n  hooks: []\n")) == []
