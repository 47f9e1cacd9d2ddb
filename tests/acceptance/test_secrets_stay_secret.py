"""A secret in the repository blocks, and its value gets nowhere else.

Not into a report, not into progress, not into the cache, not into a file left behind, not into
the arguments or the environment of a process. Pieces of eight characters count, and so does the
value in base64 or in hex.
"""

from __future__ import annotations

import json
import os
import sqlite3
import string
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.cli.check_arguments import FORMATS
from tests.fakes.repo import Repo, Result
from tests.fakes.secrets import Watch, files_below, found_in, random_text

CONFIGURATION = """\
version: 1
preset: strict
gates: {commits: {enabled: true}}
"""
# More rules than usual, so that several scanners point at the lines with secrets.
RUFF = "lint.select = ['E', 'F', 'S', 'W']\n"
WORKFLOW = """\
name: ci
on: push
permissions: {{}}
jobs:
  build:
    runs-on: ubuntu-latest
    container:
      image: example.org/image@sha256:{digest}
      credentials: {{username: me, password: {password}}}
    steps:
      - {{run: ls, env: [{token}]}}
"""


@dataclass(frozen=True)
class Planted:
    """A file with a secret, the values that must not leave it, and who is to find them."""

    path: str
    text: str
    values: tuple[str, ...]
    rules: frozenset[str]


def github() -> Planted:
    """The line is flagged for its unused variable, too, so its excerpt would show the token."""
    token = "gh" + "p_" + random_text(36)
    text = f'def fetch() -> None:\n    token = "{token}"\n'
    return Planted("app/github.py", text, (token[4:],), frozenset({"kingfisher", "ruff/F841"}))


def aws() -> Planted:
    identity = "AK" + "IA" + random_text(16, "ABCDEFGHJKLMNPQRSTUVWXYZ234567")
    key = random_text(40, string.ascii_letters + string.digits + "+/")
    text = f"[default]\naws_access_key_id = {identity}\naws_secret_access_key = {key}\n"
    return Planted("deploy/credentials.ini", text, (identity[4:], key), frozenset({"kingfisher"}))


def private_key() -> Planted:
    """Inside a string, with blanks behind its last line, which is too short to look like much."""
    lines = [random_text(64, string.ascii_letters + string.digits + "+/") for _ in range(12)]
    last = random_text(13)
    mark = "RSA PRIVATE" + " KEY-----"
    body = "\n".join([*lines, f"{last}  "])
    text = f'KEY = """-----BEGIN {mark}\n{body}\n-----END {mark}"""\n'
    return Planted("app/key.py", text, (*lines, last), frozenset({"kingfisher", "ruff/W291"}))


def address() -> Planted:
    word = random_text(18)
    place = f"://shop:{word}@db.shop-prod.net:5432/shop"
    text = f'import os\nDATABASE = "postgres{place}"; EVEN = 1\n'
    return Planted("app/settings.py", text, (word,), frozenset({"kingfisher", "ruff/E702"}))


def password() -> Planted:
    """Words only: nothing but a look at the syntax tells that this is a secret."""
    word = "-".join(random_text(6, string.ascii_lowercase) for _ in range(3))
    text = f'def login() -> None:\n    password = "{word}"\n'
    return Planted(
        "app/login.py", text, (word,), frozenset({"bandit/B105", "ruff/S105", "ruff/F841"})
    )


def argument() -> Planted:
    word = "-".join(random_text(6, string.ascii_lowercase) for _ in range(3))
    text = f'login(user="me", password="{word}")\n'
    return Planted(
        "app/argument.py", text, (word,), frozenset({"bandit/B106", "ruff/S106", "ruff/F821"})
    )


def ignored() -> Planted:
    """In a reason: reports show reasons."""
    token = "gh" + "p_" + random_text(36)
    text = f"import os  # noqa: F401 - the token is {token}\n"
    return Planted("app/ignored.py", text, (token[4:],), frozenset({"kingfisher", "ruff/F401"}))


def workflow() -> Planted:
    """Where a schema checker quotes what it does not like."""
    token = "gh" + "p_" + random_text(36)
    word = "-".join(random_text(6, string.ascii_lowercase) for _ in range(3))
    text = WORKFLOW.format(token=token, password=word, digest="0123456789abcdef" * 4)
    return Planted(".github/workflows/ci.yml", text, (token[4:], word), frozenset({"kingfisher"}))


KINDS = (github, aws, private_key, address, password, argument, ignored, workflow)


@dataclass(frozen=True)
class Scene:
    """A repository with one secret of each kind on a branch, and private folders for the run."""

    repo: Repo
    planted: tuple[Planted, ...]
    cache: Path
    temporary: Path

    @property
    def values(self) -> list[str]:
        return [value for planted in self.planted for value in planted.values]

    def check(self, *arguments: str, **env: str) -> Result:
        return self.repo.gatekeeper("check", *arguments, env={"COLUMNS": "160", **env})


@pytest.fixture
def scene(repo: Repo, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    # A home of its own, so that every file a tool leaves there can be looked at.
    (cache / "home").unlink()
    (cache / "home").mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    repo.commit(**{"gatekeeper.yml": CONFIGURATION, "ruff.toml": RUFF})
    repo.branch()
    planted = tuple(kind() for kind in KINDS)
    for secret in planted:
        repo.write(secret.path, secret.text)
    repo.commit(f"with {planted[0].values[0]} in its message")
    return Scene(repo, planted, cache, temporary)


def test_every_kind_blocks_and_no_report_shows_it(scene: Scene, tmp_path: Path) -> None:
    reports = tmp_path / "reports"

    plan = scene.check("--plan")
    result = scene.check(
        "--format", "json", "--output", f"{reports}/", "--format", "sarif", "--output",
        f"{reports}/", "--format", "text", CI="true", FORCE_COLOR="1",
    )  # fmt: skip

    assert result.status == 1
    shown = {
        "plan": plan.stdout + plan.stderr,
        "text": result.stdout,
        "progress": result.stderr,
        **{path.name: path.read_text(encoding="utf-8") for path in reports.iterdir()},
    }
    assert {"gatekeeper.json", "kingfisher.sarif", "ruff.sarif"} <= set(shown)
    assert "gatekeeper: kingfisher: done" in shown["progress"]
    assert "ruff/F841" in shown["text"]
    everything_is_found(scene, json.loads(shown["gatekeeper.json"])["findings"])
    leaks = {name: found_in(text.encode(), scene.values) for name, text in shown.items()}
    assert {name: values for name, values in leaks.items() if values} == {}


def everything_is_found(scene: Scene, findings: list[dict[str, Any]]) -> None:
    """By those who are to find it, so that there was something to keep secret."""
    for planted in scene.planted:
        mine = [item for item in findings if item["path"] == planted.path]
        told = {item["scanner"] for item in mine} | {f"{it['scanner']}/{it['rule']}" for it in mine}
        told |= {f"{one['scanner']}/{one['rule']}" for it in mine for one in it["also_found_by"]}
        assert planted.rules <= told, planted.path
        assert any(item["blocks"] for item in mine), planted.path


@pytest.mark.parametrize("gate", ["lint", "sast", "workflows", "commits"])
def test_a_gate_on_its_own_does_not_show_what_looks_like_a_token(scene: Scene, gate: str) -> None:
    """Then nobody has said that the line holds a secret; its looks have to do."""
    tokens = [value for value in scene.values if not value.replace("-", "").isalpha()]

    result = scene.check("--gate", gate)

    assert found_in(result.stdout.encode(), tokens) == []


def test_nothing_that_runs_and_nothing_that_is_left_behind_holds_it(scene: Scene) -> None:
    """Arguments and environments; the cache, the tools' home, temporary files, crash reports."""
    before = set(files_below(scene.repo.root))

    with Watch(scene.values) as watch:
        runs = [scene.check(), scene.check("--staged"), scene.check("--stage", "hook")]

    assert [it.status for it in runs] == [1, 0, 1]
    assert found_in("".join(it.stdout + it.stderr for it in runs).encode(), scene.values) == []
    assert "kingfisher" in watch.programs, "the watch was asleep"
    assert watch.leaks == set()
    assert list(scene.temporary.iterdir()) == []
    assert set(files_below(scene.repo.root)) - before == set()
    kept = {str(path.relative_to(scene.cache)): path for path in files_below(scene.cache)}
    stored = stored_values(scene.cache)
    assert len(stored) > 10
    leaks = {name: found_in(path.read_bytes(), scene.values) for name, path in kept.items()}
    leaks["unpacked"] = found_in(b"\0".join(stored), scene.values)
    assert {name: values for name, values in leaks.items() if values} == {}


def stored_values(cache: Path) -> list[bytes]:
    """All that the result cache holds, as it is and unpacked."""
    values: list[bytes] = []
    for path in cache.glob("*.sqlite*"):
        if path.suffix.endswith(("-wal", "-shm")):
            continue
        with sqlite3.connect(path) as connection:
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master "
                                                           "WHERE type = 'table'")]  # fmt: skip
            for table in tables:
                for row in connection.execute(f"SELECT * FROM {table}"):
                    values += [it if isinstance(it, bytes) else str(it).encode() for it in row]
        connection.close()
    for value in list(values):
        for header in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
            try:
                values.append(zlib.decompress(value, header))
            except zlib.error:
                continue
    return values


def test_a_tool_that_fails_does_not_give_it_away_either(scene: Scene, tmp_path: Path) -> None:
    token = scene.values[0]
    tool = tmp_path / "talkative"
    tool.write_text("#!/bin/sh\ncat app/github.py >&2\nexit 3\n", encoding="utf-8")
    tool.chmod(0o755)
    scene.repo.write(
        "gatekeeper.yml", f"version: 1\ntools: {{ruff: {{from: path, path: '{tool}'}}}}\n"
    )

    for name in FORMATS:
        result = scene.check("--gate", "lint", "--format", name, CI="true")
        assert result.status == 3
        assert "token" in result.stdout, "the tool's last words are told"
        assert found_in((result.stdout + result.stderr).encode(), [token]) == []


def test_a_report_of_another_tool_does_not_give_it_away_either(
    scene: Scene, tmp_path: Path
) -> None:
    token = scene.values[0]
    place = {"artifactLocation": {"uri": "app/github.py"},
             "region": {"startLine": 2, "snippet": {"text": f"token = {token}"}}}  # fmt: skip
    result = {"ruleId": "R1", "message": {"text": f"found gh{'p_'}{token} here"}, "level": "error",
              "locations": [{"physicalLocation": place}]}  # fmt: skip
    report = tmp_path / "other.sarif"
    run = {"tool": {"driver": {"name": "other"}}, "results": [result]}
    report.write_text(json.dumps({"version": "2.1.0", "runs": [run]}), encoding="utf-8")

    for name in FORMATS:
        told = scene.check("--gate", "external", "--sarif-in", os.fspath(report), "--format", name)
        assert told.status == 1
        assert "found" in told.stdout
        assert found_in(told.stdout.encode(), [token]) == []
