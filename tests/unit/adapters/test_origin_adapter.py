"""What events tell: GitHub's own examples of all of them, and addresses of remotes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.adapters.actions import read_origin
from gatekeeper.adapters.origin import from_remote, is_repository, read_event


def examples(descriptions: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every event that GitHub gives an example of."""
    folder = descriptions / "node_modules/@octokit/webhooks-examples"
    found = []
    for index in sorted(folder.glob("*/index.json")):
        for event in json.loads(index.read_bytes()):
            found += [(event["name"], payload) for payload in event["examples"]]
    return found


def test_every_event_of_github_can_be_read(descriptions: Path, tmp_path: Path) -> None:
    seen = set()
    for name, payload in examples(descriptions):
        path = tmp_path / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")

        told = read_event(str(path))

        pull = payload.get("pull_request")
        if pull:
            assert (told.number, told.commit) == (pull["number"], pull["head"]["sha"])
        elif name == "merge_group" and "merge_group" in payload:
            assert told.commit == payload["merge_group"]["head_sha"]
        else:
            assert (told.number, told.commit) == (0, "")
        seen.add(name)
    assert {"pull_request", "pull_request_review", "merge_group", "issue_comment", "push"} <= seen


@given(st.binary(max_size=200))
def test_no_event_file_is_an_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("event") / "event.json"
    path.write_bytes(raw)

    read_event(str(path))


def test_a_huge_event_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(b'{"pull_request": {"number": 7}, "x": "' + b"x" * (26 << 20) + b'"}')

    assert read_event(str(path)).number == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/octo/app.git", ("https://api.github.com", "octo/app")),
        ("https://me:secret@github.com/octo/app", ("https://api.github.com", "octo/app")),
        ("git@github.com:octo/app.git", ("https://api.github.com", "octo/app")),
        ("ssh://git@ssh.github.com:443/octo/app.git", ("https://api.github.com", "octo/app")),
        ("git@ghe.example:octo/app", ("https://ghe.example/api/v3", "octo/app")),
        ("https://ghe.example:8443/octo/app", ("https://ghe.example:8443/api/v3", "octo/app")),
        ("/srv/git/app.git", ("", "")),
        ("https://github.com/octo", ("", "")),
        ("https://github.com/octo/app/more", ("", "")),
        ("https://evil.example/../octo/app", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_remote_tells_the_repository(url: str, expected: tuple[str, str]) -> None:
    assert from_remote(url) == expected


@pytest.mark.parametrize("name", ["a/..", "a/.", "../a", "a", "a/b/c", "a b/c", "a/b\n"])
def test_what_is_no_repository(name: str) -> None:
    assert not is_repository(name)


def test_our_own_token_comes_before_others_and_none_is_shown() -> None:
    told = read_origin({"GITHUB_TOKEN": "one", "GH_TOKEN": "two", "GATEKEEPER_TOKEN": " three\n"})

    assert told.token == "three"
    assert "three" not in repr(told)


def test_odd_numbers_and_names_of_a_runner_are_left_out() -> None:
    told = read_origin(
        {
            "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "9" * 40, "GITHUB_RUN_ATTEMPT": "x",
            "GITHUB_REPOSITORY": "a/../b", "GITHUB_SHA": "main",
        }
    )  # fmt: skip

    assert (told.run, told.attempt, told.repository, told.commit) == (0, 1, "", "")
