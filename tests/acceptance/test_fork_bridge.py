"""`gatekeeper report --from-run`: a fork's report reaches its pull request, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatekeeper.adapters.github_http import Pace
from gatekeeper.cli.main import run as gatekeeper
from gatekeeper.model.verdict import Suggestion
from tests.fakes.archives import NAME, archive, bomb, told
from tests.fakes.github.hub import Hub
from tests.fakes.github.routes_runs import add_artifact, add_run
from tests.fakes.github.telling import CODE, bodies, many, only, problem
from tests.fakes.reports import HOSTILE_TEXTS, full_of, report
from tests.unit.reports.test_comment import assert_harmless

FORK = "mallory/app"
RED = told(report([problem()]))
GREEN = told(report())


@pytest.fixture
def hub(github: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A pull request of a fork; the working copy is at the default branch, as in `workflow_run`."""
    github.repo.commit(
        "owners", **{".github/CODEOWNERS": "*.py @octo/core\n", "a.py": "trusted = 1\n"}
    )
    github.state.push(github.repo, "main")
    pull(github, {"a.py": CODE})
    github.repo.git("checkout", "-q", "main")
    monkeypatch.chdir(github.repo.root)
    for name, value in {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "workflow_run",
        "GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app",
        "GITHUB_SHA": github.state.commit_of("main"), "GITHUB_REF": "refs/heads/main",
        "GITHUB_RUN_ID": "88", "GITHUB_WORKFLOW": "gatekeeper reports", "GITHUB_JOB": "comment",
        "GITHUB_TOKEN": github.state.token("ghs_two"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("GH_TOKEN", "GATEKEEPER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return github


def pull(
    hub: Hub, files: dict[str, str], branch: str = "feature", fork: str = FORK, base: str = "main"
) -> int:
    hub.repo.git("checkout", "-q", "-B", branch, "main")
    hub.repo.commit("change", **files)
    hub.state.push(hub.repo, branch)
    return hub.state.open_pull(branch, base, fork=fork)


def kept(
    hub: Hub, content: bytes | None = None, name: str = "gatekeeper-reports", **run: Any
) -> int:
    """A run of the fork's branch that kept this; its number."""
    head = run.pop("head", "") or hub.state.commit_of("feature")
    number = add_run(hub.fake, head, **{"fork": FORK, **run})
    if content is not None:
        add_artifact(hub.fake, number, name, content)
    return number


def tell(run: int, *options: str) -> int:
    return gatekeeper(["report", "--from-run", str(run), *options])


def test_a_forks_report_reaches_its_pull_request(hub: Hub) -> None:
    run = kept(hub, archive({NAME: RED}))

    assert tell(run, "--to", "comment", "--to", "review") == 0

    text = only(hub)
    assert text.startswith("⛔ **gatekeeper: blocked** — 1 problem to solve")
    assert "<sub>Reported by untrusted code.</sub>" in text.splitlines()[0]
    assert f"[all details](https://github.com/octo/app/actions/runs/{run})" in text
    assert "owned by `@octo/core`" in text, "by the default branch's rules"
    assert "trusted = 1" not in text, "the default branch's code is not the change's"
    (thread,) = hub.state.threads_on(1)
    assert "· reported by untrusted code</sub>" in thread.comments[0].body
    assert "suggestion" not in thread.comments[0].body


def test_a_fix_turns_the_same_comment_green_and_takes_the_remarks_away(hub: Hub) -> None:
    tell(kept(hub, archive({NAME: RED})), "--to", "comment", "--to", "review")
    (before,) = hub.state.on(1)
    hub.repo.git("checkout", "-q", "feature")
    hub.push({"a.py": "x = 1\n"})

    assert tell(kept(hub, archive({NAME: GREEN})), "--to", "comment", "--to", "review") == 0

    assert [it.id for it in hub.state.on(1)] == [before.id]
    assert only(hub).strip() == (
        "✅ **gatekeeper: pass** — nothing new in 2 changed files."
        " <sub>Reported by untrusted code.</sub>"
    )
    assert hub.state.threads_on(1) == []


def test_a_run_for_an_older_commit_says_nothing(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    old = kept(hub, archive({NAME: GREEN}))
    hub.repo.git("checkout", "-q", "feature")
    hub.push({"a.py": CODE + "x = 1\n"})
    tell(kept(hub, archive({NAME: RED})))

    assert tell(old) == 0

    assert only(hub).startswith("⛔")
    assert "there is a newer commit" in capsys.readouterr().out


def test_a_commit_is_no_way_to_somebody_elses_pull_request(hub: Hub) -> None:
    """Mallory pushes the very commit of a pull request to a branch of the same name in her fork."""
    victim = pull(hub, {"v.py": "x = 1\n"}, branch="victim", fork="alice/app")
    head = hub.state.commit_of("victim")

    assert tell(kept(hub, archive({NAME: GREEN}), head=head, branch="victim", pulls=[victim])) == 0
    assert bodies(hub, victim) == []
    mallorys = hub.state.open_pull("victim", fork=FORK)
    tell(kept(hub, archive({NAME: GREEN}), head=head, branch="victim", pulls=[victim]))
    assert bodies(hub, victim) == []
    assert only(hub, mallorys).startswith("✅")


def test_a_second_fork_of_the_same_owner_is_another(hub: Hub) -> None:
    assert tell(kept(hub, archive({NAME: GREEN}), fork="mallory/app-2")) == 0
    assert bodies(hub) == []


def test_a_number_in_the_artifact_is_worth_nothing(hub: Hub) -> None:
    victim = pull(hub, {"v.py": "x = 1\n"}, branch="victim", fork="alice/app")
    claimed = msgspec.json.encode(
        {**msgspec.json.decode(RED), "number": victim, "pull": victim, "pull_request": victim}
    )

    assert tell(kept(hub, archive({NAME: claimed}))) == 0
    assert bodies(hub, victim) == []
    assert only(hub, 1).startswith("⛔")


@pytest.mark.parametrize("name", ["pr-number.txt", "event.json", "NR"])
def test_an_artifact_with_a_number_beside_the_report_is_none_of_ours(hub: Hub, name: str) -> None:
    assert tell(kept(hub, archive({NAME: GREEN, name: b"7"}))) == 3
    assert only(hub).startswith("⚠️ **gatekeeper: inconclusive**")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"../gatekeeper.json": GREEN}), "writes no file with the name"),
        (archive({NAME: GREEN, "../../.github/workflows/x.yml": b"x"}), "writes no file"),
        (bomb(), "more than 16 MiB"),
        (archive({NAME: b"{"}), "no JSON report"),
        (archive({}), "no `gatekeeper.json` in it"),
        (b"<html>", "no archive"),
        (None, "the run has kept no report"),
    ],
    ids=["path", "more", "bomb", "json", "empty", "html", "none"],
)
def test_a_report_that_cannot_be_used_takes_the_last_word_back(
    hub: Hub, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    tell(kept(hub, archive({NAME: GREEN})))
    hub.repo.git("checkout", "-q", "feature")
    hub.push({"a.py": CODE + "eval(input())\n"})
    files = {path for path in hub.repo.root.rglob("*") if ".git/" not in str(path)}

    assert tell(kept(hub, content)) == 3

    text = only(hub)
    assert text.startswith("⚠️ **gatekeeper: inconclusive** — the report of this run cannot be used")
    assert said in text
    assert_harmless(text.replace("https://github.com/octo/app/actions", "https://docs.x"))
    assert "artifact gatekeeper-reports of run" in capsys.readouterr().err
    assert {path for path in hub.repo.root.rglob("*") if ".git/" not in str(path)} == files


def test_nothing_is_written_for_it_when_only_asked_what_would_be(hub: Hub) -> None:
    assert tell(kept(hub, b"x"), "--dry-run") == 3
    assert tell(kept(hub, b"x"), "--to", "review") == 3
    assert bodies(hub) == []


def test_an_artifact_that_is_too_large_is_not_downloaded(hub: Hub) -> None:
    assert tell(kept(hub, b"\0" * (16 * 1024 * 1024 + 1))) == 3
    assert hub.fake.requests("GET", "/zip$") == []
    assert "more than 16 MiB" in only(hub)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"size_in_bytes": 10}, "it has more than 16 MiB"),
        ({"digest": "sha256:" + "0" * 64}, "it is not what the run has kept"),
        ({"expired": True}, "the run has kept no report"),
    ],
)
def test_what_is_said_of_an_artifact_is_checked(
    hub: Hub, claims: dict[str, Any], said: str
) -> None:
    large = b"\0" * (16 * 1024 * 1024 + 1) if "size_in_bytes" in claims else archive({NAME: GREEN})
    run = kept(hub)
    add_artifact(hub.fake, run, "gatekeeper-reports", large, **claims)

    assert tell(run) == 3
    assert said.replace("-", "") in only(hub).replace("`", "")


def test_text_of_the_artifact_stays_text(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    for text in (*HOSTILE_TEXTS[:24:2], "../../../../mallory/malware"):
        fix = Suggestion("a.py", 1, 1, "import evil", ("ruff",))
        evil = told(msgspec.structs.replace(full_of(text), suggestions=(fix,)))

        status = tell(kept(hub, archive({NAME: evil})), "--to", "comment", "--to", "review")

        assert status == 0
        remarks = [it.comments[0].body for it in hub.state.threads_on(1)]
        for body in [only(hub), *remarks]:
            shown = body.replace("https://github.com/octo/app/actions", "https://docs.x")
            assert_harmless(shown.replace("https://github.com/octo/app/blob/", "https://docs.x/"))
            assert "import evil" not in body
        said = capsys.readouterr()
        assert "::" not in said.out + said.err
        assert "evil" not in said.out + said.err


def test_it_decides_nothing(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    """A success that the change gave itself must not pass for the check that is required."""
    run = kept(hub, archive({NAME: GREEN}))

    status = tell(run, "--to", "check", "--to", "sarif", "--to", "comment")

    assert status == 2
    assert hub.state.checks == {}
    assert hub.state.uploads == []
    assert only(hub).startswith("✅")
    assert "must not decide anything" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"event": "push"}, "not started by a pull request"),
        ({"event": "pull_request_target"}, "not started by a pull request"),
        ({"status": "in_progress", "conclusion": None}, "has not ended yet"),
        ({"conclusion": "action_required"}, "waits for somebody to allow it"),
        ({"branch": ""}, "that is gone"),
        ({"branch": "other"}, "the head of no open pull request"),
        ({"head": "f" * 40}, "there is a newer commit"),
    ],
)
def test_whom_a_run_is_about_is_for_github_to_say(
    hub: Hub, capsys: pytest.CaptureFixture[str], more: dict[str, Any], said: str
) -> None:
    assert tell(kept(hub, archive({NAME: RED}), **more)) == 0
    assert said in capsys.readouterr().out
    assert bodies(hub) == []


def test_a_closed_pull_request_is_told_nothing(hub: Hub) -> None:
    hub.state.tickets[1].state = "closed"

    assert tell(kept(hub, archive({NAME: RED}))) == 0
    assert bodies(hub) == []


def test_of_two_pull_requests_with_one_head_nobody_knows_which_it_was(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.state.git("branch", "release", "main")
    second = hub.state.open_pull("feature", "release", fork=FORK)

    assert tell(kept(hub, archive({NAME: RED}))) == 0
    assert "the head of several pull requests" in capsys.readouterr().out
    assert bodies(hub) == bodies(hub, second) == []
    tell(kept(hub, archive({NAME: RED}), pulls=[second]))
    assert only(hub, second).startswith("⛔")


def test_the_last_attempts_artifact_counts(hub: Hub) -> None:
    run = kept(hub, archive({NAME: RED}), attempt=2)
    add_artifact(hub.fake, run, "gatekeeper-reports", archive({NAME: GREEN}))

    tell(run)

    assert only(hub).startswith("✅")


def test_projects_have_sections(hub: Hub) -> None:
    both = {
        "01-services-api/gatekeeper.json": told(report([problem()], project="services/api")),
        "02-services-web/gatekeeper.json": told(report(project="services/web")),
    }

    assert tell(kept(hub, archive(both), name="mine"), "--artifact", "mine") == 0
    first, *rest = only(hub).splitlines()
    assert "1 of 2 projects do not pass** <sub>Reported by untrusted code.</sub>" in first
    assert "`services/web`" in "\n".join(rest)


def test_twelve_hundred_findings_cost_few_requests(hub: Hub) -> None:
    run = kept(hub, archive({NAME: told(report(many(1_200)))}))
    hub.fake.log.clear()

    assert tell(run, "--to", "comment", "--to", "review") == 0

    assert len(hub.fake.log) <= 30
    assert len(hub.state.on(1)[0].body.encode()) <= 65_000
    assert "1,200 problems" in only(hub)


def test_without_a_checkout_it_works_as_well(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert tell(kept(hub, archive({NAME: RED}))) == 0
    assert only(hub).startswith("⛔")


def test_it_can_be_asked_what_would_be_said(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(kept(hub, archive({NAME: RED})), "--dry-run") == 0

    assert "⛔ **gatekeeper: blocked**" in capsys.readouterr().out
    assert bodies(hub) == []


def test_the_summary_can_be_had_as_well(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))

    assert tell(kept(hub, archive({NAME: RED})), "--to", "summary") == 0
    assert (tmp_path / "summary.md").read_text().startswith("## Blocked")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "x.json"], "--report does not go together with --from-run"),
        (["--pull", "2"], "--pull does not go together"),
        (["--commit", "a" * 40], "--commit does not go together"),
    ],
)
def test_what_it_is_about_is_not_for_the_caller_to_say(
    hub: Hub, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert tell(9, *options) == 2
    assert said in capsys.readouterr().err
    assert hub.fake.log == []


@pytest.mark.parametrize("run", ["0", "x", "-1", "1e3", "9" * 20])
def test_a_run_is_a_number(hub: Hub, run: str) -> None:
    assert gatekeeper(["report", "--from-run", run]) == 2
    assert hub.fake.log == []


def test_a_run_that_is_not_there_is_said_to_be_so(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(4711) == 2
    assert "actions/runs/4711" in capsys.readouterr().err


def test_the_right_to_read_runs_is_named_when_it_is_missing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = hub.state.token("ghs_few", rights={"pull-requests": "write", "contents": "read"})
    monkeypatch.setenv("GITHUB_TOKEN", few)

    assert tell(kept(hub, archive({NAME: RED}))) == 2
    assert "actions: read" in capsys.readouterr().err


def test_github_being_down_is_not_the_changes_fault(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatekeeper.adapters.github.Pace", lambda: Pace(sleep=lambda seconds: None))
    run = kept(hub, archive({NAME: RED}))
    hub.fake.fail("GET", "/zip$", 500, times=4)

    assert tell(run) == 3
    assert bodies(hub) == []


def test_the_action_tells_it_and_a_refusal_is_a_warning(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    for name, value in {
        "GITHUB_OUTPUT": str(tmp_path / "output"), "RUNNER_TEMP": str(tmp_path),
        "INPUT_TO": "comment\nreview\n", "INPUT_TOKEN": "ghs_two",
        "INPUT_FROM_RUN": str(kept(hub, archive({NAME: RED}))),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    assert gatekeeper(["action", "report"]) == 0
    assert only(hub).startswith("⛔")
    assert len(hub.state.threads_on(1)) == 1

    evil = archive({"../::error::x\n::add-mask::y": b""})
    monkeypatch.setenv("INPUT_FROM_RUN", str(kept(hub, evil)))
    capsys.readouterr()
    assert gatekeeper(["action", "report"]) == 0
    assert only(hub).startswith("⚠️")
    obeyed = [it for it in capsys.readouterr().out.splitlines() if it.startswith("::")]
    assert [it.partition(" ")[0] for it in obeyed if "stop-commands" not in it][-1] == "::warning"
    assert not any(it.startswith(("::error", "::add-mask")) for it in obeyed)
