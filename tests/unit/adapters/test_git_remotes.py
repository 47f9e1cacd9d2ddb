"""git asks real repositories: what is on a branch or tag is theirs, and nothing else is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gatekeeper.adapters.git_remotes import GitRemotes, read_refs
from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.model.remote import Refs
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.remotes import RemoteError
from tests.fakes.remotes import SERVER, Github, environment
from tests.fakes.repo import Repo

AT = f"{SERVER}/actions/checkout"


@pytest.fixture
def hub(tmp_path: Path) -> Github:
    return Github(tmp_path / "github")


def remotes(repo: Repo, environ: dict[str, str], *, offline: bool = False) -> GitRemotes:
    processes = LocalProcesses("/nonexistent")
    return GitRemotes(processes, str(repo.root), server=SERVER, offline=offline, environ=environ)


def test_tags_lead_to_commits_annotated_or_not(repo: Repo, hub: Github) -> None:
    commits = hub.action("actions/checkout", "v4.2.0", "v4.2.1")
    foreign = hub.impostor("actions/checkout")

    found = remotes(repo, environment(hub)).refs([AT, AT])[AT]

    assert isinstance(found, Refs)
    assert found.tags == commits
    assert found.branches == {"main": commits["v4.2.1"]}
    assert list(found.objects.values()) == [commits["v4.2.1"]]
    assert foreign not in {*found.tags.values(), *found.branches.values()}


def test_a_commit_of_a_fork_is_not_held(repo: Repo, hub: Github) -> None:
    """The store has it, and hands it out: what counts is whether a branch or tag leads there."""
    copy = hub.make("actions/checkout")
    first, last = copy.commit("one"), copy.commit("two")
    copy.git("push", "-q", "origin", "main")
    foreign = hub.impostor("actions/checkout")
    copy.git("fetch", "-q", str(hub.root / "actions/checkout"), foreign)

    held = remotes(repo, environment(hub)).held(AT, {first, last, foreign, "0" * 40})

    assert held == {first, last}


def test_what_cannot_be_reached_is_an_answer_of_its_own(repo: Repo, hub: Github) -> None:
    hub.action("actions/checkout", "v1")
    asked = remotes(repo, environment(hub))
    gone = f"{SERVER}/no/such"

    found = asked.refs([AT, gone])

    assert isinstance(found[AT], Refs)
    error = found[gone]
    assert isinstance(error, RemoteError)
    assert error.message.startswith("git ls-remote: fatal:")
    with pytest.raises(RemoteError, match="git clone: fatal:"):
        asked.held(gone, {"0" * 40})


def test_offline_nobody_is_asked(repo: Repo) -> None:
    asked = remotes(repo, {"PATH": "/nonexistent"}, offline=True)

    error = asked.refs([AT])[AT]

    assert isinstance(error, RemoteError)
    assert "offline" in error.message
    with pytest.raises(RemoteError, match="offline"):
        asked.held(AT, {"0" * 40})


def test_what_the_clone_says_of_servers_counts_and_where_it_lies_does_not(
    repo: Repo, hub: Github
) -> None:
    """Credentials of actions/checkout are settings of the clone; a hook has GIT_DIR set."""
    hub.action("actions/checkout", "v1.0.0")
    repo.git("config", f"url.file://{hub.root}/.insteadOf", f"{SERVER}/")
    repo.git("config", "core.bare", "true")
    environ = {**os.environ, "GIT_DIR": str(repo.root / ".git"), "GIT_CONFIG_COUNT": "1",
               "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "somebody"}  # fmt: skip

    found = remotes(repo, environ).refs([AT])[AT]

    assert isinstance(found, Refs)
    assert list(found.tags) == ["v1.0.0"]


def test_the_user_s_own_settings_count(repo: Repo, hub: Github, tmp_path: Path) -> None:
    hub.action("actions/checkout", "v1.0.0")
    home = tmp_path / "home"
    (home / ".config" / "git").mkdir(parents=True)
    settings = Path(hub.environ["GIT_CONFIG_GLOBAL"]).read_text(encoding="utf-8")
    (home / ".config" / "git" / "config").write_text(settings, encoding="utf-8")

    found = remotes(repo, {"PATH": os.environ["PATH"], "HOME": str(home)}).refs([AT])[AT]

    assert isinstance(found, Refs)
    assert list(found.tags) == ["v1.0.0"]


def test_without_git_nothing_is_known(repo: Repo, tmp_path: Path) -> None:
    asked = remotes(repo, {"PATH": str(tmp_path)})

    error = asked.refs([AT])[AT]

    assert isinstance(error, RemoteError)
    assert error.message == "git config: git could not be started: No such file or directory"
    with pytest.raises(RemoteError, match="could not be started"):
        asked.held(AT, {"0" * 40})


def test_nothing_to_ask(repo: Repo) -> None:
    assert remotes(repo, {}).refs([]) == {}


@pytest.mark.parametrize(
    "shown", [b"<html>\n", b"abc\trefs/tags/v1\n", b"1" * 40 + b"\trefs/pull/1/head"]
)
def test_what_is_no_answer_of_a_git_server(shown: bytes) -> None:
    with pytest.raises(RemoteError, match="does not answer as a git server"):
        read_refs(shown)


def test_an_empty_repository_has_nothing() -> None:
    assert read_refs(b"") == Refs()


class Late:
    """Processes that are never done in time."""

    def run(
        self, argv: Sequence[str], *, cwd: str, deadline: float,
        env: Mapping[str, str] | None = None, inherit_env: bool = False,
    ) -> Completed:  # fmt: skip
        if "config" in argv:
            return Completed(1, b"", "")
        raise ToolError("tool-timeout", f"git was stopped after {deadline:g} s")

    def run_own(self, *_asked: object, **_how: object) -> Completed:
        raise AssertionError("nothing of the project is run")

    def cancel(self) -> None:
        return


def test_a_server_that_does_not_come_to_an_end(repo: Repo) -> None:
    asked = GitRemotes(Late(), str(repo.root), server=SERVER, offline=False, environ={})

    error = asked.refs([AT])[AT]

    assert isinstance(error, RemoteError)
    assert error.message == "git ls-remote: git was stopped after 60 s"
    with pytest.raises(RemoteError, match="git clone: git was stopped after 300 s"):
        asked.held(AT, {"0" * 40})


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine with nothing on it, and the credentials that were sent there."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Authorization", ""))
            self.send_error(404)

        def log_message(self, *_said: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_credentials_of_the_clone_go_to_their_server_and_nowhere_else(
    repo: Repo, capfd: pytest.CaptureFixture[str]
) -> None:
    with listening() as (ours, heard), listening() as (other, overheard):
        repo.git("config", f"http.{ours}/.extraheader", "AUTHORIZATION: basic c2VjcmV0")
        environ = {"PATH": os.environ["PATH"], "HOME": str(repo.root)}

        found = remotes(repo, environ).refs([f"{ours}/a/b", f"{other}/a/b"])

    assert set(heard) == {"basic c2VjcmV0"}
    assert set(overheard) == {""}
    said = [it.message for it in found.values() if isinstance(it, RemoteError)]
    assert len(said) == 2
    assert "c2VjcmV0" not in "".join([*said, *capfd.readouterr()])
