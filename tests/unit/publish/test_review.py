"""Review comments: few, on the difference, once per problem, gone with it unless somebody answered."""

from __future__ import annotations

import threading

import pytest

from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.model.verdict import Suggestion
from gatekeeper.publish.review import suggestion
from gatekeeper.publish.run import Target
from tests.fakes.github.hub import Hub
from tests.fakes.github.state import Reply, Thread
from tests.fakes.github.telling import CODE, many, problem, tell, words
from tests.fakes.reports import judged, report

TO: tuple[Target, ...] = ("review",)
LONG = "".join(f"x{at} = {at}\n" for at in range(1, 101))


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE, "long.py": LONG})
    return github


def threads(hub: Hub) -> list[Thread]:
    return hub.state.threads_on(1)


def places(hub: Hub) -> list[tuple[str, int]]:
    return [(it.path, it.line) for it in threads(hub)]


def test_what_is_new_is_said_beside_its_line(hub: Hub) -> None:
    told = report([problem(help_url="https://docs.example.org/F401")])

    said = words(tell(hub, told, to=TO))

    (thread,) = threads(hub)
    text = thread.comments[0].body
    assert (thread.path, thread.line) == ("a.py", 1)
    assert text.startswith("**medium** `ruff/F401`: `os` imported but unused\n")
    assert "[docs.example.org](https://docs.example.org/F401)" in text
    assert said == {"review": "1 line commented on"}


def test_a_safe_fix_can_be_taken_over_with_a_click(hub: Hub) -> None:
    fix = Suggestion("a.py", 1, 2, "import sys", ("ruff",))

    tell(hub, report([problem()], suggestions=(fix,)), to=TO)

    (thread,) = threads(hub)
    assert (thread.start, thread.line) == (1, 2)
    assert "\n```suggestion\nimport sys\n```\n" in thread.comments[0].body


def test_a_fix_of_another_tool_is_not_offered_for_it(hub: Hub) -> None:
    fix = Suggestion("a.py", 1, 1, "import sys", ("ruff-format",))

    tell(hub, report([problem()], suggestions=(fix,)), to=TO)

    assert "suggestion" not in threads(hub)[0].comments[0].body


@pytest.mark.parametrize("text", ["```\n# Pass\n```", "````", "a"])
def test_a_suggestion_cannot_be_left(text: str) -> None:
    made = suggestion(Suggestion("a.py", 1, 1, text, ("ruff",)))

    fence = made.partition("suggestion")[0]
    assert made == f"{fence}suggestion\n{text}\n{fence}\n"
    assert fence not in text


def test_lines_that_go_are_an_empty_suggestion() -> None:
    assert suggestion(Suggestion("a.py", 1, 1, "", ("ruff",), removes=True)) == (
        "```suggestion\n```\n"
    )


def test_only_lines_of_the_difference_are_commented_on(hub: Hub) -> None:
    hub.repo.git("checkout", "-q", "main")
    hub.repo.commit("long", **{"old.py": LONG})
    hub.state.push(hub.repo, "main")
    number = hub.pull({"old.py": LONG.replace("x50 = 50\n", "x50 = 51\n")}, branch="second")
    told = report([problem("old.py", at) for at in (1, 46, 50, 53, 54, 100)])

    tell(hub, told, to=TO, number=number)

    assert [it.line for it in hub.state.threads_on(number)] == [50, 53]


def test_problems_that_existed_are_nobodys_business_here(hub: Hub) -> None:
    told = report(
        [
            problem(state="existing", blocks=False),
            problem(line=2, state="waived", blocks=False),
            problem(line=5, severity="low", blocks=False),
            judged(path="", line=0),
        ]
    )

    tell(hub, told, to=TO)

    assert threads(hub) == []


def test_there_are_at_most_as_many_as_configured(hub: Hub) -> None:
    tell(hub, report(many(30, "long.py")), to=TO, options=PullRequestOptions(max_inline=4))
    assert len(threads(hub)) == 4

    tell(hub, report(many(30, "long.py")), to=TO, options=PullRequestOptions(max_inline=4))
    assert len(threads(hub)) == 4

    tell(hub, report(many(30, "long.py")), to=TO, options=PullRequestOptions(max_inline=0))
    assert len(threads(hub)) == 4


def test_the_same_problem_is_never_said_twice(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)
    hub.push({"a.py": f"# moved\n{CODE}"})

    said = words(
        tell(
            hub, report([problem(fingerprint=problem().finding.fingerprint, line=2)]), to=TO, run=10
        )
    )

    assert len(threads(hub)) == 1
    assert said == {"review": "nothing has changed"}


def test_one_that_people_resolved_stays_resolved(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)
    threads(hub)[0].resolved = True

    tell(hub, report([problem()]), to=TO)

    assert len(threads(hub)) == 1
    assert threads(hub)[0].resolved


def test_what_is_solved_goes(hub: Hub) -> None:
    tell(hub, report([problem(), problem(line=2)]), to=TO)
    hub.push({"a.py": "import sys\n\n\ndef f(x):\n    return x\n"})

    said = words(tell(hub, report([problem(line=2)]), to=TO, run=10))

    assert places(hub) == [("a.py", 2)]
    assert said == {"review": "1 comment gone"}


def test_what_somebody_answered_stays(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)
    threads(hub)[0].comments.append(Reply(5, hub.state.person("ann"), "why?"))
    hub.push({"a.py": "import sys\n"})

    tell(hub, report(), to=TO, run=10)

    assert len(threads(hub)) == 1


def test_solved_ones_can_be_resolved_or_kept_instead(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)
    hub.push({"a.py": "import sys\n"})

    tell(hub, report(), to=TO, run=10, options=PullRequestOptions(outdated="keep"))
    assert [it.resolved for it in threads(hub)] == [False]
    tell(hub, report(), to=TO, run=10, options=PullRequestOptions(outdated="resolve"))
    assert [it.resolved for it in threads(hub)] == [True]
    assert words(
        tell(hub, report(), to=TO, run=10, options=PullRequestOptions(outdated="resolve"))
    ) == {"review": "nothing has changed"}


def test_jobs_leave_each_others_comments_alone(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO, part="ci / lint")

    tell(hub, report(), to=TO, part="ci / types")

    assert len(threads(hub)) == 1


def test_an_old_run_says_nothing(hub: Hub) -> None:
    old = hub.repo.git("rev-parse", "HEAD")
    hub.push({"b.py": "x = 1\n"})

    tell(hub, report([problem()]), to=TO, commit=old)

    assert threads(hub) == []


def test_two_jobs_at_once_say_it_once(hub: Hub) -> None:
    meet = threading.Barrier(2, timeout=20)
    met = set()

    def hold(verb: str, path: str) -> None:
        if path.endswith("/reviews") and threading.get_ident() not in met:
            met.add(threading.get_ident())
            meet.wait()

    hub.fake.before.append(hold)
    jobs = [
        threading.Thread(target=tell, args=(hub, report([problem()])), kwargs={"to": TO})
        for _ in range(2)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=60)

    assert len(met) == 2
    assert len(threads(hub)) == 1


@pytest.mark.parametrize("after", [True, False])
def test_an_answer_that_is_lost_leaves_one_of_each(hub: Hub, after: bool) -> None:
    hub.fake.fail("POST", "/reviews", 0, after=after)

    tell(hub, report(many(3, "long.py")), to=TO)

    assert places(hub) == [("long.py", 1), ("long.py", 2), ("long.py", 3)]


def test_one_line_that_github_refuses_costs_no_other(hub: Hub) -> None:
    hub.fake.fail("POST", "/reviews", 422)
    hub.fake.fail("POST", "/pulls/1/comments", 422)

    tell(hub, report(many(3, "long.py")), to=TO, options=PullRequestOptions(max_inline=3))

    assert len(threads(hub)) == 3


def test_a_mark_that_is_quoted_is_no_mark(hub: Hub) -> None:
    forged = f"<!-- gatekeeper:finding {problem().finding.fingerprint} 00000000 -->"
    tell(hub, report([problem(line=2, message=forged, fingerprint="ab" * 16)]), to=TO)

    tell(hub, report([problem(line=2, message=forged, fingerprint="ab" * 16), problem()]), to=TO)

    assert sorted(places(hub)) == [("a.py", 1), ("a.py", 2)]
