"""One comment per pull request: found again, changed only when the state does, whoever races."""

from __future__ import annotations

import re
import threading

import pytest

from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.model.verdict import Report
from gatekeeper.publish.comment import LIMIT
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, bodies, many, only, problem, tell, words
from tests.fakes.reports import judged, report

GREEN = report()
RED = report([problem()])


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE})
    return github


def test_a_change_that_passes_is_told_so_in_one_line(hub: Hub) -> None:
    outcome = tell(hub, GREEN)

    assert only(hub).strip().splitlines() == [
        "✅ **gatekeeper: pass** — nothing new in 2 changed files."
    ]
    assert outcome.done[0].wrote


def test_telling_the_same_again_writes_nothing_and_costs_one_request(hub: Hub) -> None:
    tell(hub, GREEN)
    forge = hub.fake.forge()

    outcome = tell(hub, GREEN, forge=forge, run=10)

    assert words(outcome) == {"comment": "nothing has changed"}
    assert forge.requests == 1


def test_a_push_that_changes_nothing_leaves_the_comment_alone(hub: Hub) -> None:
    tell(hub, GREEN)
    before = hub.state.on(1)[0].updated
    hub.push({"b.py": "x = 1\n"})

    outcome = tell(hub, GREEN, run=10)

    assert not outcome.done[0].wrote
    assert hub.state.on(1)[0].updated == before


def test_the_comment_follows_the_state(hub: Hub) -> None:
    tell(hub, RED)
    assert only(hub).startswith("⛔ **gatekeeper: blocked** — 1 problem to solve")
    first = hub.state.on(1)[0].id
    hub.push({"a.py": "import sys\n"})

    tell(hub, GREEN, run=10)

    assert only(hub).startswith("✅")
    assert [it.id for it in hub.state.on(1)] == [first]


def test_with_problems_only_a_change_that_passes_is_left_in_peace(hub: Hub) -> None:
    quiet = PullRequestOptions(comment="problems")

    said = words(tell(hub, GREEN, options=quiet))

    assert bodies(hub) == []
    assert said == {"comment": "there is nothing to say about this change yet"}
    tell(hub, RED, options=quiet, run=10)
    tell(hub, GREEN, options=quiet, run=11)
    assert only(hub).startswith("✅")


def test_an_older_run_does_not_overwrite_a_newer_one(hub: Hub) -> None:
    old = hub.repo.git("rev-parse", "HEAD")
    hub.push({"a.py": "import sys\n"})
    tell(hub, GREEN, run=10)

    said = words(tell(hub, RED, commit=old, run=9))

    assert said == {"comment": "there is a newer commit, so its run has the word"}
    assert only(hub).startswith("✅")


def test_an_older_attempt_does_not_overwrite_a_rerun(hub: Hub) -> None:
    tell(hub, GREEN, attempt=2)
    tell(hub, RED, attempt=1)

    assert only(hub).startswith("✅")


def test_after_a_forced_push_the_head_has_the_word(hub: Hub) -> None:
    old = hub.push({"a.py": CODE + "x = 1\n"})
    tell(hub, RED)
    hub.repo.git("reset", "-q", "--hard", "HEAD~1")
    hub.state.push(hub.repo, "feature", force=True)

    tell(hub, GREEN, run=10)
    assert only(hub).startswith("✅")
    tell(hub, RED, commit=old, attempt=2)
    assert only(hub).startswith("✅")


def test_a_head_that_github_does_not_know_yet_is_newer(hub: Hub) -> None:
    head = hub.push({"b.py": "x = 1\n"})
    hub.state.git("update-ref", "refs/pull/1/head", f"{head}~1")

    tell(hub, RED)

    assert only(hub).startswith("⛔")


def test_a_closed_pull_request_is_told_nothing(hub: Hub) -> None:
    hub.state.tickets[1].state = "closed"

    assert words(tell(hub, RED)) == {"comment": "the pull request is closed"}
    assert bodies(hub) == []


def test_a_comment_deleted_by_hand_is_written_anew(hub: Hub) -> None:
    tell(hub, RED)
    gone: list[int] = []

    def delete(verb: str, path: str) -> None:
        if verb == "PATCH" and not gone:
            gone.append(hub.state.remarks.popitem()[0])

    hub.fake.before.append(delete)
    tell(hub, GREEN, run=10)

    assert gone
    assert only(hub).startswith("✅")


def test_a_comment_changed_by_hand_is_put_right(hub: Hub) -> None:
    tell(hub, RED)
    it = hub.state.on(1)[0]
    it.body = it.body.replace("blocked", "splendid")

    tell(hub, RED, run=10)

    assert "splendid" not in only(hub)


def test_somebody_elses_copy_of_the_mark_is_not_ours(hub: Hub) -> None:
    tell(hub, RED)
    forged = hub.state.on(1)[0].body
    hub.state.remarks.clear()
    mallory = hub.state.person("mallory", permission="write")
    theirs = hub.state.remark(1, forged.replace("blocked", "pass"), mallory)

    tell(hub, RED, run=10)

    assert len(hub.state.on(1)) == 2
    assert "pass" in theirs.body
    assert not theirs.history


def test_where_nobody_can_see_all_comments_no_second_one_is_written(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(101):
        hub.state.remark(1, str(at))
    tell(hub, RED)
    monkeypatch.setattr("gatekeeper.adapters.github_discussion._MOST_PAGES", 1)

    said = words(tell(hub, GREEN, run=10))

    assert said == {"comment": "there are too many comments to find ours among them"}
    assert len(hub.state.on(1)) == 102


def test_a_spoilt_state_is_written_anew(hub: Hub) -> None:
    tell(hub, RED)
    it = hub.state.on(1)[0]
    it.body = re.sub(r"gatekeeper:1 \S+", "gatekeeper:1 AAAA", it.body)

    tell(hub, GREEN, run=10)

    assert only(hub).startswith("✅")


@pytest.mark.parametrize("after", [True, False])
def test_a_connection_that_is_cut_leaves_one_comment(hub: Hub, after: bool) -> None:
    hub.fake.fail("POST", "/comments", 0, after=after)

    tell(hub, RED)

    assert only(hub).startswith("⛔")


def test_jobs_have_parts_of_their_own_in_the_one_comment(hub: Hub) -> None:
    tell(hub, RED, part="ci / lint")
    tell(hub, GREEN, part="ci / types")

    text = only(hub)
    assert text.startswith("### ⛔ gatekeeper: 1 of 2 do not pass\n")
    assert "#### `ci / lint`\n\n⛔ **gatekeeper: blocked**" in text
    assert "#### `ci / types`\n\n✅ **gatekeeper: pass**" in text
    assert words(tell(hub, RED, part="ci / lint", run=10)) == {"comment": "nothing has changed"}
    tell(hub, GREEN, part="ci / lint", run=11)
    assert only(hub).startswith("### ✅ gatekeeper: all 2 pass\n")


def test_what_a_job_said_of_an_older_commit_counts_no_more(hub: Hub) -> None:
    tell(hub, GREEN, part="ci / lint")
    tell(hub, GREEN, part="ci / types")
    hub.push({"b.py": "x = 1\n"})

    tell(hub, GREEN, part="ci / lint", run=10)

    text = only(hub)
    assert text.startswith("### ⚠️ gatekeeper: all 1 pass, 1 not reported yet")
    assert "- ⚠️ `ci / types`: not reported for the newest commit yet" in text
    tell(hub, GREEN, part="ci / types", run=10)
    assert only(hub).startswith("### ✅ gatekeeper: all 2 pass")


def test_a_job_that_is_no_more_is_not_waited_for_for_ever(hub: Hub) -> None:
    tell(hub, RED, part="old / job")
    for at in range(10, 14):
        hub.push({f"b{at}.py": "x = 1\n"})
        tell(hub, GREEN, part="new / job", run=at)

    assert "old / job" not in only(hub)
    assert only(hub).startswith("✅")


def test_of_matrix_legs_under_one_name_the_worse_decides(hub: Hub) -> None:
    tell(hub, RED)
    tell(hub, GREEN)

    assert only(hub).startswith("⛔")
    tell(hub, GREEN, attempt=2)
    assert only(hub).startswith("✅")


def test_somebody_at_home_takes_the_place_of_the_only_job(hub: Hub) -> None:
    tell(hub, RED)
    tell(hub, GREEN, part="", run=10)

    assert only(hub).startswith("✅")


def test_two_jobs_that_begin_at_once_leave_one_comment(hub: Hub) -> None:
    meet = threading.Barrier(2, timeout=20)
    met = set()

    def hold(verb: str, path: str) -> None:
        # Both have looked and found none before either writes.
        if verb == "POST" and path.endswith("/comments") and threading.get_ident() not in met:
            met.add(threading.get_ident())
            meet.wait()

    hub.fake.before.append(hold)
    jobs = [
        threading.Thread(target=tell, args=(hub, told), kwargs={"part": name})
        for name, told in (("ci / lint", RED), ("ci / types", GREEN))
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=60)

    assert len(met) == 2
    text = only(hub)
    assert "`ci / lint`" in text
    assert "`ci / types`" in text


def test_two_jobs_that_change_it_at_once_lose_nothing(hub: Hub) -> None:
    tell(hub, GREEN, part="ci / first")
    meet = threading.Barrier(2, timeout=20)
    met = set()

    def hold(verb: str, path: str) -> None:
        if verb == "PATCH" and threading.get_ident() not in met:
            met.add(threading.get_ident())
            meet.wait()

    hub.fake.before.append(hold)
    jobs = [
        threading.Thread(target=tell, args=(hub, told), kwargs={"part": name})
        for name, told in (("ci / lint", RED), ("ci / types", GREEN))
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=60)

    assert len(met) == 2
    text = only(hub)
    assert [name for name in ("first", "lint", "types") if f"`ci / {name}`" not in text] == []


def test_an_old_run_that_overtakes_while_we_write_is_put_right(hub: Hub) -> None:
    old = hub.repo.git("rev-parse", "HEAD")
    tell(hub, RED, commit=old)
    stale = hub.state.on(1)[0].body
    hub.push({"a.py": "import sys\n"})
    done: list[bool] = []

    def overwrite(verb: str, path: str) -> None:
        # Somebody who looked before us writes after us, and before we look again.
        if verb == "POST" and path.endswith("/graphql") and hub.fake.requests("PATCH") and not done:
            done.append(True)
            it = hub.state.on(1)[0]
            it.history.append(it.body)
            it.body = stale

    hub.fake.before.append(overwrite)
    tell(hub, GREEN, run=10)

    assert done
    assert only(hub).startswith("✅")


def test_a_monorepo_has_a_section_per_project(hub: Hub) -> None:
    tell(
        hub,
        report([problem()], project="services/api"),
        report(project="services/web"),
        report([judged(blocks=False)], project="libs/db"),
    )

    text = only(hub)
    assert text.startswith("⛔ **gatekeeper: 1 of 3 projects do not pass**")
    assert "✅ nothing new in `services/web`" in text
    assert text.index("gatekeeper `services/api`: blocked") < text.index("gatekeeper `libs/db`")


@pytest.mark.parametrize("count", [1, 60, 1_200, 5_000])
def test_it_always_fits(hub: Hub, count: int) -> None:
    told: list[Report] = [
        report([problem(message="`x` is not used " * 40, line=at) for at in range(1, count + 1)])
    ]
    tell(hub, *told)

    body = hub.state.on(1)[0].body
    assert len(body.encode()) <= LIMIT
    assert f"{count:,} problem" in body
    assert body.count("<details>") == body.count("</details>")
    assert body.count("```") % 2 == 0
    if count > 60:
        assert (
            f"more: see [the details]({'https://github.example/octo/app/actions/runs/9'})" in body
        )


def test_many_jobs_with_much_to_say_fit(hub: Hub) -> None:
    long = report([problem(message="word " * 150, line=at) for at in range(1, 60)])
    for at in range(6):
        tell(hub, long, part=f"ci / job {at}")

    body = hub.state.on(1)[0].body
    assert len(body.encode()) <= LIMIT
    for at in range(6):
        assert f"`ci / job {at}`" in body


def test_what_is_said_is_in_order_of_importance(hub: Hub) -> None:
    tell(hub, report([problem(), *(many(3, severity="low"))]))

    text = only(hub)
    assert text.index("#### What blocks") > text.index("| Gate |")
    assert "```python\nimport os\n```" in text
