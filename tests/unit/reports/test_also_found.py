"""Every report names the other scanners that found a weakness."""

from __future__ import annotations

import json
import re

import pytest

from gatekeeper.model.verdict import Judged, Report
from gatekeeper.reports.interface import Style
from gatekeeper.reports.registry import REPORTS
from gatekeeper.text.redact import HIDDEN
from tests.fakes.reports import finding, judged, report, sources

OTHER = finding(scanner="bandit", rule="B608", message="SQL", fingerprint="b" * 32, line=11)


def both() -> Judged:
    return judged(
        scanner="semgrep", rule="sql-injection", gate="sast", line=11, end_line=11, also=(OTHER,)
    )


def rendered(name: str, told: Report, text: str = "x = 1\n" * 20) -> str:
    return REPORTS[name]().whole(told, sources({"app/main.py": text}), Style())


@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_reports_for_people_name_the_other_rule(name: str) -> None:
    page = re.sub(r"<[^>]+>|\\u003c|[`*]", "", rendered(name, report([both()])))

    assert re.search(r"[Aa]lso found by bandit/B608", page)
    assert not re.search(r"[Aa]lso found", rendered(name, report([judged()])))


def test_json_has_what_the_other_one_said() -> None:
    (told,) = json.loads(rendered("json", report([both()])))["findings"]

    assert told["rule"] == "sql-injection"
    assert told["also_found_by"] == [
        {"scanner": "bandit", "rule": "B608", "severity": "medium", "confidence": "high", "line": 11,
         "message": "SQL", "fingerprint": "b" * 32, "help_url": ""}
    ]  # fmt: skip


def test_sarif_names_the_other_rule_and_has_one_result() -> None:
    runs = json.loads(rendered("sarif", report([both()])))["runs"]

    (result,) = [it for run in runs for it in run["results"]]
    assert result["properties"]["alsoFoundBy"] == ["bandit/B608"]


@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_a_secret_that_only_the_other_one_knows_of_is_hidden(name: str) -> None:
    secret = finding(
        scanner="bandit", rule="B105", sensitive=True, line=11, end_line=11, fingerprint="b" * 32
    )
    told = judged(scanner="semgrep", gate="sast", line=11, end_line=11, also=(secret,))

    page = rendered(name, report([told]), "password = 'hunter2-1999'\n" * 20)

    assert HIDDEN in page
    assert "hunter2-1999" not in page.splitlines()[0] + "".join(
        line for line in page.splitlines() if re.match(r"\s+11 ", line)
    )
