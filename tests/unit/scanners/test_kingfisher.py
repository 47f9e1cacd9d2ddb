"""What Kingfisher's answers mean, from recordings and from the real program.

Every secret is made up here, at run time: no file of this repository holds one.
"""

from __future__ import annotations

import dataclasses
import io
import json
import random
import re
import string
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest

from gatekeeper.config.schema import Config, KingfisherOptions, Scanners
from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import RawFinding, Scanned
from gatekeeper.scanners.kingfisher import Kingfisher
from tests.fakes.scanning import (
    CWD,
    ODD_NAMES,
    FakeBatch,
    RealBatch,
    context_of,
    locked_batch,
    ready,
    snapshot_of,
)

RECORDED = Path(__file__).parents[2] / "data" / "kingfisher"


def token(seed: int = 7) -> str:
    """A token as GitHub would make it, but worth nothing."""
    choice = random.Random(seed).choice
    return "gh" + "p_" + "".join(choice(string.ascii_letters + string.digits) for _ in range(36))


def key(seed: int) -> str:
    """A private key's armour around noise."""
    noise = random.Random(seed)
    body = ("".join(noise.choice(string.ascii_letters) for _ in range(64)) for _ in range(12))
    return "\n".join(
        ["-----BEGIN RSA PRIVATE " + "KEY-----", *body, "-----END RSA PRIVATE " + "KEY-----"]
    )


PROJECT = {
    "000000/app.py": f'one = 1\ntoken = "{token()}"\n'.encode(),
    "000001/app.py": f'é = "é"; token = "{token()}"  # kingfisher:ignore a placeholder of ours\n'.encode(),
    "000002/empty": b"",
    "000004/before.py": f'# kingfisher:ignore a test vector\ntoken = "{token()}"\n'.encode(),
    "000003/notes.md": b"nothing here\n",
}  # fmt: skip


def answer(*answers: Completed, files: Mapping[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of Kingfisher, about files that are really there."""
    tree = PROJECT if files is None else files
    prepared = ready(Kingfisher(), tree)
    with tempfile.TemporaryDirectory() as folder:
        cwd = RealBatch(folder, "", tree, prepared).cwd
        told = [
            msgspec.structs.replace(it, stdout=it.stdout.replace(CWD.encode(), cwd.encode()))
            for it in answers
        ]
        batch = FakeBatch(tree, prepared, told, cwd=cwd)
        scanned = Kingfisher().scan(batch)
        batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("report.json", "report-no-ignore.json")
    return answer(*(Completed(200, (RECORDED / name).read_bytes(), "") for name in names))


def report(*findings: object, scanned: int = 1) -> Completed:
    """An answer as Kingfisher gives it: the report, and a second document."""
    summary = {"summary": {"blobs_scanned": scanned}}
    lines = (json.dumps(it) for it in ({"findings": findings, "metadata": summary}, summary))
    return Completed(200 if findings else 0, "\n".join(lines).encode(), "")


def match(path: str, line: int = 1, **more: object) -> dict[str, object]:
    """One finding of a report."""
    place = {"path": path, "line": line, "column_start": 0, "column_end": 3} | more
    return {"rule": {"id": "some.rule", "name": "Some rule"}, "finding": place}


def shown(findings: Iterable[RawFinding]) -> list[tuple[str, str, int, int]]:
    return [(item.path, item.rule, item.line, item.column) for item in findings]


def test_secrets_become_findings() -> None:
    (finding,) = (item for item in recorded().findings if not item.suppression)

    assert shown([finding]) == [("000000/app.py", "betterleaks.github-pat", 2, 10)]
    assert (finding.severity, finding.confidence) == ("critical", "high")
    assert finding.cwe == ("CWE-798",)
    assert finding.sensitive
    assert "GitHub" in finding.message


def test_what_a_comment_hides_is_listed_with_its_reason() -> None:
    hidden = [item for item in recorded().findings if item.suppression]

    # Columns count bytes.
    assert shown(hidden) == [
        ("000001/app.py", "betterleaks.github-pat", 1, 21),
        ("000004/before.py", "betterleaks.github-pat", 2, 10),
    ]
    assert [item.suppression for item in hidden] == [
        Suppression("kingfisher:ignore", "a placeholder of ours"),
        Suppression("kingfisher:ignore", "a test vector"),
    ]


def test_recordings_hold_no_value() -> None:
    for path in RECORDED.iterdir():
        assert token() not in path.read_text(encoding="utf-8")


def really(
    tools: Path, folder: Path, files: Mapping[str, bytes], config: Config | None = None
) -> list[RawFinding]:
    """What the installed Kingfisher finds in these files, by their own names."""
    batch = locked_batch(tools, folder, Kingfisher(), files, config)
    scanned = Kingfisher().scan(batch)
    assert not scanned.unchecked
    return [msgspec.structs.replace(it, path=batch.names[it.path]) for it in scanned.findings]


def test_the_real_kingfisher_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    batch = locked_batch(tools, tmp_path, Kingfisher(), PROJECT)
    # These names are harmless already.
    batch = dataclasses.replace(batch, cwd=str(tmp_path / "as-is"), files=PROJECT)

    assert Kingfisher().scan(batch) == recorded()
    assert len(batch.runs) == 2
    for run in batch.runs:
        assert {"--no-validate", "--no-update-check", "--redact"} <= set(run)


def archives() -> dict[str, bytes]:
    """A secret in each of two archives."""
    text = f'\n\ntoken = "{token()}"\n'.encode()
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.txt", text)
        archive.writestr("inner/b.txt", "nothing")
    with tarfile.open(fileobj=tarred, mode="w:gz") as tar:
        member = tarfile.TarInfo("deep/a.txt")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return {"a.zip": zipped.getvalue(), "b.tar.gz": tarred.getvalue()}


def test_no_kind_of_file_and_no_name_hides_a_secret(tools: Path, tmp_path: Path) -> None:
    text = f'token = "{token()}"\n'.encode()
    files = {
        **{f"odd/{name}.py": text for name in ODD_NAMES},
        **dict.fromkeys(
            (
                "node_modules/a.js", "tests/a.py", "vendor/a.go", ".git-like/a", ".hidden",
                "a.lock", "a.min.js", "a.csv", "a.log", "plain",
            ),
            text,
        ),
        "binary.bin": b"\0\1\2" + text + b"\xff\xfe",
        "latin.txt": b"\xe9\xe8 " + text,
        "crlf.txt": text.replace(b"\n", b"\r\n"),
        "long.txt": b"x" * 100_000 + b" " + text,
        "far.txt": b"x\n" * 200_000 + text,
        "notebook.ipynb": json.dumps({"cells": [{"source": [text.decode()]}]}).encode(),
        "ignore/.gitignore": b"*\n",
        "ignore/.kingfisherignore": b"*\n",
        "ignore/a.txt": text,
        "empty": b"",
        **archives(),
    }  # fmt: skip

    found = really(tools, tmp_path, files)

    clean = {"ignore/.gitignore", "ignore/.kingfisherignore", "empty"}
    assert {item.path for item in found} == set(files) - clean
    lines = {item.path: item.line for item in found}
    assert (lines["far.txt"], lines["a.zip"], lines["b.tar.gz"]) == (200_001, 3, 3)
    assert token() not in repr(found)


def test_kingfishers_rules_leave_out_pictures_fonts_and_lock_files(
    tools: Path, tmp_path: Path
) -> None:
    """A limit that docs/scanners/kingfisher.md tells: when it goes, the page has to change."""
    names = ("logo.svg", "a.png", "a.ttf", "package-lock.json", "yarn.lock", "go.sum", "gradlew")
    files = dict.fromkeys(names, f'token = "{token()}"\n'.encode())

    assert really(tools, tmp_path, files) == []


def test_equal_secrets_are_found_wherever_they_are(tools: Path, tmp_path: Path) -> None:
    line = f'token = "{token()}"\n'.encode()
    pems = {"a.pem": key(1).encode(), "b.pem": key(2).encode(), "c.txt": key(1).encode()}

    found = really(tools, tmp_path, {"a.py": line * 2, "b.py": line} | pems)

    assert [(item.path, item.line) for item in found if item.rule.endswith("pat")] == [
        ("a.py", 1),
        ("a.py", 2),
        ("b.py", 1),
    ]
    keys = {item.path: item.anchor for item in found if item.rule.endswith("private-key")}
    assert set(keys) == set(pems)
    # All keys begin alike: it is the body that tells them apart.
    assert keys["a.pem"] == keys["c.txt"] != keys["b.pem"]


def anchors(*lines: bytes) -> list[str]:
    """The content identity of a secret in the first 40 bytes of each line."""
    files = {f"{number}.txt": line for number, line in enumerate(lines)}
    found = report(*(match(path, column_end=39) for path in files), scanned=len(lines))
    return [item.anchor for item in answer(found, files=files).findings]


def test_what_identifies_a_secret_follows_its_value_and_its_line() -> None:
    one, other = token(1), token(2)

    same, moved, another, elsewhere = anchors(
        f"{one} = x".encode(),
        f"{one}   =  x".encode(),
        f"{other} = x".encode(),
        f"{one} = y".encode(),
    )

    assert same == moved
    assert len({same, another, elsewhere}) == 3


def fields(finding: RawFinding) -> str:
    return msgspec.json.encode(finding).decode()


def test_no_field_holds_the_value_nor_much_of_it() -> None:
    secret = token()
    line = f"a = {secret} # and more".encode()
    done = report(match("a.txt", column_start=4, column_end=3 + len(secret)))

    (finding,) = answer(done, files={"a.txt": line}).findings

    assert finding.column == 5
    pieces = {secret[start : start + 6] for start in range(len(secret) - 5)}
    assert not any(piece in fields(finding) for piece in pieces)


def test_of_two_secrets_on_a_line_neither_holds_the_value_of_the_other() -> None:
    one, other = token(1), token(2)
    line = f"{one} {other}".encode()
    done = report(
        match("a.txt", column_end=len(one) - 1),
        match("a.txt", column_start=len(one) + 1, column_end=len(line) - 1),
    )

    found = answer(done, files={"a.txt": line}).findings

    assert len(found) == 2
    for finding in found:
        assert one not in fields(finding)
        assert other not in fields(finding)


def test_the_bytes_of_an_archive_are_in_no_field() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", token())
    done = report(match("000000/a.zip/a.txt", column_start=5, column_end=20))

    (finding,) = answer(done, report(), files={"000000/a.zip": stored.getvalue()}).findings

    assert token() not in fields(finding)


@pytest.mark.parametrize("reported", ["a.txt", "./a.txt", "/project/a.txt", "a.txt!inner/b.txt"])
def test_a_path_is_recognised_however_it_is_written(reported: str) -> None:
    found = answer(report(match(reported)), files={"a.txt": b"abc"}).findings

    assert [item.path for item in found] == ["a.txt"]


def test_one_secret_told_twice_is_one_finding() -> None:
    found = answer(report(match("a.txt"), match("a.txt")), files={"a.txt": b"abc"}).findings

    assert len(found) == 1


def test_a_place_outside_the_file_is_no_reason_to_lose_the_finding() -> None:
    found = answer(report(match("a.txt", 9), match("a.txt", 0)), files={"a.txt": b"abc"}).findings

    assert [item.line for item in found] == [9, 0]


@pytest.mark.parametrize(
    ("told", "confidence", "severity"),
    [("High", "high", "critical"), ("medium", "medium", "high"), ("low", "low", "high"), ("", "medium", "high")],
)  # fmt: skip
def test_how_sure_decides_how_bad(told: str, confidence: str, severity: str) -> None:
    done = report(match("a.txt", confidence=told))

    (finding,) = answer(done, files={"a.txt": b"abc"}).findings

    assert (finding.confidence, finding.severity) == (confidence, severity)


@pytest.mark.parametrize("scanned", [0, 1, 2])
def test_a_file_that_was_left_out_is_never_clean(scanned: int) -> None:
    files = {"a": b"x", "b": b"y", "c": b"z"}

    with pytest.raises(ToolError) as caught:
        answer(report(scanned=scanned), files=files)
    assert caught.value.reason == "tool-output-invalid"
    assert caught.value.message == f"kingfisher looked at {scanned} of 3 files"


def test_archives_count_more_than_once() -> None:
    files = {"a.zip": b"x", "b": b"y"}

    assert answer(report(scanned=10), report(scanned=9), files=files) == Scanned([], [])


def test_an_archive_does_not_make_up_for_a_file_that_was_left_out() -> None:
    files = {"a.zip": b"x", "b": b"y", "c": b"z"}

    with pytest.raises(ToolError, match="looked at 2 of 3 files"):
        answer(report(scanned=3), report(scanned=2), files=files)


def test_a_second_run_that_sees_less_is_an_error() -> None:
    files = {"a": b"x  # kingfisher:ignore", "b": b"y"}

    with pytest.raises(ToolError, match="counted 2 files, and then 1 of the same"):
        answer(report(scanned=2), report(scanned=1), files=files)


def test_an_archive_of_a_kind_that_nobody_told_us_of() -> None:
    files = {"new": b"x\0", "b": b"y"}

    assert answer(report(scanned=3), report(scanned=2), files=files) == Scanned([], [])


def test_an_archive_that_kingfisher_refuses_is_not_clean(tools: Path, tmp_path: Path) -> None:
    text = b"a" * 64
    outside = io.BytesIO()
    with tarfile.open(fileobj=outside, mode="w") as tar:
        member = tarfile.TarInfo("../../escape.txt")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    files = {
        **archives(),
        "evil.tar": outside.getvalue(),
        "plain.txt": text,
        "empty.zip": b"",
        "empty": b"",
    }

    batch = locked_batch(tools, tmp_path, Kingfisher(), files)
    scanned = Kingfisher().scan(batch)

    assert {batch.names[item.path] for item in scanned.findings} == set(archives())
    assert [(batch.names[it.path], it.reason) for it in scanned.unchecked] == [
        ("evil.tar", "not-reported")
    ]


def test_rules_can_be_left_out(tools: Path, tmp_path: Path) -> None:
    files = {"a.py": f'token = "{token()}"\n'.encode(), "b.pem": key(1).encode()}
    options = KingfisherOptions(exclude_rules=("betterleaks.github-pat",))
    config = Config(scanners=Scanners(kingfisher=options))

    assert {item.path for item in really(tools, tmp_path, files, config)} == {"b.pem"}
    assert ready(Kingfisher(), files, config).digest != ready(Kingfisher(), files).digest


@pytest.mark.parametrize(
    ("line", "suppression"),
    [
        ("x # kingfisher:ignore", Suppression("kingfisher:ignore")),
        ("x // KINGFISHER:IGNORE only a sample", Suppression("KINGFISHER:IGNORE", "only a sample")),
    ],
)
def test_the_directive_and_its_reason_are_told_apart(line: str, suppression: Suppression) -> None:
    found = answer(report(), report(match("a.txt")), files={"a.txt": line.encode()}).findings

    assert [item.suppression for item in found] == [suppression]


def test_what_other_files_say_without_ignores_is_not_hidden() -> None:
    files = {"a.txt": b"abc # kingfisher:ignore", "b.txt": b"abc"}
    both = report(match("a.txt"), match("b.txt"), scanned=2)

    found = answer(report(match("b.txt"), scanned=2), both, files=files).findings

    assert [(item.path, bool(item.suppression)) for item in found] == [
        ("b.txt", False),
        ("a.txt", True),
    ]


def test_a_repository_without_files_needs_no_kingfisher() -> None:
    outcome = Kingfisher().prepare(context_of(snapshot_of({})))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_no_message_tells_what_kingfisher_printed() -> None:
    secret = token()

    with pytest.raises(ToolError) as caught:
        answer(Completed(200, f'{{"findings": "{secret}"'.encode(), ""), files={"a": b"x"})
    assert not re.search(secret[:12], caught.value.message)
