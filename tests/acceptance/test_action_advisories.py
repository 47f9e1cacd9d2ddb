"""The input `advisories`: when the action's steps get advisories, from where, and what they keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatekeeper.adapters.advisory_file import open_snapshot, snapshot_path
from gatekeeper.adapters.bootstrap import stamp, state_file
from gatekeeper.adapters.runner import Runner
from tests.acceptance.test_action_dependencies import ACTIONS, OTHER, PYPI, TODAY, osv, zipped
from tests.acceptance.test_action_steps import Job, job
from tests.acceptance.test_cli_audit import WEAK
from tests.fakes.advisories import affected, archive, record
from tests.fakes.odd_server import OddServer, ok, status
from tests.fakes.repo import Repo, Result

__all__ = ["job", "osv"]
NPM = "npm/all.zip"
LEFT = record("GHSA-8888-8888-8888", affected("left", ecosystem="npm"), modified=TODAY)
FRESH = {**WEAK, "modified": TODAY}


def settings(osv: OddServer, *more: str) -> str:
    return "\n  ".join(("advisories:", f"url: '{osv.url}'", "kev: ''", "epss: ''", *more)) + "\n"


def project(repo: Repo, osv: OddServer, *more: str) -> None:
    repo.write("gatekeeper.yml", settings(osv, *more))
    repo.commit("first", **{"requirements.txt": "weak==1.0\n"})


def check(job: Job, **inputs: str) -> Result:
    return job.step("check", **{"gate": "dependencies", "all": "true", **inputs})


@pytest.mark.parametrize(
    ("inputs", "asked"),
    [
        ({}, 2),
        ({"advisories": "auto", "gate": ""}, 2),
        ({"advisories": "sync"}, 2),
        ({"advisories": "off"}, 0),
        ({"gate": "lint"}, 0),
        ({"gate": "", "stage": "hook"}, 0),
        ({"offline": "true"}, 0),
        ({"shard": "1/2"}, 0),
        ({"shard": "2/2"}, 2),
    ],
    ids=str,
)
def test_they_are_got_by_the_job_that_audits(
    job: Job, repo: Repo, osv: OddServer, inputs: dict[str, str], asked: int
) -> None:
    project(repo, osv)

    done = check(job, **inputs)

    assert len(osv.asked) == asked, done.stdout
    assert "::warning" not in done.stdout


def test_nothing_is_got_where_no_snapshot_is_used(job: Job, repo: Repo, osv: OddServer) -> None:
    project(repo, osv, "source: live", f"api: '{osv.url}'")
    check(job, offline="true", advisories=str(repo.root / "nowhere.zip"))
    repo.write("gatekeeper.yml", settings(osv) + "scanners: {dependencies: {enabled: false}}\n")
    check(job)
    repo.write("gatekeeper.yml", settings(osv) + "gates: {dependencies: {enabled: false}}\n")
    check(job, gate="")
    repo.write("gatekeeper.yml", settings(osv, "no_such: 1"))
    assert check(job).status == 2

    assert osv.asked == []


def test_several_projects_share_one_snapshot(job: Job, repo: Repo, osv: OddServer) -> None:
    osv.behaviours[f"/{NPM}"] = ok(zipped(LEFT))
    repo.write("one/gatekeeper.yml", settings(osv, "ecosystems: [pypi]"))
    repo.write("two/gatekeeper.yml", settings(osv, "ecosystems: [npm]"))
    repo.write("one/requirements.txt", "weak==1.0\n")
    repo.write("two/package.json", '{"dependencies": {"right": "1.0.0"}}')
    repo.commit("both")

    first = check(job, working_directory="one\ntwo")
    again = check(job, working_directory="one\ntwo")

    assert (first.status, again.status) == (1, 1), first.stdout
    assert job.outputs["blocking"] == "1"
    assert sorted(osv.asked) == [f"/{PYPI}", f"/{NPM}"]


def test_they_come_from_where_the_input_says(
    job: Job, repo: Repo, osv: OddServer, cache: Path
) -> None:
    project(repo, osv)
    given = archive(repo.root / "given.zip", [FRESH])

    done = check(job, advisories=f"{given.name}\n{osv.url}/{ACTIONS}")

    assert done.status == 1, done.stdout
    assert osv.asked == [f"/{ACTIONS}"]
    file = open_snapshot(snapshot_path(str(cache)))
    file.close()
    assert set(file.header.as_of) == {"PyPI", "GitHub Actions"}

    # Whoever pins has said which one is wanted, so it is not got again.
    repo.write("gatekeeper.yml", settings(osv, f"digest: '{file.digest}'"))
    assert check(job, advisories=f"{given.name}\n{osv.url}/{ACTIONS}").status == 1
    assert osv.asked == [f"/{ACTIONS}"]

    repo.write("gatekeeper.yml", settings(osv, f"digest: 'sha256:{'0' * 64}'"))
    other = check(job, advisories=given.name)
    assert other.status == 3
    assert "::warning title=gatekeeper%3A advisories::the new snapshot is" in other.stdout


def test_whoever_asks_for_them_gets_no_pass_without(job: Job, repo: Repo, osv: OddServer) -> None:
    """Nothing else in this repository asks for an audit."""
    osv.behaviours[f"/{PYPI}"] = status(404)
    repo.commit("first", **{"requirements.txt": "weak==1.0\n"})

    for advisories, expected in (
        ("off", 0), (f"{osv.url}/{PYPI}", 3), ("nowhere.zip", 3),
    ):  # fmt: skip
        done = check(job, gate="", advisories=advisories)
        assert done.status == expected, done.stdout
        assert ("::warning title=gatekeeper%3A advisories::" in done.stdout) is bool(expected)


def test_what_another_change_got_from_elsewhere_is_not_used(
    job: Job, repo: Repo, osv: OddServer
) -> None:
    """On a machine that lasts, a change may have named its own server, which tells of nothing."""
    nothing = ok(zipped(record("PYSEC-3", affected("x"), modified=TODAY)))
    osv.behaviours |= {
        f"/evil/{PYPI}": nothing, f"/evil/{ACTIONS}": osv.behaviours[f"/{ACTIONS}"],
    }  # fmt: skip
    project(repo, osv)
    ours = (repo.root / "gatekeeper.yml").read_text(encoding="utf-8")
    repo.write("gatekeeper.yml", ours.replace(osv.url, f"{osv.url}/evil"))
    assert check(job).status == 0

    repo.write("gatekeeper.yml", ours)
    assert check(job).status == 1
    assert f"/{PYPI}" in osv.asked


@pytest.mark.parametrize("text", ["auto\nhttps://example.org/a.zip", "a.zip\noff"])
def test_a_mode_goes_with_nothing_else(job: Job, repo: Repo, osv: OddServer, text: str) -> None:
    project(repo, osv)

    done = check(job, advisories=text)

    assert done.status == 2
    assert "goes with nothing else" in done.stdout


def kept(job: Job, cache: Path, snapshot: str) -> tuple[str, str]:
    """What is to be saved when that snapshot was restored: whether, and as what."""
    runner = Runner(job.env)
    state = {
        "save": True, "cache": str(cache), "snapshot": snapshot, "tools": "t-", "results": "r-",
        "advisories": "gatekeeper-advisories-1-",
    }  # fmt: skip
    Path(state_file(runner)).write_text(json.dumps(state), encoding="utf-8")
    assert job.step("keep").status == 0
    return job.outputs["save-advisories"], job.outputs["advisories-key"]


def test_others_than_were_restored_are_kept_under_their_digest(
    job: Job, repo: Repo, osv: OddServer, cache: Path
) -> None:
    project(repo, osv)
    assert stamp(str(cache)) == ""
    assert kept(job, cache, "")[0] == "false"

    check(job)
    file = open_snapshot(snapshot_path(str(cache)))
    file.close()
    save, key = kept(job, cache, "")
    assert save == "true"
    assert file.digest.removeprefix("sha256:").startswith(key.rpartition("-")[2])
    assert kept(job, cache, stamp(str(cache)))[0] == "false"

    Path(snapshot_path(str(cache))).write_bytes(b"damaged")
    assert kept(job, cache, "")[0] == "false"


def test_an_audit_gets_the_newest_even_when_others_would_do(
    job: Job, repo: Repo, osv: OddServer
) -> None:
    project(repo, osv)
    inputs = {"gate": "", "advisories": "sync"}

    assert job.step("audit", **inputs).status == 1
    osv.behaviours[f"/{PYPI}"] = ok(zipped(record("PYSEC-2", affected("x"), modified=TODAY)))
    assert job.step("audit", **inputs).status == 0
    assert job.outputs["verdict"] == "pass"

    osv.behaviours[f"/{ACTIONS}"] = status(404)
    told = job.step("audit", **inputs)
    assert told.status == 0
    assert "::warning title=gatekeeper%3A advisories::" in told.stdout
    assert OTHER["id"] not in told.stdout
