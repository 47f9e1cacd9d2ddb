"""What telling costs, counted by the forge that was asked."""

from __future__ import annotations

import pytest

from gatekeeper.publish.run import Target
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, many, problem, tell
from tests.fakes.reports import report

TO: tuple[Target, ...] = ("comment", "review", "check")


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE, "long.py": "x = 1\n" * 1_500})
    return github


def test_a_green_rerun_costs_at_most_four_requests(hub: Hub) -> None:
    tell(hub, report(), to=TO)
    forge = hub.fake.forge()

    outcome = tell(hub, report(), to=TO, forge=forge)

    assert not outcome.failed
    assert forge.requests <= 4
    assert [it.verb for it in hub.fake.log[-forge.requests :]] == ["POST", "POST", "GET"]


def test_a_green_run_of_a_new_commit_costs_at_most_four_requests(hub: Hub) -> None:
    tell(hub, report(), to=TO)
    hub.push({"b.py": "x = 1\n"})
    forge = hub.fake.forge()

    tell(hub, report(), to=TO, run=10, attempt=1, forge=forge)

    assert forge.requests <= 4


@pytest.mark.parametrize("count", [1_000, 1_200])
def test_a_thousand_findings_cost_at_most_thirty_requests(hub: Hub, count: int) -> None:
    forge = hub.fake.forge()

    outcome = tell(hub, report(many(count, "long.py")), to=TO, forge=forge)

    assert not outcome.failed
    assert forge.requests <= 30
    (check,) = hub.state.checks.values()
    assert len(check["annotations"]) == 1_000
    assert len(hub.state.threads_on(1)) == 10


def test_a_refusal_costs_the_other_targets_nothing(hub: Hub) -> None:
    hub.fake.fail("POST", "/reviews", 403)

    outcome = tell(hub, report([problem()]), to=TO)

    assert [it.target for it in outcome.done] == ["comment", "check"]
    assert [target for target, _ in outcome.failed] == ["review"]
