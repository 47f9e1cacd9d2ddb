"""GitHub's files, commits and branches."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from gatekeeper.adapters.github_http import Api
from gatekeeper.adapters.github_wire import (
    WireActivity,
    WireCommit,
    WireComparison,
    WireContent,
    WireRepository,
    WireSha,
    WireTree,
    actor,
    read,
)
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Ancestry, Commit, FileContent, Push, Tree

_READ = "contents: read"
_WRITE = "contents: write"
_STATUS: dict[str, Ancestry] = {
    "identical": "identical", "ahead": "ahead", "behind": "behind", "diverged": "diverged",
}  # fmt: skip


class GitHubContents:
    """The port `Contents`."""

    _api: Api

    def default_branch(self) -> str:
        path = f"/repos/{self._api.access.repository}"
        answer = self._api.call("GET", path, needs="metadata: read")
        return read(answer, WireRepository, path).default_branch

    def file(self, path: str, ref: str) -> FileContent | None:
        asked = f"contents/{quote(path)}"
        answer = self._api.call("GET", asked, needs=_READ, query={"ref": ref}, allow=(404,))
        if not isinstance(answer, dict):  # nothing, or a folder
            return None
        wire = read(answer, WireContent, asked)
        if wire.type != "file":
            return None
        if wire.encoding == "none":  # past 1 MB only the blob has it
            wire = read(
                self._api.call("GET", f"git/blobs/{wire.sha}", needs=_READ), WireContent, asked
            )
        try:
            content = base64.b64decode(wire.content)
        except binascii.Error:
            raise ForgeError(
                "unavailable", "the file's content is no base64", where=asked
            ) from None
        return FileContent(path, content, wire.sha)

    def branch_head(self, branch: str) -> str:
        path = f"git/ref/heads/{quote(branch)}"
        answer = self._api.call("GET", path, needs=_READ, allow=(404,))
        found = answer.get("object") if isinstance(answer, dict) else None
        return read(found, WireSha, path).sha if found else ""

    def ancestry(self, base: str, head: str) -> Ancestry:
        if base == head:
            return "identical"
        path = f"compare/{quote(base, safe='')}...{quote(head, safe='')}"
        answer = self._api.call("GET", path, needs=_READ, query={"per_page": "1"}, allow=(404,))
        status = answer.get("status") if isinstance(answer, dict) else None
        return _STATUS.get(str(status), "unknown")

    def merge_base(self, base: str, head: str) -> str:
        path = f"compare/{quote(base, safe='')}...{quote(head, safe='')}"
        answer = self._api.call("GET", path, needs=_READ, query={"per_page": "1"}, allow=(404,))
        found = read(answer, WireComparison, path).merge_base_commit if answer else None
        return found.sha if found else ""

    def commit(self, commit: str) -> Commit:
        path = f"git/commits/{quote(commit, safe='')}"
        it = read(self._api.call("GET", path, needs=_READ), WireCommit, path)
        return Commit(it.sha, it.message, tuple(parent.sha for parent in it.parents))

    def tree(self, commit: str) -> Tree:
        path = f"git/trees/{quote(commit, safe='')}"
        answer = self._api.call("GET", path, needs=_READ, query={"recursive": "1"})
        found = read(answer, WireTree, path)
        modes = {it.path: it.mode for it in found.tree if it.type != "tree"}
        return Tree(modes, complete=not found.truncated)

    def pushes(self, branch: str) -> list[Push]:
        # Servers that are older do not have it: then nothing is known.
        query = {"ref": f"refs/heads/{branch}", "per_page": "10"}
        answer = self._api.call("GET", "activity", needs=_READ, query=query, allow=(404,))
        found = read(answer, list[WireActivity], "activity") if answer else []
        return [Push(it.after, it.timestamp, actor(it.actor).login) for it in found]

    def create_branch(self, branch: str, commit: str) -> None:
        body = {"ref": f"refs/heads/{branch}", "sha": commit}
        self._api.call("POST", "git/refs", body, needs=_WRITE)

    def delete_branch(self, branch: str) -> None:
        path = f"git/refs/heads/{quote(branch)}"
        self._api.call("DELETE", path, needs=_WRITE, allow=(404, 422))

    def commit_files(
        self, branch: str, parent: str, message: str, files: Mapping[str, bytes | None],
        executable: frozenset[str] = frozenset(),
    ) -> str:  # fmt: skip
        # Until the branch moves none of this is seen by anybody, so all of it may be sent again.
        def make(path: str, body: Mapping[str, Any]) -> str:
            answer = self._api.call("POST", path, body, needs=_WRITE, again=True)
            return read(answer, WireSha, path).sha

        path = f"git/commits/{quote(parent, safe='')}"
        base = self._api.call("GET", path, needs=_READ)
        tree = []
        for name, content in files.items():
            blob = None
            if content is not None:
                encoded = base64.b64encode(content).decode("ascii")
                blob = make("git/blobs", {"content": encoded, "encoding": "base64"})
            mode = "100755" if name in executable else "100644"
            tree.append({"path": name, "mode": mode, "type": "blob", "sha": blob})
        top = read(base.get("tree"), WireSha, path).sha
        made = make("git/trees", {"base_tree": top, "tree": tree})
        commit = make("git/commits", {"message": message, "tree": made, "parents": [parent]})
        self._api.call(
            "PATCH", f"git/refs/heads/{quote(branch)}", {"sha": commit, "force": False},
            needs=_WRITE,
        )  # fmt: skip
        return commit
