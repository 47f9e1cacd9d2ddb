"""Files, commits, branches and the repository itself."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.github.parts import repository, user
from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, route

_REPO = "/repos/{owner}/{repo}"
_SHOWN = 1024 * 1024


@route("GET", _REPO, "metadata: read")
def get_repository(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, repository(fake, shape="full-repository"))


@route("GET", f"{_REPO}/contents/{{path}}", "contents: read")
def content(fake: FakeGitHub, asked: Asked) -> Answered:
    path = asked.named["path"]
    commit = fake.state.commit_of(asked.query.get("ref", fake.state.default_branch))
    entry = fake.state.git("ls-tree", "-l", commit or "HEAD", "--", path, check=False).strip()
    if not commit or not entry:
        raise RefusedError(404, "Not Found")
    mode, kind, sha, size = entry.partition("\t")[0].split()
    if kind == "tree":
        return Answered(200, [])
    url = f"{fake.api}/repos/{fake.state.full_name}/contents/{path}"
    links = {"self": url, "git": url, "html": url}
    if mode == "120000":
        target = fake.state.git("cat-file", "blob", sha)
        made = fake.shapes.make(
            "content-symlink", type="symlink", target=target, size=int(size), name=path, path=path,
            sha=sha, url=url, git_url=url, html_url=url, download_url=url, _links=links,
        )  # fmt: skip
        return Answered(200, made)
    large = int(size) > _SHOWN
    text = "" if large else _encoded(fake, sha)
    made = fake.shapes.make(
        "content-file", type="file", encoding="none" if large else "base64", size=int(size),
        name=path.rpartition("/")[2], path=path, content=text, sha=sha, url=url, git_url=url,
        html_url=url, download_url=url, _links=links,
    )  # fmt: skip
    return Answered(200, made)


@route("GET", f"{_REPO}/git/blobs/{{file_sha}}", "contents: read")
def blob(fake: FakeGitHub, asked: Asked) -> Answered:
    sha = asked.named["file_sha"]
    made = fake.shapes.make(
        "blob", content=_encoded(fake, sha), encoding="base64", sha=sha, size=1, node_id="B",
        url=f"{fake.api}/x",
    )  # fmt: skip
    return Answered(200, made)


def _encoded(fake: FakeGitHub, sha: str) -> str:
    raw = fake.state.git("cat-file", "blob", sha).encode("utf-8", "surrogateescape")
    return base64.encodebytes(raw).decode("ascii")


@route("GET", f"{_REPO}/git/ref/{{ref}}", "contents: read")
def get_ref(fake: FakeGitHub, asked: Asked) -> Answered:
    name = f"refs/{asked.named['ref']}"
    commit = fake.state.commit_of(name)
    if not commit:
        raise RefusedError(404, "Not Found")
    return Answered(200, _ref(fake, name, commit))


@route("POST", f"{_REPO}/git/refs", "contents: write")
def create_ref(fake: FakeGitHub, asked: Asked) -> Answered:
    name, commit = asked.body["ref"], asked.body["sha"]
    if fake.state.commit_of(name):
        raise RefusedError(422, "Reference already exists")
    if not fake.state.commit_of(commit):
        raise RefusedError(422, "Object does not exist")
    fake.state.git("update-ref", name, commit)
    fake.state.moved(name.removeprefix("refs/heads/"), "0" * 40, commit, asked.token.person)
    return Answered(201, _ref(fake, name, commit))


@route("PATCH", f"{_REPO}/git/refs/{{ref}}", "contents: write")
def move_ref(fake: FakeGitHub, asked: Asked) -> Answered:
    name, commit = f"refs/{asked.named['ref']}", asked.body["sha"]
    old = fake.state.commit_of(name)
    if not old:
        raise RefusedError(422, "Reference does not exist")
    base = fake.state.git("merge-base", old, commit, check=False).strip()
    if base != old and not asked.body.get("force"):
        raise RefusedError(422, "Update is not a fast forward")
    fake.state.git("update-ref", name, commit)
    fake.state.moved(asked.named["ref"].removeprefix("heads/"), old, commit, asked.token.person)
    return Answered(200, _ref(fake, name, commit))


@route("DELETE", f"{_REPO}/git/refs/{{ref}}", "contents: write")
def delete_ref(fake: FakeGitHub, asked: Asked) -> Answered:
    name = f"refs/{asked.named['ref']}"
    if not fake.state.commit_of(name):
        raise RefusedError(422, "Reference does not exist")
    fake.state.git("update-ref", "-d", name)
    return Answered(204)


def _ref(fake: FakeGitHub, name: str, commit: str) -> dict[str, Any]:
    return fake.shapes.make(
        "git-ref", ref=name, object={"type": "commit", "sha": commit, "url": f"{fake.api}/x"}
    )


@route("GET", f"{_REPO}/compare/{{basehead}}", "contents: read")
def compare(fake: FakeGitHub, asked: Asked) -> Answered:
    one, _, other = asked.named["basehead"].partition("...")
    base, head = fake.state.commit_of(one), fake.state.commit_of(other)
    if not base or not head:
        raise RefusedError(404, "Not Found")
    behind, ahead = map(
        int, fake.state.git("rev-list", "--left-right", "--count", f"{base}...{head}").split()
    )
    status = (
        "diverged"
        if ahead and behind
        else "ahead"
        if ahead
        else "behind"
        if behind
        else "identical"
    )
    merge_base = fake.state.git("merge-base", base, head, check=False).strip()
    made = fake.shapes.make(
        "commit-comparison", status=status, ahead_by=ahead, behind_by=behind, total_commits=ahead,
        commits=[], files=[], base_commit=_commit(fake, base),
        merge_base_commit=_commit(fake, merge_base or base),
    )  # fmt: skip
    return Answered(200, made)


@route("GET", f"{_REPO}/activity", "contents: read")
def activity(fake: FakeGitHub, asked: Asked) -> Answered:
    found = [
        fake.shapes.make(
            "activity", before=it.before or "0" * 40, after=it.after, timestamp=it.moment,
            ref=f"refs/heads/{it.branch}", activity_type="push", actor=user(fake, it.by),
        )
        for it in reversed(fake.state.moves)
        if it.repository == fake.state.full_name
        and asked.query.get("ref") in (None, f"refs/heads/{it.branch}")
    ]  # fmt: skip
    return Answered(200, found[: int(asked.query.get("per_page", "30"))])


@route("GET", f"{_REPO}/git/trees/{{tree_sha}}", "contents: read")
def get_tree(fake: FakeGitHub, asked: Asked) -> Answered:
    commit = fake.state.commit_of(asked.named["tree_sha"])
    if not commit:
        raise RefusedError(404, "Not Found")
    deep = ("-r", "-t") if "recursive" in asked.query else ()
    rows = fake.state.git("ls-tree", "-z", *deep, commit).split("\0")
    entries = []
    for row in filter(None, rows):
        about, _, path = row.partition("\t")
        mode, kind, sha = about.split()
        entries.append({"path": path, "mode": mode, "type": kind, "sha": sha})
    made = fake.shapes.make("git-tree", sha=commit, tree=entries, truncated=False)
    return Answered(200, made)


def _commit(fake: FakeGitHub, commit: str) -> dict[str, Any]:
    return fake.shapes.make("commit", sha=commit, author=None, committer=None, parents=[])


@route("GET", f"{_REPO}/git/commits/{{commit_sha}}", "contents: read")
def get_commit(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, _git_commit(fake, asked.named["commit_sha"]))


def _git_commit(fake: FakeGitHub, commit: str) -> dict[str, Any]:
    if not fake.state.commit_of(commit):
        raise RefusedError(404, "Not Found")
    tree = fake.state.git("rev-parse", f"{commit}^{{tree}}").strip()
    message = fake.state.git("log", "-1", "--format=%B", commit).strip()
    return fake.shapes.make(
        "git-commit", sha=commit, message=message, tree={"sha": tree, "url": f"{fake.api}/x"},
        parents=[
            {"sha": it, "url": f"{fake.api}/x", "html_url": f"{fake.api}/x"}
            for it in fake.state.git("log", "-1", "--format=%P", commit).split()
        ],
    )  # fmt: skip


@route("POST", f"{_REPO}/git/blobs", "contents: write")
def create_blob(fake: FakeGitHub, asked: Asked) -> Answered:
    raw = base64.b64decode(asked.body["content"])
    sha = fake.state.git("hash-object", "-w", "--stdin", given=raw).strip()
    return Answered(201, fake.shapes.make("short-blob", sha=sha, url=f"{fake.api}/x"))


@route("POST", f"{_REPO}/git/trees", "contents: write")
def create_tree(fake: FakeGitHub, asked: Asked) -> Answered:
    index = str(fake.state.bare / "fake-index")
    git = fake.state.git
    git("read-tree", f"--index-output={index}", asked.body["base_tree"])
    lines = [
        f"0 {'0' * 40}\t{it['path']}"
        if it["sha"] is None
        else f"{it['mode']} {it['sha']}\t{it['path']}"
        for it in asked.body["tree"]
    ]
    import os
    import subprocess

    environ = {**os.environ, "GIT_INDEX_FILE": index}
    subprocess.run(
        ["git", "update-index", "-z", "--index-info"], cwd=fake.state.bare, env=environ, check=True,
        input="".join(f"{line}\0" for line in lines).encode(),
    )  # fmt: skip
    done = subprocess.run(
        ["git", "write-tree"], cwd=fake.state.bare, env=environ, check=True, capture_output=True
    )
    sha = done.stdout.decode().strip()
    return Answered(201, fake.shapes.make("git-tree", sha=sha, tree=[], truncated=False))


@route("POST", f"{_REPO}/git/commits", "contents: write")
def create_commit(fake: FakeGitHub, asked: Asked) -> Answered:
    parents = [part for it in asked.body["parents"] for part in ("-p", it)]
    name = asked.token.person.login
    sha = fake.state.git(
        "-c", f"user.name={name}", "-c", "user.email=bot@example.org",
        "commit-tree", asked.body["tree"], *parents, "-m", asked.body["message"],
    ).strip()  # fmt: skip
    return Answered(201, _git_commit(fake, sha))
