"""Which commit of whose gatekeeper the files that `init` writes refer to."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gatekeeper.setup.origin
from gatekeeper.setup.origin import Origin, origin
from gatekeeper.setup.precommit import find_entry, with_entry
from gatekeeper.setup.starter import starter
from gatekeeper.version import VERSION
from hatch_build import NAME, OriginHook
from tests.fakes.repo import Repo

COMMIT = "c" * 40


def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: object) -> Origin:
    """What is made of an origin.json."""
    path = tmp_path / "origin.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(gatekeeper.setup.origin, "shipped", lambda name: str(path))
    return origin()


@pytest.mark.parametrize(
    ("address", "repository", "url"),
    [
        ("https://github.com/org/gatekeeper.git", "org/gatekeeper", "https://github.com/org/gatekeeper"),
        ("https://ghe.example/platform/gatekeeper", "platform/gatekeeper", "https://ghe.example/platform/gatekeeper"),
        ("https://me:token@ghe.example/platform/gatekeeper/", "platform/gatekeeper", "https://ghe.example/platform/gatekeeper"),
        ("git@ghe.example:platform/gatekeeper.git", "platform/gatekeeper", "https://ghe.example/platform/gatekeeper"),
        ("ssh://git@ghe.example:22/platform/gatekeeper.git", "platform/gatekeeper", "https://ghe.example/platform/gatekeeper"),
        ("/srv/clones/gatekeeper", "org/gatekeeper", "https://github.com/org/gatekeeper"),
        ("https://github.com/acme/vendored-things", "org/gatekeeper", "https://github.com/org/gatekeeper"),
        ("https://github.com/a/b/gatekeeper", "org/gatekeeper", "https://github.com/org/gatekeeper"),
        ("https://github.com/evil\n/gatekeeper", "org/gatekeeper", "https://github.com/org/gatekeeper"),
        ("", "org/gatekeeper", "https://github.com/org/gatekeeper"),
    ],
)  # fmt: skip
def test_the_address_of_the_clone_that_it_was_built_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, repository: str, url: str
) -> None:
    found = told(monkeypatch, tmp_path, {"commit": COMMIT, "released": False, "address": address})

    assert found == Origin(repository, url, COMMIT, released=False)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"commit": 1}', '{"commit": "main"}'])
def test_without_a_commit_there_is_the_tag(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    found = told(monkeypatch, tmp_path, content)

    assert (found.commit, found.pin, found.rev) == ("", f"v{VERSION}", f"v{VERSION}")


@pytest.mark.parametrize(
    ("noted", "repository"),
    [
        ('{"url": "https://ghe.example/platform/gatekeeper.git", "vcs_info": {"commit_id": "x", "vcs": "git"}}', "platform/gatekeeper"),
        ('{"url": "https://ghe.example/platform/gatekeeper.git", "dir_info": {}}', "org/gatekeeper"),
        ('{"url": 1}', "org/gatekeeper"),
        (None, "org/gatekeeper"),
    ],
)  # fmt: skip
def test_the_installer_knows_the_address_when_the_build_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, noted: str | None, repository: str
) -> None:
    """uv builds from a copy whose remote is a folder of its own."""
    asked = SimpleNamespace(read_text=lambda name: noted if name == "direct_url.json" else None)
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: asked)

    found = told(monkeypatch, tmp_path, {"commit": COMMIT, "address": "/tmp/uv/git/db/1"})

    assert (found.repository, found.commit) == (repository, COMMIT)


def test_a_workflow_pins_the_commit_of_whoever_owns_the_copy() -> None:
    text = starter("main", Origin("platform/gatekeeper", "https://x", COMMIT, released=True))

    assert f"        uses: platform/gatekeeper@{COMMIT} # v{VERSION}\n" in text
    assert "uses: org/" not in text


def test_a_commit_that_is_no_release_says_so() -> None:
    assert Origin(commit=COMMIT).pin == f"{COMMIT} # {VERSION}, no release"
    assert Origin(commit=COMMIT).rev == COMMIT


def test_a_release_is_frozen_as_pre_commit_does_it() -> None:
    made = with_entry(None, ["gatekeeper"], Origin(commit=COMMIT, released=True)).decode()

    assert f"    rev: {COMMIT}  # frozen: v{VERSION}\n" in made
    entry = find_entry(made)
    assert entry is not None
    assert entry.rev == COMMIT


def built(repo: Repo, tmp_path: Path, target: str = "wheel", version: str = "standard") -> Any:
    """What the build of a clone puts into the package: its place, and what it says."""
    data: dict[str, Any] = {"force_include": {}}
    unused: Any = None
    hook = OriginHook(str(repo.root), {}, unused, unused, str(tmp_path / "dist"), target)
    hook.initialize(version, data)
    for made, place in data["force_include"].items():
        return place, json.loads(Path(made).read_text(encoding="ascii"))
    return "", None


@pytest.mark.parametrize(
    ("target", "place"), [("wheel", "gatekeeper/origin.json"), ("sdist", NAME)]
)
def test_a_build_from_a_clone_says_which_commit_it_is(
    repo: Repo, tmp_path: Path, target: str, place: str
) -> None:
    commit = repo.commit(**{"a.txt": "1\n"})
    repo.git("remote", "add", "origin", "git@ghe.example:platform/gatekeeper.git")

    found = built(repo, tmp_path, target)

    assert found == (
        place,
        {
            "commit": commit,
            "released": False,
            "address": "git@ghe.example:platform/gatekeeper.git",
        },
    )


def test_what_differs_from_the_commit_is_not_called_by_it(repo: Repo, tmp_path: Path) -> None:
    repo.commit(**{"a.txt": "1\n"})
    repo.write("a.txt", "2\n")

    assert built(repo, tmp_path) == ("", None)


def test_an_installation_in_place_is_no_commit(repo: Repo, tmp_path: Path) -> None:
    repo.commit(**{"a.txt": "1\n"})

    assert built(repo, tmp_path, version="editable") == ("", None)


def test_a_release_says_it_itself(repo: Repo, tmp_path: Path) -> None:
    repo.commit(**{NAME: "{}"})

    assert built(repo, tmp_path) == ("", None)
