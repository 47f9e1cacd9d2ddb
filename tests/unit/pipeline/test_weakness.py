"""When findings of two scanners are about one weakness."""

from __future__ import annotations

import pytest

from gatekeeper.pipeline.weakness import weaknesses
from tests.fakes.reports import finding


def about(scanner: str, rule: str, *cwe: str) -> frozenset[str]:
    return weaknesses(finding(scanner=scanner, rule=rule, cwe=cwe))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("bandit", "B608", "CWE-89"), ("semgrep", "sql-injection", "CWE-89")),
        (("bandit", "B324", "CWE-327"), ("semgrep", "weak-hash", "CWE-328")),
        (("bandit", "B303", "CWE-327"), ("semgrep", "weak-password-hash", "CWE-916")),
        (("bandit", "B105", "CWE-259"), ("semgrep", "hardcoded-credentials", "CWE-798")),
        (("bandit", "B311", "CWE-330"), ("semgrep", "weak-randomness", "CWE-338")),
        # bandit files evaluation under commands, YAML under validation, the debugger under code.
        (("bandit", "B307", "CWE-78"), ("semgrep", "code-evaluation", "CWE-95")),
        (("bandit", "B506", "CWE-20"), ("semgrep", "deserialization", "CWE-502")),
        (("bandit", "B201", "CWE-94"), ("semgrep", "debug-server", "CWE-489")),
        (("bandit", "B310", "CWE-22"), ("semgrep", "ssrf", "CWE-918")),
        # Rules about containers have no numbers.
        (("hadolint", "DL3004"), ("checkov", "CKV2_DOCKER_1")),
        (("hadolint", "DL3002"), ("checkov", "CKV_DOCKER_8")),
        # Nor have those about code that nothing uses.
        (("ruff", "F401"), ("vulture", "unused-import")),
        # A number of no family is one for itself.
        (("bandit", "B999", "CWE-1234"), ("semgrep", "x", "CWE-1234")),
    ],
)
def test_one_weakness_under_two_numbers(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert about(*one) & about(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("bandit", "B608", "CWE-89"), ("semgrep", "os-command-injection", "CWE-78")),
        (("bandit", "B307", "CWE-78"), ("semgrep", "os-command-injection", "CWE-78")),
        (("bandit", "B201", "CWE-94"), ("semgrep", "code-evaluation", "CWE-95")),
        (("bandit", "B101", "CWE-703"), ("semgrep", "x", "CWE-704")),
        (("bandit", "B999"), ("semgrep", "x")),
        (("hadolint", "DL3004"), ("checkov", "CKV_DOCKER_8")),
        (("hadolint", "DL3008"), ("checkov", "CKV_DOCKER_5")),
    ],
)
def test_different_weaknesses(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert not about(*one) & about(*other)


@pytest.mark.parametrize("cwe", ["", "89", "CWE-", "CWE-x", "CWE-\u0663", "cwe-89", "CWE--1"])
def test_what_is_no_number_says_nothing(cwe: str) -> None:
    assert about("semgrep", "x", cwe) <= {"3"}
