"""What goes wrong between here and GitHub: limits, faults, refusals, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatekeeper.adapters.github import GitHub
from gatekeeper.adapters.github_errors import Answer, problem
from gatekeeper.adapters.github_http import Access
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import DraftComment
from tests.fakes.github.hub import Hub

# In two pieces, so that nothing here looks like a token.
TOKEN = "ghs_" + "16C7e42F292c6912E7710c838347Ae178B4a"


def refused(hub: Hub, number: int, **more: object) -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        hub.fake.forge(**more).add_comment(number, "text")  # type: ignore[arg-type] # of Access
    return caught.value


@pytest.fixture
def number(github: Hub) -> int:
    return github.pull({"a.py": "x = 1\n"})


@pytest.mark.parametrize("status", [500, 502, 503, 0])
def test_looking_is_repeated_after_a_fault(github: Hub, number: int, status: int) -> None:
    github.fake.fail("GET", "/pulls/", status, times=3)
    forge = github.fake.forge()

    assert forge.pull_request(number).number == number
    assert forge.requests == 4
    assert github.state.clock.slept == [1, 2, 4]


def test_it_is_not_repeated_for_ever(github: Hub, number: int) -> None:
    github.fake.fail("GET", "/pulls/", 500, times=4)

    with pytest.raises(ForgeError) as caught:
        github.fake.forge().pull_request(number)

    assert (caught.value.kind, caught.value.exit_status) == ("unavailable", 3)
    assert "GET /repos/octo/app/pulls/1" in str(caught.value)


@pytest.mark.parametrize("after", [True, False])
def test_what_makes_something_new_is_not_repeated_blindly(
    github: Hub, number: int, after: bool
) -> None:
    github.fake.fail("POST", "/comments", 0, after=after)

    error = refused(github, number)

    assert (error.kind, error.uncertain) == ("unreachable", True)
    assert len(github.state.on(number)) == int(after)


def test_what_was_never_sent_is_certainly_not_done(github: Hub) -> None:
    forge = GitHub(Access("http://127.0.0.1:9", "octo/app", TOKEN))
    forge._api._pace = type(forge._api._pace)(sleep=lambda seconds: None)

    with pytest.raises(ForgeError) as caught:
        forge.add_comment(1, "text")

    assert (caught.value.kind, caught.value.uncertain) == ("unreachable", False)
    assert forge.requests == 4


def test_setting_something_is_repeated(github: Hub, number: int) -> None:
    made = github.state.remark(number, "one", github.state.bot)
    github.fake.fail("PATCH", "/comments/", 0, after=True)

    assert github.fake.forge().edit_comment(made.id, "two").body == "two"


def test_the_secondary_limit_is_waited_for_as_long_as_github_asks(github: Hub, number: int) -> None:
    github.fake.fail(
        "POST", "/comments", 403, retry_after="7",
        message="You have exceeded a secondary rate limit.",
    )  # fmt: skip

    github.fake.forge().add_comment(number, "text")

    assert github.state.clock.slept == [pytest.approx(7 * 1.05)]
    assert len(github.state.on(number)) == 1


def test_the_primary_limit_is_waited_for_until_it_is_reset(github: Hub, number: int) -> None:
    github.fake.remaining = 0
    github.fake.reset_at = github.state.clock.now + 30

    github.fake.forge().add_comment(number, "text")

    assert 30 <= github.state.clock.slept[0] <= 35


def test_nobody_waits_for_an_hour(github: Hub, number: int) -> None:
    github.fake.remaining = 0
    github.fake.reset_at = github.state.clock.now + 3_000

    error = refused(github, number)

    assert error.kind == "rate-limited"
    assert "primary rate limit" in error.message
    assert "run the job again" in error.remedy
    assert github.state.clock.slept == []


def test_too_many_requests_without_a_word_are_waited_for(github: Hub, number: int) -> None:
    github.fake.fail("GET", "/pulls/", 429)

    assert github.fake.forge().pull_request(number).number == number
    assert github.state.clock.slept[0] >= 60


def test_changes_are_spread_so_that_the_limit_is_not_hit(github: Hub, number: int) -> None:
    forge = github.fake.forge()

    for at in range(90):
        forge.add_comment(number, f"{at}")

    assert len(github.state.on(number)) == 90
    assert [it for it in github.fake.log if it.status >= 400] == []


def test_a_run_has_a_budget(github: Hub, number: int) -> None:
    forge = github.fake.forge(budget=2)
    forge.pull_request(number)
    forge.pull_request(number)

    with pytest.raises(ForgeError) as caught:
        forge.pull_request(number)

    assert caught.value.kind == "budget"
    assert len(github.fake.log) == 2


def test_a_missing_permission_is_named_with_what_to_add(github: Hub, number: int) -> None:
    github.state.token("ghs_few", rights={"contents": "read"})

    error = refused(github, number, token="ghs_few")

    assert (error.kind, error.exit_status) == ("permission", 2)
    assert "needs `pull-requests: write`; add this to the job:" in error.remedy
    assert error.remedy.endswith("\npermissions:\n  pull-requests: write")


def test_where_no_permission_would_help_that_is_said_instead(github: Hub, number: int) -> None:
    github.state.token("ghs_fork", rights={"pull-requests": "read"})

    error = refused(github, number, token="ghs_fork", read_only="pull requests from forks …")

    assert error.remedy == "pull requests from forks …"


def test_a_revoked_token_is_told_from_a_weak_one(github: Hub, number: int) -> None:
    error = refused(github, number, token="ghs_unknown")

    assert (error.kind, error.uncertain) == ("unauthenticated", False)
    assert "expired" in error.remedy


def test_checks_need_a_token_of_an_app(github: Hub) -> None:
    answer = Answer(403, {}, json.dumps({"message": "You must authenticate via a GitHub App."}))

    error = problem(answer, "POST", "check-runs", "checks: write", "")

    assert "only an app's token" in error.remedy


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, "not-found"), (409, "conflict"), (410, "not-found"), (413, "too-large"),
     (422, "invalid"), (418, "invalid")],
)  # fmt: skip
def test_each_refusal_has_its_kind(github: Hub, number: int, status: int, kind: str) -> None:
    github.fake.fail("POST", "/comments", status, message="because")

    error = refused(github, number)

    assert error.kind == kind
    assert "because" in error.message


def test_resolving_threads_needs_another_right(github: Hub, number: int) -> None:
    github.state.token("ghs_few", rights={"pull-requests": "write", "contents": "read"})
    forge = github.fake.forge("ghs_few")
    forge.review(number, github.repo.git("rev-parse", "HEAD"), [DraftComment("a.py", 1, "no")])
    (thread,) = forge.conversation(number).threads

    with pytest.raises(ForgeError) as caught:
        forge.resolve([thread.node])

    assert caught.value.kind == "permission"
    assert "contents: write" in caught.value.remedy


def test_a_pull_request_that_is_not_there(github: Hub) -> None:
    with pytest.raises(ForgeError) as caught:
        github.fake.forge().conversation(7)

    assert caught.value.kind == "not-found"


def test_the_token_is_in_no_error_and_no_representation(github: Hub, number: int) -> None:
    github.state.token(TOKEN)
    github.fake.fail("GET", "/pulls/", 422, message=f"bad {TOKEN} given")
    forge = github.fake.forge(TOKEN)

    with pytest.raises(ForgeError) as caught:
        forge.pull_request(number)

    assert TOKEN not in str(caught.value) + repr(caught.value) + repr(forge._api.access)


@pytest.mark.parametrize(
    "address", ["http://example.org", "ftp://example.org", "file:///etc/passwd", "", "https://"]
)
def test_a_token_is_not_sent_in_the_clear(address: str) -> None:
    with pytest.raises(ForgeError, match="no address that a token may be sent to"):
        GitHub(Access(address, "octo/app", TOKEN))


@pytest.mark.parametrize("name", ["", "octo", "octo/", "octo/app/x", "octo/a pp", "../x", "a/b?c"])
def test_a_repository_has_an_owner_and_a_name(name: str) -> None:
    with pytest.raises(ForgeError, match="no repository"):
        GitHub(Access("https://api.github.com", name, TOKEN))


@pytest.mark.parametrize("path", ["../../issues", "a/../../../user", "./a", ".."])
def test_a_path_stays_below_its_repository(github: Hub, path: str) -> None:
    with pytest.raises(ForgeError, match="no such path"):
        github.fake.forge().file(path, "main")

    assert github.fake.log == []


def test_an_enterprise_server_has_its_api_below_a_path(descriptions: Path, tmp_path: Path) -> None:
    hub = Hub.create(descriptions, tmp_path / "ghes", prefix="/api/v3")
    number = hub.pull({"a.py": "x = 1\n"})
    for at in range(120):
        hub.state.remark(number, str(at))
    forge = hub.fake.forge()

    assert forge.conversation(number).head == hub.repo.git("rev-parse", "HEAD")
    assert len(forge.comments(number)) == 120
    assert {it.path for it in hub.fake.requests("POST")} == {"/api/graphql"}
    hub.fake.close()


def test_an_answer_that_makes_no_sense_is_an_error_in_words(github: Hub, number: int) -> None:
    github.fake.fail("GET", "/pulls/1$", 200, message="not a pull request")

    with pytest.raises(ForgeError) as caught:
        github.fake.forge().pull_request(number)

    assert caught.value.kind == "unavailable"
    assert "not as documented" in caught.value.message


def test_an_answer_that_is_no_json(github: Hub, number: int) -> None:
    github.fake.fail("GET", "/pulls/1$", 200, raw="<html>")

    with pytest.raises(ForgeError, match="no JSON"):
        github.fake.forge().pull_request(number)
