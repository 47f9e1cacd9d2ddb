"""Pipfile."""

from __future__ import annotations

import pytest

from tests.fakes.managing import found, one, problems

TEXT = """\
[[source]]
url = "https://${USER}:${PASS}@pypi.org/simple"
name = "pypi"

[[source]]
url = "https://two/simple"

[packages]
a = "*"
B_c = {version = ">=1", extras = ["X"], markers = "os_name == 'nt'"}
g = {git = "https://h/g.git", ref = "v1"}
f = {file = "https://h/f-2-py3-none-any.whl"}
p = {path = ".", editable = true}
e = "==1.5"

[dev-packages]
d = "~=1"

[docs]
s = "*"

[scripts]
x = "y"
"""


def test_categories_versions_and_places() -> None:
    inventory = found("pipfile", "Pipfile", TEXT)

    assert problems(inventory) == []
    assert [
        (it.name, it.version, it.requirement, it.origin, it.scope, it.groups, it.place.line)
        for it in inventory.dependencies
    ] == [
        ("a", "", "", "index", "runtime", (), 9),
        ("b-c", "", ">=1", "index", "runtime", (), 10),
        ("g", "", "", "vcs", "runtime", (), 11),
        ("f", "2", "", "url", "runtime", (), 12),
        ("p", "", "", "path", "runtime", (), 13),
        ("e", "1.5", "==1.5", "index", "runtime", (), 14),
        ("d", "", "~=1", "index", "dev", (), 17),
        ("s", "", "", "index", "optional", ("docs",), 20),
    ]
    it = one(inventory, "b-c")
    assert (it.display, it.extras, it.marker) == ("B_c", ("x",), "os_name == 'nt'")
    assert one(inventory, "g").url == "git+https://h/g.git"
    assert [(it.url, it.kind) for it in inventory.indexes] == [
        ("https://pypi.org/simple", "main"), ("https://two/simple", "extra")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[packages]\na = 1\nb = '*'", "Pipfile:2 packages.a has to be a table"),
        ("[packages]\n'a b' = '*'\nb = '*'", "Pipfile:2 'a b' is no name of a package"),
        ("packages = 1\n[dev-packages]\nb = '*'", "Pipfile:1 packages has to be a table"),
        ("[[source]]\nname = 'x'\n[packages]\nb = '*'", "Pipfile:1 source[0] has no 'url'"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_read(text: str, says: str) -> None:
    inventory = found("pipfile", "Pipfile", text)

    assert problems(inventory) == [says]
    assert one(inventory).name == "b"
