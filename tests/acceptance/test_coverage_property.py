"""The coverage of a change equals a slow, literal computation over coverage.py's own report."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.covering import check, coverage, measured, places
from tests.fakes.programs import Author, source
from tests.fakes.repo import Repo

MODULES = 12
UNIMPORTED = "src/module_0.py"


def literally_changed(repo: Repo, path: str) -> set[int]:
    """The lines with a plus, counted one by one in a diff that shows all of the file."""
    shown = repo.git("diff", "--unified=99999", "--no-color", "main", "--", path)
    changed: set[int] = set()
    number = 0
    for line in shown.split("\n@@", 1)[1].split("\n")[1:] if "\n@@" in shown else ():
        if line[:1] in ("+", " ", ""):
            number += 1
            if line.startswith("+"):
                changed.add(number)
    return changed


Node = ast.stmt | ast.ExceptHandler | ast.match_case


def start_of(node: Node) -> int:
    """Where it begins, decorators aside."""
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


def own_lines(node: Node, lines: list[str]) -> Iterator[tuple[int, int]]:
    """The stretches of lines that are the statement itself, without what stands below it."""
    decorators = getattr(node, "decorator_list", ())
    if decorators:
        at = decorators[0].lineno
        while not lines[at - 1].strip().startswith("@"):
            at -= 1
        for line in range(at, start_of(node)):
            if lines[line - 1].strip().startswith("@"):
                at = line
            yield at, line
    below = [*getattr(node, "body", ()), *getattr(node, "cases", ())]
    if not below:
        yield start_of(node), node.end_lineno or 0  # type: ignore[union-attr]  # a match case has a body
        return
    end = start_of(below[0])
    for decorator in getattr(below[0], "decorator_list", ())[:1]:
        end = decorator.lineno
        while not lines[end - 1].strip().startswith("@"):
            end -= 1
    yield start_of(node), max(start_of(node), end - 1)


def literal_statement(text: str, line: int) -> int:
    """The first line of the innermost statement that a line is a part of; 0 when of none."""
    lines = text.split("\n")
    content = lines[line - 1].strip()
    nodes = list(ast.walk(ast.parse(text)))
    in_string = any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.lineno <= line <= (node.end_lineno or 0)
        for node in nodes
    )
    if not in_string and (not content or content.startswith("#")):
        return 0
    if content in ("else:", "finally:", "try:"):
        return line
    return max(
        first
        for node in nodes
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case)
        for first, last in own_lines(node, lines)
        if first <= line <= last
    )


def literally(repo: Repo, path: str, told: dict[str, Any]) -> tuple[set[int], set[int]]:
    """Changed statements, and those of them that did not run."""
    text = (repo.root / path).read_text()
    executed, missing = set(told["executed_lines"]), set(told["missing_lines"])
    statements = {literal_statement(text, line) for line in literally_changed(repo, path)}
    return statements & (executed | missing), statements & missing


@pytest.mark.usefixtures("cache", "uncovered")
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_random_edits_of_random_programs(tmp_path: Path, seed: int) -> None:
    author = Author(Random(seed))
    repo = Repo.create(tmp_path / f"repo{len(list(tmp_path.iterdir()))}")
    repo.write(".gitignore", ".coverage\n*.json\n__pycache__/\n")
    names = [f"module_{number}" for number in range(MODULES)]
    programs = [author.program() for _ in names]
    for name, program in zip(names, programs, strict=True):
        repo.write(f"src/{name}.py", source(program))
    runs = "".join(f"try:\n    import {name}\nexcept Exception: pass\n" for name in names[1:])
    repo.write("run.py", f"import sys\nsys.path.insert(0, 'src')\n{runs}")
    repo.commit("base")
    repo.branch()
    for name, program in zip(names, programs, strict=True):
        repo.write(f"src/{name}.py", source(author.edited(program)))
    coverage(repo, "run", "--branch", "--source=.", "run.py")
    coverage(repo, "json", "-q")
    told = json.loads((repo.root / "coverage.json").read_text())
    # Of what nobody imports coverage.py says nothing, unless it is asked.
    _, lines, _, missing, _ = Coverage(data_file=None).analysis2(str(repo.root / UNIMPORTED))
    assert lines == missing
    alone = {"executed_lines": [], "missing_lines": missing}

    result = check(repo)

    statements: dict[str, set[int]] = {}
    uncovered: dict[str, set[int]] = {}
    for path, file in {**told["files"], UNIMPORTED: alone}.items():
        statements[path], uncovered[path] = literally(repo, path, file)
    found = measured(result)
    assert found["changed_statements"] == sum(map(len, statements.values()))
    assert found["total"] == int(exactly(told) * 100) / 100
    assert count_uncovered(result) == sum(map(len, uncovered.values()))
    for path, first, last in places(result):
        assert uncovered[path] & set(range(first, last + 1))
        uncovered[path] -= set(range(first, last + 1))
    assert not any(uncovered.values())


def exactly(told: dict[str, Any]) -> float:
    """coverage.py's own total."""
    return float(told["totals"]["percent_covered"])


def count_uncovered(result: Any) -> int:
    """The statements that messages speak of."""
    return sum(
        int(it["message"].partition(" changed statement")[0].rpartition(" ")[2])
        for it in result.findings("new")
        if it["rule"].endswith("uncovered")
    )
