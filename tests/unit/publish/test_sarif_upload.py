"""Code scanning gets everything, a file per tool; where there is none that is said once."""

from __future__ import annotations

import pytest

from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.verdict import ScannerOutcome
from gatekeeper.publish.run import Target
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import CODE, many, problem, tell, words
from tests.fakes.reports import report

TO: tuple[Target, ...] = ("sarif",)


@pytest.fixture
def hub(github: Hub) -> Hub:
    github.pull({"a.py": CODE})
    return github


def test_each_tool_has_a_file_with_all_results(hub: Hub) -> None:
    told = report(
        [
            problem(),
            problem(line=2, state="existing", blocks=False),
            problem(line=3, scanner="bandit", gate="sast"),
        ]
    )

    said = words(tell(hub, told, to=TO))

    runs = [run for it in hub.state.uploads for run in it["document"]["runs"]]
    assert [(it["tool"]["driver"]["name"], len(it["results"])) for it in runs] == [
        ("ruff", 2), ("bandit", 1),
    ]  # fmt: skip
    assert all(it["partialFingerprints"] for run in runs for it in run["results"])
    assert hub.state.uploads[0]["ref"] == "refs/pull/1/merge"
    assert said == {"sarif": "the results of 2 tools uploaded"}


def test_what_was_looked_at_is_named_and_not_the_head(hub: Hub) -> None:
    merge = hub.state.commit_of("refs/heads/main")

    tell(hub, report([problem()]), to=TO, checked=merge)

    assert hub.state.uploads[0]["commit_sha"] == merge


def test_a_tool_that_failed_or_had_nothing_to_do_makes_no_alert_look_fixed(hub: Hub) -> None:
    told = report(
        outcomes=(
            ScannerOutcome("ruff", "lint", Ran()),
            ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it crashed")),
            ScannerOutcome("mypy", "types", Skipped("not-configured", "no settings")),
        )
    )

    tell(hub, told, to=TO)

    assert [it["tool_name"] for it in hub.state.uploads] == ["ruff"]


def test_projects_do_not_replace_each_other(hub: Hub) -> None:
    tell(hub, report([problem()], project="a/b"), report([problem()], project="c"), to=TO)

    ids = [it["document"]["runs"][0]["automationDetails"]["id"] for it in hub.state.uploads]
    assert ids == ["gatekeeper/a/b/ruff/", "gatekeeper/c/ruff/"]


def test_without_code_scanning_the_rest_goes_on(hub: Hub) -> None:
    hub.state.code_scanning = False
    told = report([problem(), problem(line=3, scanner="bandit", gate="sast")])

    said = words(tell(hub, told, to=("sarif", "comment")))

    assert said["sarif"].startswith("this repository has no code scanning: switch it on")
    assert said["comment"] == "the comment says it"
    assert len(hub.fake.requests("POST", "sarifs")) == 1


def test_a_missing_permission_is_an_error_with_its_remedy(hub: Hub) -> None:
    hub.state.token("ghs_few", rights={"contents": "read"})

    outcome = tell(hub, report(many(2)), to=TO, forge=hub.fake.forge("ghs_few"))

    ((target, error),) = outcome.failed
    assert (target, error.kind) == ("sarif", "permission")
    assert "security-events: write" in error.remedy
