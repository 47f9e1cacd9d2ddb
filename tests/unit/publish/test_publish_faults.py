"""Whatever GitHub answers: nothing is raised, the other targets are written, and another run converges."""

from __future__ import annotations

import pytest

from gatekeeper.publish.run import Target
from gatekeeper.publish.state import parse
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, many, problem, tell
from tests.fakes.reports import report

TO: tuple[Target, ...] = ("comment", "review", "check")
ROUTES = {
    "comment": "/issues/1/comments$", "review": "/pulls/1/reviews$", "check": "/check-runs$",
}  # fmt: skip
SECONDARY = "You have exceeded a secondary rate limit"


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE})
    return github


@pytest.mark.parametrize("target", ROUTES)
@pytest.mark.parametrize(
    ("status", "message", "after"),
    [
        (403, "", False), (404, "", False), (422, "", False), (429, "", False),
        (403, SECONDARY, False), (500, "", False), (502, "", True), (0, "", False), (0, "", True),
    ],
)  # fmt: skip
def test_a_fault_costs_nothing_for_good(
    hub: Hub, target: Target, status: int, message: str, after: bool
) -> None:
    hub.fake.fail("POST", ROUTES[target], status, message=message, after=after)

    first = tell(hub, report([problem()]), to=TO)

    told = {it.target for it in first.done} | {name for name, _ in first.failed}
    assert told == set(TO)
    assert {name for name, _ in first.failed} <= {target}
    for _, error in first.failed:
        assert error.message
        assert error.remedy or status == 422
    again = tell(hub, report([problem()]), to=TO)
    assert not again.failed
    assert len([it for it in hub.state.on(1) if parse(it.body) is not None]) == 1
    assert len(hub.state.threads_on(1)) == 1
    assert [it["conclusion"] for it in hub.state.checks.values()] == ["failure"]


def test_a_problem_in_a_file_that_github_does_not_list_is_in_the_comment(github: Hub) -> None:
    """GitHub lists 3,000 files of a pull request, and no more."""
    number = github.pull({f"f{at:04}.py": "x = 1\n" for at in range(3_050)})
    last = problem("f3049.py", message="the last of all files")

    outcome = tell(github, report([last, *many(3, "f0000.py")]), to=("comment", "review"))

    assert not outcome.failed
    assert {it.path for it in github.state.threads_on(number)} == {"f0000.py"}
    assert "f3049.py" in github.state.on(number)[0].body


def test_comments_of_more_than_a_page_do_not_hide_ours(hub: Hub) -> None:
    tell(hub, report([problem()]))
    for at in range(250):
        hub.state.remark(1, f"comment {at}")

    tell(hub, report(), run=10)

    (ours,) = [it for it in hub.state.on(1) if parse(it.body) is not None]
    assert "pass" in ours.body
