"""Issues about the default branch: one for each problem, whatever happens, and never a flood."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.config.issue_options import IssueDueDates, IssueOptions
from gatekeeper.model.account import Account
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Dependency, Inventory, Place
from gatekeeper.model.finding import Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.verdict import Judged, JudgedUnchecked, Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.publish.problem import due_of, problems
from gatekeeper.publish.run import Outcome as Published
from gatekeeper.publish.subject import Told
from gatekeeper.scanners.dependencies_findings import told
from gatekeeper.scanners.dependencies_items import Item
from tests.fakes.github.hub import Hub
from tests.fakes.github.state import Ticket
from tests.fakes.github.telling import problem, tell, words
from tests.fakes.reports import COMPARISON, HOSTILE_TEXTS, report, sources
from tests.unit.reports.test_comment import assert_harmless

EVERYTHING = msgspec.structs.replace(COMPARISON, base="", why="everything counts (--all)")
FILES = {"requirements.txt": "django==4.2\n", "a.py": "x = 1\n"}


def vulnerable(
    name: str = "django", advisory: str = "GHSA-1", path: str = "requirements.txt",
    version: str = "4.2", **more: Any,
) -> Judged:  # fmt: skip
    given = {
        "scanner": "dependencies", "gate": "dependencies", "rule": advisory, "severity": "high",
        "subject": f"pypi:{name}@{version}", "message": f"{name} {version} is vulnerable: it breaks.",
        "help_url": f"https://osv.dev/vulnerability/{advisory}",
    }  # fmt: skip
    return problem(path, 3, **{**given, **more})


def audit(
    *findings: Judged, outcome: Outcome | None = None, unchecked: tuple[Unchecked, ...] = (),
    paths: tuple[str, ...] = ("requirements.txt",), project: str = "", **more: Any,
) -> Report:  # fmt: skip
    """What an audit of the whole branch reports; `paths` are the manifests it has read."""
    accounts = tuple(
        Account(ecosystem="pypi", name="six", version="1.0", place=Place(it), status="clean")
        for it in paths
    )
    return report(
        findings,
        outcomes=(
            ScannerOutcome("dependencies", "dependencies", outcome or Ran(accounts=accounts)),
        ),
        unchecked=tuple(JudgedUnchecked(it, "dependencies", new=True) for it in unchecked),
        comparison=more.pop("comparison", EVERYTHING),
        project=project,
        **more,
    )


def watch(hub: Hub, *reports: Report, **more: Any) -> Published:
    given = {"ref": "refs/heads/main", "files": FILES, **more}
    return tell(hub, *reports, to=("issues",), **given)


def opened(hub: Hub) -> list[Ticket]:
    return [it for it in hub.state.tickets.values() if it.state == "open"]


def only(hub: Hub) -> Ticket:
    (ticket,) = hub.state.tickets.values()
    return ticket


def test_a_problem_gets_one_issue_with_owner_severity_and_due_date(github: Hub) -> None:
    github.state.person("ann", permission="write")
    found = vulnerable(message="django 4.2 is vulnerable: it breaks. Fixed in 4.3. Due 2026-12-05.")

    watch(github, audit(found), owners="requirements.txt @ann @octo/core\n")

    ticket = only(github)
    assert ticket.title == "GHSA-1: pypi:django"
    assert ticket.labels == ["gatekeeper", "severity: high"]
    assert ticket.assignees == ["ann"]
    seen = ticket.body.partition("\n")[2]
    assert seen.startswith(
        "🟧 **high** · `dependencies/GHSA-1` · due on **2026-12-05** · owned by `@ann`, `@octo/core`"
    )
    assert "Fixed in `4.3.`" in seen or "Fixed in 4.3." in seen
    assert (
        "- [`requirements.txt:3`](https://github.example/octo/app/blob/main/requirements.txt#L3)"
        " `pypi:django@4.2`" in seen
    )
    assert "[osv.dev](https://osv.dev/vulnerability/GHSA-1)" in seen


def test_the_same_vulnerability_in_many_places_is_one_problem(github: Hub) -> None:
    watch(
        github,
        audit(
            vulnerable(), vulnerable(path="api/requirements.txt", version="4.1", severity="critical"),
            vulnerable(advisory="GHSA-2"), vulnerable(name="flask"),
        ),
    )  # fmt: skip

    assert sorted(it.title for it in opened(github)) == [
        "GHSA-1: pypi:django", "GHSA-1: pypi:flask", "GHSA-2: pypi:django",
    ]  # fmt: skip
    body = next(it.body for it in opened(github) if it.title == "GHSA-1: pypi:django")
    assert "`api/requirements.txt:3`" in body
    assert "🟥 **critical**" in body


def test_nothing_new_writes_nothing_and_costs_three_requests(github: Hub) -> None:
    watch(github, audit(vulnerable()))
    before = only(github).updated
    forge = github.fake.forge()

    outcome = watch(github, audit(vulnerable()), forge=forge)

    assert words(outcome) == {"issues": "nothing has changed; 1 problem"}
    assert only(github).updated == before
    assert forge.requests == 3


def test_another_commit_alone_changes_nothing(github: Hub) -> None:
    watch(github, audit(vulnerable()))
    before = only(github).body
    github.repo.commit("more", **{"b.py": "x = 1\n"})
    github.state.push(github.repo, "main")

    watch(github, audit(vulnerable()), today="2026-11-28", run=10)

    assert only(github).body == before


def test_what_changed_is_brought_up_to_date_and_labels_of_people_stay(github: Hub) -> None:
    watch(github, audit(vulnerable()))
    only(github).labels += ["team: payments", "severity: low"]

    watch(github, audit(vulnerable(severity="critical")))

    assert only(github).labels == ["gatekeeper", "team: payments", "severity: critical"]
    assert "🟥 **critical**" in only(github).body


def test_it_closes_when_gone_and_opens_again_when_back(github: Hub) -> None:
    watch(github, audit(vulnerable()))

    watch(github, audit())
    ticket = only(github)
    assert (ticket.state, ticket.reason) == ("closed", "completed")
    assert "Not found any more on 2026-11-27." in ticket.body

    watch(github, audit(vulnerable()))
    assert (only(github).state, only(github).reason) == ("open", "reopened")
    assert "it breaks" in only(github).body


def test_closed_by_hand_it_is_opened_again(github: Hub) -> None:
    """To accept a problem there are waivers, with a reason and an end."""
    watch(github, audit(vulnerable()))
    only(github).state = "closed"

    watch(github, audit(vulnerable()))

    assert only(github).state == "open"


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        (
            {"state": "waived", "waiver": Waiver("@ann", "not reached", "2027-01-01", "x/y")},
            "Accepted on 2026-11-27 by `@ann` until `2027-01-01`: not reached",
        ),
        (
            {"state": "suppressed", "suppression": Suppression("vex", "not affected here")},
            "Accepted on 2026-11-27 beside the code: not affected here",
        ),
    ],
)
def test_what_is_accepted_is_closed_as_such(
    github: Hub, accepted: dict[str, Any], said: str
) -> None:
    watch(github, audit(vulnerable()))

    watch(github, audit(vulnerable(**accepted)))

    assert (only(github).state, only(github).reason) == ("closed", "not_planned")
    assert said in only(github).body


@pytest.mark.parametrize(
    "later",
    [
        audit(outcome=Failed("advisories-unavailable", "no advisories")),
        audit(outcome=Skipped("disabled", "switched off")),
        audit(outcome=Skipped("not-in-stage", "later")),
        report(comparison=EVERYTHING),
        audit(unchecked=(Unchecked("dependencies", "requirements.txt", "parse-error", "no"),)),
        audit(unchecked=(Unchecked("dependencies", "", "timeout", "no"),)),
        audit(unchecked=(
            Unchecked("dependencies", "x.txt", "unpinned", "no", subject="pypi:django"),
        )),
        audit(paths=("other/requirements.txt",)),
        audit(project="other"),
    ],
)  # fmt: skip
def test_what_was_not_looked_for_is_not_closed(github: Hub, later: Report) -> None:
    watch(github, audit(vulnerable()))

    watch(github, later)

    assert only(github).state == "open"


@pytest.mark.parametrize(
    "later",
    [
        audit(unchecked=(Unchecked("dependencies", "x.txt", "unpinned", "no", "pypi:six"),)),
        audit(unchecked=(Unchecked("licenses", "requirements.txt", "parse-error", "no"),)),
        audit(unchecked=(Unchecked("dependencies", "x.txt", "parse-error", "no"),)),
    ],
)
def test_what_was_not_checked_elsewhere_keeps_nothing_open(github: Hub, later: Report) -> None:
    watch(github, audit(vulnerable()))

    watch(github, later)

    assert only(github).state == "closed"


def test_with_its_last_manifest_a_problem_is_gone(github: Hub) -> None:
    watch(github, audit(vulnerable()))

    watch(github, audit(outcome=Skipped("no-matching-files", "no manifests")), files={})

    assert only(github).state == "closed"


def test_a_manifest_that_is_deleted_needs_no_account(github: Hub) -> None:
    watch(github, audit(vulnerable()))

    watch(github, audit(paths=("pyproject.toml",)), files={"pyproject.toml": "x"})

    assert only(github).state == "closed"


def test_a_flood_becomes_some_issues_and_one_list(github: Hub) -> None:
    many = [vulnerable(f"p{at}", severity="medium") for at in range(1_200)]
    worst = vulnerable("worst", severity="critical")
    forge = github.fake.forge()

    watch(github, audit(*many, worst), issues=IssueOptions(max_open=5), forge=forge)

    assert len(opened(github)) == 6
    assert opened(github)[0].title == "GHSA-1: pypi:worst"
    overview = opened(github)[-1]
    assert overview.title == "gatekeeper: 1,196 more problems"
    assert overview.body.count("\n- ") == 201
    assert len(overview.body) < 65_536
    assert forge.requests <= 30


def test_as_issues_are_solved_others_take_their_places(github: Hub) -> None:
    few = IssueOptions(max_open=2)
    all_of_them = [vulnerable(f"p{at}") for at in range(4)]
    watch(github, audit(*all_of_them), issues=few)
    assert [it.title for it in opened(github)] == [
        "GHSA-1: pypi:p0", "GHSA-1: pypi:p1", "gatekeeper: 2 more problems",
    ]  # fmt: skip

    # A worse one does not push out what people are at work on.
    watch(github, audit(*all_of_them, vulnerable("bad", severity="critical")), issues=few)
    assert [it.title for it in opened(github)][-1] == "gatekeeper: 3 more problems"

    watch(github, audit(*all_of_them[1:]), issues=few)
    assert sorted(it.title for it in opened(github)) == [
        "GHSA-1: pypi:p1", "GHSA-1: pypi:p2", "gatekeeper: 1 more problem",
    ]  # fmt: skip

    watch(github, audit(*all_of_them[2:]), issues=few)
    assert sorted(it.title for it in opened(github)) == ["GHSA-1: pypi:p2", "GHSA-1: pypi:p3"]

    watch(github, audit(*all_of_them), issues=few)
    assert sum("more problem" in it.title for it in github.state.tickets.values()) == 1
    assert "gatekeeper: 2 more problems" in [it.title for it in opened(github)]


def test_two_runs_that_race_leave_one_issue_for_each_problem(github: Hub) -> None:
    """Both have looked before either has written."""
    both = threading.Barrier(2)
    waiting = threading.local()

    def meet(verb: str, path: str) -> None:
        if verb == "POST" and path.endswith("/issues") and not getattr(waiting, "met", False):
            waiting.met = True
            both.wait(20)

    github.fake.before.append(meet)
    findings = [vulnerable(f"p{at}") for at in range(3)]
    outcomes: list[Published] = []

    def run() -> None:
        outcomes.append(watch(github, audit(*findings), forge=github.fake.forge()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for it in threads:
        it.start()
    for it in threads:
        it.join(60)

    assert not any(it.failed for it in outcomes)
    assert len(outcomes) == 2
    assert sorted(it.title for it in opened(github)) == [f"GHSA-1: pypi:p{at}" for at in range(3)]
    doubles = [it for it in github.state.tickets.values() if it.state == "closed"]
    assert all("The same as #" in it.body for it in doubles)
    watch(github, audit())
    assert opened(github) == []
    watch(github, audit(*findings))
    assert sorted(it.title for it in opened(github)) == [f"GHSA-1: pypi:p{at}" for at in range(3)]


def test_an_answer_that_was_lost_makes_no_second_issue(github: Hub) -> None:
    github.fake.fail("POST", "/issues$", 502, after=True)

    watch(github, audit(vulnerable()))
    watch(github, audit(vulnerable()))

    assert only(github).state == "open"


def test_a_run_that_died_half_way_is_finished_by_the_next(github: Hub) -> None:
    findings = [vulnerable(f"p{at}") for at in range(3)]
    github.fake.fail("POST", "/issues$", 403, message="no more")
    outcome = watch(github, audit(*findings))
    assert outcome.failed

    watch(github, audit(*findings))

    assert len(github.state.tickets) == 3


def test_who_may_not_be_assigned_costs_nothing_but_that(github: Hub) -> None:
    watch(github, audit(vulnerable()), owners="* @gone\n")

    assert only(github).assignees == []
    assert "owned by `@gone`" in only(github).body


def test_nobody_else_can_make_an_issue_ours(github: Hub) -> None:
    watch(github, audit(vulnerable()))
    real = only(github)
    forged = Ticket(
        77, "x", real.body, github.state.person("mallory"), labels=["gatekeeper"],
        updated=real.updated,
    )  # fmt: skip
    github.state.tickets = {77: forged, **github.state.tickets}

    watch(github, audit())

    assert (forged.state, real.state) == ("open", "closed")


def test_due_dates_by_the_policy_of_issues(github: Hub) -> None:
    policy = IssueOptions(due=IssueDueDates(high=7))
    watch(github, audit(vulnerable()), issues=policy)
    assert "due on **2026-12-04** ·" not in only(github).body
    assert "due on **2026-12-04**" in only(github).body

    watch(github, audit(vulnerable()), issues=policy, today="2026-12-05")

    assert "due on **2026-12-04** (overdue)" in only(github).body


@pytest.mark.parametrize(
    ("today", "words"), [("2026-12-01", "Due"), ("2027-01-01", "Overdue since")]
)
def test_the_audits_own_due_date_is_read_as_it_writes_it(today: str, words: str) -> None:
    """The words are the scanner's, so that they change only together with this."""
    one = Vulnerability(
        id="GHSA-1", ids=("GHSA-1",), ecosystem="pypi", name="django", version="4.2",
        severity="high", kev="2026-12-05T00:00:00Z",
    )  # fmt: skip
    place = Place("requirements.txt", 1)
    it = Item(
        inventory=Inventory("requirements", "requirements.txt"),
        dependency=Dependency(ecosystem="pypi", name="django", version="4.2", place=place),
        vulnerabilities=(one,),
    )

    (made,) = told([it], today, DependenciesOptions())

    assert f"{words} 2026-12-05." in made.finding.message
    found, _ = problems([Told(audit(vulnerable(message=made.finding.message)), sources())], "low")
    assert due_of(found[0]) == "2026-12-05"


def test_only_the_default_branch_has_issues(github: Hub) -> None:
    outcome = watch(github, audit(vulnerable()), ref="refs/pull/1/merge")

    assert words(outcome) == {"issues": "issues are about the default branch, which is main"}
    assert github.state.tickets == {}


def test_a_report_of_a_change_is_refused(github: Hub) -> None:
    outcome = watch(github, audit(vulnerable(), comparison=COMPARISON))

    ((_, error),) = outcome.failed
    assert "about a change" in error.message
    assert "--all" in error.remedy
    assert github.state.tickets == {}


def test_an_old_run_that_is_started_again_says_nothing(github: Hub) -> None:
    github.repo.commit("more", **{"b.py": "x = 1\n"})
    github.state.push(github.repo, "main")
    old = github.repo.git("rev-parse", "HEAD^")

    outcome = watch(github, audit(vulnerable()), commit=old, attempt=2)

    assert words(outcome) == {"issues": "there is a newer commit: start the workflow anew"}
    assert github.state.tickets == {}


def test_what_untrusted_code_reports_makes_no_issues(github: Hub) -> None:
    outcome = watch(github, audit(vulnerable()), untrusted=True)

    assert [target for target, _ in outcome.failed] == ["issues"]
    assert github.state.tickets == {}


def test_foreign_text_stays_text(github: Hub) -> None:
    found = [
        vulnerable(
            message=text, rule=text, path=text, subject=f"pypi:{at}{text}@{text}", help_url=text
        )
        for at, text in enumerate(HOSTILE_TEXTS)
    ]  # fmt: skip

    watch(github, audit(*found), files={}, blob="", issues=IssueOptions(max_open=len(found) - 5))

    assert len(github.state.tickets) == len(found) - 4, "with the one that lists the others"
    for ticket in github.state.tickets.values():
        assert_harmless(ticket.body.partition("\n")[2])
        assert ticket.title.isprintable()
        assert len(ticket.title) <= 200
