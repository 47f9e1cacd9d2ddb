"""git without its pitfalls: what it is asked, in which environment, and what it refuses."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_process import git_environment
from gatekeeper.errors import RepositoryError
from gatekeeper.model.tree import LineCount
from tests.fakes.repo import Repo


def opened(repo: Repo, **environ: str) -> GitRepository:
    return GitRepository(str(repo.root), {**os.environ, **environ})


def configure(repo: Repo, **values: str) -> None:
    for name, value in values.items():
        repo.git("config", name.replace("__", "."), value)


class TestWhere:
    def test_from_a_folder_below(self, repo: Repo) -> None:
        repo.write("deep/er/a.py", "")

        git = GitRepository(str(repo.root / "deep" / "er"))

        assert git.root == str(repo.root)
        assert set(git.worktree().entries()) == {"deep/er/a.py"}

    def test_where_hooks_say_it_is(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hooks set GIT_DIR, sometimes relative to where they run."""
        repo.commit(**{"a.py": "a\n"})
        repo.write("below/b.py", "b\n")
        monkeypatch.chdir(repo.root / "below")

        git = GitRepository(".", {**os.environ, "GIT_DIR": "../.git", "GIT_WORK_TREE": ".."})

        assert git.root == str(repo.root)
        assert set(git.worktree().entries()) == {"a.py", "below/b.py"}

    def test_a_linked_working_tree(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit(**{"a.py": "a\n"})
        repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))

        git = GitRepository(str(tmp_path / "side"))

        assert git.root == str(tmp_path / "side")
        assert git.branch() == "side"

    def test_outside_of_any(self, tmp_path: Path) -> None:
        with pytest.raises(RepositoryError, match="not a git repository") as caught:
            GitRepository(str(tmp_path))

        assert caught.value.exit_status == 2
        assert caught.value.where == str(tmp_path)
        assert "git init" in caught.value.remedy

    def test_a_bare_one_has_no_files(self, tmp_path: Path) -> None:
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare.git")], check=True)

        with pytest.raises(RepositoryError) as caught:
            GitRepository(str(tmp_path / "bare.git"))

        assert "bare repository has no files" in caught.value.remedy

    def test_one_that_belongs_to_somebody_else(self, repo: Repo, tmp_path: Path) -> None:
        """git has a switch to believe so, which needs no second user."""
        wrapper = tmp_path / "git"
        wrapper.write_text(
            '#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 PATH="$REAL" exec git "$@"\n'
        )
        wrapper.chmod(0o755)
        path = os.environ["PATH"]

        with pytest.raises(RepositoryError, match="dubious ownership") as caught:
            GitRepository(
                str(repo.root), {**os.environ, "PATH": f"{tmp_path}:{path}", "REAL": path}
            )

        assert "safe.directory" in caught.value.remedy

    def test_without_git(self, repo: Repo) -> None:
        with pytest.raises(RepositoryError, match="git is not installed") as caught:
            GitRepository(str(repo.root), {"PATH": "/nonexistent"})

        assert "install git" in caught.value.remedy

    def test_what_git_says_cannot_steer_a_terminal(self, tmp_path: Path) -> None:
        odd = tmp_path / "\x1b[31mred"
        odd.mkdir()

        with pytest.raises(RepositoryError) as caught:
            GitRepository(str(odd)).git("no-such-command")

        assert "\x1b" not in caught.value.message


class TestEnvironment:
    def test_what_says_where_stays_and_what_changes_output_goes(self) -> None:
        kept = git_environment(
            {
                "PATH": "/bin",
                "GIT_DIR": ".git",
                "GIT_INDEX_FILE": "index.lock",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
                "GIT_SSH_COMMAND": "ssh -i key",
                "GIT_EXTERNAL_DIFF": "evil",
                "GIT_DIFF_OPTS": "-u9",
                "GIT_TRACE": "1",
                "GIT_PAGER": "less",
                "GIT_GLOB_PATHSPECS": "1",
                "GIT_REPLACE_REF_BASE": "x",
                "GIT_TERMINAL_PROMPT": "1",
                "LC_ALL": "de_DE.UTF-8",
            }
        )

        assert {name for name in kept if name.startswith("GIT_")} == {
            "GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0",
            "GIT_CONFIG_VALUE_0", "GIT_SSH_COMMAND", "GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT",
            "GIT_LITERAL_PATHSPECS", "GIT_NO_REPLACE_OBJECTS",
        }  # fmt: skip
        assert kept["GIT_TERMINAL_PROMPT"] == "0"
        assert kept["LC_ALL"] == "C"

    def test_looking_begins_at_once(self, repo: Repo) -> None:
        """A change that is made after somebody began to look is none of what they see."""
        repo.commit("two", a="1\n", b="1\n")
        repo.write("b", "2\n")
        git = opened(repo)
        worktree = git.worktree()
        seen = worktree.overlay
        repo.write("b", "3\n")

        assert worktree.overlay == seen
        assert worktree.entries()["b"] == seen["b"]

    def test_looking_in_vain_is_told_to_everybody_who_asks(self, repo: Repo) -> None:
        repo.commit("one", a="1\n")
        git = opened(repo)
        repo.write(".git/index", b"no index")
        worktree = git.worktree()

        for _ in range(2):
            with pytest.raises(RepositoryError, match="index"):
                worktree.entries()

    def test_looking_leaves_no_trace(self, repo: Repo) -> None:
        """The index is not even refreshed: somebody else may hold its lock."""
        repo.commit(**{"a.py": "a\n"})
        os.utime(repo.root / "a.py", (1, 1))
        index = repo.root / ".git" / "index"
        before = index.read_bytes()
        (repo.root / ".git" / "index.lock").write_text("held")

        opened(repo).worktree().entries()

        assert index.read_bytes() == before

    def test_personal_settings_change_nothing(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "".join(f"line {number}\n" for number in range(20))})
        text = [f"line {number}\n" for number in range(20)]
        text[2], text[6] = "new\n", "new\n"
        repo.write("a.py", "".join(text))
        repo.write("b.py", "new\n")
        repo.git("add", "-A")
        git = opened(repo)
        plain = (
            git.changed_lines(git.commit_snapshot(base), git.worktree()),
            git.line_counts(git.commit_snapshot(base), git.worktree()),
            git.commits("", base),
        )
        configure(
            repo, diff__interHunkContext="9", diff__context="5", diff__noprefix="true",
            diff__mnemonicPrefix="true", diff__external="false", diff__relative="true",
            diff__renames="false", diff__wordRegex=".", color__ui="always",
            color__diff="always", core__quotePath="true", log__showSignature="true",
            log__decorate="full", i18n__logOutputEncoding="UTF-16", format__pretty="oneline",
            status__showUntrackedFiles="no", status__branch="true", core__pager="false",
            diff__suppressBlankEmpty="true", diff__submodule="log", log__mailmap="false",
        )  # fmt: skip
        git = opened(repo)

        assert plain == (
            git.changed_lines(git.commit_snapshot(base), git.worktree()),
            git.line_counts(git.commit_snapshot(base), git.worktree()),
            git.commits("", base),
        )
        assert plain[0] == {"a.py": [(3, 3), (7, 7)], "b.py": [(1, 1)]}

    def test_a_stash_is_no_change(self, repo: Repo) -> None:
        repo.commit(**{"a.py": "a\n"})
        repo.write("a.py", "b\n")
        repo.git("stash", "-q")
        configure(repo, status__showStash="true")

        assert opened(repo).is_clean()


class TestNames:
    def test_resolve(self, repo: Repo) -> None:
        commit = repo.commit()
        git = opened(repo)

        assert git.head() == git.resolve("main") == git.resolve(commit[:10]) == commit
        assert git.branch() == "main"
        assert git.parents(commit) == []

    @pytest.mark.parametrize(
        "name",
        ["gone", "", "-h", "--all", "a b", "main..main", "\n", "HEAD:a.py", "\u00e9", "\udcff"],
    )
    def test_what_is_no_commit_has_no_answer(self, repo: Repo, name: str) -> None:
        repo.commit(**{"a.py": ""})

        assert opened(repo).resolve(name) == ""

    def test_without_a_commit(self, repo: Repo) -> None:
        git = opened(repo)

        assert git.head() == ""
        assert git.branch() == "main"
        assert git.default_branch() == ""
        assert git.is_clean()

    def test_detached(self, repo: Repo) -> None:
        repo.commit()
        repo.git("checkout", "-q", "--detach")

        assert opened(repo).branch() == ""

    def test_a_replaced_commit_is_still_itself(self, repo: Repo) -> None:
        first = repo.commit("first", **{"a.py": "bad\n"})
        second = repo.commit("second", **{"a.py": "good\n"})
        repo.git("replace", second, first)
        git = opened(repo)

        assert git.commit_snapshot(second).read("a.py") == b"good\n"

    @pytest.mark.parametrize(
        ("branches", "configured", "expected"),
        [
            (["trunk", "main"], "", "refs/heads/main"),
            (["trunk", "x"], "", "refs/heads/trunk"),
            (["x"], "", ""),
            (["x", "main"], "x", "refs/heads/x"),
        ],
    )
    def test_the_default_branch(
        self, repo: Repo, branches: list[str], configured: str, expected: str
    ) -> None:
        repo.commit()
        repo.git("checkout", "-q", "--detach")
        repo.git("branch", "-D", "main")
        for name in branches:
            repo.git("branch", name)
        if configured:
            configure(repo, init__defaultBranch=configured)

        assert opened(repo).default_branch() == expected

    def test_the_default_branch_is_what_the_remote_says(self, repo: Repo, tmp_path: Path) -> None:
        repo.commit()
        repo.git("branch", "release")
        repo.git("symbolic-ref", "HEAD", "refs/heads/release")
        repo.git("clone", "-q", str(repo.root), str(tmp_path / "clone"))

        git = GitRepository(str(tmp_path / "clone"))

        assert git.default_branch() == "refs/remotes/origin/release"


class TestHistory:
    def test_merge_base(self, repo: Repo) -> None:
        base = repo.commit("base")
        repo.branch()
        repo.commit("ours")
        repo.git("checkout", "-q", "main")
        repo.commit("theirs")
        git = opened(repo)

        assert git.merge_base("main", "feature") == base
        assert git.merge_base("main", "gone") == ""

    def test_unrelated_histories_have_none(self, repo: Repo) -> None:
        repo.commit("one")
        repo.git("checkout", "-q", "--orphan", "island")
        repo.commit("two")

        assert opened(repo).merge_base("main", "island") == ""

    def test_commits_of_the_change_newest_first(self, repo: Repo) -> None:
        base = repo.commit("base")
        first = repo.commit("first\n\nWith a body.\n\nAnd-A: trailer")
        repo.branch("side")
        repo.commit("on the side")
        repo.git("checkout", "-q", "main")
        repo.commit("meanwhile")
        repo.git("merge", "-q", "--no-ff", "-m", "merged", "side")
        git = opened(repo)

        commits = git.commits(base, "HEAD")

        assert (commits[0].parents, commits[0].message) == (2, "merged")
        assert commits[-1].id == first
        assert commits[-1].message == "first\n\nWith a body.\n\nAnd-A: trailer"
        assert len(commits) == 4
        assert len(git.commits("", "HEAD")) == 5

    def test_a_commit_in_another_encoding(self, repo: Repo) -> None:
        repo.git(
            "-c", "i18n.commitEncoding=latin-1", "commit", "-q", "--allow-empty", "-m", "caf\udce9"
        )

        assert [it.message for it in opened(repo).commits("", "HEAD")] == ["caf\u00e9"]

    def test_a_shallow_clone_tells_its_parents_and_can_be_deepened(
        self, repo: Repo, tmp_path: Path
    ) -> None:
        first = repo.commit("first")
        second = repo.commit("second")
        repo.git("clone", "-q", "--depth=1", f"file://{repo.root}", str(tmp_path / "clone"))
        git = GitRepository(str(tmp_path / "clone"))

        assert git.is_shallow()
        assert git.parents(second) == [first]
        assert git.resolve(first) == ""
        assert git.fetch("main", depth=0)
        assert git.resolve(first) == first

    @pytest.mark.parametrize("name", ["--upload-pack=touch pwned", "-h", "gone"])
    def test_what_cannot_be_fetched_is_no_error(
        self, repo: Repo, tmp_path: Path, name: str
    ) -> None:
        repo.commit()
        repo.git("clone", "-q", str(repo.root), str(tmp_path / "clone"))
        git = GitRepository(str(tmp_path / "clone"))

        assert not git.fetch(name, depth=1)
        assert not (tmp_path / "clone" / "pwned").exists()

    def test_without_a_remote_nothing_can_be_fetched(self, repo: Repo) -> None:
        repo.commit()

        assert not opened(repo).fetch("main", depth=1)


class TestLines:
    def test_counts_with_renames_binary_files_and_odd_names(self, repo: Repo) -> None:
        text = "".join(f"{number}\n" for number in range(50))
        repo.write("logo.png", b"\0\1")
        base = repo.commit(**{"old.py": text, "tab\there.py": "1\n"})
        repo.git("mv", "old.py", "new.py")
        repo.write("new.py", text + "one more\n")
        repo.write("logo.png", b"\0\2")
        repo.write("tab\there.py", "2\n3\n")
        head = repo.commit()
        git = opened(repo)

        counts = git.line_counts(git.commit_snapshot(base), git.commit_snapshot(head))

        assert sorted(counts) == [
            LineCount("logo.png", -1, -1),
            LineCount("new.py", 1, 0),
            LineCount("tab\there.py", 2, 1),
        ]

    def test_each_kind_of_head(self, repo: Repo) -> None:
        base = repo.commit(**{"a.py": "1\n2\n3\n"})
        repo.write("a.py", "1\nstaged\n3\n")
        repo.git("add", "a.py")
        repo.write("a.py", "1\nstaged\n3\nlater\n")
        repo.write("new.py", "x\n")
        git = opened(repo)
        before = git.commit_snapshot(base)

        assert git.changed_lines(before, git.index()) == {"a.py": [(2, 2)]}
        worktree = git.changed_lines(before, git.worktree())
        assert worktree["a.py"] == [(2, 2), (4, 4)]
        assert worktree["new.py"][0][0] == 1
        assert git.changed_lines(git.empty_snapshot(), before) == {"a.py": [(1, 3)]}
        assert git.line_counts(before, git.index()) == [LineCount("a.py", 1, 1)]
        assert sorted(git.line_counts(before, git.worktree())) == [
            LineCount("a.py", 2, 1),
            LineCount("new.py", 1, 0),
        ]

    def test_an_attribute_does_not_hide_changed_lines(self, repo: Repo) -> None:
        """A change could bring the attribute along and be called unchanged."""
        base = repo.commit(**{"a.py": "1\n"})
        head = repo.commit(**{"a.py": "2\n", ".gitattributes": "* binary\n"})
        git = opened(repo)

        changed = git.changed_lines(git.commit_snapshot(base), git.commit_snapshot(head))

        assert changed == {"a.py": [(1, 1)], ".gitattributes": [(1, 1)]}

    def test_odd_names_have_their_lines(self, repo: Repo) -> None:
        base = repo.commit()
        names = ["new\nline", 'quo"te', "tab\there", "caf\u00e9", "not-utf8-\udcff", "-x", "a b "]
        for name in names:
            with open(os.path.join(repo.root, name), "w", encoding="utf-8") as file:
                file.write("1\n")
        head = repo.commit()
        git = opened(repo)

        changed = git.changed_lines(git.commit_snapshot(base), git.commit_snapshot(head))

        assert changed == {name: [(1, 1)] for name in names}
