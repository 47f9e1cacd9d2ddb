"""Which addresses may be used, and how they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.text.addresses import address_problem, is_loopback, shown


@pytest.mark.parametrize(
    "url",
    [
        "https://api.osv.dev",
        "https://user:word@mirror.example:8443/osv?x=1",
        "http://localhost:8000",
        "http://127.0.0.2:1",
        "http://[::1]:8000/osv",
    ],
)
def test_what_is_encrypted_or_stays_on_this_machine_may_be_used(url: str) -> None:
    assert address_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://api.osv.dev", "without https"),
        ("http://127.0.0.1.example.org", "without https"),
        ("http://2130706433", "without https"),
        ("file:///etc/passwd", "begins with https://"),
        ("https://", "names a host"),
        ("api.osv.dev", "begins with https://"),
        ("https://[::1", "no address"),
        ("https://host:99999", "no address"),
        ("https://host/a b", "no blanks"),
        ("https://host/\n", "no blanks"),
        ("https://hö.example", "ASCII"),
    ],
)
def test_others_may_not(url: str, said: str) -> None:
    assert said in address_problem(url)


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    address_problem(text)
    is_loopback(text)
    shown(text)


def test_credentials_are_not_shown() -> None:
    assert shown("https://user:word@host:8443/a/b?token=x#y") == "https://host:8443/a/b"
    assert shown("https://u@[::1]/a") == "https://[::1]/a"
    assert shown("https://host:99999") == "an address that cannot be read"
