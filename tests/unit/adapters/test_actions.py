"""What the CI around the command says about the change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatekeeper.adapters.actions import Ci, read_ci

BASE = "a1" * 20
LONG = "b2" * 32


def read(tmp_path: Path, event: str, payload: object, **environ: str) -> Ci:
    path = tmp_path / "event.json"
    path.write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    return read_ci(
        {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(path),
            **environ,
        }
    )


@pytest.mark.parametrize(
    ("event", "payload", "commit", "branch"),
    [
        ("pull_request", {"pull_request": {"base": {"sha": BASE, "ref": "main"}}}, BASE, "main"),
        ("pull_request", {"pull_request": {"base": {"sha": LONG, "ref": "main"}}}, LONG, "main"),
        (
            "pull_request_target",
            {"pull_request": {"base": {"sha": BASE, "ref": "x/y"}}},
            BASE,
            "x/y",
        ),
        ("merge_group", {"merge_group": {"base_sha": BASE, "head_sha": LONG}}, BASE, ""),
        ("push", {"before": BASE, "after": LONG, "forced": True}, BASE, ""),
        ("push", {"before": "0" * 40}, "", ""),
        ("push", {"before": "0" * 64}, "", ""),
        ("push", {"before": None, "pull_request": None}, "", ""),
        ("workflow_dispatch", {"before": BASE}, "", ""),
        ("schedule", {}, "", ""),
        ("issue_comment", {"issue": {"pull_request": {"url": "https://example.org"}}}, "", ""),
        ("pull_request", {"pull_request": {"base": {"sha": "HEAD", "ref": "m"}}}, "", "m"),
        ("pull_request", {"pull_request": {"base": {"sha": "--all", "ref": "m"}}}, "", "m"),
        ("pull_request", {"pull_request": {"base": {"sha": BASE[:39], "ref": "m"}}}, "", "m"),
        ("pull_request", {"pull_request": {"base": {"sha": BASE + "\n", "ref": "m"}}}, "", "m"),
        ("push", {"before": BASE.upper()}, "", ""),
    ],
)
def test_events(tmp_path: Path, event: str, payload: object, commit: str, branch: str) -> None:
    assert read(tmp_path, event, payload) == Ci(True, commit, branch, event=event)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe\x00",
        b'{"before": "\xff"}',
        b'{"before": 7}',
        b'{"pull_request": []}',
        b'{"pull_request": {"base": {"sha": 1}}}',
        b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"x": "' + b"y" * (26 << 20) + b'", "before": "' + BASE.encode() + b'"}',
    ],
    ids=[
        "empty", "null", "list", "text", "cut off", "no text", "no utf-8", "number", "wrong shape",
        "wrong leaf", "deep", "huge",
    ],
)  # fmt: skip
def test_a_payload_that_makes_no_sense_says_nothing(tmp_path: Path, payload: bytes) -> None:
    assert read(tmp_path, "push", payload, GITHUB_BASE_REF="main") == Ci(
        True, "", "main", event="push"
    )


def test_a_large_payload_is_read(tmp_path: Path) -> None:
    padding = ["x" * 1000] * 20_000

    assert read(tmp_path, "push", {"commits": padding, "before": BASE}).base_commit == BASE


def test_the_variable_names_the_branch_before_the_payload_does(tmp_path: Path) -> None:
    payload = {"pull_request": {"base": {"sha": BASE, "ref": "renamed"}}}

    assert read(tmp_path, "pull_request", payload, GITHUB_BASE_REF="main").base_branch == "main"


@pytest.mark.parametrize("path", ["", "/nonexistent/event.json", "/"])
def test_without_an_event_file(path: str) -> None:
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": path}

    assert read_ci(environ) == Ci(True, event="push")


@pytest.mark.parametrize(
    ("ref", "sha", "commit"),
    [
        ("refs/pull/7/merge", BASE, BASE),
        ("refs/pull/7/merge", LONG, LONG),
        ("refs/pull/7/head", BASE, ""),
        ("refs/heads/refs/pull/7/merge", BASE, ""),
        ("refs/pull/7/merge/x", BASE, ""),
        ("refs/pull/7/merge", "--all", ""),
        ("refs/heads/main", BASE, ""),
        ("", "", ""),
    ],
)
def test_the_merge_that_was_made_for_the_run(
    tmp_path: Path, ref: str, sha: str, commit: str
) -> None:
    assert read(tmp_path, "x", {}, GITHUB_REF=ref, GITHUB_SHA=sha).merge_commit == commit


def test_another_ci_says_only_that_it_is_one() -> None:
    environ = {"CI": "1", "GITHUB_EVENT_NAME": "push", "GITHUB_BASE_REF": "main"}

    assert read_ci(environ) == Ci(present=True)


def test_on_a_laptop() -> None:
    assert read_ci({}) == Ci()
