"""The JSON report: what its schema says, for every kind of outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import Measurement, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.verdict import JudgedUnchecked, Report, ScannerOutcome, WaiverNote
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.interface import Style
from gatekeeper.reports.json import JsonReport, report_schema
from tests.fakes.reports import HOSTILE, judged, report, sources

CHECKED_IN = Path(__file__).parents[3] / "docs/schemas/gatekeeper-report-1.schema.json"
SCHEMA = report_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
WAIVER = Waiver("@team", "accepted for now", "2030-01-01", rule="ruff/F401", source="w.yml:3")


def rendered(told: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(JsonReport().whole(told, sources(), Style()))
    return document


def everything() -> Report:
    """A report in which every list has an entry of every kind."""
    return report(
        [
            judged(),
            judged(state="existing", fresh=False, blocks=False, cwe=("CWE-78",)),
            judged(state="waived", blocks=False, waiver=WAIVER),
            judged(state="suppressed", blocks=False, suppression=Suppression("noqa: F401", "why")),
        ],
        outcomes=(
            ScannerOutcome(
                "ruff", "lint", Ran(measurements=(Measurement("ruff", "ruff.lines", 3.5, "lines"),))
            ),
            ScannerOutcome("zizmor", "workflows", Skipped("no-matching-files", "no workflows")),
            ScannerOutcome("bandit", "sast", Failed("tool-crashed", "boom", "try again", 0.5)),
        ),
        unchecked=(
            JudgedUnchecked(Unchecked("ruff", "b.py", "parse-error", "odd"), "lint", new=True),
        ),
        waivers=(WaiverNote(WAIVER, "unused", "covers nothing"),),
        waivers_used=(WAIVER,),
        notes=("a note",),
    )


@pytest.mark.parametrize("told", [report(), everything()], ids=["empty", "everything"])
def test_it_keeps_to_its_schema(told: Report) -> None:
    VALIDATOR.check_schema(SCHEMA)

    VALIDATOR.validate(rendered(told))


def test_the_schema_that_is_checked_in_is_the_schema_of_the_code() -> None:
    assert json.loads(CHECKED_IN.read_bytes()) == SCHEMA


def test_the_schema_notices_a_missing_field_and_an_unknown_word() -> None:
    broken = rendered(everything())
    del broken["verdict"]
    with pytest.raises(jsonschema.ValidationError, match="verdict"):
        VALIDATOR.validate(broken)
    with pytest.raises(jsonschema.ValidationError, match="fine"):
        VALIDATOR.validate(rendered(everything()) | {"verdict": "fine"})


def test_a_gate_names_what_blocks_it_by_fingerprint() -> None:
    told = rendered(report([judged(blocks=False), judged(fingerprint="a" * 32)]))

    (gate,) = told["gates"]
    assert (gate["id"], gate["verdict"], gate["blocking"]) == ("lint", "block", ["a" * 32])


def test_outcomes_say_how_they_ended_and_what_to_do() -> None:
    ran, skipped, failed = rendered(everything())["outcomes"]

    assert (ran["status"], ran["reason_code"]) == ("ran", "ok")
    assert (skipped["status"], skipped["reason_code"]) == ("skipped", "no-matching-files")
    assert (failed["status"], failed["reason_code"]) == ("failed", "tool-crashed")
    assert (failed["message"], failed["remedy"], failed["seconds"]) == ("boom", "try again", 0.5)


def test_a_finding_says_who_accepted_it_and_why() -> None:
    _, _, waived, ignored = rendered(everything())["findings"]

    assert waived["waiver"]["owner"] == "@team"
    assert waived["waiver"]["expires"] == "2030-01-01"
    assert ignored["suppression"] == {"directive": "noqa: F401", "reason": "why"}


def test_measurements_are_kept() -> None:
    assert rendered(everything())["measurements"] == [
        {"scanner": "ruff", "name": "ruff.lines", "value": 3.5, "unit": "lines"}
    ]


def test_a_path_that_is_no_text_is_written_with_its_bytes() -> None:
    told = rendered(report([judged(path="caf\udce9.py")]))

    assert told["findings"][0]["path"] == r"caf\xe9.py"


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = (JsonReport().whole(everything(), sources(), Style()) for _ in range(2))

    assert first == second
    assert first.endswith("}\n")


def test_a_folder_gets_one_file_with_the_whole_report() -> None:
    (part,) = JsonReport().parts(everything(), sources())

    assert part.name == "gatekeeper.json"
    assert part.text == JsonReport().whole(everything(), sources(), Style())


@settings(deadline=None)
@given(st.text(st.characters(), max_size=30) | st.just(HOSTILE) | st.just("\ud800"))
def test_no_text_from_outside_can_break_the_document(text: str) -> None:
    waiver = Waiver(text, text, text, rule=text, paths=(text,), source=text)
    told = msgspec.structs.replace(
        report(
            [
                judged(
                    path=text, message=text, rule=text, help_url=text, cwe=(text,), waiver=waiver,
                    suppression=Suppression(text, text),
                )
            ]
        ),
        outcomes=(ScannerOutcome("ruff", "lint", Failed("tool-crashed", text, text)),),
        unchecked=(
            JudgedUnchecked(Unchecked("ruff", text, "parse-error", text), "lint", new=True),
        ),
        waivers=(WaiverNote(waiver, "unused", text),),
        waivers_used=(waiver,),
        notes=(text,),
    )  # fmt: skip

    VALIDATOR.validate(rendered(told))
