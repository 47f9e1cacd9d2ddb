"""SARIF for code scanning: valid, complete, and within the limits of GitHub.

The limits are GitHub's: a file that breaks one is rejected as a whole, after the check has passed.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import SEVERITIES, Severity, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import Judged, JudgedUnchecked, Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.interface import Style
from gatekeeper.reports.sarif import SarifReport
from gatekeeper.scanners.registry import change_scanners, scanners
from gatekeeper.text.line_hash import line_hashes
from tests.fakes.reports import HOSTILE, judged, report, sources

SCHEMA = json.loads((Path(__file__).parents[2] / "data/sarif/sarif-schema-2.1.0.json").read_bytes())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
WAIVER = Waiver("@team", "accepted for now", "2030-01-01", rule="ruff/F401", source="w.yml:3")


def rendered(told: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SarifReport().whole(told, sources(), Style()))
    return document


def run_of(told: Report) -> dict[str, Any]:
    (run,) = rendered(told)["runs"]
    assert isinstance(run, dict)
    return run


def one(**more: Any) -> dict[str, Any]:
    """The single result of a report with one finding."""
    (result,) = run_of(report([judged(**more)]))["results"]
    assert isinstance(result, dict)
    return result


def everything() -> Report:
    """Every state, several tools, a failure, a skip, files and findings without a place."""
    findings: list[Judged] = [
        judged(),
        judged(state="existing", fresh=False, blocks=False, cwe=("CWE-78", "CWE-79")),
        judged(state="waived", blocks=False, waiver=WAIVER),
        judged(state="suppressed", blocks=False, suppression=Suppression("noqa: F401", "")),
        judged(scanner="kingfisher", gate="secrets", rule="k.1", severity="critical"),
        judged(scanner="kingfisher", gate="secrets", rule="k.1", line=0, end_line=0, column=0),
        judged(scanner="commits", gate="commits", rule="type", path="", line=0, end_line=0),
        judged(path=HOSTILE, message=HOSTILE, rule=HOSTILE, help_url="https://example.org/"),
        judged(message="", help_url="javascript:alert(1)"),
    ]
    return report(
        findings,
        outcomes=(
            *report(findings).outcomes,
            ScannerOutcome("bandit", "sast", Failed("tool-crashed", HOSTILE)),
            ScannerOutcome("zizmor", "workflows", Skipped("no-matching-files", "none")),
        ),
        unchecked=(
            JudgedUnchecked(Unchecked("ruff", HOSTILE, "parse-error", HOSTILE), "lint", new=True),
        ),
    )


def check_github_limits(document: dict[str, Any]) -> None:
    """What code scanning demands beyond the schema."""
    assert len(document["runs"]) <= 20
    categories = [
        (run["tool"]["driver"]["name"], run["automationDetails"]["id"]) for run in document["runs"]
    ]
    assert len(categories) == len(set(categories)), "a tool and category may appear once"
    for run in document["runs"]:
        assert len(run["results"]) <= 25_000
        assert len(run["tool"]["driver"]["rules"]) <= 25_000
        for rule in run["tool"]["driver"]["rules"]:
            tags = rule["properties"].get("tags", [])
            assert len(tags) <= 20
            assert len(tags) == len(set(tags))
        for result in run["results"]:
            assert 1 <= len(result["locations"]) <= 1_000, "a result without a place is refused"
            place = result["locations"][0]["physicalLocation"]
            assert place["artifactLocation"]["uri"]


def test_it_is_valid_sarif_and_code_scanning_accepts_it() -> None:
    document = rendered(everything())

    VALIDATOR.validate(document)
    check_github_limits(document)


def test_the_smallest_report_is_valid_too() -> None:
    document = rendered(report())

    VALIDATOR.validate(document)
    check_github_limits(document)


def test_the_validator_is_no_formality() -> None:
    document = rendered(report([judged()]))
    document["runs"][0]["results"][0]["level"] = "fatal"

    with pytest.raises(jsonschema.ValidationError, match="fatal"):
        VALIDATOR.validate(document)


def test_a_folder_gets_one_file_for_each_tool_that_ran() -> None:
    parts = SarifReport().parts(everything(), sources())

    assert [part.name for part in parts] == [
        "ruff.sarif", "kingfisher.sarif", "commits.sarif", "bandit.sarif",
    ]  # fmt: skip
    for part in parts:
        document = json.loads(part.text)
        VALIDATOR.validate(document)
        (run,) = document["runs"]
        assert f"{run['tool']['driver']['name']}.sarif" == part.name


def test_all_scanners_there_are_fit_into_one_file() -> None:
    """The ones that say nothing are left out first; a file for each has all of them."""
    every: dict[str, GateId] = {it.id: it.gate for it in scanners().values()}
    every |= {it.id: it.gate for it in change_scanners().values()}
    outcomes = tuple(ScannerOutcome(name, gate, Ran()) for name, gate in every.items())
    last = list(every)[-1]

    document = rendered(report([judged(scanner=last)], outcomes=outcomes))

    check_github_limits(document)
    names = [run["tool"]["driver"]["name"] for run in document["runs"]]
    assert len(names) == min(len(every), 20)
    assert last in names
    assert "ruff" in names
    parts = SarifReport().parts(report(outcomes=outcomes), sources())
    assert len(parts) == len(every)


def test_a_skipped_tool_has_no_say_or_its_alerts_would_look_fixed() -> None:
    skipped = ScannerOutcome("zizmor", "workflows", Skipped("no-matching-files", "none"))

    assert rendered(report(outcomes=(skipped,)))["runs"] == []


def test_a_tool_that_failed_says_that_it_did_not_succeed() -> None:
    failed = ScannerOutcome("bandit", "sast", Failed("tool-crashed", "boom"))

    (invocation,) = run_of(report(outcomes=(failed,)))["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {"level": "error", "message": {"text": "boom"}}
    ]


def test_files_that_were_not_checked_are_announced() -> None:
    open_file = JudgedUnchecked(Unchecked("ruff", "b.py", "parse-error", "odd"), "lint", new=True)

    (invocation,) = run_of(report(unchecked=(open_file,)))["invocations"]

    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "not checked: b.py: odd"


def test_what_concerns_the_whole_change_is_told_without_a_result() -> None:
    """Code scanning rejects a file in which any result has no place."""
    run = run_of(report([judged(scanner="commits", gate="commits", rule="type", path="", line=0,
                                end_line=0, message="the type is missing")]))  # fmt: skip

    assert run["results"] == []
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "type: the type is missing"
    assert notification["level"] == "warning"


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        ("critical", "error", "9.5"),
        ("high", "error", "8.0"),
        ("medium", "warning", "5.5"),
        ("low", "note", "3.0"),
        ("info", "note", "0.0"),
    ],
)
def test_severities_become_levels_and_security_scores(
    severity: Severity, level: str, score: str
) -> None:
    run = run_of(report([judged(scanner="bandit", gate="sast", severity=severity)]))

    assert run["results"][0]["level"] == level
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["properties"]["security-severity"] == score
    assert "security" in rule["properties"]["tags"]


def test_every_severity_is_covered_above() -> None:
    assert SEVERITIES == ("info", "low", "medium", "high", "critical")


@pytest.mark.parametrize("gate", ["lint", "format", "types", "commits", "size", "external"])
def test_what_is_no_security_problem_gets_no_security_score(gate: GateId) -> None:
    (rule,) = run_of(report([judged(gate=gate)]))["tool"]["driver"]["rules"]

    assert "security-severity" not in rule["properties"]


def test_new_and_existing_are_told_apart() -> None:
    assert one()["baselineState"] == "new"
    assert one(state="existing", fresh=False, blocks=False)["baselineState"] == "unchanged"


def test_accepted_findings_are_marked_as_suppressed_with_the_reason() -> None:
    waived = one(state="waived", blocks=False, waiver=WAIVER)
    ignored = one(state="suppressed", suppression=Suppression("noqa: F401", "kept for plugins"))

    assert waived["suppressions"] == [
        {"kind": "external", "justification": "accepted for now (@team, until 2030-01-01)"}
    ]
    assert ignored["suppressions"] == [{"kind": "inSource", "justification": "kept for plugins"}]


def test_two_equal_findings_keep_two_identities() -> None:
    first, second = run_of(report([judged(), judged(line=9, end_line=9)]))["results"]

    assert first["partialFingerprints"] != second["partialFingerprints"]
    assert first["ruleIndex"] == second["ruleIndex"] == 0


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("app/main.py", "app/main.py"),
        ("with space #1?.py", "with%20space%20%231%3F.py"),
        ("c:/odd", "c%3A/odd"),
        ("caf\udce9.py", "caf%E9.py"),
        ("ä.py", "%C3%A4.py"),
        ("%2e%2e/a.py", "%252e%252e/a.py"),
    ],
)
def test_paths_become_relative_uris(path: str, uri: str) -> None:
    place = one(path=path)["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_only_https_links_are_passed_on() -> None:
    def rule(url: str) -> dict[str, Any]:
        (described,) = run_of(report([judged(help_url=url)]))["tool"]["driver"]["rules"]
        assert isinstance(described, dict)
        return described

    assert rule("https://example.org/x")["helpUri"] == "https://example.org/x"
    for url in ("", "javascript:alert(1)", "http://example.org", "file:///etc/passwd"):
        assert "helpUri" not in rule(url)


def test_a_rule_with_many_weaknesses_keeps_few_tags() -> None:
    finding = judged(gate="sast", cwe=tuple(f"CWE-{number}" for number in range(1, 60)))

    check_github_limits(rendered(report([finding])))


def test_past_the_limit_the_worst_findings_stay() -> None:
    many = [judged(severity="low", blocks=False, rule="noise")] * 25_000
    worst = judged(severity="critical", rule="the-one-that-counts")

    run = run_of(report([*many, worst]))

    assert len(run["results"]) == 25_000
    assert "the-one-that-counts" in {result["ruleId"] for result in run["results"]}


def test_a_full_report_is_small_enough_to_upload() -> None:
    """25,000 findings with nothing in common but their kind: at most 10 MB, compressed."""
    findings = [
        judged(
            rule=f"RULE{number % 400}",
            path=f"src/package{number % 97}/module_{number % 3_001}.py",
            line=number % 2_000 + 1,
            end_line=number % 2_000 + 2,
            message=f"`name_{number}` in `package{number % 97}.thing{number}` is not used here, "
            "nor can it be used from anywhere else: remove it or export it",
            fingerprint=f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}",
        )
        for number in range(25_000)
    ]
    (part,) = SarifReport().parts(report(findings), sources())

    assert len(gzip.compress(part.text.encode(), 6)) <= 10_000_000
    check_github_limits(json.loads(part.text))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=30) | st.just("\ud800"))
def test_no_text_from_outside_can_break_the_document(text: str) -> None:
    waiver = Waiver(text, text, text, rule=text, paths=(text,), source=text)
    document = rendered(
        report(
            [
                judged(path=text, message=text, rule=text, help_url=text, cwe=(text,)),
                judged(state="waived", waiver=waiver),
                judged(state="suppressed", suppression=Suppression(text, text)),
            ],
        )
    )

    VALIDATOR.validate(document)
    check_github_limits(document)


def test_github_knows_a_line_again_by_its_own_hash() -> None:
    told = report([judged(line=2), judged(line=9), judged(line=0), judged(path="gone.py")])
    files = sources({"app/main.py": "import os\nimport sys\n"})

    log = json.loads(SarifReport().whole(told, files, Style()))

    marks = [it["partialFingerprints"] for it in log["runs"][0]["results"]]
    assert [it.get("primaryLocationLineHash") for it in marks] == [
        line_hashes("import os\nimport sys\n")[1], None, None, None,
    ]  # fmt: skip
