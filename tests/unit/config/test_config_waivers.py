"""The waiver file: who accepts what, why, and until when."""

from __future__ import annotations

import pytest

from gatekeeper.config.schema import WaiverRules
from gatekeeper.config.waivers import load_waivers
from gatekeeper.errors import ConfigError
from gatekeeper.model.waiver import Waiver

TODAY = "2026-03-01"
GOOD = {
    "rule": "ruff/S105",
    "owner": "'@team'",
    "reason": "a placeholder, never a password",
    "expires": "2026-12-31",
}
PRINT = "0123456789abcdef0123456789abcdef"


def text(**changes: str | None) -> str:
    entry = {**GOOD, **changes}
    rows = [f"{key}: {value}" for key, value in entry.items() if value is not None]
    return "version: 1\nwaivers:\n  - " + "\n    ".join(rows) + "\n"


def read(content: str | None, rules: WaiverRules | None = None) -> tuple[Waiver, ...]:
    return load_waivers(
        lambda path: content.encode() if content and path == ".gatekeeper/waivers.yml" else None,
        rules or WaiverRules(),
        TODAY,
    )


def refused(content: str, rules: WaiverRules | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(content, rules)
    return caught.value


def test_no_file_is_no_waiver() -> None:
    assert read(None) == ()
    assert read("waivers: []") == ()


def test_a_waiver_by_rule() -> None:
    assert read(text(paths="[tests/]")) == (
        Waiver(
            rule="ruff/S105",
            owner="@team",
            reason="a placeholder, never a password",
            expires="2026-12-31",
            paths=("tests/",),
            source=".gatekeeper/waivers.yml:3",
        ),
    )


def test_a_waiver_by_fingerprint() -> None:
    (waiver,) = read(text(rule=None, fingerprint=PRINT))
    assert (waiver.rule, waiver.fingerprint, waiver.target) == ("", PRINT, PRINT)


@pytest.mark.parametrize("expires", ["2026-03-01", "2020-01-01", "never", "2036-03-01"])
def test_dates_that_are_accepted(expires: str) -> None:
    """Expired ones too: the report tells, so that nobody wonders where a waiver went."""
    assert read(text(expires=expires))[0].expires == expires


def test_each_waiver_knows_its_line() -> None:
    content = text() + text(rule="a/b/c").split("waivers:\n")[1]
    assert [one.source[-2:] for one in read(content)] == [":3", ":7"]


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"rule": None}, 3, "either `rule` or `fingerprint`, found neither"),
        ({"fingerprint": PRINT}, 3, "found both"),
        ({"rule": "S105"}, 3, "waivers[0].rule: expected `scanner/rule`"),
        ({"rule": "ruff/*"}, 3, "no wildcards, found 'ruff/*'"),
        ({"rule": "ruff/"}, 3, "waivers[0].rule"),
        ({"rule": "/S105"}, 3, "waivers[0].rule"),
        ({"rule": '"ruff/S105\\n"'}, 3, "waivers[0].rule"),
        ({"rule": None, "fingerprint": "0123abc"}, 6, "32 hex digits"),
        ({"rule": None, "fingerprint": PRINT.upper()}, 6, "lower case"),
        ({"owner": None}, 3, "the key `owner` is missing"),
        ({"owner": "''"}, 4, "waivers[0].owner: expected at least 1 character"),
        ({"owner": "' '"}, 4, "nobody is named"),
        ({"reason": None}, 3, "the key `reason` is missing"),
        ({"reason": "short"}, 5, "waivers[0].reason: expected at least 10 characters"),
        ({"reason": "'..........'"}, 5, "a reason in words"),
        ({"reason": "'a         '"}, 5, "a reason in words"),
        ({"reason": "'1234567890'"}, 5, "a reason in words"),
        ({"reason": "falsepositive"}, 5, "a reason in words"),
        ({"expires": None}, 3, "the key `expires` is missing"),
        ({"expires": "2026-02-30"}, 6, "2026-02-30 is not in the calendar"),
        ({"expires": "2026-13-01"}, 6, "not in the calendar"),
        ({"expires": "0000-01-01"}, 6, "not in the calendar"),
        ({"expires": "20261231"}, 6, "waivers[0].expires: expected text"),
        ({"expires": "31.12.2026"}, 6, "waivers[0].expires: expected the last day"),
        ({"expires": "2036-03-02"}, 6, "more than 10 years away"),
        ({"paths": "[]"}, 7, "waivers[0].paths: expected a list with at least 1 value"),
        ({"paths": "[a, '']"}, 7, "waivers[0].paths[1]"),
        ({"owners": "x"}, 7, "waivers[0].owners: unknown key"),
    ],
)
def test_errors_name_line_and_key(changes: dict[str, str | None], line: int, words: str) -> None:
    error = refused(text(**changes))
    assert error.where == f".gatekeeper/waivers.yml:{line}"
    assert words in error.message


def test_a_reason_in_a_language_without_spaces() -> None:
    assert read(text(reason="测试用的占位符，并不是真正的密码"))


def test_never_can_be_forbidden() -> None:
    error = refused(text(expires="never"), WaiverRules(allow_never=False))
    assert error.where == ".gatekeeper/waivers.yml:6"
    assert "allow_never" in error.message


def test_an_example_helps() -> None:
    assert "ruff/S105" in refused(text(rule="S105")).remedy


@pytest.mark.parametrize("content", ["version: 2\nwaivers: []", "version: 1", "waivers:", "[]"])
def test_the_file_itself(content: str) -> None:
    assert refused(content).where.startswith(".gatekeeper/waivers.yml:")


def test_a_name_that_would_be_overlooked() -> None:
    with pytest.raises(ConfigError) as caught:
        load_waivers(lambda path: b"" if path.endswith(".yaml") else None, WaiverRules(), TODAY)
    assert caught.value.where == ".gatekeeper/waivers.yaml"
