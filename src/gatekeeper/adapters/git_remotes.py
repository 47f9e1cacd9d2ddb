"""Other repositories, asked by git: the user's credentials and settings are git's own business."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from gatekeeper.adapters.git_process import git_environment
from gatekeeper.model.remote import Refs
from gatekeeper.ports.process import Completed, Processes, ToolError
from gatekeeper.ports.remotes import RemoteError
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex
from gatekeeper.text.redact import redact

_LISTING = 60
_HISTORY = 300
_AT_ONCE = 8
_LINE = regex(rb"([0-9a-f]{40}|[0-9a-f]{64})\t(refs/(?:heads|tags)/)([^\x00-\x20]+)")
# What a clone says about servers; all else of its settings is about that clone.
_SETTINGS = r"^(http|url|credential)\."
_OF_A_CLONE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
               "GIT_COMMON_DIR", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")  # fmt: skip
_OFFLINE = RemoteError("offline, so it was not asked", "run it again with a network")


class GitRemotes:
    """See the port `Remotes`. Nothing of what is fetched is kept, checked out or run.

    What the clone `root` says about servers and credentials counts, as for `git fetch` there: it is
    handed on in the environment, and written nowhere.
    """

    def __init__(
        self,
        processes: Processes,
        root: str,
        *,
        server: str,
        offline: bool,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.server = server
        self._processes = processes
        self._root = root
        self._offline = offline
        # Programs get folders of ours unless they are told; git's own settings are the user's.
        homes = {name: environ.get(name, "") for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        self._environ = git_environment(environ) | homes
        self._away: dict[str, str] = {}

    def refs(self, addresses: Collection[str]) -> Mapping[str, Refs | RemoteError]:
        if self._offline:
            return dict.fromkeys(addresses, _OFFLINE)
        asked = list(dict.fromkeys(addresses))
        if not asked:
            return {}
        try:
            self._settle()
        except RemoteError as error:
            return dict.fromkeys(asked, error)
        with ThreadPoolExecutor(min(_AT_ONCE, len(asked))) as pool:
            return dict(zip(asked, pool.map(self._refs, asked), strict=True))

    def held(self, address: str, commits: Collection[str]) -> frozenset[str]:
        if self._offline:
            raise _OFFLINE
        self._settle()
        with tempfile.TemporaryDirectory(prefix="gatekeeper-remote-") as folder:
            clone = os.path.join(folder, "it")
            # Commits alone are enough, where the server can leave the files out.
            self._ask(
                folder, _HISTORY, "clone", "--quiet", "--bare", "--template=",
                "--filter=tree:0", "--", address, clone,
            )  # fmt: skip
            # Asking for the very commit would make git fetch it, from a fork as well as not.
            said = self._ask(clone, _HISTORY, "rev-list", "--all", "--")
        wanted = {it.encode("ascii", "replace") for it in commits}
        return frozenset(it.decode() for it in said.stdout.split() if it in wanted)

    def _refs(self, address: str) -> Refs | RemoteError:
        try:
            with tempfile.TemporaryDirectory(prefix="gatekeeper-remote-") as folder:
                said = self._ask(
                    folder, _LISTING, "ls-remote", "--quiet", "--heads", "--tags", "--", address
                )
            return read_refs(said.stdout)
        except RemoteError as error:
            return error

    def _ask(self, folder: str, deadline: float, *arguments: str) -> Completed:
        # No repository around the temporary folder is anybody's business.
        around = {"GIT_CEILING_DIRECTORIES": os.path.dirname(folder)}
        command = ("git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", *arguments)
        try:
            done = self._processes.run(
                command, cwd=folder, deadline=deadline, env={**self._away, **around}
            )
        except ToolError as error:
            raise RemoteError(f"git {arguments[0]}: {error.message}", _REACH) from None
        if done.status:
            raise RemoteError(f"git {arguments[0]}: {_said(done.stderr)}", _REACH)
        return done

    def _settle(self) -> None:
        """The environment away from the clone, with what the clone says about servers."""
        if self._away:
            return
        try:
            done = self._processes.run(
                ("git", "config", "--local", "--includes", "--null", "--get-regexp", _SETTINGS),
                cwd=self._root,
                deadline=_LISTING,
                env=self._environ,
            )
        except ToolError as error:
            raise RemoteError(f"git config: {error.message}", "install git 2.31 or newer") from None
        away = {name: value for name, value in self._environ.items() if name not in _OF_A_CLONE}
        count = away.get("GIT_CONFIG_COUNT", "")
        number = int(count) if count.isascii() and count.isdigit() else 0
        for name, value in _settings(done.stdout if done.status == 0 else b""):
            away[f"GIT_CONFIG_KEY_{number}"] = name
            away[f"GIT_CONFIG_VALUE_{number}"] = value
            number += 1
        self._away = {**away, "GIT_CONFIG_COUNT": str(number)}


_REACH = "look whether the repository is there, and whether git can reach it from here"


def _settings(shown: bytes) -> Iterator[tuple[str, str]]:
    for entry in shown.split(b"\0"):
        name, _, value = entry.decode("utf-8", "surrogateescape").partition("\n")
        if name:
            yield name, value


def read_refs(shown: bytes) -> Refs:
    """What `git ls-remote` prints. Raises RemoteError for anything else."""
    found: dict[bytes, dict[str, str]] = {b"refs/heads/": {}, b"refs/tags/": {}}
    peeled: dict[str, str] = {}
    for row in shown.splitlines():
        line = _LINE.fullmatch(row)
        if line is None:
            raise RemoteError("it does not answer as a git server does", _REACH)
        name = line[3].decode("utf-8", "surrogateescape")
        if line[2] == b"refs/tags/" and name.endswith("^{}"):
            peeled[name[:-3]] = line[1].decode()
        else:
            found[line[2]][name] = line[1].decode()
    tags = found[b"refs/tags/"]
    objects = {tags[name]: commit for name, commit in peeled.items() if name in tags}
    return Refs(found[b"refs/heads/"], {**tags, **peeled}, objects)


def _said(stderr: str) -> str:
    rows = [row.strip() for row in stderr.splitlines()]
    text = next((row for row in rows if row.startswith(("fatal:", "error:", "ERROR:"))), "")
    return redact(printable(text))[:300] or "it did not say why"
