"""Which statement a line of Python belongs to."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from coverage.parser import PythonParser

from gatekeeper.scanners.coverage_lines import Lines, function_at, functions, python_lines

SOURCES = sorted(Path(__file__).parents[3].glob("src/gatekeeper/scanners/c*.py"))


def lines_of(source: str) -> Lines:
    found = python_lines(textwrap.dedent(source))
    assert found is not None
    return found


def test_continuation_lines_belong_to_the_first_line() -> None:
    lines = lines_of(
        """\
        call(
            1,
            [
                2],
        )
        x = 1 + \\
            2
        """
    )

    assert lines.first == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 6, 7: 6}
    assert lines.last == {1: 5, 6: 7}
    assert lines.number == 7


def test_blank_lines_and_comments_belong_to_nothing_wherever_they_stand() -> None:
    lines = lines_of(
        """\
        # a comment

        call(
            # why

            1,  # what
        )
        """
    )

    assert lines.first == {3: 3, 6: 3, 7: 3}


def test_all_of_a_string_is_content() -> None:
    lines = lines_of('x = """\n\n# no comment\n"""\n')

    assert lines.first == {1: 1, 2: 1, 3: 1, 4: 1}


def test_headers_are_statements_of_their_own() -> None:
    lines = lines_of(
        """\
        @deco(
            1,
        )
        def f(
            a,
        ):
            if (a and
                    a):
                pass
            else:
                pass
        """
    )

    assert [lines.first[it] for it in range(1, 12)] == [1, 1, 1, 4, 4, 4, 7, 7, 9, 10, 11]


@pytest.mark.parametrize("source", ["def f(:\n", "x = (\n", "  x\n y\n", "'''\n", "\0"])
def test_what_is_no_python_has_no_lines(source: str) -> None:
    assert python_lines(source) is None or source == "\0"


@pytest.mark.parametrize("source", ["", "\n", "# only a comment", "x = 1", "x = 1\n"])
def test_short_files(source: str) -> None:
    lines = python_lines(source)

    assert lines is not None
    assert lines.number == len(source.splitlines())
    assert bool(lines.first) == ("x" in source.partition("#")[0])


@pytest.mark.parametrize("path", SOURCES, ids=lambda it: it.name)
def test_agrees_with_coverage_py_s_own_map(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    parser = PythonParser(text=source)
    parser.parse_source()
    lines = lines_of(source)

    assert {line: parser.multiline_map.get(line, line) for line in lines.first} == lines.first
    assert parser.statements <= set(lines.last)


def test_the_innermost_function_is_named_with_all_around_it() -> None:
    spans = functions(
        textwrap.dedent(
            """\
            class C:
                x = 1

                @property
                def f(self):
                    def g():
                        return 1
                    return g

            if True:
                async def h():
                    pass
            """
        )
    )

    assert [function_at(spans, it) for it in range(1, 13)] == [
        "", "", "", "C.f", "C.f", "C.f.g", "C.f.g", "C.f", "", "", "h", "h",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["def f(:", "x" + "(" * 5000, "\0", "-" * 100_000 + "1"])
def test_what_cannot_be_parsed_has_no_functions(source: str) -> None:
    assert functions(source) == []


def test_names_of_functions_are_those_of_the_tree() -> None:
    for path in SOURCES[:10]:
        source = path.read_text(encoding="utf-8")
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        expected = sum(isinstance(node, kinds) for node in ast.walk(ast.parse(source)))
        assert len(functions(source)) == expected
