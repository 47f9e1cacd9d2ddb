"""Dependencies on GitHub: what a pull request brings in, by advisories that the action gets; run by act."""

from __future__ import annotations

import io
import json
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.adapters.advisory_file import snapshot_path
from gatekeeper.adapters.advisory_sources import parts_of
from gatekeeper.adapters.advisory_sync import put
from tests.acceptance.test_action import WORKFLOW, pull_request, verdict, workflow
from tests.acceptance.test_cli_audit import PYPROJECT, UV_LOCK, WEAK
from tests.fakes.act import Act, Ran
from tests.fakes.advisories import Record, affected, archive, raw, record
from tests.fakes.odd_server import OddServer, odd_server, ok, status
from tests.fakes.repo import Repo

TODAY = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
OTHER = record(
    "GHSA-5555-6666-7777",
    affected("some/action", ("introduced", "0"), ecosystem="GitHub Actions"),
    modified=TODAY,
)
PYPI, ACTIONS = "PyPI/all.zip", "GitHub%20Actions/all.zip"
# As the lock was before `middle` came to need `weak`.
HEALTHY = UV_LOCK.partition('\n[[package]]\nname = "weak"')[0].replace(
    'dependencies = [{ name = "weak" }]\n', ""
)
AUDIT = WORKFLOW.replace("org/gatekeeper@v1", "org/gatekeeper/actions/audit@v1")


def zipped(*records: Record) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for it in records:
            file.writestr(f"{it['id']}.json", raw(it))
    return held.getvalue()


@pytest.fixture
def osv() -> Iterator[OddServer]:
    """OSV's zips, of today."""
    pages = {PYPI: ok(zipped({**WEAK, "modified": TODAY})), ACTIONS: ok(zipped(OTHER))}
    with odd_server(**pages) as server:
        yield server


@pytest.fixture
def act(act: Act) -> Act:
    act.env |= dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1")
    return act


def application(repo: Repo, osv: OddServer, lock: str, *inputs: str, text: str = WORKFLOW) -> str:
    """A project with a lock, that asks for audits; its first commit."""
    workflow(repo, *inputs, text=text)
    repo.write("gatekeeper.yml", f"advisories: {{url: '{osv.url}', kev: '', epss: ''}}\n")
    return repo.commit("first", **{"pyproject.toml": PYPROJECT, "uv.lock": lock})


def proposed(repo: Repo, act: Act, base: str, **files: str) -> Ran:
    repo.branch()
    repo.commit("a change", **files)
    return act(repo, "pull_request", pull_request(repo, base))


def test_a_vulnerable_transitive_dependency_is_blocked_with_path_fix_and_reason(
    repo: Repo, act: Act, osv: OddServer
) -> None:
    base = application(repo, osv, HEALTHY, "gate: dependencies")

    ran = proposed(repo, act, base, **{"uv.lock": UV_LOCK})

    assert verdict(ran) == ("block", "1", 1, "failure"), ran.log
    (annotation,) = ran.annotations()
    assert (annotation["level"], annotation["file"]) == ("error", "uv.lock")
    line = UV_LOCK.splitlines().index('name = "weak"') + 1
    assert int(annotation["line"]) in (line - 1, line)
    for said in (annotation["title"] + annotation["text"], ran.summary):
        assert "CVE-2026-0001" in said
        assert "Anybody may log in" in said
        assert "Update it to 1.5" in said
        assert "Brought in by middle" in said
    assert (ran.outputs("gate")["new"], ran.outputs("gate")["existing"]) == ("1", "0")


def test_what_was_vulnerable_before_does_not_block(repo: Repo, act: Act, osv: OddServer) -> None:
    base = application(repo, osv, UV_LOCK, "gate: dependencies")

    ran = proposed(repo, act, base, **{"uv.lock": "# moved down\n" + UV_LOCK, "a.txt": "more\n"})

    assert verdict(ran) == ("pass", "0", 0, "success"), ran.log
    assert (ran.outputs("gate")["new"], ran.outputs("gate")["existing"]) == ("0", "1")
    assert ran.annotations() == []


def test_without_advisories_it_is_inconclusive(repo: Repo, act: Act, osv: OddServer) -> None:
    osv.behaviours[f"/{PYPI}"] = status(404)
    base = application(repo, osv, HEALTHY, "gate: dependencies")

    ran = proposed(repo, act, base, **{"uv.lock": UV_LOCK})

    assert verdict(ran) == ("inconclusive", "3", 1, "failure"), ran.log
    (warning,) = ran.annotations("warning")
    assert warning["title"] == "gatekeeper: advisories"
    assert f"{osv.url}/{PYPI}" in warning["text"]
    (error,) = ran.annotations("error")
    assert error["title"] == "not checked: dependencies"
    assert "there is no snapshot of advisories" in error["text"]
    assert "Traceback" not in ran.log


@pytest.mark.slow
def test_advisories_are_got_when_those_that_are_there_will_not_do(
    repo: Repo, act: Act, osv: OddServer, cache: Path, tmp_path: Path
) -> None:
    """Fresh ones are used as they are, old ones are replaced, and `off` leaves them alone."""
    application(repo, osv, UV_LOCK, "gate: dependencies", "all: true")
    off = [*WORKFLOW.splitlines(), '          advisories: "off"', "          gate: dependencies"]

    assert verdict(act(repo))[0] == "block"
    asked = [f"/{PYPI}", f"/{ACTIONS}"]
    assert osv.asked == asked
    assert verdict(act(repo))[0] == "block"
    assert osv.asked == asked

    old = [{**it, "modified": "2026-01-01T00:00:00Z"} for it in (WEAK, OTHER)]
    made = parts_of(str(archive(tmp_path / "old.zip", old)))
    put(str(cache), made, ecosystems=["PyPI", "GitHub Actions"])
    assert verdict(act(repo))[0] == "block"
    assert osv.asked == asked * 2

    Path(snapshot_path(str(cache))).unlink()
    repo.write(".github/workflows/gate.yml", "\n".join(off) + "\n")
    assert verdict(act(repo))[0] == "inconclusive"
    assert osv.asked == asked * 2


@pytest.mark.slow
def test_the_next_run_has_the_advisories_of_the_last(
    repo: Repo, act: Act, osv: OddServer, tmp_path: Path
) -> None:
    text = WORKFLOW.replace('cache: "off"', "cache: auto")
    application(repo, osv, UV_LOCK, "gate: dependencies", "all: true", text=text)
    act.env["GATEKEEPER_CACHE_DIR"] = str(tmp_path / "own")

    for _ in range(2):
        shutil.rmtree(tmp_path / "own", ignore_errors=True)
        ran = act(repo)
        assert verdict(ran)[0] == "block", ran.log

    assert osv.asked == [f"/{PYPI}", f"/{ACTIONS}"]
    assert len(list((act.store / "cache").glob("gatekeeper-advisories-1-*"))) == 1


def test_an_audit_judges_all_that_the_default_branch_has(
    repo: Repo, act: Act, osv: OddServer, tmp_path: Path
) -> None:
    """By the newest advisories, whatever is there already."""
    text = AUDIT.replace("[push, pull_request, merge_group]", "[workflow_dispatch]")
    inputs = ("paths: uv.lock", f"output: {tmp_path / 'reports'}")
    application(repo, osv, UV_LOCK, *inputs, text=text)

    ran = act(repo, "workflow_dispatch")

    assert verdict(ran) == ("block", "1", 1, "failure"), ran.log
    assert "Brought in by middle" in ran.summary
    told = json.loads((tmp_path / "reports" / "gatekeeper.json").read_text(encoding="utf-8"))
    assert {it["id"] for it in told["gates"]} == {"dependencies", "licenses"}
    assert {it["name"]: it["status"] for it in told["dependencies"]}["weak"] == "vulnerable"
    assert list((tmp_path / "reports" / "sarif").glob("*.sarif"))

    osv.behaviours[f"/{PYPI}"] = ok(zipped(record("PYSEC-2", affected("x"), modified=TODAY)))
    again = act(repo, "workflow_dispatch")
    assert verdict(again)[0] == "pass", again.log
