"""The reusable workflow: planned, sharded, merged, and failing closed; run by act."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.test_shards import BAD, VARIABLE
from tests.fakes.act import Act, Ran
from tests.fakes.repo import Repo

CALLER = """\
on: [push]
permissions: {}
jobs:
  gatekeeper:
    permissions:
      contents: read
    uses: org/gatekeeper/.github/workflows/gate.yml@v1
    with:
      cache: "off"
"""


def caller(repo: Repo, *inputs: str) -> None:
    text = CALLER + "".join(f"      {it}\n" for it in inputs)
    repo.write(".github/workflows/gate.yml", text)


def ended(ran: Ran, job: str) -> list[str]:
    """How the runs of a job ended."""
    return [it["jobResult"] for it in ran.events if "jobResult" in it and it["jobID"] == job]


@pytest.mark.slow
def test_many_machines_say_what_one_says(repo: Repo, act: Act, tmp_path: Path) -> None:
    caller(repo, "shard-seconds: 1", "max-shards: 3", "gate: |", "  lint", "  sast")
    for number in range(60):
        repo.write(f"pkg/m{number}.py", BAD + f"VALUE_{number} = [1, 2, 3]\n" * 300)
    before = repo.commit("old")
    repo.git("mv", "pkg/m1.py", "pkg/moved.py")
    repo.write("pkg/new.py", BAD)
    repo.commit("new")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": before}), encoding="utf-8")

    ran = act(repo, payload={"before": before})

    assert ended(ran, "check") == ["success"] * 3, ran.log
    assert ended(ran, "verdict") == ["failure"]
    assert ran.status == 1
    whole = repo.check(
        "--gate", "lint", "--gate", "sast",
        env={
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": str(event),
        },
    )  # fmt: skip
    merged = (act.artifacts / "gatekeeper-reports" / "gatekeeper.json").read_text(encoding="utf-8")
    assert VARIABLE.sub(r"\1", merged) == VARIABLE.sub(r"\1", whole.stdout)
    assert whole.status == 1


@pytest.mark.slow
def test_a_shard_that_failed_is_no_pass(repo: Repo, act: Act) -> None:
    caller(repo, "gate: lint", "prepare: exit 7")
    repo.commit("one", **{"a.py": "VALUE = 1\n"})

    ran = act(repo)

    assert ended(ran, "check") == ["failure"]
    assert ended(ran, "verdict") == ["failure"]
    assert ran.status == 1
    said = " ".join(it["text"] for it in ran.annotations("error"))
    assert "Not everything was checked (plan and check: success failure)" in said
    assert not (act.artifacts / "gatekeeper-reports").exists()


@pytest.mark.slow
def test_the_audit_of_a_branch_keeps_its_reports(repo: Repo, act: Act) -> None:
    """Without any advisories, since these are told by other tests: the run fails, and says why."""
    text = CALLER.replace("gate.yml", "audit.yml").replace("[push]", "[workflow_dispatch]")
    repo.write(".github/workflows/audit.yml", text + "      advisories: auto\n")
    nowhere = "advisories: {url: 'http://127.0.0.1:9', kev: '', epss: ''}\n"
    repo.commit("one", **{"requirements.txt": "fine==1.0\n", "gatekeeper.yml": nowhere})

    ran = act(repo, "workflow_dispatch")

    assert ended(ran, "audit") == ["failure"], ran.log
    (warning,) = ran.annotations("warning")
    assert "http://127.0.0.1:9/PyPI/all.zip" in warning["text"]
    told = act.artifacts / "gatekeeper-audit" / "gatekeeper.json"
    assert json.loads(told.read_text(encoding="utf-8"))["verdict"] == "inconclusive"
