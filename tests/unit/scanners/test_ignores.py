"""Which inline ignores of type checkers are listed, and what counts as their reason."""

from __future__ import annotations

import pytest

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.ignores import (
    MYPY_IGNORES,
    PYREFLY_IGNORES,
    PYRIGHT_IGNORES,
    TY_IGNORES,
    ignored,
)
from gatekeeper.scanners.interface import Prepared, RawFinding
from gatekeeper.scanners.typecheck import Options
from tests.fakes.scanning import FakeBatch


def listed(
    source: str, own: str, *, type_ignore: bool = True, path: str = "a.py"
) -> list[RawFinding]:
    """The ignores of one file."""
    prepared = Prepared(lambda _: True, "", Options(type_ignore=type_ignore))
    return ignored(FakeBatch({path: source.encode()}, prepared), own)


def test_an_ignore_is_listed_with_its_codes_and_its_reason() -> None:
    source = "x = 1\r\n\r\ny = f(x)  # type: ignore[arg-type, misc]  # stub is wrong upstream\r\n"

    (finding,) = listed(source, MYPY_IGNORES)

    assert (finding.line, finding.end_line, finding.column) == (3, 3, 11)
    assert (finding.rule, finding.severity) == ("ignored", "info")
    assert finding.message == "`# type: ignore[arg-type, misc]` hides arg-type, misc"
    assert finding.suppression == Suppression(
        "type: ignore[arg-type, misc]", "stub is wrong upstream"
    )


@pytest.mark.parametrize(
    "rest",
    ["", "  ", "  # noqa: E501", "  # pyright: ignore[x]", "  # pragma: no cover", " --", "  # ok"],
)
def test_directives_for_other_tools_are_no_reason(rest: str) -> None:
    (finding,) = listed(f"x = y  # type: ignore{rest}\n", MYPY_IGNORES)

    assert finding.suppression is not None
    assert finding.suppression.reason == ""


def test_a_reason_may_stand_behind_a_directive_for_another_tool() -> None:
    (finding,) = listed("x  # ty: ignore[y]  # noqa: F401 - needed at run time\n", TY_IGNORES)

    assert finding.suppression is not None
    assert finding.suppression.reason == "needed at run time"


@pytest.mark.parametrize(
    ("own", "source", "directives"),
    [
        (MYPY_IGNORES, "# mypy: ignore-errors", ["mypy: ignore-errors"]),
        (MYPY_IGNORES, '# mypy: disable-error-code="a,b"', ['mypy: disable-error-code="a,b"']),
        (MYPY_IGNORES, "# mypy: strict", []),
        (MYPY_IGNORES, "x #type:ignore", ["type:ignore"]),
        (MYPY_IGNORES, "x  # type: ignored by nobody", []),
        (MYPY_IGNORES, "x  # pyright: ignore", []),
        (PYRIGHT_IGNORES, "x  # pyright: ignore[reportA]", ["pyright: ignore[reportA]"]),
        (PYRIGHT_IGNORES, "# pyright: reportA=false", ["pyright: reportA=false"]),
        (PYRIGHT_IGNORES, "# pyright: reportA=error", []),
        (PYREFLY_IGNORES, "# pyrefly: ignore-errors", ["pyrefly: ignore-errors"]),
        (TY_IGNORES, "x  # ty: ignore # type: ignore", ["ty: ignore", "type: ignore"]),
        (PYREFLY_IGNORES, "x  # ty: ignore", []),
        (TY_IGNORES, "x  # ty:ignore[a, b]", ["ty:ignore[a, b]"]),
        (TY_IGNORES, "x  # empty: ignore", []),
        (MYPY_IGNORES, "x = '# type: ignore'", []),
        (MYPY_IGNORES, "x = \"it's\"  # type: ignore", ["type: ignore"]),
        (MYPY_IGNORES, "x = '''\n# type: ignore\n'''", []),
        (MYPY_IGNORES, "def f(:  # type: ignore", ["type: ignore"]),
    ],
)  # fmt: skip
def test_only_directives_of_the_checker_count(own: str, source: str, directives: list[str]) -> None:
    found = [finding.suppression for finding in listed(source, own)]

    assert [item.directive for item in found if item] == directives


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("# pyright: ignore", "every error"),
        ("# pyright: ignore[reportA]", "reportA"),
        ("# pyright: reportA=false", "reportA"),
    ],
)
def test_the_message_says_what_is_hidden(source: str, hidden: str) -> None:
    (finding,) = listed(source, PYRIGHT_IGNORES)

    assert finding.message.endswith(f" hides {hidden}")


def test_type_ignore_is_left_to_mypy_where_mypy_runs() -> None:
    assert listed("x  # type: ignore", TY_IGNORES, type_ignore=False) == []


def test_ignores_in_notebooks_are_found_inside_the_json() -> None:
    source = '{"source": ["x = 1\\n",\n"y = f(x)  # type: ignore  # wrong stub\\n"]}\n'

    (finding,) = listed(source, PYREFLY_IGNORES, path="n.ipynb")

    assert finding.line == 2
    assert finding.suppression == Suppression("type: ignore", "wrong stub")
