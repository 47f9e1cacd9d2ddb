"""What other auditors print, read as vulnerabilities; what is no answer is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.opinions import opinion
from gatekeeper.model.auditor import AuditorName, Opinion
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.process import ToolError

SPARROW = PackageVersion("pypi", "sparrow", "1.9")
SWIFT = PackageVersion("pypi", "swift", "1.0")
ASKED = [SPARROW, SWIFT]
EVERY: tuple[AuditorName, ...] = ("pip-audit", "uv", "safety")
PIP_AUDIT = {
    "dependencies": [
        {
            "name": "sparrow",
            "version": "1.9",
            "vulns": [
                {
                    "id": "PYSEC-1",
                    "fix_versions": ["2.0", "no version"],
                    "aliases": ["CVE-2026-1"],
                    "description": "Sings\n too loud.",
                }
            ],
        },
        {"name": "swift", "version": "1.0", "vulns": []},
    ],
    "fixes": [],
}
UV = {
    "schema": {"version": "preview"},
    "summary": {"audited_packages": 2, "vulnerabilities": 1, "adverse_statuses": 0},
    "vulnerabilities": [
        {
            "dependency": {"name": "sparrow", "version": "1.9"},
            "id": "PYSEC-1",
            "aliases": ["CVE-2026-1"],
            "summary": None,
            "description": "Sings too loud.",
            "fix_versions": ["2.0"],
            "published": "2026-01-02T00:00:00Z",
        }
    ],
}
SAFETY = {
    "scanned_packages": {
        "sparrow": {"name": "Sparrow", "version": "1.9"},
        "swift": {"name": "swift", "version": "1.0"},
    },
    "vulnerabilities": [
        {
            "vulnerability_id": "99",
            "package_name": "sparrow",
            "analyzed_version": "1.9",
            "advisory": "Sings too loud.",
            "CVE": "CVE-2026-1",
            "fixed_versions": ["2.0"],
        }
    ],
    "ignored_vulnerabilities": [],
}
PRINTED = {"pip-audit": PIP_AUDIT, "uv": UV, "safety": SAFETY}


def read(auditor: AuditorName, answer: Any) -> Opinion:
    return opinion(auditor, json.dumps(answer).encode(), ASKED)


@pytest.mark.parametrize("auditor", EVERY)
def test_what_each_of_them_prints_is_the_same_vulnerability(auditor: AuditorName) -> None:
    said = read(auditor, PRINTED[auditor])

    (one,) = said.vulnerabilities
    assert (one.name, one.version, one.id) == ("sparrow", "1.9", "CVE-2026-1")
    assert set(one.ids) & {"PYSEC-1", "SFTY-99"}
    assert (one.summary, one.fixed, one.found_by) == ("Sings too loud.", ("2.0",), (auditor,))
    assert said.judged == {("sparrow", "1.9"), ("swift", "1.0")}


def test_a_package_that_was_skipped_was_not_judged() -> None:
    said = read(
        "pip-audit",
        {"dependencies": [{"name": "swift", "skip_reason": "not found on PyPI"}, PIP_AUDIT["dependencies"][0]]},
    )  # fmt: skip

    assert said.judged == {("sparrow", "1.9")}


def test_another_version_than_was_asked_for_was_not_judged() -> None:
    said = read(
        "pip-audit",
        {"dependencies": [{"name": "sparrow", "version": "2.0", "vulns": []},
                          {"name": "swift", "version": "1.0.0", "vulns": []}]},
    )  # fmt: skip

    assert said.judged == {("swift", "1.0")}


def test_uv_judged_nothing_that_it_does_not_name_when_its_count_is_wrong() -> None:
    said = read("uv", {**UV, "summary": {"audited_packages": 1}})

    assert said.judged == {("sparrow", "1.9")}


def test_what_safety_was_told_to_ignore_is_found() -> None:
    said = read(
        "safety",
        {**SAFETY, "vulnerabilities": [], "ignored_vulnerabilities": SAFETY["vulnerabilities"]},
    )

    assert [it.id for it in said.vulnerabilities] == ["CVE-2026-1"]


def test_a_name_without_an_id_is_no_answer() -> None:
    answer = {"dependencies": [{"name": "swift", "version": "1.0", "vulns": [{"id": " "}]}]}

    with pytest.raises(ToolError, match="without an id"):
        read("pip-audit", answer)


@pytest.mark.parametrize("auditor", EVERY)
@pytest.mark.parametrize(
    "printed",
    [b"", b"No known vulnerabilities found\n", b"{}", b"[]", b"\xff\xfe", b"null",
     b'{"dependencies": 1, "summary": [], "vulnerabilities": {}}', b"[" * 100_000],
)  # fmt: skip
def test_anything_else_is_an_error_and_no_empty_answer(
    auditor: AuditorName, printed: bytes
) -> None:
    with pytest.raises(ToolError) as caught:
        opinion(auditor, printed, ASKED)

    assert caught.value.reason == "tool-output-invalid"
    assert auditor in caught.value.message


@given(st.sampled_from(EVERY), st.data())
def test_a_report_that_was_cut_off_is_an_error(auditor: AuditorName, data: st.DataObject) -> None:
    whole = json.dumps(PRINTED[auditor]).encode()
    end = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(ToolError):
        opinion(auditor, whole[:end], ASKED)
