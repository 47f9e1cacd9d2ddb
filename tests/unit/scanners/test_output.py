"""No tool's answer is believed unless it is whole, and no path is mistaken for another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.bandit import Bandit
from gatekeeper.scanners.interface import Scanner
from gatekeeper.scanners.kingfisher import Kingfisher
from gatekeeper.scanners.output import (
    config_files,
    decode,
    expect_status,
    files_digest,
    last_line,
    path_map,
    real_path,
    relative,
    told_apart,
)
from gatekeeper.scanners.ruff import Ruff
from gatekeeper.scanners.ruff_format import RuffFormat
from gatekeeper.scanners.semgrep import Semgrep
from gatekeeper.scanners.workflow_schema import WorkflowSchema
from gatekeeper.scanners.zizmor import Zizmor
from tests.fakes.scanning import ODD_NAMES, FakeBatch, ready, really, snapshot_of

WORKFLOW = ".github/workflows/a.yml"
# Something that a rule might be about, or semgrep would not be asked.
FILES = {"a.py": b"import hashlib\n\nhashlib.md5(text)\n", WORKFLOW: b"on: push\n"}
SCANNERS: tuple[Scanner, ...] = (
    Ruff(), RuffFormat(), Bandit(), Semgrep(), Kingfisher(), Zizmor(), WorkflowSchema(),
)  # fmt: skip
JSON_SCANNERS = [it for it in SCANNERS if not isinstance(it, RuffFormat)]


def by_id(scanner: Scanner) -> str:
    return scanner.id


def refusal(scanner: Scanner, done: Completed) -> ToolError:
    """The error the scanner raises for an answer of its tool, however often it asks."""
    batch = FakeBatch(FILES, ready(scanner, FILES), [done] * 9)
    with pytest.raises(ToolError) as caught:
        scanner.scan(batch)
    return caught.value


STATUSES = {
    "ruff": (1, 2, 101, 255),
    "ruff-format": (2, 101, 255),
    "bandit": (3, 255),
    "semgrep": (2, 3, 255),
    "kingfisher": (1, 2, 101, 201, 255),
    "zizmor": (1, 2, 3, 10, 15, 101, 255),
    "workflow-schema": (2, 255),
}
NOTHING = {
    "ruff": b"[]",
    "ruff-format": b"",
    "bandit": b'{"results": [], "errors": [], "metrics": {}}',
    "semgrep": b'{"results": [], "errors": [], "paths": {"scanned": []}}',
    "kingfisher": b'{"findings": [], "metadata": {"summary": {"blobs_scanned": 2}}}',
    "zizmor": b"[]",
    "workflow-schema": b'{"status": "ok"}',
}
SUCCESS = {"kingfisher": 200, "zizmor": 11}


@pytest.mark.parametrize("scanner", SCANNERS, ids=by_id)
def test_a_status_that_means_something_else_is_never_clean(scanner: Scanner) -> None:
    for status in STATUSES[scanner.id]:
        error = refusal(scanner, Completed(status, NOTHING[scanner.id], "first\nthe last word\n"))

        assert error.reason in ("tool-crashed", "tool-misconfigured"), status
        assert "the last word" in error.message or str(status) in error.message


@pytest.mark.parametrize("scanner", JSON_SCANNERS, ids=by_id)
def test_silence_is_never_clean(scanner: Scanner) -> None:
    error = refusal(scanner, Completed(SUCCESS.get(scanner.id, 0), b"", "it is \x1b[31mtired\n"))

    assert error.reason == "tool-crashed"
    assert "it is \\x1b[31mtired" in error.message


@pytest.mark.parametrize(
    "scanner",
    JSON_SCANNERS,
    ids=by_id,
)
def test_bottomless_json_is_never_clean(scanner: Scanner) -> None:
    for stdout in (b"[" * 100_000, b'{"a":' * 100_000):
        error = refusal(scanner, Completed(SUCCESS.get(scanner.id, 0), stdout, ""))

        assert error.reason == "tool-output-invalid"


@pytest.mark.parametrize("scanner", JSON_SCANNERS, ids=by_id)
@pytest.mark.parametrize(
    "stdout",
    [
        b"Traceback (most recent call last):\n",
        b"\xff\xfe\x00",
        b"{",
        b"null",
        b"3",
        b'"words"',
        b"[3]",
        b'{"results": 3}',
        b'{"results": [{}], "errors": [{}], "findings": [{}], "metrics": 3, "status": 3}',
        b'[{"filename": 3, "ident": []}]',
    ],
    ids=lambda stdout: stdout[:24].decode("latin-1"),
)
def test_garbage_is_never_clean(scanner: Scanner, stdout: bytes) -> None:
    error = refusal(scanner, Completed(SUCCESS.get(scanner.id, 0), stdout, ""))

    assert error.reason == "tool-output-invalid"
    assert error.message.isprintable()
    assert len(error.message) < 600


PLACE = '{"line": 1, "col": 1}'
POINT = '{"row": 0, "column": 0}'
ELSEWHERE: dict[str, Mapping[str, str]] = {
    "ruff": {"": '[{"filename": "PATH", "message": "m", "code": "F401"}]'},
    "ruff-format": {"": "--- PATH\n+++ PATH\n@@ -1 +1 @@\n-a\n+b\n"},
    "bandit": {
        "result": '{"results": [{"filename": "PATH", "test_id": "B1", "issue_text": "",'
        ' "line_number": 1}], "errors": [], "metrics": {}}',
        "error": '{"results": [], "errors": [{"filename": "PATH", "reason": ""}], "metrics": {}}',
    },
    "semgrep": {
        "": f'{{"results": [{{"check_id": "0.weak-hash", "path": "PATH", "start": {PLACE}, "end": {PLACE},'
        ' "extra": {}}], "errors": [], "paths": {"scanned": []}}',
    },
    "zizmor": {
        "": '[{"ident": "a", "desc": "b", "url": "", "determinations": {"severity": "High",'
        ' "confidence": "High"}, "locations": [{"symbolic": {"key": {"Local": {"verbatim_path":'
        f' "PATH"}}}}, "kind": "Primary"}}, "concrete": {{"location": {{"start_point": {POINT},'
        f' "end_point": {POINT}}}}}}}]}}]',
        "remote": '[{"ident": "a", "desc": "b", "url": "", "determinations": {"severity": "High",'
        ' "confidence": "High"}, "locations": [{"symbolic": {"key": {"Remote": {}}},'
        f' "concrete": {{"location": {{"start_point": {POINT}, "end_point": {POINT}}}}}}}]}}]',
    },
    "workflow-schema": {
        "error": '{"status": "fail", "errors": [{"filename": "PATH", "path": "$", "message": ""}]}',
        "no YAML": '{"status": "fail", "parse_errors": [{"filename": "PATH", "message": ""}]}',
    },
}  # fmt: skip


@pytest.mark.parametrize("path", ["elsewhere.py", "/etc/passwd", "../a.py", "", "a.py/", "A.py"])
@pytest.mark.parametrize(
    ("scanner", "report"),
    [(it, text) for it in SCANNERS for text in ELSEWHERE.get(it.id, {}).values()],
)
def test_a_file_the_tool_was_not_given_is_never_left_out(
    scanner: Scanner, report: str, path: str
) -> None:
    done = Completed(SUCCESS.get(scanner.id, 0), report.replace("PATH", path).encode(), "")

    assert refusal(scanner, done).reason == "tool-output-invalid"


@pytest.mark.parametrize("where", ["NAME", "./NAME", "././NAME", "/project/NAME"])
def test_the_files_it_was_given_are_known_however_they_are_written(where: str) -> None:
    reports = {"ruff": "a.py", "bandit": "a.py", "semgrep": "a.py", "zizmor": WORKFLOW,
               "workflow-schema": WORKFLOW}  # fmt: skip
    for scanner in SCANNERS:
        if name := reports.get(scanner.id):
            report = next(iter(ELSEWHERE[scanner.id].values()))
            stdout = report.replace("PATH", where.replace("NAME", name)).encode()
            done = Completed(SUCCESS.get(scanner.id, 0), stdout, "")
            scanned = scanner.scan(FakeBatch(FILES, ready(scanner, FILES), [done]))

            assert [item.path for item in scanned.findings] == [name]


def odd_files(template: str, content: bytes) -> dict[str, bytes]:
    return {template.replace("NAME", name): content for name in ODD_NAMES}


@pytest.mark.parametrize(
    ("scanner", "template", "content", "broken"),
    [
        (Ruff(), "NAME.py", b"import os\n", b"'\xff'\n"),
        (Ruff(), "NAME/a.py", b"import os\n", b"'\xff'\n"),
        (RuffFormat(), "NAME.py", b"x  = 1\n", b"x = = 1\n"),
        (RuffFormat(), "NAME/a.py", b"x  = 1\n", b"x = = 1\n"),
        (Bandit(), "NAME.py", b"eval('1')\n", b"x = = 1\n"),
        (Semgrep(), "NAME.py", b"import jwt\njwt.decode(x, verify=False)\n",
         b"import jwt\njwt.decode(x, verify=False)\nx = = 3\n\nclass A:\n    pass\n"),
        (WorkflowSchema(), ".github/workflows/NAME.yml", b"on: push\njobs: {}\n", b"on: {\n"),
    ],
    ids=lambda value: value.id if not isinstance(value, (str, bytes)) else None,
)  # fmt: skip
def test_odd_names_keep_what_was_found_and_what_was_not_checked(
    tools: Path, tmp_path: Path, scanner: Scanner, template: str, content: bytes, broken: bytes
) -> None:
    good = odd_files(template, content)
    bad = odd_files(template.replace("NAME", "bad NAME"), broken)

    scanned = really(tools, tmp_path, scanner, good | bad)

    assert {item.path for item in scanned.findings} - set(bad) == set(good)
    per_file = len(scanned.findings) / len({item.path for item in scanned.findings})
    assert per_file == int(per_file), "one file has another's findings"
    assert {item.path for item in scanned.unchecked} == set(bad)
    assert len(scanned.unchecked) == len(bad)


class Shape(Struct):
    """What a tool might print."""

    name: str
    size: int = 0


def test_what_is_not_known_is_left_out_and_numbers_may_be_texts() -> None:
    done = Completed(0, b'{"name": "a", "size": "3", "more": [1]}', "")

    assert decode(done, Shape, "tool") == Shape("a", 3)


def test_bytes_that_are_no_text_survive() -> None:
    assert decode(Completed(0, b'{"name": "a\xff"}', ""), Shape, "tool") == Shape("a\udcff")
    assert decode(Completed(0, b'{"name": "a\\udcff"}', ""), Shape, "tool") == Shape("a\udcff")


def test_the_error_tells_what_the_tool_said_last() -> None:
    done = Completed(9, b"oops", "first\n\nlast \x07 line\n\n")

    with pytest.raises(ToolError) as caught:
        decode(done, Shape, "tool")
    assert caught.value.message.startswith("tool ended with status 9 and no usable report (")
    assert caught.value.message.endswith("; it said: last \\x07 line")


@pytest.mark.parametrize(
    ("stderr", "told"),
    [("", "nothing on standard error"), ("a\nb\n", "b"), ("\x1b[1m", "\\x1b[1m")],
)
def test_an_unexpected_status_tells_the_last_line(stderr: str, told: str) -> None:
    expect_status(Completed(0, b"", stderr), (0, 1), "tool")

    with pytest.raises(ToolError) as caught:
        expect_status(Completed(2, b"", stderr), (0, 1), "tool")
    assert (caught.value.reason, caught.value.message) == (
        "tool-crashed",
        f"tool ended with status 2: {told}",
    )


def test_the_last_line_is_readable() -> None:
    assert last_line("a\n  b  \n\n \n") == "b"
    assert last_line("") == ""
    assert len(last_line("x" * 1_000)) == 300


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b.py", "a/b.py"),
        ("./a/b.py", "a/b.py"),
        ("././a", "a"),
        ("/project/a/b.py", "a/b.py"),
        ("/project/./a", "a"),
        ("/projects/a", "/projects/a"),
        (".hidden", ".hidden"),
        ("../a", "../a"),
    ],
)
def test_paths_are_made_relative(name: str, expected: str) -> None:
    assert relative(name, "/project") == expected


def test_paths_are_known_by_the_letters_tools_print_for_them() -> None:
    known = path_map(["a.py", "b\udcff.py"])

    assert sorted(known.items()) == [
        ("a.py", "a.py"),
        ("b\udcff.py", "b\udcff.py"),
        ("b\ufffd.py", "b\udcff.py"),
    ]
    assert real_path("/project/b\ufffd.py", known, "/project", "tool") == "b\udcff.py"
    with pytest.raises(ToolError) as caught:
        real_path("c\x07.py", known, "/project", "tool")
    assert caught.value.message == "tool named a file it was not given: c\\x07.py"


NAMES = st.binary(min_size=1, max_size=3).map(os.fsdecode)


@given(st.lists(NAMES, unique=True, max_size=30))
def test_no_two_paths_of_a_list_are_printed_alike(paths: list[str]) -> None:
    lists = told_apart(paths)

    assert sorted(path for part in lists for path in part) == sorted(paths)
    for part in lists:
        spellings = [os.fsencode(path).decode("utf-8", "replace") for path in part]
        assert len(set(spellings)) == len(part)
        known = path_map(part)
        assert [known[spelling] for spelling in spellings] == part
    assert told_apart(["a", "b"]) == [["a", "b"]]


def test_configuration_files_are_regular_files_in_order() -> None:
    snapshot = snapshot_of({"b.toml": "", "a.toml": "x", "c.toml": "", "d": ""}, links=["c.toml"])
    found = config_files(snapshot, lambda path: path.endswith(".toml"))

    assert list(found) == ["a.toml", "b.toml"]
    renamed = {"z.toml": found["a.toml"], "b.toml": found["b.toml"]}
    assert files_digest(found) != files_digest(renamed)
    assert files_digest(found) == files_digest(dict(found))
