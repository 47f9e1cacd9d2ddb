"""`gatekeeper bot`: who may have what done by a comment, and that it is done once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gatekeeper.adapters.github_http import Pace
from gatekeeper.adapters.origin import read_event
from gatekeeper.cli.main import run as gatekeeper
from gatekeeper.config.waivers import WAIVER_FILE
from tests.fakes.archives import NAME, archive, told
from tests.fakes.github.commenting import (
    BY_COMMIT,
    DAY,
    MARK,
    PROBLEM,
    WAIVE,
    Begin,
    answers,
    bot,
    heard,
    kept,
    say,
    writes,
)
from tests.fakes.github.routes_runs import add_artifact, add_run
from tests.fakes.github.state import ALL_RIGHTS, Ticket
from tests.fakes.github.telling import problem, tell
from tests.fakes.reports import report
from tests.unit.reports.test_comment import assert_harmless


def test_help_tells_what_there_is_and_who_may_ask(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": "pull_requests: {commands: {fix: nobody, waive: maintain}}\n"})
    it = say(hub, "/gatekeeper help", who="mallory")

    assert bot() == 0

    (text,) = answers(hub)
    assert "- `/gatekeeper rerun` runs the checks of this commit again (takes `write`)" in text
    assert "to this branch (switched off)" in text
    assert "(takes `maintain`)" in text
    assert it.reactions == [("github-actions[bot]", "rocket")]


def test_the_same_comment_is_answered_once(begin: Begin) -> None:
    hub = begin()
    it = say(hub, "/gatekeeper help")

    assert [bot(), bot()] == [0, 0]

    assert len(answers(hub)) == 1
    assert len(it.reactions) == 1


def test_checks_run_again_and_only_those_of_the_head(begin: Begin) -> None:
    hub = begin()
    old = add_run(hub.fake, hub.state.commit_of("main"), path=".github/workflows/gatekeeper.yml")
    other = add_run(hub.fake, hub.state.commit_of("feature"), path=".github/workflows/docs.yml")
    run = kept(hub, conclusion="failure")
    it = say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert hub.state.reruns == [run]
    assert not {old, other} & set(hub.state.reruns)
    assert it.reactions == [("github-actions[bot]", "rocket")]
    assert answers(hub) == [], "the reaction says it"
    # The job dies, or is started again by hand.
    hub.state.runs[run]["status"] = "completed"
    assert bot() == 0
    assert hub.state.reruns == [run], "it heard of this command already"


def test_the_runs_that_the_comment_names_are_those_of_any_workflow(begin: Begin) -> None:
    hub = begin()
    run = add_run(hub.fake, hub.state.commit_of("feature"), path=".github/workflows/quality.yml")
    tell(hub, report([PROBLEM]), commit=hub.state.commit_of("feature"), run=run)
    say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert hub.state.reruns == [run]


def test_a_run_that_waits_to_be_allowed_is_not_started(begin: Begin) -> None:
    hub = begin(fork="mallory/app")
    kept(hub, conclusion="action_required")
    say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert hub.state.reruns == []
    assert "waits for somebody to allow it" in answers(hub)[0]


@pytest.mark.parametrize("command", ["rerun", "fix", WAIVE.removeprefix("/gatekeeper ")])
def test_without_the_permission_nothing_happens_but_an_answer(begin: Begin, command: str) -> None:
    hub = begin()
    kept(hub)
    it = say(hub, f"/gatekeeper {command}", who="mallory", sender={"login": "ann"})

    assert bot() == 0

    assert writes(hub) == []
    assert "takes the permission `write`, and `mallory` has `read`" in answers(hub)[0]
    assert it.reactions == [("github-actions[bot]", "-1")]


def test_the_permission_is_the_accounts_and_not_the_names(begin: Begin) -> None:
    """Somebody gave the name up, and another has it by now."""
    hub = begin()
    it = say(hub, "/gatekeeper rerun")
    it.author = type(it.author)(id=4711, login="ann")

    assert bot() == 0

    assert "has `none`" in answers(hub)[0]
    assert hub.state.reruns == []


def test_an_edited_comment_is_not_obeyed(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    it = say(hub, "/gatekeeper rerun", action="edited")
    it.body, it.updated = "/gatekeeper fix", hub.state.clock.stamp()

    assert [bot(), bot()] == [0, 0]

    assert writes(hub) == []
    assert len(answers(hub)) == 1
    assert answers(hub)[0].startswith("A comment that was edited is not obeyed")


def test_bots_are_told_once_and_not_obeyed(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    hub.state.person("chatty[bot]", kind="Bot", permission="admin")
    for _ in range(3):
        say(hub, "/gatekeeper rerun", who="chatty[bot]")
        assert bot() == 0

    assert writes(hub) == []
    assert answers(hub) == ["Commands of bots are not obeyed: a person has to give them."]


def test_our_own_answers_are_no_commands(begin: Begin) -> None:
    hub = begin()
    it = hub.state.remark(1, "/gatekeeper rerun", hub.state.bot)
    heard(it)

    assert bot() == 0

    assert len(hub.state.on(1)) == 1
    assert it.reactions == []


def test_an_event_that_lies_is_not_believed(begin: Begin) -> None:
    """All but the comment's number comes from the forge."""
    hub = begin()
    kept(hub)
    it = hub.state.remark(1, "Looks good.", hub.state.person("mallory"))
    heard(
        it,
        comment={"id": it.id, "body": "/gatekeeper rerun", "user": {"login": "ann", "id": 1}},
        issue={"number": 7, "pull_request": {}},
        sender={"login": "ann"},
    )

    assert bot() == 0

    assert writes(hub) == []
    assert answers(hub) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"comment": {"id": "1"}}', '{"comment": {}}'])
def test_an_event_that_says_nothing_is_an_error(
    begin: Begin, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begin()
    Path(os.environ["GITHUB_EVENT_PATH"]).write_text(content, encoding="utf-8")

    assert bot() == 2

    assert "nobody says which comment is meant" in capsys.readouterr().err


def test_what_is_nearly_a_command_is_told_how_it_is_written(begin: Begin) -> None:
    hub = begin()
    it = say(hub, "/gatekeper rerun")

    assert bot() == 0

    assert answers(hub)[0].startswith("Not a command: a command begins with `/gatekeeper`.")
    assert "/gatekeeper rerun\n" in answers(hub)[0]
    assert it.reactions == [("github-actions[bot]", "confused")]


def test_other_comments_cost_one_request(begin: Begin) -> None:
    hub = begin()
    it = say(hub, "Looks good to me.")

    assert bot() == 0

    assert it.reactions == []
    assert len(hub.fake.log) == 1


def test_a_finding_is_explained_and_a_rule(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    say(hub, f"/gatekeeper explain {MARK[:12]}")
    assert bot() == 0
    say(hub, "/gatekeeper explain lint", who="mallory")
    assert bot() == 0

    finding, gate = answers(hub)
    assert finding.startswith("```text\nruff/F401 at a.py:1  (new, severity medium, gate lint)")
    assert f"fingerprint {MARK}" in finding
    assert "as the run of this change has reported it" in finding
    assert gate.startswith("```text\nlint: a gate")


def test_what_is_unknown_is_said_to_be(begin: Begin) -> None:
    hub = begin()
    say(hub, "/gatekeeper explain 0123456789ab")

    assert bot() == 0

    assert "nothing is known about" in answers(hub)[0]
    assert "no run of this commit has ended" in answers(hub)[0]


def test_a_waiver_is_proposed_to_the_base_branch(begin: Begin) -> None:
    before = "# Ours\nversion: 1\nwaivers:\n  - rule: ruff/S105\n    paths: [tests/]\n    owner: '@sec'\n    reason: only made up\n    expires: never\n"
    hub = begin(**{WAIVER_FILE: before})
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    pull = hub.state.pulls[2]
    assert pull.branch.startswith(f"gatekeeper/waive-{MARK[:12]}-")
    assert hub.state.tickets[2].title == f"Waive ruff/F401 until {DAY}"
    text = hub.state.git("show", f"{pull.branch}:{WAIVER_FILE}")
    assert text == before + (
        f'  - fingerprint: "{MARK}"\n    paths: ["/a.py"]\n    owner: "@ann"\n'
        f'    reason: "the next release needs it"\n    expires: "{DAY}"\n'
    )
    assert hub.state.commit_of("feature^") == hub.state.commit_of("main"), "nothing else moved"
    assert answers(hub)[0].startswith("Proposed in #2: `ruff/F401` in `a.py` until")


def test_a_proposal_that_was_cut_off_is_finished_and_not_made_twice(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    say(hub, WAIVE)
    hub.fake.fail("POST", "/pulls$", 500, after=True, times=1)
    hub.fake.fail("POST", "/issues/1/comments", 500, times=1)
    assert bot() == 3

    assert bot() == 0

    assert sorted(hub.state.pulls) == [1, 2]
    branch = hub.state.pulls[2].branch
    assert hub.state.git("rev-list", "--count", f"main..{branch}").strip() == "1"
    assert len(answers(hub)) == 1


def test_a_branch_that_somebody_else_has_prepared_is_not_proposed(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    it = say(hub, WAIVE)
    branch = f"gatekeeper/waive-{MARK[:12]}-{it.id}"
    hub.repo.git("checkout", "-q", "-b", "evil")
    hub.repo.commit("evil", **{"evil.py": "X = 1\n"})
    hub.state.push(hub.repo, branch)
    hub.repo.git("checkout", "-q", "main")

    assert bot() == 0

    assert writes(hub) == []
    assert "others have pushed to it" in answers(hub)[0]


def test_a_waiver_is_committed_where_the_policy_says_so(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    assert f'fingerprint: "{MARK}"' in hub.state.git("show", f"feature:{WAIVER_FILE}")
    assert sorted(hub.state.pulls) == [1]
    assert "GitHub starts no checks for what the token of a job has pushed" in answers(hub)[0]


def test_nobody_waives_in_their_own_change(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    kept(hub)
    say(hub, WAIVE, who="octocat")

    assert bot() == 0

    assert writes(hub) == []
    assert answers(hub)[0].startswith("Nobody waives the problems of their own change")


def test_a_branch_that_moved_after_the_comment_is_left_alone(begin: Begin) -> None:
    """Whoever may push could wait for a command, and have something else in its place."""
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    for command in ("/gatekeeper fix", WAIVE, "/gatekeeper rerun"):
        hub.repo.git("checkout", "-q", "feature")
        it = say(hub, command)
        hub.push({"evil.py": f"import os  # {it.id}\n"})
        hub.repo.git("checkout", "-q", "main")
        kept(hub)
        assert bot() == 0
        assert "the branch has changed since" in answers(hub)[-1]

    assert writes(hub) == []
    assert hub.state.reruns == []


def test_another_branch_that_moved_is_no_reason_to_refuse(begin: Begin) -> None:
    hub = begin()
    run = kept(hub)
    say(hub, "/gatekeeper rerun")
    hub.state.push(hub.repo, "other")

    assert bot() == 0

    assert hub.state.reruns == [run]


@pytest.mark.parametrize(
    ("owners", "said"),
    [
        (f"/{WAIVER_FILE} @octo/security\n", "`@octo/security` decides about that"),
        ("*.py @bob @carol\n", "`@bob`, `@carol` decide about that"),
        ("*.py security@example.org\n", "`ann` is not among them"),
    ],
)
def test_only_owners_waive(begin: Begin, owners: str, said: str) -> None:
    hub = begin(**{".github/CODEOWNERS": owners})
    hub.state.teams["octo/security"] = ["bob"]
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    assert writes(hub) == []
    assert said in answers(hub)[0]


@pytest.mark.parametrize("owners", ["*.py @Ann\n", f"*.py @bob\n/{WAIVER_FILE} @octo/security\n"])
def test_an_owner_waives(begin: Begin, owners: str) -> None:
    hub = begin(**{".github/CODEOWNERS": owners})
    hub.state.teams["octo/security"] = ["bob", "ann"]
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    assert 2 in hub.state.pulls


def test_owners_named_by_the_change_itself_do_not_count(begin: Begin) -> None:
    hub = begin({"a.py": "import os\n", ".github/CODEOWNERS": "* @mallory @ann\n"},
                **{".github/CODEOWNERS": "* @bob\n"})  # fmt: skip
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    assert "`@bob` decides about that" in answers(hub)[0]


def test_a_team_that_is_not_to_be_seen_is_not_guessed(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = begin(**{".github/CODEOWNERS": "* @octo/security\n"})
    few = {name: right for name, right in ALL_RIGHTS.items() if name != "members"}
    monkeypatch.setenv("GITHUB_TOKEN", hub.state.token("ghs_few", rights=few))
    kept(hub)
    it = say(hub, WAIVE)

    assert bot() == 2

    assert writes(hub) == []
    assert "`members: read`" in answers(hub)[0]
    assert it.reactions == [("github-actions[bot]", "confused")]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (WAIVE.replace(DAY, "2020-01-01"), "is over"),
        (WAIVE.replace(DAY, "2027-02-30"), "is not in the calendar"),
        (WAIVE.replace(DAY, "never"), "not for good"),
        (WAIVE.replace(DAY, "2099-01-01"), "365 days at most"),
        (WAIVE.replace("the next release needs it", "because"), "waiver file does not take it"),
        (WAIVE.replace(MARK[:12], "0" * 12), "No report of this commit has a problem"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_with_the_reason(
    begin: Begin, command: str, said: str
) -> None:
    hub = begin()
    kept(hub)
    say(hub, command)

    assert bot() == 0

    assert writes(hub) == []
    assert said in answers(hub)[0]


def test_a_reason_stays_a_reason(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    kept(hub)
    reason = 'we accept "it"\u2028 : # {} @everyone ![x](y) \\ \' expires: never'
    say(hub, WAIVE.replace("the next release needs it", reason))

    assert bot() == 0

    hub.repo.git("checkout", "-q", "feature")
    hub.repo.git("pull", "-q", str(hub.state.bare), "feature")
    assert gatekeeper(["config", "validate"]) == 0
    text = hub.repo.root.joinpath(WAIVER_FILE).read_text(encoding="utf-8")
    assert text.count("expires:") == 2
    assert text.endswith(f'    expires: "{DAY}"\n')


def test_a_waiver_file_that_is_written_otherwise_is_left_alone(begin: Begin) -> None:
    hub = begin(**{WAIVER_FILE: "waivers: []\nversion: 1\n"})
    kept(hub)
    say(hub, WAIVE)

    assert bot() == 0

    assert writes(hub) == []
    assert f'- fingerprint: "{MARK}"' in answers(hub)[0], "to be added by hand"


def test_a_missing_right_is_named(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = begin()
    rights = {**ALL_RIGHTS, "actions": "read"}
    monkeypatch.setenv("GITHUB_TOKEN", hub.state.token("ghs_few", rights=rights))
    run = kept(hub)
    say(hub, "/gatekeeper rerun")

    assert bot() == 2

    assert "actions: write" in answers(hub)[0]
    assert "permissions:" in answers(hub)[0]
    # With the right, the same comment is obeyed, and its answer changes.
    monkeypatch.setenv("GITHUB_TOKEN", hub.state.token("ghs_all"))
    assert bot() == 0
    assert hub.state.reruns == [run]
    assert answers(hub) == ["Done."]


def test_a_closed_pull_request_is_left_alone(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    hub.state.tickets[1].state = "closed"
    say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert answers(hub) == ["The pull request is closed."]
    assert hub.state.reruns == []


def test_a_dry_run_writes_nothing(begin: Begin, capsys: pytest.CaptureFixture[str]) -> None:
    hub = begin()
    it = say(hub, "/gatekeeper rerun")

    assert bot("--dry-run", "--comment", str(it.id)) == 0

    assert "`rerun` would be done." in capsys.readouterr().out
    assert it.reactions == []
    assert answers(hub) == []


def test_a_comment_on_a_plain_issue_is_left_alone(begin: Begin) -> None:
    hub = begin()
    hub.state.tickets[7] = Ticket(7, "A bug", "", hub.state.person("ann"))
    it = hub.state.remark(7, "/gatekeeper rerun", hub.state.person("ann"))
    heard(it)

    assert bot() == 0

    assert [it.verb for it in hub.fake.log] == ["GET", "POST"], "it looks, and that is all"
    assert it.reactions == []


def test_a_command_that_is_switched_off_is_said_to_be(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": "pull_requests: {commands: {rerun: nobody}}\n"})
    kept(hub)
    say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert answers(hub) == ["`rerun` is switched off in this repository."]
    assert hub.state.reruns == []


def test_without_a_run_there_is_nothing_to_run_again(begin: Begin) -> None:
    hub = begin()
    say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert answers(hub)[0].startswith("No run of gatekeeper is known for this commit")


def test_what_runs_is_not_started_again(begin: Begin) -> None:
    hub = begin()
    kept(hub, status="in_progress", conclusion=None)
    it = say(hub, "/gatekeeper rerun")

    assert bot() == 0

    assert hub.state.reruns == []
    assert it.reactions == [("github-actions[bot]", "rocket")]


def test_a_run_that_is_too_old_is_told_in_githubs_words(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    say(hub, "/gatekeeper rerun")
    said = "Unable to retry this workflow run because it was created over a month ago"
    hub.fake.fail("POST", "/rerun$", 403, message=said)

    assert bot() == 0

    assert "created over a month ago" in answers(hub)[0]
    assert "Push a commit instead." in answers(hub)[0]


def test_a_start_whose_answer_was_lost_is_one(begin: Begin) -> None:
    hub = begin()
    run = kept(hub)
    it = say(hub, "/gatekeeper rerun")
    hub.fake.fail("POST", "/rerun$", 502, after=True)

    assert bot() == 0

    assert hub.state.reruns == [run]
    assert it.reactions == [("github-actions[bot]", "rocket")]


def test_an_answer_that_was_lost_is_not_given_twice(begin: Begin) -> None:
    hub = begin()
    say(hub, "/gatekeeper help")
    hub.fake.fail("POST", "/issues/1/comments$", 502, after=True)

    assert bot() == 0

    assert len(answers(hub)) == 1


def test_a_repository_that_lets_no_workflow_open_pull_requests_is_told_so(begin: Begin) -> None:
    hub = begin()
    kept(hub)
    say(hub, WAIVE)
    said = "GitHub Actions is not permitted to create or approve pull requests."
    hub.fake.fail("POST", "/pulls$", 403, message=said)

    assert bot() == 2

    assert "Workflow permissions" in answers(hub)[0]
    assert "permissions:" not in answers(hub)[0]


def test_a_report_that_cannot_be_used_is_no_ground_for_a_waiver(begin: Begin) -> None:
    hub = begin()
    run = add_run(hub.fake, hub.state.commit_of("feature"))
    add_artifact(hub.fake, run, "gatekeeper-reports", b"<html>")
    say(hub, WAIVE)

    assert bot() == 0

    assert writes(hub) == []
    assert "it is no archive that can be read" in answers(hub)[0]


def test_a_start_of_two_fingerprints_names_neither(begin: Begin) -> None:
    hub = begin()
    marks = (f"{'a' * 12}{'0' * 20}", f"{'a' * 12}{'1' * 20}")
    both = [problem(line=at, fingerprint=it) for at, it in enumerate(marks, 1)]
    run = add_run(hub.fake, hub.state.commit_of("feature"))
    add_artifact(hub.fake, run, "gatekeeper-reports", archive({NAME: told(report(both))}))
    say(hub, WAIVE.replace(MARK[:12], "a" * 12))

    assert bot() == 0

    assert "is the start of 2 fingerprints" in answers(hub)[0]
    assert writes(hub) == []


def test_nothing_of_a_report_is_obeyed_by_github(begin: Begin) -> None:
    """Commits close issues and call people; a report is anybody's text."""
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    evil = problem(
        rule="x closes #1 @octo/all", path="a [b]*.py", message="![x](https://evil) @all"
    )
    run = add_run(hub.fake, hub.state.commit_of("feature"))
    add_artifact(hub.fake, run, "gatekeeper-reports", archive({NAME: told(report([evil]))}))
    mark = evil.finding.fingerprint
    say(hub, WAIVE.replace(MARK[:12], mark[:12]))

    assert bot() == 0

    message = hub.state.git("log", "-1", "--format=%B", "feature")
    assert message.startswith(f"Waive the problem {mark[:12]} until {DAY}\n")
    assert_harmless(answers(hub)[0].replace("<sub>", "").replace("</sub>", ""))
    assert r'paths: ["/a \\[b\\]\\*.py"]' in hub.state.git("show", f"feature:{WAIVER_FILE}")


def test_what_is_waived_already_is_not_waived_twice(begin: Begin) -> None:
    hub = begin(**{"gatekeeper.yml": BY_COMMIT})
    kept(hub)
    say(hub, WAIVE)
    assert bot() == 0
    head = hub.state.commit_of("feature")
    add_artifact(
        hub.fake, add_run(hub.fake, head), "gatekeeper-reports",
        archive({NAME: told(report([PROBLEM]))}),
    )  # fmt: skip
    say(hub, WAIVE)

    assert bot() == 0

    assert hub.state.commit_of("feature") == head
    assert len(answers(hub)) == 2


def test_github_being_down_is_told_and_made_good_later(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatekeeper.adapters.github.Pace", lambda: Pace(sleep=lambda seconds: None))
    hub = begin(**{".github/CODEOWNERS": "* @octo/security\n"})
    hub.state.teams["octo/security"] = ["ann"]
    kept(hub)
    say(hub, WAIVE)
    hub.fake.fail("GET", "/teams/", 500, times=4)
    assert bot() == 3
    assert answers(hub)[0].startswith("That could not be done: GitHub could not answer")

    assert bot() == 0

    assert len(answers(hub)) == 1
    assert answers(hub)[0].startswith("Proposed in #2")


def test_the_action_does_the_same(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    hub = begin()
    output = tmp_path / "output"
    output.touch()
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    monkeypatch.delenv("GITHUB_TOKEN")
    few = hub.state.token("ghs_few", rights={**ALL_RIGHTS, "actions": "read"})
    monkeypatch.setenv("INPUT_TOKEN", few)
    kept(hub)
    say(hub, "/gatekeeper rerun")

    assert gatekeeper(["action", "bot"]) == 2

    said = capsys.readouterr().out
    assert "::error" in said
    assert "actions: write" in said
    assert few not in said
    monkeypatch.setenv("INPUT_TOKEN", hub.state.token("ghs_all"))
    monkeypatch.setenv("INPUT_ARTIFACT", "gatekeeper-reports")
    assert gatekeeper(["action", "bot"]) == 0
    assert len(hub.state.reruns) == 1
    monkeypatch.setenv("INPUT_TOKEN", "")
    assert gatekeeper(["action", "bot"]) == 2
    assert "there is no token" in capsys.readouterr().out
    assert output.read_text(encoding="utf-8").count("status<<") == 3


def test_events_of_comments_are_read_as_github_sends_them(
    descriptions: Path, tmp_path: Path
) -> None:
    """GitHub's own examples of the event."""
    examples = descriptions / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
    events = json.loads(examples.read_text(encoding="utf-8"))
    comments = next(it for it in events if it["name"] == "issue_comment")["examples"]
    assert comments
    for example in comments:
        path = tmp_path / "example.json"
        path.write_text(json.dumps(example), encoding="utf-8")
        assert read_event(str(path)).comment == example["comment"]["id"]
