"""Check runs: never anything that GitHub would let pass, all annotations, and whole in the end."""

from __future__ import annotations

import pytest

from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.model.verdict import GateVerdict
from gatekeeper.publish.run import Target
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, many, problem, tell, words
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report

TO: tuple[Target, ...] = ("check",)
PER_GATE = PullRequestOptions(checks="per-gate")
UNSURE = report(
    gates=[GateVerdict("sast", "inconclusive", "scanner-failed", "semgrep: it crashed")]
)


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE})
    return github


def conclusions(hub: Hub) -> dict[str, str]:
    """The last check of each name."""
    return {it["name"]: it["conclusion"] for it in hub.state.checks.values()}


def test_a_pass_is_a_success_and_everything_else_a_failure(hub: Hub) -> None:
    seen = []
    for at, told in enumerate((report(), report([problem()]), UNSURE)):
        tell(hub, told, to=TO, run=at + 1)
        seen.append(conclusions(hub)["gatekeeper"])

    assert seen == ["success", "failure", "failure"]


def test_the_worst_of_several_projects_decides(hub: Hub) -> None:
    tell(hub, report(project="a"), report([problem()], project="b"), to=TO)

    assert conclusions(hub) == {"gatekeeper": "failure"}


def test_it_says_what_decides_and_where(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)

    (check,) = hub.state.checks.values()
    assert check["output"]["title"] == "Blocked: 1 problem to solve, in 2 changed files."
    assert "#### What blocks" in check["output"]["summary"]
    assert check["annotations"] == [
        {
            "path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "failure",
            "message": "`os` imported but unused", "title": "ruff/F401 (medium)",
        }
    ]  # fmt: skip


def test_what_is_new_is_annotated_by_its_weight_and_what_existed_is_not(hub: Hub) -> None:
    told = report(
        [
            problem(),
            problem(line=2, blocks=False, severity="high"),
            problem(line=3, blocks=False, severity="low"),
            problem(line=4, blocks=False, state="existing"),
            judged(path="", line=0, blocks=False),
        ]
    )
    tell(hub, told, to=TO)

    (check,) = hub.state.checks.values()
    assert [it["annotation_level"] for it in check["annotations"]] == [
        "failure", "warning", "notice",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "shown"), [(50, 50), (51, 51), (1_000, 1_000), (1_200, 1_000)])
def test_annotations_come_in_batches(hub: Hub, count: int, shown: int) -> None:
    tell(hub, report(many(count)), to=TO)

    (check,) = hub.state.checks.values()
    assert len(check["annotations"]) == shown
    assert check["conclusion"] == "failure"
    assert f"{count:,} problems to solve" in check["output"]["title"]


def test_the_same_again_writes_nothing(hub: Hub) -> None:
    tell(hub, report(many(60)), to=TO)
    forge = hub.fake.forge()

    said = words(tell(hub, report(many(60)), to=TO, forge=forge))

    assert said == {"check": "nothing has changed"}
    assert forge.requests == 1


def test_a_run_that_was_cut_off_is_completed(hub: Hub) -> None:
    hub.fake.fail("PATCH", "/check-runs/", 403, message="no more")
    cut_off = tell(hub, report(many(170)), to=TO)
    assert [target for target, _ in cut_off.failed] == ["check"]

    tell(hub, report(many(170)), to=TO)

    (check,) = hub.state.checks.values()
    assert (
        len({it["start_line"] for it in check["annotations"]}) == len(check["annotations"]) == 170
    )


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_an_answer_that_is_lost_doubles_nothing(hub: Hub, verb: str, after: bool) -> None:
    hub.fake.fail(verb, "/check-runs", 0, after=after)

    tell(hub, report(many(120)), to=TO)

    (check,) = hub.state.checks.values()
    assert [it["start_line"] for it in check["annotations"]] == list(range(1, 121))


def test_each_gate_can_have_its_own(hub: Hub) -> None:
    told = report([problem(), problem(line=2, gate="sast", scanner="bandit", blocks=False)])
    tell(hub, told, to=TO, options=PER_GATE)

    assert conclusions(hub) == {
        "gatekeeper": "failure",
        "gatekeeper / lint": "failure",
        "gatekeeper / sast": "success",
    }
    by_name = {it["name"]: it for it in hub.state.checks.values()}
    assert [it["start_line"] for it in by_name["gatekeeper / sast"]["annotations"]] == [2]


def test_a_gate_with_nothing_to_check_is_not_skipped(hub: Hub) -> None:
    idle = report(gates=[GateVerdict("workflows", "pass", "nothing-to-check", "no workflows")])

    tell(hub, idle, to=TO, options=PER_GATE)

    assert conclusions(hub)["gatekeeper / workflows"] == "success"


def test_jobs_that_have_names_have_checks_of_their_own(hub: Hub) -> None:
    tell(hub, report(), to=TO, name="py3.11")
    tell(hub, report([problem()]), to=TO, name="py3.13")

    assert conclusions(hub) == {"gatekeeper (py3.11)": "success", "gatekeeper (py3.13)": "failure"}


def test_a_leg_that_passes_does_not_hide_one_that_does_not(hub: Hub) -> None:
    tell(hub, report([problem()]), to=TO)
    tell(hub, report(), to=TO)

    assert conclusions(hub) == {"gatekeeper": "failure"}
    tell(hub, report(), to=TO, attempt=2)
    assert conclusions(hub) == {"gatekeeper": "success"}


def test_a_persons_token_cannot_write_checks_and_is_told_so(hub: Hub) -> None:
    hub.state.token("ghp_me", hub.state.person("me", permission="admin"), app=0)

    outcome = tell(hub, report(), to=TO, forge=hub.fake.forge("ghp_me"))

    ((_, error),) = outcome.failed
    assert "only an app's token" in error.remedy


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_any_text_can_be_told(hub: Hub, text: str) -> None:
    outcome = tell(hub, full_of(text), to=("check", "comment"), files={text: text})

    assert not outcome.failed
