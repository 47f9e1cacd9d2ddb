"""pip-audit and `uv audit` run against `gatekeeper advisories serve`, offline."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.agreement import Pair, write_project
from gatekeeper.adapters.uv_process import uv_program
from tests.fakes.advisories import affected, archive, record

TODAY = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The real command, over a small fresh snapshot; it ends cleanly."""
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    program = str(Path(sys.executable).with_name("gatekeeper"))
    given = archive(
        tmp_path / "all.zip",
        [
            record("PYSEC-1", affected("sparrow", ("introduced", "0"), ("fixed", "2.0")),
                   modified=TODAY, aliases=["CVE-2026-1"], details="flaw"),
            record("GHSA-1", affected("Heron.Tools", versions=["1.0"]), modified=TODAY),
        ],
    )  # fmt: skip
    subprocess.run(
        [program, "advisories", "sync", "--from", given], check=True, capture_output=True
    )
    serving = subprocess.Popen([program, "advisories", "serve"], stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    yield serving.stdout.readline().removeprefix("serving ").strip()
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(10) == 0
    serving.stdout.close()


def test_pip_audit(url: str, tmp_path: Path) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("sparrow==1.9\nheron-tools==1.0\nswift==1.0\n")

    argv = [
        str(Path(sys.executable).with_name("pip-audit")), "-r", str(wanted), "--no-deps", "--disable-pip",
        "-s", "osv", "--osv-url", f"{url}/v1/query", "-f", "json", "--progress-spinner", "off",
        "--cache-dir", str(tmp_path / "pip-cache"),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    found: dict[str, Any] = {
        it["name"]: it["vulns"] for it in json.loads(done.stdout)["dependencies"]
    }
    assert [(it["id"], it["fix_versions"], it["aliases"]) for it in found["sparrow"]] == [
        ("PYSEC-1", ["2.0"], ["CVE-2026-1"])
    ]
    assert [it["id"] for it in found["heron-tools"]] == ["GHSA-1"]
    assert found["swift"] == []


def test_uv_audit(url: str, tmp_path: Path) -> None:
    pairs = [Pair("sparrow", "1.9"), Pair("heron-tools", "1.0"), Pair("swift", "1.0")]
    write_project(tmp_path, pairs)

    argv = [uv_program(), "audit", "--frozen", "--service-url", url, "--output-format", "json",
            "--no-cache", "--preview", "--no-python-downloads"]  # fmt: skip
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert answer["summary"]["audited_packages"] == 3
    assert sorted((it["dependency"]["name"], it["id"]) for it in answer["vulnerabilities"]) == [
        ("heron-tools", "GHSA-1"),
        ("sparrow", "PYSEC-1"),
    ]
