"""The corpus of vulnerable and safe code is what it says: labels, halves, numbers."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.corpus import load
from tests.corpus.corpus import PER_LABEL, cases
from tests.corpus.load import Half
from tests.corpus.model import Case
from tests.corpus.names import _PLACE
from tests.corpus.weaknesses import CWES
from tests.corpus.write import file_of, written

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def halves() -> dict[Half, list[Case]]:
    return {"dev": list(cases("dev")), "held-back": list(cases("held-back"))}


def test_every_class_has_at_least_forty_cases_of_either_label(
    halves: dict[Half, list[Case]],
) -> None:
    for made in halves.values():
        counts = Counter((case.weakness, case.vulnerable) for case in made)

        assert set(counts) == {(name, label) for name in CWES for label in (True, False)}
        assert min(counts.values()) >= PER_LABEL >= 40


def test_every_file_compiles_and_no_placeholder_is_left(halves: dict[Half, list[Case]]) -> None:
    for case in [*halves["dev"], *halves["held-back"]]:
        compile(case.text, case.id, "exec")
        assert not _PLACE.search(case.text), case.text


def test_a_case_says_in_which_function_it_is(halves: dict[Half, list[Case]]) -> None:
    for case in halves["dev"]:
        functions = {
            node.name
            for node in ast.walk(ast.parse(case.text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert case.function in functions or case.function == ""


def test_no_case_is_there_twice_and_the_halves_have_none_in_common(
    halves: dict[Half, list[Case]],
) -> None:
    made = [*halves["dev"], *halves["held-back"]]

    assert len({case.id for case in made}) == len(made)
    assert len({case.text for case in made}) == len(made)


def test_the_label_follows_from_what_the_case_is_made_of(halves: dict[Half, list[Case]]) -> None:
    for case in [*halves["dev"], *halves["held-back"]]:
        if "source" in case.parts:
            assert case.vulnerable == (case.parts["safe"] == "")


def test_it_is_always_the_same() -> None:
    assert list(cases("dev", 5, ["sql", "jwt"])) == list(cases("dev", 5, ["sql", "jwt"]))


def test_what_is_written_can_be_told_apart_by_its_expectations(tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "stale.py").write_text("")

    made = written(tmp_path, cases("dev", 3, ["sql", "tls-off"]))

    expected = json.loads((tmp_path / "expected.json").read_text())
    assert {case["file"] for case in expected["cases"]} == {file_of(case) for case in made}
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")} == {
        file_of(case) for case in made
    }
    assert expected["classes"]["sql"] == sorted(CWES["sql"])


def test_a_mistake_in_the_material_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sql.yml").write_text("id: sql\nsinks:\n  - {id: x, colour: red}\n")
    monkeypatch.setattr(load, "SHARED", tmp_path)

    with pytest.raises(ValueError, match=r"sql\.yml.*colour"):
        load.flow_classes("dev")
