"""pnpm-lock.yaml, versions 5, 6 and 9."""

from __future__ import annotations

import pytest

from gatekeeper.managers.pnpm_paths import Paths
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, parents, problems


def read(text: str) -> Inventory:
    return found("pnpm-lock", "pnpm-lock.yaml", text)


@pytest.mark.parametrize(
    ("version", "path", "name", "chosen"),
    [
        ("5.4", "/a/1.0.0", "a", "1.0.0"),
        ("5.4", "/@s/a/1.0.0_b@2.0.0+c@3.0.0", "@s/a", "1.0.0"),
        ("5.4", "github.com/o/a/abc", "", ""),
        ("6.0", "/@s/a@1.0.0(b@2.0.0)(@t/c@3.0.0)", "@s/a", "1.0.0"),
        ("6.0", "github.com/o/a/abc", "", ""),
        ("9.0", "@s/a@1.0.0(b@2.0.0)", "@s/a", "1.0.0"),
        ("9.0", "a@https://codeload.github.com/o/a/tar.gz/abc", "a", ""),
        ("9.0", "a@file:../a", "a", ""),
        ("9.0", "a", "a", ""),
    ],
)
def test_paths_of_packages(version: str, path: str, name: str, chosen: str) -> None:
    assert Paths(version).name_and_version(path) == (name, chosen)


NINE = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1, version: 1.0.0(p@1.0.0)}
      alias: {specifier: 'npm:real@2.0.0', version: real@2.0.0}
      here: {specifier: 'workspace:*', version: 'link:packages/here'}
  packages/here:
    devDependencies:
      d: {specifier: '1', version: 1.0.0}
    optionalDependencies:
      g: {specifier: o/g, version: 'https://codeload.github.com/o/g/tar.gz/abc'}
packages:
  a@1.0.0:
    resolution: {integrity: sha512-q83v}
  d@1.0.0:
    resolution: {integrity: sha512-q83v, tarball: 'https://r/d/-/d-1.0.0.tgz'}
  g@https://codeload.github.com/o/g/tar.gz/abc:
    resolution: {tarball: 'https://u:p@codeload.github.com/o/g/tar.gz/abc'}
    version: 3.0.0
  p@1.0.0:
    resolution: {integrity: sha512-q83v}
  real@2.0.0:
    resolution: {integrity: sha512-q83v}
snapshots:
  a@1.0.0:
    optional: true
  a@1.0.0(p@1.0.0):
    dependencies:
      p: 1.0.0
  d@1.0.0: {}
  g@https://codeload.github.com/o/g/tar.gz/abc: {}
  p@1.0.0: {}
  real@2.0.0: {}
"""


def test_version_9() -> None:
    inventory = read(NINE)

    assert problems(inventory) == []
    assert [(it.key, it.direct, it.scope, it.requirement) for it in inventory.dependencies] == [
        ("npm:a@1.0.0", True, "runtime", "^1"),
        ("npm:d@1.0.0", True, "dev", "1"),
        ("npm:g@3.0.0", True, "optional", "o/g"),
        ("npm:p@1.0.0", False, "runtime", ""),
        ("npm:real@2.0.0", True, "runtime", "npm:real@2.0.0"),
    ]
    assert parents(one(inventory, "p")) == ["a"]
    assert one(inventory, "a").place.line == 14
    assert one(inventory, "a").hashes == ("sha512:abcdef",)
    it = one(inventory, "g")
    assert (it.origin, it.url) == ("url", "https://codeload.github.com/o/g/tar.gz/abc")


def test_versions_5_and_6() -> None:
    five = read(
        "lockfileVersion: 5.4\nspecifiers: {a: ^1, c: x}\ndependencies:\n  a: 1.0.0_p@1.0.0\n"
        "  c: github.com/o/c/abc\npackages:\n"
        "  /a/1.0.0_p@1.0.0:\n    resolution: {integrity: sha512-q83v}\n"
        "    dependencies: {p: 1.0.0, q: /real/2.0.0}\n    dev: false\n"
        "  /p/1.0.0: {resolution: {integrity: x}, dev: true}\n"
        "  /real/2.0.0: {resolution: {integrity: x}}\n"
        "  github.com/o/c/abc:\n    name: c\n    version: 1.10.0\n"
        "    resolution: {type: git, repo: 'https://h/c', commit: abc}\n"
    )
    six = read(
        "lockfileVersion: '6.0'\ndependencies:\n  a: {specifier: ^1, version: 1.0.0(p@1.0.0)}\n"
        "packages:\n  /a@1.0.0(p@1.0.0):\n    resolution: {integrity: x}\n"
        "    dependencies: {p: 1.0.0}\n  /p@1.0.0: {resolution: {integrity: x}}\n"
        "  file:../d: {name: d, version: 1.0.0, resolution: {directory: ../d, type: directory}}\n"
        "  file:e.tgz: {name: e, version: 1.0.0, resolution: {tarball: 'file:e.tgz'}}\n"
    )

    assert problems(five) == problems(six) == []
    assert names(five) == ["a 1.0.0", "p 1.0.0", "real 2.0.0", "c 1.10.0"]
    assert (one(five, "c").origin, one(five, "c").url) == ("vcs", "git+https://h/c#abc")
    assert one(five, "a").requirement == "^1"
    assert parents(one(five, "real")) == ["a"]
    assert [(it.name, it.origin) for it in six.dependencies] == [
        ("a", "index"), ("p", "index"), ("d", "path"), ("e", "path")
    ]  # fmt: skip


def test_what_pnpm_itself_is_configured_with_may_stand_before() -> None:
    first = "lockfileVersion: '9.0'\nimporters: {.: {}}\npackages: {}\nsnapshots: {}\n---\n"

    assert len(read(first + NINE).dependencies) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "pnpm-lock.yaml:0 the lock is empty"),
        ("a: [b", "pnpm-lock.yaml:2 not valid YAML"),
        ("- a", "pnpm-lock.yaml:1 the document has to be a table"),
        ("lockfileVersion: '10.0'", "pnpm-lock.yaml:1 version '10.0' of pnpm-lock.yaml"),
        ("lockfileVersion: '9.0'\nsnapshots:\n  a@1.0.0: {}",
         "pnpm-lock.yaml:3 a@1.0.0 is not among the `packages`"),
        ("lockfileVersion: '9.0'\npackages: []", "pnpm-lock.yaml:2 packages has to be a table"),
        ("lockfileVersion: '6.0'\npackages:\n  odd: {}", "pnpm-lock.yaml:3 'odd' names no package"),
        ("lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {version: 1.0.0}",
         "pnpm-lock.yaml:5 the project asks for a 1.0.0, which the lock does not have"),
        ("lockfileVersion: '6.0'\npackages:\n  /a@1.0.0:\n    dependencies:\n      b: 1.0.0",
         "pnpm-lock.yaml:5 a asks for b 1.0.0, which the lock does not have"),
        ("lockfileVersion: '6.0'\npackages: {}\npackages: {}",
         "pnpm-lock.yaml:3 the key 'packages' is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(read(text))[0].startswith(says)
