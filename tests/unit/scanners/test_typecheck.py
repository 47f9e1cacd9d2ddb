"""When a type checker has business in a repository, and what its findings have in common."""

from __future__ import annotations

import pytest

from gatekeeper.config.schema import Config, Scanners, Switch
from gatekeeper.model.outcome import Skipped
from gatekeeper.scanners.basedpyright import Basedpyright
from gatekeeper.scanners.interface import Prepared, Scanner
from gatekeeper.scanners.mypy import Mypy
from gatekeeper.scanners.pyrefly import Pyrefly
from gatekeeper.scanners.pyright import Pyright
from gatekeeper.scanners.ty import Ty
from gatekeeper.scanners.typecheck import problem
from tests.fakes.scanning import context_of, snapshot_of

CHECKERS: tuple[Scanner, ...] = (Mypy(), Pyright(), Basedpyright(), Ty(), Pyrefly())


def starts(files: dict[str, str]) -> set[str]:
    """Ids of the checkers that run in a repository with these files and one Python file."""
    snapshot = snapshot_of({"a.py": "", **files})
    outcomes = {scanner.id: scanner.prepare(context_of(snapshot)) for scanner in CHECKERS}
    skipped = [outcome for outcome in outcomes.values() if isinstance(outcome, Skipped)]
    assert all(outcome.reason == "not-configured" for outcome in skipped)
    return {name for name, outcome in outcomes.items() if isinstance(outcome, Prepared)}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, set()),
        ({"mypy.ini": ""}, {"mypy"}),
        ({".mypy.ini": "[mypy]"}, {"mypy"}),
        ({"setup.cfg": "[mypy]\nstrict = true"}, {"mypy"}),
        ({"setup.cfg": "[flake8]\n[mypy-yaml.*]"}, set()),
        ({"pyproject.toml": "[tool.mypy]"}, {"mypy"}),
        ({"pyproject.toml": "[[tool.mypy.overrides]]\nmodule = 'x'"}, {"mypy"}),
        ({"pyrightconfig.json": "{} // no JSON"}, {"pyright"}),
        ({"pyproject.toml": "[tool.pyright]"}, {"pyright"}),
        ({"pyproject.toml": "[tool.basedpyright]"}, {"basedpyright"}),
        ({"ty.toml": ""}, {"ty"}),
        ({"pyproject.toml": "[tool.ty.rules]"}, {"ty"}),
        ({"pyrefly.toml": ""}, {"pyrefly"}),
        ({"pyproject.toml": "[tool.pyrefly]"}, {"pyrefly"}),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100"}, set()),
        ({"sub/mypy.ini": "", "sub/pyrightconfig.json": "{}", "sub/ty.toml": ""}, set()),
    ],
)
def test_a_checker_runs_when_the_root_configures_it(
    files: dict[str, str], expected: set[str]
) -> None:
    assert starts(files) == expected


@pytest.mark.parametrize("path", ["uv.lock", "requirements-dev.txt", "requirements/dev.in"])
def test_pyright_settings_belong_to_basedpyright_where_only_that_is_installed(path: str) -> None:
    line = 'name = "{}"' if path.endswith(".lock") else "{}>=1.30  # types"
    only = {"pyrightconfig.json": "{}", path: line.format("basedpyright")}
    both = only | {path: f"{line.format('basedpyright')}\n{line.format('pyright')}"}

    assert starts(only) == {"basedpyright"}
    assert starts(both) == {"pyright"}


def test_dependency_groups_tell_whose_the_pyright_table_is() -> None:
    groups = "[dependency-groups]\ndev = ['basedpyright>=1.30']\n"

    assert starts({"pyproject.toml": groups + "[tool.pyright]"}) == {"basedpyright"}
    assert starts({"pyproject.toml": "[tool.pyright]\n# not basedpyright"}) == {"pyright"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": "[tool.mypy]\nfiles = ["}, {"mypy"}),
        ({"pyproject.toml": "[tool.ty"}, {"ty"}),
        ({"pyproject.toml": "[tool.tyres]\nx = ["}, set()),
        ({"pyproject.toml": "tool = 3"}, set()),
        ({"pyproject.toml": "[tool]\nmypy = 3"}, set()),
        ({"setup.cfg": "strict = true\n[mypy]"}, {"mypy"}),
        ({"setup.cfg": "[oops"}, set()),
    ],
)
def test_broken_settings_are_left_for_the_checker_to_report(
    files: dict[str, str], expected: set[str]
) -> None:
    assert starts(files) == expected


def test_settings_behind_a_symlink_are_not_followed() -> None:
    snapshot = snapshot_of({"a.py": "", "pyproject.toml": "[tool.mypy]"}, links={"pyproject.toml"})

    assert isinstance(Mypy().prepare(context_of(snapshot)), Skipped)


def test_nothing_to_do_without_python() -> None:
    for scanner in CHECKERS:
        outcome = scanner.prepare(context_of(snapshot_of({"mypy.ini": "", "README.md": ""})))
        assert isinstance(outcome, Skipped)
        assert outcome.reason == "no-matching-files"


def test_only_checkers_that_read_notebooks_select_them() -> None:
    settings = "[tool.pyright]\n[tool.basedpyright]\n[tool.mypy]\n[tool.ty]\n[tool.pyrefly]"
    snapshot = snapshot_of({"a.py": "", "pyproject.toml": settings})
    selected: dict[str, set[str]] = {}
    for scanner in CHECKERS:
        prepared = scanner.prepare(context_of(snapshot))
        assert isinstance(prepared, Prepared)
        names = ("a.py", "b.pyi", "c.ipynb", "d.txt")
        selected[scanner.id] = {name for name in names if prepared.selects(name)}

    plain, notebooks = {"a.py", "b.pyi"}, {"a.py", "b.pyi", "c.ipynb"}
    assert selected == {
        "mypy": plain,
        "pyright": plain,
        "basedpyright": notebooks,
        "ty": notebooks,
        "pyrefly": notebooks,
    }


def digest_of(files: dict[str, str], environment: str = "") -> str:
    """The digest that ty is prepared with."""
    snapshot = snapshot_of({"a.py": "", "ty.toml": "", **files})
    prepared = Ty().prepare(context_of(snapshot, environment=environment))
    assert isinstance(prepared, Prepared)
    return prepared.digest


@pytest.mark.parametrize(
    "path",
    [
        "ty.toml",
        "sub/pyproject.toml",
        "uv.lock",
        "requirements.txt",
        "requirements/dev.txt",
        "pyrightconfig.base.json",
        ".basedpyright/baseline.json",
        "app/py.typed",
        ".gitignore",
    ],
)
def test_the_digest_covers_what_can_change_an_answer(path: str) -> None:
    assert digest_of({path: "one"}) != digest_of({path: "two"})


def test_the_digest_covers_the_environment_and_nothing_unrelated() -> None:
    assert digest_of({}, environment="one") != digest_of({}, environment="two")
    assert digest_of({"README.md": "one"}) == digest_of({"README.md": "two"})


def test_type_ignore_is_listed_by_one_checker_only() -> None:
    snapshot = snapshot_of({"a.py": "", "pyproject.toml": "[tool.mypy]\n[tool.ty]"})
    without_mypy = Config(scanners=Scanners(mypy=Switch(enabled=False)))

    def lists(config: Config) -> list[bool]:
        prepared = [scanner.prepare(context_of(snapshot, config)) for scanner in (Mypy(), Ty())]
        return [item.options.type_ignore for item in prepared if isinstance(item, Prepared)]

    assert lists(Config()) == [True, False]
    assert lists(without_mypy) == [True, True]


def test_messages_do_not_name_the_temporary_copy() -> None:
    finding = problem(
        "a.py", "r", 'in "/copy/a.py"\n\n  more', "low", cwd="/copy", start=(3, 1), end=(5, 1)
    )

    assert finding.message == 'in "a.py"; more'
    assert (finding.line, finding.end_line) == (3, 4)
