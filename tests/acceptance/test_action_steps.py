"""The steps of the action, started as the runner starts them, with a stand-in for the tool."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatekeeper.cli.action_reports import Section, annotate, outputs, summary
from tests.fakes.repo import Repo, Result
from tests.fakes.reports import judged, report, sources
from tests.fakes.tool import stand_in
from tests.unit.adapters.test_runner import entries


@dataclass
class Job:
    """A job's folders and command files, and what its steps said."""

    repo: Repo
    temporary: Path
    env: dict[str, str]

    def step(self, name: str, **inputs: str) -> Result:
        """Run one step with these inputs."""
        for variable in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            Path(self.env[variable]).unlink(missing_ok=True)
        given = {f"INPUT_{key.upper()}": value for key, value in {"gate": "lint", **inputs}.items()}
        return self.repo.gatekeeper("action", name, env={**self.env, **given})

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the last step."""
        path = Path(self.env["GITHUB_OUTPUT"])
        return entries(path.read_text(encoding="utf-8")) if path.exists() else {}

    @property
    def summary(self) -> str:
        """The summary of the last step."""
        path = Path(self.env["GITHUB_STEP_SUMMARY"])
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def job(repo: Repo, tmp_path: Path) -> Job:
    temporary = tmp_path / "temp"
    temporary.mkdir()
    env = {
        "GITHUB_ACTIONS": "true",
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "INPUT_SUMMARY": "true",
        "INPUT_ANNOTATIONS": "true",
    }
    stand_in(repo, tmp_path)
    return Job(repo, temporary, env)


def test_a_pass(job: Job) -> None:
    done = job.step("check")

    assert done.status == 0, done.stdout
    assert job.outputs["verdict"] == "pass"
    assert job.outputs["part"] == ""
    assert "Pass" in job.summary
    folder = job.temporary / "gatekeeper-reports"
    assert Path(job.outputs["json"]) == folder / "gatekeeper.json"
    assert sorted(path.name for path in folder.iterdir()) == [
        "gatekeeper.html", "gatekeeper.json", "sarif",
    ]  # fmt: skip
    assert done.stdout.startswith("::stop-commands::")
    assert done.stderr == ""


def test_formats_and_folder_as_asked_and_nothing_told(job: Job) -> None:
    given = {"format": "junit\nmarkdown", "output": "out", "summary": "false"}

    assert job.step("check", annotations="false", **given).status == 0

    names = sorted(path.name for path in (job.repo.root / "out").iterdir())
    assert names == ["gatekeeper.md", "gatekeeper.xml"]
    assert job.outputs["junit"] == str(job.repo.root / "out" / "gatekeeper.xml")
    assert job.summary == ""


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"format": "pdf"}, "input format: unknown 'pdf'"),
        ({"summary": "yes"}, "input summary: true or false, not 'yes'"),
        ({"working_directory": "nowhere"}, "there is no folder 'nowhere'"),
        ({"working_directory": "\n".join(["."] * 65)}, "at most 64 projects, not 65"),
    ],
)
def test_inputs_that_make_no_sense(job: Job, inputs: dict[str, str], said: str) -> None:
    done = job.step("check", **inputs)

    assert done.status == 2
    assert said in done.stdout
    assert done.stdout.count("::error ") == 1
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [(), ("sing",), ("check", "x")])
def test_steps_that_do_not_exist(repo: Repo, arguments: tuple[str, ...]) -> None:
    done = repo.gatekeeper("action", *arguments)

    assert (done.status, done.stdout.startswith("::error ")) == (2, True)


def test_outside_of_a_runner(repo: Repo) -> None:
    done = repo.gatekeeper("action", "check")

    assert done.status == 4
    assert "RUNNER_TEMP is not set: this runs in GitHub Actions only" in done.stdout


def test_a_broken_project_does_not_keep_others_from_being_judged(job: Job) -> None:
    job.repo.write("broken/gatekeeper.yml", "gates: {lnt: {}}\n")
    job.repo.write("fine/b.py", "x = 1\n")

    done = job.step("check", working_directory="broken\nfine")

    assert done.status == 2
    assert (job.outputs["verdict"], job.outputs["status"]) == ("error", "2")
    assert "nothing was judged" in job.summary
    assert "`fine`" in job.summary
    names = sorted(path.name for path in (job.temporary / "gatekeeper-reports").iterdir())
    assert names == ["02-fine"]


def test_shards_and_then_the_verdict(job: Job) -> None:
    for shard in ("1/2", "2/2"):
        done = job.step("check", shard=shard, output=str(job.temporary / "parts"))
        assert done.status == 0, done.stdout
        assert job.outputs["verdict"] == ""
        assert job.outputs["part"] == shard.replace("/", "-of-")
        assert job.summary == ""
    (job.temporary / "parts" / "partial-1-3-of-2.json.bak").write_text("{", encoding="utf-8")
    (job.temporary / "parts" / "partial-2-1-of-1.json").write_text("{", encoding="utf-8")

    done = job.step("check", shards=str(job.temporary / "parts"))

    assert done.status == 0, done.stdout
    assert job.outputs["verdict"] == "pass"


def test_without_the_results_of_all_shards_there_is_no_verdict(job: Job) -> None:
    parts = job.temporary / "parts"
    job.step("check", shard="1/2", output=str(parts))
    said = {
        "not everything was checked": str(parts),
        "there are 0 results of shards of project 1": str(job.temporary),
        "cannot be read": str(job.temporary / "nowhere"),
    }
    for words, folder in said.items():
        done = job.step("check", shards=folder)

        assert done.status == 3
        assert words in done.stdout
        assert job.outputs["verdict"] == "inconclusive"


def test_a_link_among_the_results_is_not_followed(job: Job) -> None:
    parts = job.temporary / "parts"
    job.step("check", shard="1/1", output=str(parts))
    real = parts / "partial-1-1-of-1.json"
    real.rename(job.temporary / "elsewhere.json")
    real.symlink_to(job.temporary / "elsewhere.json")

    assert job.step("check", shards=str(parts)).status == 3


def test_the_plan_is_a_matrix(job: Job) -> None:
    assert job.step("plan", working_directory=".\n.").status == 0

    assert json.loads(job.outputs["matrix"]) == {"shard": ["1/1"]}
    assert job.outputs["shards"] == "1"
    assert job.step("plan", max_shards="none").status == 2


def test_what_is_kept(job: Job, tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    (cache / "tools" / "ruff-1").mkdir(parents=True)
    state = {
        "save": True, "cache": str(cache), "program": "/opt/p", "tools": "t-", "results": "r",
        "restored": [],
    }  # fmt: skip
    file = job.temporary / "gatekeeper-state.json"
    file.write_text(json.dumps(state), encoding="utf-8")
    job.env["GATEKEEPER_CACHE_DIR"] = str(cache)
    job.step("check")

    job.step("keep")
    assert (job.outputs["save-tools"], job.outputs["save-results"]) == ("true", "true")
    assert job.outputs["tools-key"].startswith("t-")
    assert job.outputs["tools-path"].split("\n")[0] == "/opt/p"

    file.write_text(json.dumps(state | {"restored": ["ruff-1"]}), encoding="utf-8")
    job.step("keep")
    assert (job.outputs["save-tools"], job.outputs["save-results"]) == ("false", "true")

    file.write_text(json.dumps(state | {"save": False}), encoding="utf-8")
    job.step("keep")
    assert (job.outputs["save-tools"], job.outputs["save-results"]) == ("false", "false")


@pytest.mark.parametrize("content", ["", "{", '{"save": "yes"}'])
def test_a_lost_state_costs_the_cache_only(job: Job, content: str) -> None:
    (job.temporary / "gatekeeper-state.json").write_text(content, encoding="utf-8")

    done = job.step("keep")

    assert done.status == 0
    assert "nothing is kept for the next run" in done.stdout
    assert "save-tools" not in job.outputs


def section(name: str, count: int, severity: str = "high") -> Section:
    found = [judged(path=f"{name}/{number}.py", severity=severity) for number in range(count)]
    made = report(findings=found)
    return Section(name, 1, made, sources({}))


def test_ten_annotations_are_chosen_from_all_projects() -> None:
    lines = annotate([section("one", 30, "low"), section("two", 4, "critical")]).splitlines()

    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10
    assert all("file=two/" in line for line in errors[:4])


def test_summaries_of_many_large_projects_fit() -> None:
    text = summary([section(f"p{number}|`", 400) for number in range(64)])

    assert len(text.encode()) <= 1024 * 1024
    assert text.startswith("# 64 projects, 64 not passing")
    assert "There is no room left here" in text or "p63" in text


def test_outputs_without_any_report() -> None:
    assert outputs([Section("x", 2, message="wrong")], 2)["verdict"] == "error"
    assert outputs([Section("x", 3, message="missing")], 3)["verdict"] == "inconclusive"
    assert os.sep not in outputs([], 0)["verdict"]
