"""Starting auditors that others wrote: what they are told, and how they may end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.adapters.auditors import LocalAuditors
from gatekeeper.adapters.osv_api import service
from gatekeeper.adapters.osv_server import serving
from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.model.auditor import AuditorName
from gatekeeper.model.tool import ToolSpec, ToolStatus
from gatekeeper.ports.advisories import AdvisoriesError, PackageVersion
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.tools import PIP_AUDIT, SAFETY
from tests.fakes.advisories import affected, record, snapshot

PACKAGES = [PackageVersion("pypi", "sparrow", "1.9"), PackageVersion("pypi", "swift", "1.0")]
TELLS = """
import json, os, sys
files = {it: open(it).read() for it in sorted(os.listdir()) if os.path.isfile(it)}
said = json.dumps({"argv": sys.argv[1:], "files": files, "env": sorted(os.environ)})
if "--save-json" in sys.argv:
    open(sys.argv[sys.argv.index("--save-json") + 1], "w").write(said)
    said = "words for people"
print(said)
"""


class Stand:
    """A toolbox in which every tool is one script."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def executable(self, spec: ToolSpec) -> str:
        return self.path

    def digest(self, spec: ToolSpec) -> str:
        return f"digest of {spec.id}"

    def status(self, spec: ToolSpec) -> ToolStatus:
        raise AssertionError(spec)

    def cancel(self) -> None:
        raise AssertionError


@contextmanager
def somewhere() -> Iterator[str]:
    yield "http://127.0.0.1:1"


def auditors(
    tmp_path: Path, script: str, *, database: str = "", deadline: float = 30
) -> LocalAuditors:
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable} -S\n{script}")
    program.chmod(0o755)
    return LocalAuditors(
        LocalProcesses(str(tmp_path), {"PATH": "/usr/bin:/bin", "API_TOKEN": "x", "PIP_INDEX_URL": "y"}),
        Stand(program),
        {"pip-audit": PIP_AUDIT, "safety": SAFETY},
        lambda: str(program),
        somewhere,
        safety_db=database,
        deadline=deadline,
    )  # fmt: skip


def told(tmp_path: Path, auditor: AuditorName) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        auditors(tmp_path, TELLS, database=str(tmp_path)).ask(auditor, PACKAGES)
    )
    return found


def test_pip_audit_gets_exact_versions_and_the_service_on_this_machine(tmp_path: Path) -> None:
    said = told(tmp_path, "pip-audit")

    assert said["files"] == {"requirements.txt": "sparrow==1.9\nswift==1.0\n"}
    text = " ".join(map(str, said["argv"]))
    assert "--osv-url http://127.0.0.1:1/v1/query" in text
    assert "--disable-pip" in text


def test_uv_gets_a_lock_of_its_own_and_asks_no_index(tmp_path: Path) -> None:
    said = told(tmp_path, "uv")

    assert set(said["files"]) == {"pyproject.toml", "uv.lock"}
    assert "--no-index" in str(said["argv"])
    assert "--service-url" in str(said["argv"])


def test_safety_gets_its_database_and_says_the_rest_in_a_file(tmp_path: Path) -> None:
    assert str(tmp_path) in str(told(tmp_path, "safety")["argv"])


def test_nothing_of_the_users_reaches_them(tmp_path: Path) -> None:
    assert not {"API_TOKEN", "PIP_INDEX_URL"} & set(told(tmp_path, "pip-audit")["env"])


@pytest.mark.parametrize(
    ("script", "reason", "words"),
    [
        ("import sys; sys.exit('Traceback: no network')", "", ""),
        ("import sys; print('InvalidVersion: x', file=sys.stderr); sys.exit(2)", "tool-crashed",
         "pip-audit ended with 2: InvalidVersion: x"),
        ("import os; os.kill(os.getpid(), 9)", "tool-crashed", "SIGKILL"),
        ("import time; time.sleep(60)", "tool-timeout", "stopped after"),
        ("while True: print('x' * 1_000_000)", "tool-output-too-large", "more than"),
    ],
)  # fmt: skip
def test_how_it_may_end(tmp_path: Path, script: str, reason: str, words: str) -> None:
    others = auditors(tmp_path, script, deadline=1 if reason == "tool-timeout" else 30)
    if not reason:
        # 1 is how it ends when it has found something: what it printed tells.
        assert others.ask("pip-audit", PACKAGES) == b""
        return

    with pytest.raises(ToolError) as caught:
        others.ask("pip-audit", PACKAGES)

    assert caught.value.reason == reason
    assert words in caught.value.message


def test_safety_without_a_report_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="safety wrote no report"):
        auditors(tmp_path, "print('{}')", database=str(tmp_path)).ask("safety", PACKAGES)


def test_only_safety_can_be_lacking(tmp_path: Path) -> None:
    without = auditors(tmp_path, TELLS)

    assert without.lacking("pip-audit") == without.lacking("uv") == ""
    assert "scanners.dependencies.safety_db" in without.lacking("safety")
    assert "there is no folder" in auditors(tmp_path, TELLS, database="/nowhere").lacking("safety")
    assert auditors(tmp_path, TELLS, database=str(tmp_path)).lacking("safety") == ""


def test_another_version_is_another_identity(tmp_path: Path) -> None:
    one = auditors(tmp_path, "pass")
    before = one.identity("uv")
    auditors(tmp_path, "pass  # another")

    assert before
    assert one.identity("uv") != before
    assert one.identity("pip-audit") == "digest of pip-audit"


def test_a_uv_that_is_not_there_has_none(tmp_path: Path) -> None:
    one = auditors(tmp_path, "pass")
    Path(tmp_path / "program").unlink()

    assert one.identity("uv") == ""


class TestTheService:
    def test_it_lives_as_long_as_it_is_needed(self, tmp_path: Path) -> None:
        from urllib.error import URLError
        from urllib.request import urlopen

        made = snapshot(tmp_path, record("PYSEC-1", affected("sparrow", versions=["1.9"])))
        with serving(made.path) as url:
            assert urlopen(f"{url}/v1/vulns/PYSEC-1", timeout=10).status == 200
        with pytest.raises(URLError):
            urlopen(f"{url}/v1/vulns/PYSEC-1", timeout=10)

    def test_without_a_snapshot_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(AdvisoriesError), serving(str(tmp_path / "none")):
            raise AssertionError

    def test_the_live_one_is_not_asked_offline(self) -> None:
        with service("https://api.osv.dev/", offline=False) as url:
            assert url == "https://api.osv.dev"
        with pytest.raises(AdvisoriesError), service(url, offline=True):
            raise AssertionError
