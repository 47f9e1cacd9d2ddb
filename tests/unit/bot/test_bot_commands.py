"""What counts as a command, what nearly does, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.bot.commands import USAGE, Command, Near, read

MARK = "0123456789ab"


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/gatekeeper rerun", Command("rerun")),
        ("/Gatekeeper  RERUN ", Command("rerun")),
        ("Thanks!\r\n\r\n/gatekeeper help\r\n", Command("help")),
        ("/gatekeeper", Command("help")),
        (f"/gatekeeper explain {MARK}", Command("explain", MARK)),
        ("/gatekeeper explain `ruff/F401`", Command("explain", "ruff/F401")),
        (
            f"/gatekeeper waive `{MARK}` until 2027-01-31 because it is only a test, until later",
            Command("waive", MARK, "2027-01-31", "it is only a test, until later"),
        ),
        (
            f"/gatekeeper waive {MARK.upper()} UNTIL 2027-01-31 Because we accept it",
            Command("waive", MARK, "2027-01-31", "we accept it"),
        ),
        ("> /gatekeeper fix\n\n/gatekeeper rerun", Command("rerun")),
        ("```\n/gatekeeper fix\n```\n/gatekeeper rerun", Command("rerun")),
    ],
)
def test_commands(body: str, command: Command) -> None:
    assert read(body) == command


@pytest.mark.parametrize(
    ("body", "said", "usage"),
    [
        ("/gatekeeper re-run", "there is no command `re-run`", "rerun"),
        ("/gatekeeper fixx", "there is no command `fixx`", "fix"),
        ("/gatekeper rerun", "begins with `/gatekeeper`", "rerun"),
        ("@gatekeeper fix", "begins with `/gatekeeper`", "fix"),
        ("gatekeeper: explain ruff/F401", "begins with `/gatekeeper`", "explain"),
        ("Could you /gatekeeper rerun please?", "has to begin its line", "rerun"),
        ("/gatekeeper fix all", "`fix` takes nothing more", "fix"),
        ("/gatekeeper explain", "say what to explain", "explain"),
        (f"/gatekeeper waive {MARK}", "what follows `until` is missing", "waive"),
        (f"/gatekeeper waive {MARK} until 2027-01-31", "what follows `because`", "waive"),
        (f"/gatekeeper waive {MARK} until next week because so", "written as YYYY-MM-DD", "waive"),
        ("/gatekeeper waive F401 until 2027-01-31 because so", "by its fingerprint", "waive"),
    ],
)
def test_what_is_nearly_one_is_told_how_it_is_written(body: str, said: str, usage: str) -> None:
    near = read(body)

    assert isinstance(near, Near)
    assert said in near.said
    assert near.usage.startswith(f"/gatekeeper {usage}")


def test_of_two_commands_none_is_done() -> None:
    near = read("/gatekeeper rerun\n/gatekeeper fix")

    assert isinstance(near, Near)
    assert "one comment can give one command" in near.said


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Looks good to me.",
        "gatekeeper is right about this one.",
        "The gatekeeper found nothing.",
        "You can write `/gatekeeper rerun` to try again.",
        "> /gatekeeper rerun",
        "    /gatekeeper rerun",
        "~~~\n/gatekeeper rerun\n```\n/gatekeeper fix\n~~~",
        "<!-- /gatekeeper fix -->",
        "/label bug",
        "https://example.org/gatekeeper/rerun",
    ],
)
def test_other_comments_ask_for_nothing(body: str) -> None:
    assert read(body) is None


@given(st.text())
def test_no_text_is_too_odd(body: str) -> None:
    found = read(f"/gatekeeper {body}")

    assert found is None or isinstance(found, Near | Command)


@given(st.text(alphabet="abc \n>`/gatekeeper:@", max_size=200))
def test_what_is_quoted_or_hidden_is_never_done(body: str) -> None:
    lines = [f"> {line}" for line in body.split("\n")]

    assert read("\n".join(lines)) is None


def test_every_command_can_be_written_as_its_usage_says() -> None:
    filled = {"<fingerprint>": MARK, "<fingerprint or rule>": "F401", "<YYYY-MM-DD>": "2027-01-31",
              "<reason>": "we accept it"}  # fmt: skip
    for verb, (usage, _) in USAGE.items():
        written = usage
        for blank, text in filled.items():
            written = written.replace(blank, text)

        found = read(written)

        assert isinstance(found, Command)
        assert found.verb == verb
