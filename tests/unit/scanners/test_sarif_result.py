"""What a result in a SARIF file says as a finding."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.scanners.change_interface import ChangeScanned
from tests.fakes.sarif import document, one, result, scan


@pytest.mark.parametrize(
    ("told", "rule", "severity"),
    [
        ({"level": "error"}, {}, "high"),
        ({"level": "warning"}, {}, "medium"),
        ({"level": "note"}, {}, "low"),
        ({"level": "none"}, {}, "info"),
        ({}, {}, "medium"),
        ({"level": None}, {}, "medium"),
        ({}, {"defaultConfiguration": {"level": "note"}}, "low"),
        ({"level": "error"}, {"defaultConfiguration": {"level": "note"}}, "high"),
        ({"level": "note"}, {"properties": {"security-severity": "9.8"}}, "critical"),
        ({"level": "note"}, {"properties": {"security-severity": 7}}, "high"),
        ({"level": "error"}, {"properties": {"security-severity": "4.0"}}, "medium"),
        ({"level": "error"}, {"properties": {"security-severity": "0.1"}}, "low"),
        ({"level": "error"}, {"properties": {"security-severity": "0.0"}}, "high"),
        ({"level": "error"}, {"properties": {"security-severity": "nan"}}, "high"),
        ({"level": "error"}, {"properties": {"security-severity": ["9"]}}, "high"),
        ({"properties": {"security-severity": "9"}}, {}, "critical"),
        ({"kind": "open", "level": "error"}, {}, "info"),
        ({"kind": "review"}, {}, "info"),
        ({"kind": "fail"}, {}, "medium"),
    ],
)
def test_severity(told: dict[str, Any], rule: dict[str, Any], severity: str) -> None:
    assert one(document(result(**told), rules=[{"id": "R1", **rule}])).severity == severity


@pytest.mark.parametrize("kind", ["pass", "notApplicable", "informational"])
def test_what_is_no_failure_is_no_finding(kind: str) -> None:
    assert scan(document(result(kind=kind))) == ChangeScanned(new=[], existing=[])


@pytest.mark.parametrize(
    ("precision", "confidence"),
    [("very-high", "high"), ("high", "high"), ("medium", "medium"), ("low", "low"),
     ("unheard-of", "high"), (7, "high"), (None, "high")],
)  # fmt: skip
def test_confidence(precision: object, confidence: str) -> None:
    rules = [{"id": "R1", "properties": {"precision": precision}}]
    assert one(document(result(), rules=rules)).confidence == confidence


class TestRules:
    def test_by_index_alone(self) -> None:
        told = result(ruleId=None, ruleIndex=1)
        assert one(document(told, rules=[{"id": "R0"}, {"id": "R9"}])).rule == "lint/R9"

    def test_by_reference_into_an_extension(self) -> None:
        tool = {
            "driver": {"name": "CodeQL"},
            "extensions": [
                {"name": "other", "rules": [{"id": "py/other"}]},
                {
                    "name": "queries",
                    "rules": [
                        {
                            "id": "py/sqli",
                            "helpUri": "https://example.org/sqli",
                            "properties": {"tags": ["security", "external/cwe/cwe-089"]},
                        }
                    ],
                },
            ],
        }
        told = result(ruleId=None, rule={"index": 0, "toolComponent": {"index": 1}})
        finding = one(document(told, tool=tool))
        assert (finding.rule, finding.cwe) == ("CodeQL/py/sqli", ("CWE-89",))
        assert finding.help_url == "https://example.org/sqli"

    def test_an_index_that_contradicts_the_id_is_not_believed(self) -> None:
        rules = [{"id": "R0", "properties": {"security-severity": "9"}}, {"id": "R1"}]
        finding = one(document(result(ruleIndex=0), rules=rules))
        assert (finding.rule, finding.severity) == ("lint/R1", "medium")

    def test_a_detailed_id_belongs_to_its_rule(self) -> None:
        rules = [{"id": "R1", "defaultConfiguration": {"level": "error"}}]
        assert one(document(result(ruleId="R1/detail"), rules=rules)).severity == "high"

    @pytest.mark.parametrize("index", [-1, 5, 10**30, None])
    def test_an_index_that_leads_nowhere(self, index: object) -> None:
        assert one(document(result(ruleId=None, ruleIndex=index))).rule == "lint/unknown"

    def test_a_taxon_stands_in_for_a_rule(self) -> None:
        assert one(document(result(ruleId=None, taxa=[{"id": "T7"}]))).rule == "lint/T7"

    @pytest.mark.parametrize(
        "tag", ["external/cwe/cwe-079", "CWE-79", "CWE-79: Cross-site scripting", "cwe:79"]
    )
    def test_cwe_of_tags(self, tag: str) -> None:
        rules = [{"id": "R1", "properties": {"tags": ["x", 5, tag]}}]
        assert one(document(result(), rules=rules)).cwe == ("CWE-79",)

    @pytest.mark.parametrize("tags", ["cwe-79", None, {"cwe-79": 1}, ["cwe-", "nocwe-79", "cwe-0"]])
    def test_tags_that_name_no_weakness(self, tags: object) -> None:
        rules = [{"id": "R1", "properties": {"tags": tags}}]
        assert one(document(result(), rules=rules)).cwe == ()

    def test_cwe_of_taxa(self) -> None:
        cwe = {"name": "CWE", "taxa": [{"id": "22"}]}
        by_relation = {"target": {"id": "79", "toolComponent": {"name": "CWE"}}}
        told = result(
            taxa=[
                {"index": 0, "toolComponent": {"index": 0}},
                {"id": "CWE-502"},
                {"id": "79", "toolComponent": {"name": "OWASP"}},
            ]
        )
        rules = [{"id": "R1", "relationships": [by_relation]}]
        found = one(document(told, rules=rules, taxonomies=[cwe]))
        assert found.cwe == ("CWE-22", "CWE-502", "CWE-79")

    @pytest.mark.parametrize(
        "uri",
        ["javascript:alert(1)", "file:///etc/passwd", "https://x y", "https://x\n", "x" * 9999],
    )
    def test_help_is_a_web_address_or_nothing(self, uri: str) -> None:
        assert one(document(result(), rules=[{"id": "R1", "helpUri": uri}])).help_url == ""


STRINGS = {"default": {"text": "{0} shadows {1}; {{literally}} {7}"}, "md": {"markdown": "*x*"}}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"text": "plain {braces} stay"}, "plain {braces} stay"),
        ({"text": "{0} here", "arguments": ["x"]}, "x here"),
        ({"id": "default", "arguments": ["a", "b"]}, "a shadows b; {literally} {7}"),
        ({"id": "default", "arguments": ["{1}", "b"]}, "{1} shadows b; {literally} {7}"),
        ({"id": "md"}, "*x*"),
        ({"id": "global"}, "for all"),
        ({"id": "nowhere"}, "short"),
        ({"id": "nowhere", "markdown": "**m**"}, "**m**"),
        ({"markdown": "**m**"}, "**m**"),
        ({}, "short"),
        ({"text": "from [user input](1) to [here](2)"}, "from user input to here"),
        ({"text": "see [docs](https://example.org)"}, "see [docs](https://example.org)"),
        ({"text": "two\n  lines \x1b[2J"}, "two lines \\x1b[2J"),
    ],
)
def test_message(message: dict[str, Any], said: str) -> None:
    rule = {"id": "R1", "messageStrings": STRINGS, "shortDescription": {"text": "short"}}
    driver = {
        "name": "lint",
        "rules": [rule],
        "globalMessageStrings": {"global": {"text": "for all"}},
    }
    assert one(document(result(message=message), tool={"driver": driver})).message == said


def test_no_message_blows_up() -> None:
    told = {"text": "{0}" * 100_000, "arguments": ["x" * 100_000]}
    assert len(one(document(result(message=told))).message) <= 1001


@pytest.mark.parametrize(
    ("suppressions", "reason"),
    [
        ([{"kind": "inSource", "justification": "a\nreason"}], "a reason"),
        ([{"kind": "external", "status": "accepted"}], ""),
        ([{"kind": "inSource"}], ""),
        ([{"kind": "inSource", "status": "rejected"}], None),
        ([{"kind": "inSource", "status": "underReview"}], None),
        ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], None),
        ([], None),
        (None, None),
    ],
)
def test_suppressions(suppressions: object, reason: str | None) -> None:
    suppression = one(document(result(suppressions=suppressions))).suppression
    assert (suppression and suppression.reason) == reason
    assert suppression is None or suppression.directive == "sarif suppression"


def test_places_that_are_none() -> None:
    for region in ({"startLine": 0}, {"startLine": -3}, {"startLine": 10**30}, {"charOffset": 4}):
        place = {"artifactLocation": {"uri": "a.py"}, "region": {"startColumn": 2} | region}
        finding = one(document(result(locations=[{"physicalLocation": place}])))
        assert (finding.path, finding.line, finding.end_line, finding.column) == ("a.py", 0, 0, 0)
        assert finding.anchor == "bad"


def test_an_end_before_the_start_is_the_start() -> None:
    place = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 5, "endLine": 3}}
    finding = one(document(result(locations=[{"physicalLocation": place}])))
    assert (finding.line, finding.end_line) == (5, 5)


def test_hard_coded_credentials_are_sensitive() -> None:
    for tags in (["CWE-798"], ["secret"]):
        assert one(document(result(), rules=[{"id": "R1", "properties": {"tags": tags}}])).sensitive
    assert not one(document(result())).sensitive
