"""Credentials do not survive, prose does.

Tokens are put together when the test runs: this file holds nothing that a scanner would find.
"""

from __future__ import annotations

import base64
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gatekeeper.text.redact import HIDDEN, hide_literals, redact

MIXED = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
TOKENS = {
    "github-classic": "gh" + "p_" + MIXED[:36],
    "github-app": "gh" + "s_" + MIXED[:36],
    "github-fine-grained": "github" + "_pat_" + MIXED[:22] + "_" + MIXED,
    "gitlab": "gl" + "pat-" + MIXED[:20],
    "aws-key-id": "AK" + "IA" + "Q3EGVLRT7ZJX2MNB",
    "aws-temporary": "AS" + "IA" + "Q3EGVLRT7ZJX2MNB",
    "aws-secret": "wJal" + "rXUtnFEMI/K7MDENG/bPxRfiCY" + "zQ4tVb8e1s",
    "slack": "xo" + "xb-" + "123456789012-" + MIXED[:24],
    "stripe": "sk_" + "live_" + MIXED[:24],
    "google": "AI" + "za" + MIXED[:35],
    "npm": "np" + "m_" + MIXED[:36],
    "pypi": "py" + "pi-" + MIXED,
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxIn0." + MIXED[:30],
    "hex": "deadbeef" + "0123456789abcdef" * 2,
    "base64": base64.b64encode(bytes(range(60, 100))).decode(),
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
@pytest.mark.parametrize("around", ["{}", "key = '{}'", 'f("{}", 1)', "KEY={}\n", "see {}, please"])
def test_known_kinds_of_tokens_are_hidden(token: str, around: str) -> None:
    shown = redact(around.format(token))

    assert token not in shown
    assert token[8:] not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize("word", ["hunter2", "x", "correct.horse", "p%40ss"])
def test_a_password_in_an_address_is_hidden_however_simple(word: str) -> None:
    shown = redact("postgres" + "://" + f"app:{word}" + "@db.example.org/shop")

    assert word not in shown.replace("example", "")
    assert "db.example.org/shop" in shown


def test_a_password_with_a_slash_or_an_at_sign_is_hidden_as_well() -> None:
    for word in ("se/cret", "se@cret", "se:cret"):
        assert "cret" not in redact("amqp" + "://" + f"app:{word}" + "@mq.example.org")


def test_a_password_without_a_user_is_hidden_as_well() -> None:
    assert "hunter2" not in redact("redis" + "://" + ":hunter2" + "@cache.example.org")


def test_an_address_without_a_password_stays() -> None:
    for text in ("https://example.org:8443/a", "see https://docs.astral.sh/ruff/rules/"):
        assert redact(text) == text


@given(
    st.text(string.ascii_letters + string.digits, min_size=20, max_size=60),
    st.sampled_from(["{}", "token={}", "'{}'", "a {} b", "({})", "x: {}\n"]),
)
def test_a_planted_random_token_never_survives(token: str, around: str) -> None:
    mixed = sum(char.isdigit() for char in token) >= 3 and sum(map(str.isalpha, token)) >= 3
    assume(mixed and len(set(token)) >= 10)

    assert token not in redact(around.format(token))


@given(st.binary(min_size=24, max_size=48))
def test_random_bytes_in_base64_or_hex_never_survive(secret: bytes) -> None:
    assume(len(set(secret)) > 12)
    for token in (base64.b64encode(secret).decode(), secret.hex()):
        assume(sum(map(str.isdigit, token)) >= 3 and sum(map(str.isalpha, token)) >= 3)
        assert token.strip("=") not in redact(f"value = {token}")


@pytest.mark.parametrize(
    "text",
    [
        "`os` imported but unused",
        "Undefined name `configuration_directory`",
        "Use of assert detected. The enclosed code will be removed when compiling to optimised byte code.",
        "Module level import not at top of file",
        "src/gatekeeper/adapters/git_snapshot.py",
        "test_the_first_of_two_findings_is_the_one_that_was_there_before",
        "VeryLongClassNameThatGoesOnAndOn.andAMethodOfItToo",
        "Line too long (123 > 100)",
        "expected str, found int",
        "CWE-327, CWE-798",
        "2026-01-02T03:04:05Z",
        "def handler(event, context):",
        "x = some_function(first_argument, second_argument=None)",
        "https://bandit.readthedocs.io/en/latest/plugins/index.html",
        "docker://alpine:3.20",
        "",
    ],
)
def test_ordinary_prose_and_identifiers_survive(text: str) -> None:
    assert redact(text) == text


@given(st.lists(st.text(string.ascii_lowercase, max_size=15), max_size=20))
def test_words_survive(words: list[str]) -> None:
    text = " ".join(words)

    assert redact(text) == text


@given(st.text(max_size=200))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("password = 'hunter2'", "password ="),
        ('connect("db", "hunter2")', 'connect("'),
        ("password: hunter2", "password:"),
        ("hunter2", ""),
        ("", ""),
    ],
)
def test_of_a_line_known_to_hold_a_secret_only_the_start_is_kept(line: str, kept: str) -> None:
    assert hide_literals(line) == kept + HIDDEN


@given(st.sampled_from("\"'`=:"), st.text(st.characters(codec="utf-8"), min_size=1))
def test_nothing_behind_the_first_quote_or_assignment_survives(mark: str, rest: str) -> None:
    assert hide_literals(f"name {mark}{rest}") == f"name {mark}{HIDDEN}"


def test_a_token_before_the_first_quote_is_hidden_too() -> None:
    assert TOKENS["github-classic"] not in hide_literals(TOKENS["github-classic"] + " = 1")


@pytest.mark.parametrize(
    "requirement",
    ["cryptography==50.0.2", "jsonschema-specifications==2025.9.1", "h11==0.16.0", "a_b===1.2.3"],
)
def test_a_pinned_package_is_no_secret(requirement: str) -> None:
    assert redact(f"{requirement} \\") == f"{requirement} \\"


def test_a_secret_before_a_version_is_hidden_all_the_same() -> None:
    for token in (MIXED[:14], TOKENS["hex"], TOKENS["aws-key-id"]):
        assert token not in redact(f"{token}==1.2.3")


@pytest.mark.parametrize(
    "name",
    ["GHSA-2222-3333-4444", "PYSEC-2026-15200", "CVE-2026-1234567", "MAL-2026-123456", "RUSTSEC-2026-0012"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text", ["{}", "Also known as {}.", "Also known as {}, and fixed.", "({})"]
)
def test_names_of_advisories_stay(name: str, text: str) -> None:
    assert redact(text.format(name)) == text.format(name)


def test_what_only_begins_like_one_is_hidden() -> None:
    assert "aB3d" not in redact("PYSEC-2026-15200aB3dE5fG7hJ9")
