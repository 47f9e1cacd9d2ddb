"""pyproject.toml: all the tables in which tools look for dependencies."""

from __future__ import annotations

import pytest

from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, problems


def read(text: str, **others: str) -> Inventory:
    return found("pyproject", "pyproject.toml", text, **others)


STANDARD = """\
[build-system]
requires = ["hatchling==1.0"]

[project]
name = "My.App"
dependencies = [
  "a>=1",
  "b[x]==2; os_name == 'nt'",
  "my-app[extra]",
]

[project.optional-dependencies]
extra = ["c"]

[dependency-groups]
dev = ["d", { include-group = "More_Checks" }]
more-checks = ["e~=1.0"]
"""


def test_the_tables_of_the_standards() -> None:
    inventory = read(STANDARD)

    assert problems(inventory) == []
    assert [
        (it.name, it.version, it.requirement, it.scope, it.groups, it.place.line)
        for it in inventory.dependencies
    ] == [
        ("a", "", ">=1", "runtime", (), 7),
        ("b", "2", "==2", "runtime", (), 8),
        ("c", "", "", "optional", ("extra",), 13),
        ("d", "", "", "dev", ("dev",), 16),
        ("e", "", "~=1.0", "dev", ("dev", "more-checks"), 17),
        ("hatchling", "1.0", "==1.0", "build", (), 2),
    ]
    assert not inventory.complete


POETRY = """\
[tool.poetry]
name = "app"
[tool.poetry.dependencies]
python = "^3.11"
a = "^1.2.3"
b = { version = "~2.1", extras = ["x"], optional = true }
c = [{ version = "<2", python = "<3.12" }, { version = ">=2", markers = "python_version >= '3.12'" }]
g = { git = "https://h/g.git", rev = "abc" }
p = { path = "../p" }
[tool.poetry.dev-dependencies]
d = "*"
[tool.poetry.group.docs.dependencies]
e = "1.0"
[tool.poetry.extras]
more = ["b"]
[[tool.poetry.source]]
name = "private"
url = "https://u:p@private/simple"
priority = "explicit"
"""


def test_the_tables_of_poetry() -> None:
    inventory = read(POETRY)

    assert problems(inventory) == []
    assert [
        (it.name, it.version, it.requirement, it.origin, it.scope, it.groups)
        for it in inventory.dependencies
    ] == [
        ("a", "", ">=1.2.3,<2", "index", "runtime", ()),
        ("b", "", ">=2.1,<2.2", "index", "optional", ("more",)),
        ("c", "", "<2", "index", "runtime", ()),
        ("c", "", ">=2", "index", "runtime", ()),
        ("g", "", "", "vcs", "runtime", ()),
        ("p", "", "", "path", "runtime", ()),
        ("d", "", "", "index", "dev", ("dev",)),
        ("e", "1.0", "==1.0", "index", "dev", ("docs",)),
    ]
    (index,) = inventory.indexes
    assert (index.name, index.url, index.kind, index.explicit) == (
        "private", "https://private/simple", "extra", True
    )  # fmt: skip


def test_beside_project_poetry_only_says_where_to_get_it() -> None:
    inventory = read(
        '[project]\nname = "x"\ndependencies = ["a>=1"]\n'
        '[tool.poetry.dependencies]\na = { source = "private" }\nonly = "1"\n'
    )

    assert names(inventory) == ["a >=1", "only 1"]


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("^0.0", ">=0.0,<0.1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("=1.0", "==1.0"),
        (">=1.0,<2", ">=1.0,<2"),
        (">=1.0 <2", ">=1.0,<2"),
        ("^1 || ^2", ">=1,<2 || >=2,<3"),
        ("!=1.5", "!=1.5"),
    ],
)
def test_constraints_of_poetry_become_specifiers(constraint: str, specifier: str) -> None:
    inventory = read(f'[tool.poetry.dependencies]\na = "{constraint}"\n')

    assert one(inventory).requirement == specifier


OTHERS = """\
[project]
name = "x"
dependencies = ["a", "b", "c", "w", "i"]
[tool.uv]
dev-dependencies = ["u"]
[tool.uv.sources]
a = { git = "https://h/a" }
b = [{ index = "own", marker = "x" }, { url = "https://h/b-1.whl" }]
c = { path = "libs/c", editable = true }
w = { workspace = true }
i = { index = "own" }
[[tool.uv.index]]
name = "own"
url = "https://own/simple"
default = true
[tool.pdm.dev-dependencies]
test = ["p"]
[[tool.pdm.source]]
name = "links"
url = "https://links"
type = "find_links"
[tool.hatch.envs.docs]
dependencies = ["h", "sub @ {root:uri}/sub"]
"""


def test_the_tables_of_uv_pdm_and_hatch() -> None:
    inventory = read(OTHERS)

    assert problems(inventory) == []
    assert [(it.name, it.origin, it.url, it.groups) for it in inventory.dependencies] == [
        ("a", "vcs", "git+https://h/a", ()),
        ("b", "url", "https://h/b-1.whl", ()),
        ("c", "path", "libs/c", ()),
        ("w", "path", ".", ()),
        ("i", "index", "https://own/simple", ()),
        ("p", "index", "", ("test",)),
        ("u", "index", "", ("dev",)),
        ("h", "index", "", ("docs",)),
        ("sub", "path", "file://./sub", ("docs",)),
    ]
    assert [(it.name, it.kind) for it in inventory.indexes] == [
        ("own", "main"), ("links", "find-links")
    ]  # fmt: skip


def test_what_setuptools_reads_from_files_is_read() -> None:
    text = (
        '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n'
        '[tool.setuptools.dynamic]\ndependencies = {{ file = ["{}"] }}\n'
        'optional-dependencies.t = {{ file = "t.txt" }}\n'
    )
    inventory = read(text.format("deps.txt"), deps_txt="a==1\n", t_txt="\nb==2\n")
    missing = read(text.format("other.txt"), t_txt="b==2")

    assert [(it.name, it.place.path, it.place.line) for it in inventory.dependencies] == [
        ("a", "deps.txt", 1), ("b", "t.txt", 2)
    ]  # fmt: skip
    assert problems(missing) == [
        "pyproject.toml:3 the dependencies are to be read from 'other.txt', which is not there"
    ]


def test_dependencies_that_only_a_build_tells_are_told() -> None:
    (problem,) = read('[project]\nname = "x"\ndynamic = ["dependencies"]\n').problems

    assert problem.place.line == 3
    assert "only building the project tells" in problem.message
    assert "uv lock" in problem.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("project = 1\n", "pyproject.toml:1 project has to be a table"),
        ("tool = []\n", "pyproject.toml:1 tool has to be a table"),
        ("[project]\ndependencies = 'a'\n", "pyproject.toml:2 project.dependencies has to be a list"),
        ("[project]\ndependencies = [\n1]\n", "pyproject.toml:3 project.dependencies[0] has to be"),
        ("[project]\ndependencies = [\n'a b']\n", "pyproject.toml:3 'a b' is no requirement"),
        ("[dependency-groups]\na = [\n{include-group = 'b'}]\n",
         "pyproject.toml:3 dependency-groups.a[0] includes the group 'b', which does not exist"),
        ("[dependency-groups]\na = [{include-group = 'b'}]\nb = [{include-group = 'a'}]\n",
         "pyproject.toml:3 dependency-groups.b[0] includes 'a', which includes it in turn"),
        ("[dependency-groups]\na = [{other = 'b'}]\n",
         "pyproject.toml:2 dependency-groups.a[0] has no 'include-group'"),
        ("[tool.uv]\nsources = 1\n", "pyproject.toml:2 tool.uv.sources has to be a table"),
        ("[[tool.uv.index]]\nurl = 1\n", "pyproject.toml:2 tool.uv.index[0].url has to be text"),
        ("[tool.poetry.dependencies]\na = 1\n",
         "pyproject.toml:2 tool.poetry.dependencies.a has to be a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(read(text))[0].startswith(says)


def test_groups_that_include_each_other_endlessly_come_to_an_end() -> None:
    rows = [f"g{i} = [{{include-group = 'g{i + 1}'}}, {{include-group = 'g{i + 1}'}}]"
            for i in range(30)]  # fmt: skip
    inventory = read("[dependency-groups]\n" + "\n".join(rows) + "\ng30 = ['a']\n")

    assert any("too often" in it for it in problems(inventory))


def test_one_bad_requirement_does_not_hide_the_others() -> None:
    inventory = read(
        "[project]\ndependencies = ['a', 'b b', 'c']\n[dependency-groups]\nd = ['e']\n"
    )

    assert names(inventory) == ["a", "c", "e"]
