"""An artifact of untrusted code: what gatekeeper wrote is read, all else is refused in words."""

from __future__ import annotations

import tracemalloc
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import ArtifactError
from gatekeeper.model.verdict import Suggestion
from gatekeeper.publish import artifact
from gatekeeper.publish.artifact import MOST_PACKED, reports_in
from tests.fakes.archives import NAME, archive, bomb, told
from tests.fakes.github.telling import problem
from tests.fakes.reports import full_of, report

RED = told(report([problem()]))
FIX = Suggestion("a.py", 1, 2, "import backdoor", ("ruff",))


def refused(data: bytes) -> str:
    with pytest.raises(ArtifactError) as caught:
        reports_in(data, "artifact gatekeeper-reports of run 9")
    assert caught.value.exit_status == 3
    assert caught.value.where.startswith("artifact gatekeeper-reports of run 9")
    return caught.value.message


@pytest.mark.parametrize("method", [8, ZIP_STORED])
def test_the_report_is_read(method: int) -> None:
    (found,) = reports_in(archive({NAME: RED}, method), "it")

    assert found.verdict == "block"
    assert [it.finding.path for it in found.findings] == ["a.py"]


def test_all_that_the_action_writes_may_be_there_and_only_the_reports_are_read() -> None:
    data = archive(
        {
            f"{folder}/{name}": b"\xff<script>"
            for folder in ("01-services-api", "02")
            for name in ("gatekeeper.html", "gatekeeper.md", "gatekeeper.xml", "sarif/ruff.sarif")
        }
        | {
            "01-services-api/": b"",
            "01-services-api/gatekeeper.json": told(report(project="services/api")),
            "02/gatekeeper.json": told(report([problem()], project="services/web")),
        }
    )

    found = reports_in(data, "it")

    assert [(it.project, it.verdict) for it in found] == [
        ("services/api", "pass"),
        ("services/web", "block"),
    ]


def test_nothing_can_be_clicked_that_somebody_else_chose() -> None:
    linked = report(
        [problem(help_url="https://evil.example/x"), *full_of("x").findings],
        suggestions=(FIX,),
    )

    (found,) = reports_in(archive({NAME: told(linked)}), "it")

    assert found.suggestions == ()
    assert {it.finding.help_url for it in found.findings} == {""}
    assert {also.help_url for it in found.findings for also in it.also} <= {""}


@pytest.mark.parametrize(
    "name",
    [
        "../gatekeeper.json", "/gatekeeper.json", "/etc/passwd", "a/../../gatekeeper.json",
        "01-a/../gatekeeper.json", "..\\gatekeeper.json", "C:\\gatekeeper.json", "run.sh",
        "gatekeeper.json/x", "gatekeeper.JSON", "01-a/02-b/gatekeeper.json", "sarif/../x.sarif",
        "sarif/.sarif", "gatekeeper.json\n", ".github/workflows/x.yml", "", "01-a/\x1b[2J",
    ],
)  # fmt: skip
def test_a_name_that_gatekeeper_does_not_write_is_refused(name: str) -> None:
    said = refused(archive({NAME: RED, name: b"x"}))

    assert "gatekeeper writes no file with the name" in said
    assert said.isprintable()


@pytest.mark.parametrize("says", [1 << 30, (16 << 20) - 1, 100])
def test_a_gigabyte_in_a_megabyte_fills_no_memory(says: int) -> None:
    data = bomb(says=says)
    assert len(data) < 2 << 20
    tracemalloc.start()
    try:
        said = refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert "more than 16 MiB" in said or "no archive" in said
    assert peak < 64 << 20


def test_a_gigabyte_that_is_not_read_does_no_harm() -> None:
    assert "there is no gatekeeper.json in it" in refused(bomb("gatekeeper.html"))


def test_several_reports_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "MOST_BYTES", 3 * len(RED) // 2)

    reports_in(archive({NAME: RED}), "it")
    said = refused(archive({"01-a/gatekeeper.json": RED, "02-b/gatekeeper.json": RED}))

    assert "its reports have more than" in said


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_what_cannot_be_unpacked_in_steps_is_not_unpacked(method: int) -> None:
    assert "packed in a way" in refused(archive({NAME: RED}, method))


def test_a_huge_or_crowded_archive_is_not_even_opened() -> None:
    assert "more than 16 MiB" in refused(b"PK" + b"\0" * MOST_PACKED)
    crowd = archive({f"sarif/{at}.sarif": b"" for at in range(600)} | {NAME: RED})
    assert "more than 512 files" in refused(crowd)
    many = archive({f"{at:02}/gatekeeper.json": RED for at in range(65)})
    assert "more than 64 reports" in refused(many)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_with_one_name_nobody_knows_which_counts() -> None:
    double = archive({NAME: RED, "gatekeeper.htmx": RED}).replace(
        b"gatekeeper.htmx", b"gatekeeper.json"
    )

    assert "two files with one name" in refused(double)


def test_two_reports_of_one_project_are_refused() -> None:
    assert "same project" in refused(
        archive({"01-a/gatekeeper.json": RED, "02-b/gatekeeper.json": RED})
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"[" * 100_000, b'{"verdict": "pass"}', b"\xff\xfe", b"#!/bin/sh"],
)
def test_what_is_no_report_is_refused(content: bytes) -> None:
    assert "no JSON report" in refused(archive({NAME: content}))


def altered(**fields: object) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(RED), **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "pass"}, {"verdict": "pass", "gates": []}, {"gates": []},
        {"verdict": "inconclusive", "findings": [], "gates": []},
    ],
)  # fmt: skip
def test_a_report_that_contradicts_itself_is_refused(fields: dict[str, object]) -> None:
    assert refused(archive({NAME: altered(**fields)})) == "the report contradicts itself"


@pytest.mark.parametrize(
    "fields",
    [{"verdict": "waived"}, {"schema_version": "9"}, {"findings": {}}, {"seconds": "1"}],
)
def test_types_and_words_are_those_of_the_schema(fields: dict[str, object]) -> None:
    assert "no JSON report" in refused(archive({NAME: altered(**fields)}))


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    refused(data)


@settings(max_examples=300)
@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(0, 10**6))
def test_a_spoilt_archive_is_read_or_refused(at: int, value: int, end: int) -> None:
    whole = bytearray(archive({NAME: RED, "gatekeeper.html": b"x"}))
    whole[at % len(whole)] = value
    data = bytes(whole[: len(whole) - end % len(whole)] if end % 3 == 0 else whole)

    try:
        found = reports_in(data, "it")
    except ArtifactError:
        return
    assert [it.verdict for it in found] == ["block"]
