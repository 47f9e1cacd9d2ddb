"""What ruff's answers mean, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.ruff import Ruff
from tests.fakes.scanning import FakeBatch, context_of, ready, really, snapshot_of

RECORDED = Path(__file__).parents[2] / "data" / "ruff"
PROJECT = {
    "ruff.toml": b'lint.select = ["F", "I", "S", "B"]\n',
    "app.py": b"""\
import os  # noqa: F401 -- plugins import it from here
import sys

total = sum(
    [1, missing],
)
""",
    "broken.py": b"def f(:\n",
    "latin.py": b"name = '\xe9'\n",
}


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of ruff."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(Ruff(), tree), list(answers))
    scanned = Ruff().scan(batch)
    batch.finish()
    return scanned


def recorded(name: str) -> Completed:
    return Completed(0, (RECORDED / name).read_bytes(), "")


def places(scanned: Scanned, path: str = "") -> list[tuple[str, int, int, int]]:
    """Rule, line, last line and column of the findings that are not hidden."""
    return [
        (item.rule, item.line, item.end_line, item.column)
        for item in scanned.findings
        if item.path.startswith(path) and not item.suppression
    ]


def hidden(scanned: Scanned) -> dict[tuple[str, int], Suppression]:
    """The hidden findings: by rule and line, what hides them."""
    return {(it.rule, it.line): it.suppression for it in scanned.findings if it.suppression}


def test_problems_become_findings() -> None:
    scanned = answer(recorded("check.json"), recorded("check-ignore-noqa.json"))

    assert places(scanned) == [
        ("F401", 2, 2, 8),
        ("F821", 5, 5, 9),
        ("invalid-syntax", 1, 1, 7),
        ("invalid-syntax", 2, 2, 1),
    ]
    unused, undefined, syntax, _ = (it for it in scanned.findings if not it.suppression)
    assert (unused.path, unused.severity, unused.confidence) == ("app.py", "medium", "high")
    assert unused.help_url == "https://docs.astral.sh/ruff/rules/unused-import"
    assert undefined.severity == syntax.severity == "high"
    assert syntax.path == "broken.py"


def test_what_noqa_hides_is_listed_with_its_reason() -> None:
    scanned = answer(recorded("check.json"), recorded("check-ignore-noqa.json"))

    assert hidden(scanned) == {
        ("F401", 1): Suppression("noqa: F401", "plugins import it from here"),
    }


def test_a_file_that_is_not_text_is_not_checked() -> None:
    scanned = answer(recorded("check.json"), recorded("check-ignore-noqa.json"))

    assert [(item.path, item.reason) for item in scanned.unchecked] == [("latin.py", "undecodable")]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("stream did not contain valid UTF-8", "undecodable"),
        ("Permission denied (os error 13)", "unreadable"),
        ("Expected a Jupyter Notebook", "parse-error"),
    ],
)
def test_why_a_file_was_not_read_is_told(message: str, reason: str) -> None:
    line = f'[{{"filename": "/project/app.py", "code": "E902", "message": "{message}"}}]'

    scanned = answer(Completed(0, line.encode(), ""), files={"app.py": b""})

    assert [(item.path, item.reason) for item in scanned.unchecked] == [("app.py", reason)]
    assert scanned.findings == []


def test_ruff_is_not_asked_twice_when_nothing_can_be_hidden() -> None:
    assert answer(Completed(0, b"[]", ""), files={"app.py": b"x = 1\n"}) == Scanned([], [])


def test_settings_that_ruff_refuses_are_told() -> None:
    stderr = (
        "ruff failed\n  Cause: Failed to load configuration `/project/ruff.toml`\n"
        "  Cause: TOML parse error at line 1, column 7\n  |\n1 | foo = \n  |       ^\n"
        "string values must be quoted, expected literal string\n"
    )

    with pytest.raises(ToolError) as caught:
        answer(Completed(2, b"", stderr))

    assert caught.value.reason == "tool-misconfigured"
    assert caught.value.message == (
        "ruff: Failed to load configuration `ruff.toml`: TOML parse error at line 1, column 7:"
        " string values must be quoted, expected literal string"
    )


def test_a_project_without_python_needs_no_ruff() -> None:
    outcome = Ruff().prepare(context_of(snapshot_of({"main.rs": "", "pyproject.toml": ""})))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_the_real_ruff_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, Ruff(), PROJECT) == answer(
        recorded("check.json"), recorded("check-ignore-noqa.json")
    )


@pytest.mark.parametrize(
    ("source", "directive", "reason"),
    [
        ("import os  # noqa\n", "noqa", ""),
        ("import os  # noqa: F401\n", "noqa: F401", ""),
        ("import os  # NOQA:F401,E501  # old users need it\n", "NOQA:F401,E501", "old users need it"),
        ("import os  # noqa: F401  # pragma: no cover\n", "noqa: F401", ""),
        ("import os  # pylint: disable=W0611  # noqa\n", "noqa", ""),
        ("import os  # ruff: ignore[F401] kept for plugins\n", "ruff: ignore[F401]", "kept for plugins"),
        ("# ruff: ignore[F401]\nimport os\n", "ruff: ignore[F401]", ""),
        ("# ruff: noqa\nimport os\n", "ruff: noqa", ""),
        ("import os\n# ruff: noqa: F401 -- generated code\n", "ruff: noqa: F401", "generated code"),
        ("# flake8: noqa\nimport os\n", "flake8: noqa", ""),
        ("# ruff: file-ignore[F401]\nimport os\n", "ruff: file-ignore[F401]", ""),
        (
            "import re  # noqa: F401\n# ruff: disable[F401] old users need it\nimport os\n",
            "ruff: disable[F401]",
            "old users need it",
        ),
        (
            "# ruff: noqa: F401 -- generated code\nimport os  # noqa: E501\n",
            "ruff: noqa: F401",
            "generated code",
        ),
        ("\x0c\nx = '\u2028'\nimport os  # noqa: F401 -- after a form feed\n", "noqa: F401",
         "after a form feed"),
    ],
)  # fmt: skip
def test_the_directive_that_hides_is_named(
    tools: Path, tmp_path: Path, source: str, directive: str, reason: str
) -> None:
    files = {"a.py": source.encode(), "ruff.toml": b'lint.select = ["F"]\n'}

    scanned = really(tools, tmp_path, Ruff(), files)

    assert list(hidden(scanned).values())[-1] == Suppression(directive, reason)
    assert places(scanned) == []


def test_a_directive_behind_a_long_string_belongs_to_all_of_it(tools: Path, tmp_path: Path) -> None:
    source = b'x = """\n%s\n""" % nowhere  # noqa: F821 -- defined by the template engine\n'

    scanned = really(tools, tmp_path, Ruff(), {"a.py": source})

    assert hidden(scanned) == {
        ("F821", 3): Suppression("noqa: F821", "defined by the template engine")
    }


@pytest.mark.parametrize("settings", [b'lint.select = ["F"]\n', b'lint.ignore = ["E"]\n'])
def test_no_settings_hide_that_a_file_was_not_read(
    tools: Path, tmp_path: Path, settings: bytes
) -> None:
    files = {"ruff.toml": settings, "latin.py": b"'\xe9'\n", "good.py": b"x = 1\n"}

    scanned = really(tools, tmp_path, Ruff(), files)

    assert [(item.path, item.reason) for item in scanned.unchecked] == [("latin.py", "undecodable")]


def test_two_names_that_print_alike_keep_their_findings_apart(tools: Path, tmp_path: Path) -> None:
    files = {f"a-{odd}.py": content for odd, content in (
        ("\udcff", b"import os\n"), ("\udcfe", b"nowhere\n"), ("\ufffd", b"x = 1\n"),
    )}  # fmt: skip
    settings = {"ruff.toml": b'lint.select = ["F"]\n'}

    scanned = really(tools, tmp_path, Ruff(), files | settings)

    assert {(item.path, item.rule) for item in scanned.findings} == {
        ("a-\udcfe.py", "F821"),
        ("a-\udcff.py", "F401"),
    }


def test_what_the_project_excludes_is_neither_found_nor_unchecked(
    tools: Path, tmp_path: Path
) -> None:
    files = {
        "ruff.toml": b'extend-exclude = ["generated"]\n',
        "generated/a.py": b"import os\n",
        ".venv/b.py": b"import os\n",
    }

    assert really(tools, tmp_path, Ruff(), files) == Scanned([], [])


def test_findings_in_a_notebook_name_the_cell_and_keep_their_identity(
    tools: Path, tmp_path: Path
) -> None:
    def notebook(*cells: str) -> bytes:
        shown = ", ".join(
            '{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],'
            f' "source": ["{cell}"]}}'
            for cell in cells
        )
        return (
            f'{{"cells": [{shown}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'.encode()
        )

    one, other = (
        really(tools, tmp_path / name, Ruff(), {"a.ipynb": notebook(*cells)}).findings
        for name, cells in (
            ("one", ["x = nowhere", "y = elsewhere  # noqa: F821 -- set by the kernel"]),
            ("other", ["print()", "print()\\n", "x = nowhere"]),
        )
    )

    assert one[0].message == "Undefined name `nowhere` (cell 1, line 1)"
    assert other[0].message == "Undefined name `nowhere` (cell 3, line 1)"
    assert (one[0].line, one[0].anchor) == (other[0].line, other[0].anchor) == (0, "x = nowhere")
    assert one[1].suppression == Suppression("noqa: F821", "set by the kernel")


def test_hard_coded_passwords_are_marked_and_not_repeated(tools: Path, tmp_path: Path) -> None:
    value = "hun" + "ter22"
    files = {
        "ruff.toml": b'lint.select = ["S"]\n',
        "a.py": f"password = '{value}'\nlogin(password='{value}')\n".encode(),
    }

    found = really(tools, tmp_path, Ruff(), files).findings

    assert [(item.rule, item.sensitive) for item in found] == [("S105", True), ("S106", True)]
    assert not any(value in item.message for item in found)


@pytest.mark.parametrize(
    "settings",
    [
        {"ruff.toml": b"unknown-key = 1\n"},
        {"ruff.toml": b'required-version = ">=99"\n'},
        {"ruff.toml": b'extend = "nowhere.toml"\n'},
        {".ruff.toml": b'lint.select = ["NOPE1"]\n'},
        {"pyproject.toml": b"[tool.ruff\n"},
    ],
)
def test_the_real_ruff_refuses_unusable_settings(
    tools: Path, tmp_path: Path, settings: dict[str, bytes]
) -> None:
    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, Ruff(), settings | {"a.py": b"x = 1\n"})
    assert caught.value.reason == "tool-misconfigured"
    assert str(tmp_path) not in caught.value.message
