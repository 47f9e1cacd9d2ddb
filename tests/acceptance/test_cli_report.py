"""`gatekeeper report`: locally with a token, and in a workflow from its event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.adapters.github_http import Pace
from gatekeeper.cli.main import run
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Style
from gatekeeper.reports.json import JsonReport
from tests.fakes.archives import told
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, bodies, only, problem
from tests.fakes.reports import report, sources

# In two pieces, so that nothing here looks like a token.
TOKEN = "ghs_" + "16C7e42F292c6912E7710c838347Ae178B4a"


def written(path: Path, told: Report) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(JsonReport().whole(told, sources(), Style()), encoding="utf-8")
    return path


@pytest.fixture
def hub(github: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    github.pull({"a.py": CODE, ".github/CODEOWNERS": "*.py @octo/core\n"})
    monkeypatch.chdir(github.repo.root)
    monkeypatch.setenv("GITHUB_API_URL", github.fake.api)
    monkeypatch.setenv("GITHUB_TOKEN", github.state.token(TOKEN))
    for name in ("GH_TOKEN", "GATEKEEPER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return github


@pytest.fixture
def red(tmp_path: Path) -> str:
    return str(written(tmp_path / "report.json", report([problem()])))


def event(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """As the runner starts a job for the pull request."""
    head = hub.repo.git("rev-parse", "HEAD")
    repository = {"full_name": "octo/app"}
    payload = {
        "number": 1,
        "pull_request": {
            "number": 1,
            "head": {"sha": head, "ref": "feature", "repo": repository},
            "base": {"sha": hub.state.commit_of("main"), "ref": "main", "repo": repository},
        },
        "sender": {"id": 5},
        **more,
    }
    path = folder / "event.json"
    path.write_text(json.dumps(payload), encoding="utf-8")
    for name, value in {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(path), "GITHUB_REPOSITORY": "octo/app", "GITHUB_SHA": head,
        "GITHUB_REF": "refs/pull/1/merge", "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_WORKFLOW": "gate", "GITHUB_JOB": "check", "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)


def test_locally_the_pull_request_is_found_by_its_commit(
    hub: Hub, red: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["report", "--report", red, "--repository", "octo/app"])

    assert status == 0
    text = only(hub)
    assert text.startswith("⛔")
    assert "owned by `@octo/core`" in text
    assert "```python\nimport os\n```" in text
    assert capsys.readouterr().out == "comment: the comment says it\n"


def test_the_repository_is_that_of_the_remote(hub: Hub, red: str) -> None:
    hub.repo.git("remote", "add", "origin", "git@github.com:octo/app.git")

    assert run(["report", "--report", red, "--to", "check"]) == 0
    assert len(hub.state.checks) == 1


def test_in_a_workflow_the_event_tells_everything(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event(hub, tmp_path, monkeypatch)
    targets = [
        it for name in ("comment", "review", "check", "summary", "sarif") for it in ("--to", name)
    ]

    assert run(["report", "--report", red, *targets]) == 0

    assert "[all details](https://github.com/octo/app/actions/runs/77)" in only(hub)
    assert [it.path for it in hub.state.threads_on(1)] == ["a.py"]
    (check,) = hub.state.checks.values()
    assert check["conclusion"] == "failure"
    assert hub.state.uploads[0]["ref"] == "refs/pull/1/merge"
    assert (tmp_path / "summary.md").read_text().startswith("## Blocked")


def test_nothing_is_sent_when_only_asked_what_would_be(
    hub: Hub, red: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", "--report", red, "--dry-run"]) == 0

    assert "⛔ **gatekeeper: blocked**" in capsys.readouterr().out
    assert hub.fake.log == []


def test_a_folder_has_the_reports_of_all_projects(hub: Hub, tmp_path: Path) -> None:
    written(tmp_path / "reports/01-a/gatekeeper.json", report([problem()], project="services/a"))
    written(tmp_path / "reports/02-b/gatekeeper.json", report(project="services/b"))

    assert run(["report", "--report", str(tmp_path / "reports"), "--repository", "octo/app"]) == 0
    assert only(hub).startswith("⛔ **gatekeeper: 1 of 2 projects do not pass**")


def test_a_commit_without_a_pull_request_is_no_error(
    hub: Hub, red: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.state.tickets[1].state = "closed"

    assert run(["report", "--report", red, "--repository", "octo/app"]) == 0
    assert "no open pull request" in capsys.readouterr().out


def test_a_merge_queue_has_nobody_to_comment_to_and_gets_its_check(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    hub.repo.commit("queued")
    head = hub.state.push(hub.repo, "gh-readonly-queue/main/pr-1-abc")
    queue = {"head_sha": head, "head_ref": "refs/heads/gh-readonly-queue/main/pr-1-abc"}
    event(hub, tmp_path, monkeypatch, pull_request=None, merge_group=queue)

    assert run(["report", "--report", red, "--to", "comment", "--to", "check"]) == 0
    assert "no open pull request" in capsys.readouterr().out
    assert [it["head_sha"] for it in hub.state.checks.values()] == [head]
    assert bodies(hub) == []


def test_settings_of_the_repository_count(hub: Hub, red: str) -> None:
    hub.repo.write("gatekeeper.yml", "pull_requests:\n  max_inline: 0\n  checks: per-gate\n")

    assert (
        run(
            [
                "report",
                "--report",
                red,
                "--repository",
                "octo/app",
                "--to",
                "review",
                "--to",
                "check",
            ]
        )
        == 0
    )
    assert hub.state.threads_on(1) == []
    assert {it["name"] for it in hub.state.checks.values()} == {"gatekeeper", "gatekeeper / lint"}


def test_code_of_another_commit_is_not_quoted(hub: Hub, red: str) -> None:
    head = hub.repo.git("rev-parse", "HEAD")
    hub.repo.commit("local", **{"a.py": "something_else()\n"})

    assert run(["report", "--report", red, "--repository", "octo/app", "--commit", head]) == 0
    assert "something_else" not in only(hub)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "there is no report to tell of"),
        (["--report", "nowhere.json"], "cannot be read"),
        (["--report", "."], "no gatekeeper.json in this folder"),
        (["--report", "a.py"], "no JSON report"),
        (["--report", "REPORT", "--commit", "main"], "no full id of a commit"),
        (["--report", "REPORT"], "which repository"),
        (["--report", "REPORT", "--report", "REPORT", "--repository", "o/a"], "the same project"),
        (["--report", "REPORT", "--to", "slack"], "unknown target 'slack'"),
        (["--report", "REPORT", "--pull", "x"], "--pull takes a whole number"),
    ],
)
def test_what_is_missing_is_said(
    hub: Hub, red: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    status = run(["report", *(red if it == "REPORT" else it for it in arguments)])

    assert status == 2
    assert said in capsys.readouterr().err
    assert hub.fake.log == []


def test_without_a_token_it_is_said_how_to_hand_one_over(
    hub: Hub, red: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")

    assert run(["report", "--report", red, "--repository", "octo/app"]) == 2
    assert "GITHUB_TOKEN: ${{ github.token }}" in capsys.readouterr().err


def test_a_missing_permission_is_said_and_the_rest_is_done(
    hub: Hub, red: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {"checks": "write", "pull-requests": "read", "contents": "read"}
    monkeypatch.setenv("GITHUB_TOKEN", hub.state.token("ghs_few", rights=few))  # type: ignore[arg-type] # literals

    status = run(
        ["report", "--report", red, "--repository", "octo/app", "--to", "comment", "--to", "check"]
    )

    said = capsys.readouterr()
    assert status == 2
    assert "check: 1 check written" in said.out
    assert "comment: not written" in said.err
    assert "permissions:\n  pull-requests: write" in said.err


@pytest.mark.parametrize("who", ["fork", "dependabot"])
def test_a_fork_is_told_that_no_permission_helps(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], who: str,
) -> None:  # fmt: skip
    head = hub.repo.git("rev-parse", "HEAD")
    name = "mallory/app" if who == "fork" else "octo/app"
    event(
        hub, tmp_path, monkeypatch,
        pull_request={
            "number": 1, "head": {"sha": head, "ref": "x", "repo": {"full_name": name}},
            "base": {"sha": head, "ref": "main", "repo": {"full_name": "octo/app"}},
        },
        sender={"id": 49699333 if who == "dependabot" else 5},
    )  # fmt: skip
    monkeypatch.setenv("GITHUB_TOKEN", hub.state.token("ghs_ro", rights={"pull-requests": "read"}))

    assert run(["report", "--report", red]) == 2
    assert "a token that can only read, whatever the workflow says" in capsys.readouterr().err


@pytest.mark.parametrize(
    "lie",
    [
        b"", b"{", b"[]", b"null", b'{"pull_request": 7}', b'{"pull_request": {"number": "1"}}',
        b'{"pull_request": {"number": -1, "head": {"sha": "../../x"}}}', b"\xff" * 100,
    ],
)  # fmt: skip
def test_an_event_file_that_makes_no_sense_is_not_believed(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: bytes
) -> None:
    event(hub, tmp_path, monkeypatch)
    (tmp_path / "event.json").write_bytes(lie)

    assert run(["report", "--report", red]) == 0
    assert only(hub).startswith("⛔"), "the commit still tells which pull request it is"


def test_an_event_that_names_another_pull_request_writes_nothing_there(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repo.git("checkout", "-q", "main")
    victim = hub.pull({"c.py": "x = 1\n"}, branch="victim")
    hub.repo.git("checkout", "-q", "feature")
    head = hub.repo.git("rev-parse", "HEAD")
    event(
        hub, tmp_path, monkeypatch,
        pull_request={"number": victim, "head": {"sha": head}, "base": {"sha": head}},
    )  # fmt: skip

    assert run(["report", "--report", red]) == 0
    assert bodies(hub, victim) == []


def test_the_token_is_printed_nowhere(
    hub: Hub, red: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.fake.fail("POST", "/graphql", 422, message=f"bad token {TOKEN}")

    assert run(["report", "--report", red, "--repository", "octo/app"]) == 2
    said = capsys.readouterr()
    assert TOKEN not in said.out + said.err


def test_github_being_down_is_another_status(
    hub: Hub, red: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatekeeper.adapters.github.Pace", lambda: Pace(sleep=lambda seconds: None))
    hub.fake.fail("POST", "/graphql", 500, times=4)

    assert run(["report", "--report", red, "--repository", "octo/app", "--pull", "1"]) == 3


def test_a_check_and_its_report_from_end_to_end(hub: Hub, cache: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out.json")
    hub.repo.commit("tidy", **{"a.py": "import os\n\nx = 1\n"})
    hub.state.push(hub.repo, "feature")

    checked = run(
        [
            "check",
            "--suggest",
            "--gate",
            "lint",
            "--base",
            "main",
            "--format",
            "json",
            "--output",
            out,
        ]
    )
    told = run(
        ["report", "--report", out, "--repository", "octo/app", "--to", "comment", "--to", "review"]
    )

    assert (checked, told) == (1, 0)
    assert "```diff\n- import os\n" in only(hub)
    (thread,) = hub.state.threads_on(1)
    assert "```suggestion\n" in thread.comments[0].body


def step(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, **inputs: str) -> tuple[int, str]:
    """Run what actions/comment runs; its status, and the output `status`."""
    event(hub, folder, monkeypatch)
    monkeypatch.delenv("GITHUB_TOKEN")
    output = folder / "output.txt"
    output.touch()
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    monkeypatch.setenv("RUNNER_TEMP", str(folder))
    for name, value in {"to": "comment\nreview\n", "token": TOKEN, **inputs}.items():
        monkeypatch.setenv(f"INPUT_{name.upper()}", value)
    status = run(["action", "report"])
    return status, output.read_text().split("\n")[1]


def test_the_action_finds_what_the_check_left(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "gatekeeper-reports/gatekeeper.json", report([problem()]))

    assert step(hub, tmp_path, monkeypatch, name="py3.13") == (0, "0")
    assert only(hub).startswith("⛔")
    assert len(hub.state.threads_on(1)) == 1


@pytest.mark.parametrize(("fail", "status"), [("false", 0), ("true", 2)])
def test_what_the_action_could_not_write_is_a_warning_that_says_what_to_do(
    hub: Hub, red: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], fail: str, status: int,
) -> None:  # fmt: skip
    hub.state.token("ghs_few", rights={"pull-requests": "read"})

    ended = step(hub, tmp_path, monkeypatch, report=red, token="ghs_few", to="comment", fail=fail)

    assert ended == (status, "2")
    (warning,) = [it for it in capfd.readouterr().out.splitlines() if it.startswith("::warning")]
    assert "title=gatekeeper%3A comment not written::" in warning
    assert warning.endswith("add this to the job:%0Apermissions:%0A  pull-requests: write")


def test_without_a_report_the_action_says_so_and_the_verdict_stands(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert step(hub, tmp_path, monkeypatch) == (0, "2")
    assert "::warning title=gatekeeper%3A report not written::" in capfd.readouterr().out


def test_issues_can_be_looked_at_before_any_is_opened(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(told(report([problem(severity="high"), problem(line=2, severity="low")])))

    assert run(["report", "--report", str(path), "--to", "issues", "--dry-run"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("# F401: a.py:1\n\n🟧 **high** · `ruff/F401`")
    assert said.count("# F401") == 1, "what is less than issues.severity gets none"
    assert hub.fake.log == []
