"""The lowest Python that a project wants."""

from __future__ import annotations

import pytest

from gatekeeper.managers.python_bounds import lowest_python, python_of


@pytest.mark.parametrize(
    ("text", "lowest"),
    [
        ('[project]\nrequires-python = ">=3.9"\n', "3.9"),
        ('[project]\nrequires-python = ">=3.9.2, <4"\n', "3.9"),
        ('[project]\nrequires-python = "==3.11.*"\n', "3.11"),
        ('[project]\nrequires-python = ">=3.9,>=3.10"\n', "3.10"),
        ('[project]\nrequires-python = "<4"\n', ""),
        ('[tool.poetry.dependencies]\npython = "^3.10"\n', "3.10"),
        ("[tool.poetry.dependencies]\npython = {version = '^3.10'}\n", ""),
        ("[project]\n", ""),
        ("requires [", ""),
        ("project = 1\n", ""),
    ],
)
def test_as_the_manifest_says(text: str, lowest: str) -> None:
    assert lowest_python(text.encode()) == lowest


@pytest.mark.parametrize(
    ("files", "lowest"),
    [
        ({"a/pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'}, "3.9"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'}, "3.10"),
        ({"a/.python-version": "3.12.1\n"}, "3.12"),
        ({".python-version": "cpython-3.11\n3.12\n", "pyproject.toml": "[project]\n"}, "3.11"),
        ({".python-version": "pypy3.10\n"}, ""),
        ({}, ""),
    ],
)
def test_as_files_beside_the_manifest_say(files: dict[str, str], lowest: str) -> None:
    found = python_of(["a/requirements.txt"], lambda path: files.get(path, "").encode())

    assert found == lowest
