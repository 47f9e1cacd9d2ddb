"""Versions of the files: working tree, index, commit, nothing, and what differs between them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.errors import RepositoryError, UsageError
from gatekeeper.model.tree import Delta, Entry
from gatekeeper.ports.repository import Snapshot
from tests.fakes.repo import Repo

ODD_NAMES = (
    "new\nline.py", "quo\"te's.py", "tab\there.py", "-rf", "--help", "back\\slash.py", " lead",
    "trail ", "*.py", ":(glob)x", "caf\u00e9.py", "not-utf8-\udcff.py", "$(id).py", "a;b.py",
    "\x1b[31m.py", "...", "per%cent{}.py", "\u202ertl.py",
)  # fmt: skip


def opened(repo: Repo) -> GitRepository:
    return GitRepository(str(repo.root))


def put(repo: Repo, path: str, content: bytes) -> None:
    full = os.path.join(repo.root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content)


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    """Every regular file, read one by one; reading many at once has to agree."""
    paths = [path for path, entry in snapshot.entries().items() if entry.regular]
    one_by_one = {path: snapshot.read(path) for path in paths}
    assert dict(snapshot.read_many(paths)) == one_by_one
    return one_by_one


class TestOddNames:
    def test_every_version_has_them_with_their_content(self, repo: Repo) -> None:
        expected = {name: name.encode("utf-8", "surrogateescape") for name in ODD_NAMES}
        for name, content in expected.items():
            put(repo, name, content)
        commit = repo.commit()
        git = opened(repo)

        assert contents(git.worktree()) == expected
        assert contents(git.index()) == expected
        assert contents(git.commit_snapshot(commit)) == expected

    def test_untracked_and_edited_ones_are_in_the_working_tree(self, repo: Repo) -> None:
        edited, untracked = ODD_NAMES[::2], ODD_NAMES[1::2]
        for name in edited:
            put(repo, name, b"old")
        repo.commit()
        for name in edited:
            put(repo, name, b"newer")
        for name in untracked:
            put(repo, name, b"fresh")

        head = opened(repo).worktree()

        assert contents(head) == dict.fromkeys(edited, b"newer") | dict.fromkeys(
            untracked, b"fresh"
        )
        assert sorted(head.untracked()) == sorted(untracked)

    def test_they_are_named_in_what_differs(self, repo: Repo) -> None:
        base = repo.commit()
        for name in ODD_NAMES:
            put(repo, name, b"fresh")
        git = opened(repo)

        untracked = git.deltas(git.commit_snapshot(base), git.worktree())
        repo.git("add", "-A")
        staged = git.deltas(git.commit_snapshot(base), git.index())

        assert [delta.path for delta in untracked] == sorted(ODD_NAMES)
        assert untracked == staged


class TestWorkingTree:
    def test_unchanged_files_carry_the_blob_id_of_the_index(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "a\n"})

        assert opened(repo).worktree().entries() == opened(repo).index().entries()

    def test_edited_and_untracked_files_carry_the_id_git_would_give(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "b\n")
        repo.write("new.py", "")

        entries = opened(repo).worktree().entries()

        repo.git("add", "-A")
        assert entries == opened(repo).index().entries()

    def test_ignored_files_are_none_of_it(self, repo: Repo) -> None:
        repo.commit(**{".gitignore": "build/\n"})
        repo.write("build/out.py", "x")

        assert set(opened(repo).worktree().entries()) == {".gitignore"}

    def test_a_deleted_file_is_gone(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "a\n", "b.py": "b\n"})
        (repo.root / "a.py").unlink()
        git = opened(repo)

        assert set(git.worktree().entries()) == {"b.py"}
        (delta,) = git.deltas(git.commit_snapshot(base), git.worktree())
        assert (delta.path, delta.new) == ("a.py", None)

    def test_a_file_deleted_from_the_index_only_is_still_there(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "a\n"})
        repo.git("rm", "-q", "--cached", "a.py")
        git = opened(repo)

        assert contents(git.worktree()) == {"a.py": b"a\n"}
        assert git.deltas(git.commit_snapshot(base), git.worktree()) == []

    def test_staged_and_then_taken_back_is_no_difference(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "b\n")
        repo.git("add", "a.py")
        repo.write("a.py", "a\n")
        git = opened(repo)

        assert git.deltas(git.commit_snapshot(base), git.worktree()) == []
        assert len(git.deltas(git.commit_snapshot(base), git.index())) == 1

    def test_the_executable_bit_is_a_difference(self, repo: Repo) -> None:
        base = repo.commit(run="#!/bin/sh\n")
        (repo.root / "run").chmod(0o755)
        git = opened(repo)

        (delta,) = git.deltas(git.commit_snapshot(base), git.worktree())

        assert delta.old is not None
        assert delta == Delta("run", delta.old, Entry("100755", delta.old.blob))

    def test_a_symlink_is_its_target_and_is_never_followed(
        self, repo: Repo, tmp_path: Path
    ) -> None:
        (tmp_path / "outside").write_text("not yours")
        (repo.root / "link").symlink_to(tmp_path / "outside")
        repo.commit()
        (repo.root / "untracked").symlink_to(tmp_path / "outside")
        worktree = opened(repo).worktree()

        entries = worktree.entries()

        assert {path: entry.mode for path, entry in entries.items()} == {
            "link": "120000",
            "untracked": "120000",
        }
        assert entries["link"].blob == entries["untracked"].blob
        with pytest.raises(OSError, match="symbolic links"):
            worktree.read("link")

    def test_a_file_turned_symlink_says_so(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "a\n"})
        (repo.root / "a.py").unlink()
        (repo.root / "a.py").symlink_to("/etc/passwd")
        git = opened(repo)

        (delta,) = git.deltas(git.commit_snapshot(base), git.worktree())

        assert delta.new is not None
        assert not delta.new.regular

    def test_a_submodule_is_another_repository(self, repo: Repo, tmp_path: Path) -> None:
        other = Repo.create(tmp_path / "other")
        other.commit(**{"inner.py": "import os\n"})
        allow = ("-c", "protocol.file.allow=always")
        repo.git(*allow, "submodule", "--quiet", "add", str(other.root), "sub")
        base = repo.commit()
        (repo.root / "sub" / "inner.py").write_text("edited")
        git = opened(repo)

        entries = git.worktree().entries()

        assert entries["sub"].mode == "160000"
        assert set(entries) == {".gitmodules", "sub"}
        assert git.deltas(git.commit_snapshot(base), git.worktree()) == []
        assert git.worktree().clean

    def test_a_repository_inside_that_git_does_not_know_is_no_file(
        self, repo: Repo, tmp_path: Path
    ) -> None:
        repo.commit(**{"a.py": ""})
        Repo.create(repo.root / "nested").commit(**{"inner.py": "x"})

        entries = opened(repo).worktree().entries()

        assert [path for path, entry in entries.items() if entry.regular] == ["a.py"]

    def test_neither_a_pipe_nor_a_socket_is_a_file(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "", "b.py": ""})
        (repo.root / "a.py").unlink()
        os.mkfifo(repo.root / "a.py")
        os.mkfifo(repo.root / "pipe")

        assert set(opened(repo).worktree().entries()) == {"b.py"}

    def test_intent_to_add_is_what_lies_there(self, repo: Repo) -> None:
        base = repo.commit()
        repo.write("new.py", "import os\n")
        repo.git("add", "-N", "new.py")
        git = opened(repo)

        assert contents(git.worktree()) == {"new.py": b"import os\n"}
        assert [it.path for it in git.deltas(git.commit_snapshot(base), git.worktree())] == [
            "new.py"
        ]
        assert b"import" not in b"".join(contents(git.index()).values())

    def test_a_conflict_is_judged_as_it_lies_there(self, repo: Repo) -> None:
        conflict(repo)

        head = opened(repo).worktree()

        assert b"<<<<<<<" in head.read("a.py")

    def test_what_a_sparse_checkout_leaves_out_comes_from_git(self, repo: Repo) -> None:
        repo.write("kept/a.py", "a\n")
        repo.write("left/b.py", "b\n")
        commit = repo.commit()
        repo.git("sparse-checkout", "set", "--cone", "kept")
        assert not (repo.root / "left").exists()
        git = opened(repo)

        assert contents(git.worktree()) == {"kept/a.py": b"a\n", "left/b.py": b"b\n"}
        assert git.deltas(git.commit_snapshot(commit), git.worktree()) == []
        assert git.worktree().clean

    @pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
    def test_a_file_git_was_told_to_overlook_still_has_its_own_content(
        self, repo: Repo, flag: str
    ) -> None:
        """Otherwise its new content would be remembered under the name of the old one."""
        base = repo.commit(**{"a.py": "a\n", "b.py": "b\n"})
        repo.git("update-index", flag, "a.py", "b.py")
        repo.write("a.py", "import os\n")
        git = opened(repo)

        head = git.worktree()

        assert head.entries()["a.py"].blob == repo.git("hash-object", "a.py")
        assert [delta.path for delta in git.deltas(git.commit_snapshot(base), head)] == ["a.py"]

    def test_what_cannot_be_looked_at_is_not_taken_for_gone(self, repo: Repo) -> None:
        """Left out, it would not be checked and nobody would know."""
        entry = opened(repo).worktree()._hash("name" * 100)

        assert entry is not None
        assert entry.regular
        assert not set(entry.blob) <= set("0123456789abcdef"), "no content has this id"

    def test_reading_what_is_not_there_is_a_key_error(self, repo: Repo) -> None:
        commit = repo.commit(**{"a.py": ""})
        git = opened(repo)

        for snapshot in (git.worktree(), git.index(), git.commit_snapshot(commit)):
            with pytest.raises(KeyError):
                snapshot.read("b.py")
            assert list(snapshot.read_many(["b.py"])) == []

    def test_the_digest_changes_with_any_content_and_with_nothing_else(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "a\n"})
        before = opened(repo).worktree().digest
        repo.write("a.py", "b\n")
        edited = opened(repo).worktree().digest
        repo.write("b.py", "b\n")
        added = opened(repo).worktree().digest
        (repo.root / "b.py").unlink()
        repo.write("a.py", "a\n")
        os.utime(repo.root / "a.py", (1, 1))

        assert len({before, edited, added}) == 3
        assert opened(repo).worktree().digest == before

    def test_a_list_that_cannot_be_had_is_no_empty_list(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit(**{"a.py": "a\n"})
        git = opened(repo)
        really = git.git

        def refuse(*arguments: str, **more: bytes) -> bytes:
            if arguments[0] == "ls-files":
                raise RepositoryError("git ls-files: no memory")
            return really(*arguments)

        monkeypatch.setattr(git, "git", refuse)

        with pytest.raises(RepositoryError, match="no memory"):
            git.worktree().entries()


def conflict(repo: Repo) -> None:
    repo.commit(**{"a.py": "a\n"})
    repo.branch("other")
    repo.commit(**{"a.py": "other\n"})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"a.py": "main\n"})
    repo.git("merge", "-q", "other", check=False)


class TestIndex:
    def test_what_is_staged_counts_and_nothing_else(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "staged\n")
        repo.git("add", "a.py")
        repo.write("a.py", "later\n")
        repo.write("new.py", "untracked\n")

        assert contents(opened(repo).index()) == {"a.py": b"staged\n"}

    def test_a_conflict_leaves_nothing_definite(self, repo: Repo) -> None:
        conflict(repo)

        with pytest.raises(UsageError, match="unmerged") as caught:
            opened(repo).index()

        assert caught.value.exit_status == 2
        assert "git add" in caught.value.remedy

    def test_commit_a_uses_an_index_of_its_own(self, repo: Repo) -> None:
        """A hook of `git commit -a` gets GIT_INDEX_FILE; the usual index knows nothing yet."""
        repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "committed with -a\n")
        hook = repo.root / ".git" / "hooks" / "pre-commit"
        hook.write_text(
            "#!/bin/sh\n"
            'cp "$GIT_INDEX_FILE" "$PWD/.git/copy"\n'
            'printf %s "$GIT_INDEX_FILE" > "$PWD/.git/named"\n'
        )
        hook.chmod(0o755)
        repo.git("commit", "-q", "-a", "-m", "all")
        assert (repo.root / ".git" / "named").read_text().endswith("index.lock")
        repo.git("reset", "-q", "--hard", "HEAD~1")

        relative = {**os.environ, "GIT_INDEX_FILE": ".git/copy", "GIT_DIR": ".git"}
        staged = GitRepository(str(repo.root), relative).index()

        assert contents(staged) == {"a.py": b"committed with -a\n"}
        assert contents(opened(repo).index()) == {"a.py": b"a\n"}


class TestCommits:
    def test_many_files_come_in_order_and_whole(self, repo: Repo) -> None:
        expected = {
            f"{number:04}.bin": bytes([number % 256, 10, 0]) * number for number in range(600)
        }
        for name, content in expected.items():
            put(repo, name, content)
        snapshot = opened(repo).commit_snapshot(repo.commit())

        read = list(snapshot.read_many(reversed(expected)))

        assert read == list(reversed(expected.items()))

    def test_content_that_was_not_cloned_is_an_error(self, repo: Repo) -> None:
        commit = repo.commit(**{"a.py": "a\n"})
        snapshot = opened(repo).commit_snapshot(commit)
        blob = snapshot.entries()["a.py"].blob
        (repo.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

        with pytest.raises(RepositoryError, match=r"no content for 'a\.py'"):
            list(snapshot.read_many(["a.py"]))

    def test_the_label_is_a_short_name(self, repo: Repo) -> None:
        commit = repo.commit()

        assert opened(repo).commit_snapshot(commit).label == commit[:12]

    def test_only_commits_can_be_a_base(self, repo: Repo) -> None:
        repo.commit()
        git = opened(repo)

        with pytest.raises(RepositoryError, match="only a commit"):
            git.deltas(git.worktree(), git.index())


class TestEmpty:
    @pytest.mark.parametrize("object_format", ["sha1", "sha256"])
    def test_everything_is_new_against_nothing(self, tmp_path: Path, object_format: str) -> None:
        root = tmp_path / "repo"
        root.mkdir()
        repo = Repo(root)
        repo.git("init", "-q", f"--object-format={object_format}")
        repo.write("a.py", "a\n")
        git = opened(repo)
        nothing = git.empty_snapshot()

        (delta,) = git.deltas(nothing, git.worktree())
        commit = repo.commit()
        committed = git.deltas(nothing, git.commit_snapshot(commit))

        assert [delta] == committed
        assert delta.old is None
        assert delta.new is not None
        assert len(delta.new.blob) == (40 if object_format == "sha1" else 64)
        assert nothing.entries() == {}
        assert list(nothing.read_many(["a.py"])) == []
        with pytest.raises(KeyError):
            nothing.read("a.py")

    def test_a_sha256_repository_is_read_like_any_other(self, tmp_path: Path) -> None:
        root = tmp_path / "repo"
        root.mkdir()
        repo = Repo(root)
        repo.git("init", "-q", "--object-format=sha256")
        base = repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "b\n")
        git = opened(repo)

        entries = git.worktree().entries()

        assert contents(git.commit_snapshot(base)) == {"a.py": b"a\n"}
        assert entries["a.py"].blob == repo.git("hash-object", "a.py")
