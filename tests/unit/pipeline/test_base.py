"""What a version is compared with, in real repositories: branches, clones, pull requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_snapshot import EMPTY_TREES
from gatekeeper.pipeline.base import Base, Wanted, choose_base, choose_head
from gatekeeper.text.fingerprint import digest
from tests.fakes.repo import Repo

NOTHING = digest("tree", EMPTY_TREES["sha1"])


def base_of(
    repo: Repo,
    *,
    everything: bool = False,
    staged: bool = False,
    base: str = "",
    offline: bool = False,
    ci_commit: str = "",
    ci_branch: str = "",
    ci_merge: str = "",
) -> Base:
    wanted = Wanted(
        everything=everything,
        staged=staged,
        base=base,
        offline=offline,
        ci_commit=ci_commit,
        ci_branch=ci_branch,
        ci_merge=ci_merge,
    )
    return choose_base(GitRepository(str(repo.root)), wanted)


def expect(base: Base, commit: str, name: str, why: str) -> None:
    assert (base.commit, base.name, base.why) == (commit, name, why)
    assert base.problem == base.remedy == ""
    assert base.snapshot is not None
    assert base.snapshot.label == commit[:12]


def expect_nothing_before(base: Base, why: str) -> None:
    assert (base.name, base.why, base.problem) == ("nothing", why, "")
    assert base.snapshot is not None
    assert base.snapshot.digest == NOTHING


def expect_problem(base: Base, problem: str) -> None:
    assert base.snapshot is None
    assert base.commit == ""
    assert base.problem == problem
    assert "`git fetch --unshallow`" in base.remedy
    assert "--base" in base.remedy


def grow(repo: Repo, *names: str) -> str:
    """One commit per name; the id of the last."""
    for name in names:
        repo.commit(name, **{f"{name}.txt": f"{name}\n"})
    return repo.git("rev-parse", "HEAD")


def clone(origin: Repo, folder: Path, *options: str) -> Repo:
    # Only with a URL does git make a shallow clone of a local repository.
    origin.git("clone", "-q", *options, origin.root.as_uri(), str(folder))
    return Repo(folder)


@pytest.fixture
def forked(repo: Repo) -> Repo:
    """`main` and `feature` went on, with two commits each, after they shared one."""
    grow(repo, "shared")
    repo.git("branch", "feature")
    grow(repo, "m1", "m2")
    repo.git("checkout", "-q", "feature")
    grow(repo, "f1", "f2")
    return repo


def at(repo: Repo, name: str) -> str:
    return repo.git("rev-parse", name)


class TestBeforeAnything:
    def test_everything_is_compared_with_nothing(self, forked: Repo) -> None:
        base = base_of(forked, everything=True)

        assert (base.snapshot, base.problem) == (None, "")
        assert base.why == "everything counts (--all)"

    @pytest.mark.parametrize("staged", [False, True])
    @pytest.mark.parametrize("named", ["", "main"])
    def test_without_a_commit_everything_is_new(self, repo: Repo, staged: bool, named: str) -> None:
        expect_nothing_before(base_of(repo, staged=staged, base=named), "there is no commit yet")

    def test_the_first_commit_brought_everything(self, repo: Repo) -> None:
        grow(repo, "first")

        expect_nothing_before(base_of(repo), "this is the first commit")


class TestStaged:
    def test_is_compared_with_the_last_commit_on_any_branch(self, forked: Repo) -> None:
        base = base_of(forked, staged=True)

        expect(base, at(forked, "feature"), "HEAD", "the last commit")

    def test_whatever_the_ci_says(self, forked: Repo) -> None:
        base = base_of(forked, staged=True, ci_branch="main", ci_commit=at(forked, "main"))

        expect(base, at(forked, "feature"), "HEAD", "the last commit")

    def test_what_is_staged_is_the_head(self, forked: Repo) -> None:
        git = GitRepository(str(forked.root))

        assert choose_head(git, Wanted(staged=True)).kind == "index"
        assert choose_head(git, Wanted()).kind == "worktree"


class TestByDefault:
    def test_a_branch_is_compared_with_where_it_left_the_default_branch(self, forked: Repo) -> None:
        expect(base_of(forked), at(forked, "main~2"), "main", "the merge base with main")

    def test_with_uncommitted_changes_just_the_same(self, forked: Repo) -> None:
        forked.write("f1.txt", "changed\n")
        forked.write("untracked.txt", "")

        expect(base_of(forked), at(forked, "main~2"), "main", "the merge base with main")

    def test_without_a_branch_checked_out_just_the_same(self, forked: Repo) -> None:
        forked.git("checkout", "-q", "--detach", "HEAD")

        expect(base_of(forked), at(forked, "main~2"), "main", "the merge base with main")

    def test_after_merging_the_default_branch_its_tip(self, forked: Repo) -> None:
        forked.git("merge", "-q", "--no-edit", "main")

        expect(base_of(forked), at(forked, "main"), "main", "the merge base with main")

    def test_on_the_clean_default_branch_the_last_commit_is_the_change(self, repo: Repo) -> None:
        grow(repo, "one", "two", "three")

        expect(base_of(repo), at(repo, "HEAD~1"), "HEAD~1", "the last commit on main")

    def test_a_merge_into_the_default_branch_brought_what_it_merged(self, forked: Repo) -> None:
        forked.git("checkout", "-q", "main")
        before = at(forked, "main")
        forked.git("merge", "-q", "--no-edit", "feature")

        expect(base_of(forked), before, "HEAD~1", "the last commit on main")

    def test_on_the_default_branch_what_is_not_committed(self, repo: Repo) -> None:
        last = grow(repo, "one", "two")
        repo.write("two.txt", "changed\n")

        expect(base_of(repo), last, "HEAD", "what is not committed yet, on main")

    def test_a_branch_without_commits_of_its_own(self, repo: Repo) -> None:
        last = grow(repo, "one", "two")
        repo.branch()
        expect(base_of(repo), at(repo, "HEAD~1"), "HEAD~1", "the last commit on main")

        repo.write("untracked.txt", "")
        expect(base_of(repo), last, "HEAD", "what is not committed yet, on main")

    def test_what_is_not_pushed_yet_is_the_change(self, forked: Repo, tmp_path: Path) -> None:
        forked.git("checkout", "-q", "main")
        mine = clone(forked, tmp_path / "mine")
        grow(mine, "p1", "p2")

        expect(base_of(mine), at(forked, "main"), "origin/main", "the merge base with origin/main")

    def test_the_remote_says_which_branch_is_the_default(
        self, forked: Repo, tmp_path: Path
    ) -> None:
        forked.git("branch", "-q", "-m", "main", "stable")
        forked.git("checkout", "-q", "stable")
        mine = clone(forked, tmp_path / "mine")
        mine.git("checkout", "-q", "feature")
        # An older branch that happens to have the usual name.
        mine.git("branch", "main", "origin/stable~2")

        base = base_of(mine, offline=True)

        expect(base, at(forked, "stable~2"), "origin/stable", "the merge base with origin/stable")

    def test_a_single_branch_of_no_known_name(self, repo: Repo) -> None:
        repo.git("checkout", "-q", "-b", "odd")
        grow(repo, "one", "two")

        expect(base_of(repo), at(repo, "HEAD~1"), "HEAD~1", "the last commit on HEAD")

    def test_a_clone_of_one_branch_asks_the_remote_for_the_default_branch(
        self, forked: Repo, tmp_path: Path
    ) -> None:
        forked.git("checkout", "-q", "main")
        mine = clone(forked, tmp_path / "mine", "--single-branch", "--branch=feature")

        expect(
            base_of(mine), at(forked, "main~2"), "origin/HEAD", "the merge base with origin/HEAD"
        )


class TestNamed:
    @pytest.mark.parametrize("name", ["main", "refs/heads/main", "v1", "feature~2"])
    def test_a_branch_a_tag_or_a_commit_and_its_merge_base(self, forked: Repo, name: str) -> None:
        forked.git("tag", "-m", "a release", "v1", "main")

        base = base_of(forked, base=name)

        expect(base, at(forked, "main~2"), name, f"the merge base with {name}")

    def test_an_ancestor_is_its_own_merge_base(self, forked: Repo) -> None:
        commit = at(forked, "HEAD~1")

        expect(
            base_of(forked, base=commit), commit, commit[:12], f"the merge base with {commit[:12]}"
        )

    def test_a_branch_that_only_the_remote_has(self, forked: Repo, tmp_path: Path) -> None:
        mine = clone(forked, tmp_path / "mine")

        base = base_of(mine, base="main", offline=True)

        expect(base, at(forked, "main~2"), "main", "the merge base with main")

    def test_a_branch_that_is_not_even_known_is_fetched(self, forked: Repo, tmp_path: Path) -> None:
        mine = clone(forked, tmp_path / "mine", "--single-branch", "--branch=feature")

        expect(base_of(mine, base="main"), at(forked, "main~2"), "main", "the merge base with main")

    @pytest.mark.parametrize("name", ["nowhere", "0123456789" * 4, "--all", "main^{tree}", "a b"])
    @pytest.mark.parametrize("offline", [False, True])
    def test_an_unknown_one_is_a_problem(self, forked: Repo, name: str, offline: bool) -> None:
        shown = name[:12] if len(name) == 40 else name

        base = base_of(forked, base=name, offline=offline)

        expect_problem(base, f"the base {shown} cannot be had: there is no such branch or commit")
        assert ("without --offline" in base.remedy) is offline

    def test_a_history_of_its_own_has_no_merge_base(self, forked: Repo) -> None:
        forked.git("checkout", "-q", "--orphan", "island")
        grow(forked, "island")

        expect_problem(
            base_of(forked, base="main"),
            "the base main cannot be had: it shares no history with HEAD",
        )
        expect_problem(
            base_of(forked), "the base main cannot be had: it shares no history with HEAD"
        )


class TestShallowClone:
    @pytest.fixture(params=[1, 2])
    def shallow(self, request: pytest.FixtureRequest, forked: Repo, tmp_path: Path) -> Repo:
        """The last commits of `feature`, too few to know where it began."""
        forked.git("checkout", "-q", "main")
        return clone(forked, tmp_path / "mine", f"--depth={request.param}", "--branch=feature")

    @pytest.mark.parametrize(
        ("named", "shown"),
        [("main", "main"), ("origin/main", "origin/main"), ("", "origin/HEAD")],
    )
    def test_what_is_missing_is_fetched(
        self, shallow: Repo, forked: Repo, named: str, shown: str
    ) -> None:
        base = base_of(shallow, base=named)

        expect(base, at(forked, "main~2"), shown, f"the merge base with {shown}")

    @pytest.mark.parametrize("offline", [False, True])
    def test_without_the_remote_it_is_a_problem(self, shallow: Repo, offline: bool) -> None:
        if not offline:
            shallow.git("remote", "set-url", "origin", "/nowhere")

        expect_problem(
            base_of(shallow, base="main", offline=offline),
            "the base main cannot be had: there is no such branch or commit",
        )
        expect_problem(
            base_of(shallow, offline=offline),
            "the base origin/HEAD cannot be had:"
            " the clone is shallow and does not know the default branch",
        )

    def test_a_base_whose_history_is_cut_off_is_a_problem_offline(self, shallow: Repo) -> None:
        shallow.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
        cut_off = "the clone is shallow and it could not be fetched"

        for named in "main", "origin/main", "":
            shown = named or "origin/main"
            expect_problem(
                base_of(shallow, base=named, offline=True),
                f"the base {shown} cannot be had: {cut_off}",
            )

    @pytest.mark.parametrize("named", ["main", "origin/main", "refs/remotes/origin/main", ""])
    def test_the_rest_of_a_history_that_is_cut_off_is_fetched(
        self, shallow: Repo, forked: Repo, named: str
    ) -> None:
        shallow.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
        shown = named or "origin/main"

        base = base_of(shallow, base=named)

        expect(base, at(forked, "main~2"), shown, f"the merge base with {shown}")

    def test_the_default_branch_at_depth_one(self, forked: Repo, tmp_path: Path) -> None:
        forked.git("checkout", "-q", "main")
        mine = clone(forked, tmp_path / "mine", "--depth=1")
        before = at(forked, "main~1")

        expect_problem(
            base_of(mine, offline=True),
            f"the base {before[:12]} cannot be had:"
            " the clone is shallow and it could not be fetched",
        )
        expect(base_of(mine), before, "HEAD~1", "the last commit on origin/main")

    def test_staged_needs_no_history(self, shallow: Repo) -> None:
        expect(
            base_of(shallow, staged=True, offline=True),
            at(shallow, "HEAD"),
            "HEAD",
            "the last commit",
        )


class TestPullRequest:
    @pytest.fixture
    def merged(self, forked: Repo) -> Repo:
        """As GitHub checks a pull request out: a merge of it into its base, on no branch."""
        forked.git("checkout", "-q", "--detach", "main")
        forked.git("merge", "-q", "--no-ff", "--no-edit", "feature")
        return forked

    def test_the_first_parent_of_its_merge_commit_is_the_base(self, merged: Repo) -> None:
        # The event names what was the base when it was sent; the merge is newer.
        base = base_of(
            merged,
            ci_branch="main",
            ci_commit=at(merged, "main~1"),
            ci_merge=at(merged, "HEAD"),
        )

        expect(base, at(merged, "main"), "main", "the pull request's base")

    def test_at_depth_one_the_parent_is_fetched(self, merged: Repo, tmp_path: Path) -> None:
        merged.git("update-ref", "refs/pull/1/merge", "HEAD")
        mine = Repo.create(tmp_path / "runner")
        mine.git("remote", "add", "origin", merged.root.as_uri())
        mine.git("fetch", "-q", "--depth=1", "origin", "refs/pull/1/merge")
        mine.git("checkout", "-q", "--detach", "FETCH_HEAD")
        merge, parent = at(merged, "HEAD"), at(merged, "main")

        expect_problem(
            base_of(mine, ci_branch="main", ci_merge=merge, offline=True),
            f"the base {parent[:12]} cannot be had:"
            " the clone is shallow and it could not be fetched",
        )
        expect(
            base_of(mine, ci_branch="main", ci_merge=merge),
            parent,
            "main",
            "the pull request's base",
        )

    def test_a_merge_made_by_its_author_is_not_the_one_of_github(self, merged: Repo) -> None:
        # Of this merge, the first parent is the author's own work: nobody would have judged it.
        merged.git("checkout", "-q", "feature")
        merged.git("merge", "-q", "--no-edit", "main")

        base = base_of(merged, ci_branch="main", ci_merge="0123456789" * 4)

        expect(base, at(merged, "main"), "main", "the merge base with main")

    def test_a_checkout_of_its_own_head_is_compared_from_the_merge_base(self, forked: Repo) -> None:
        base = base_of(forked, ci_branch="main", ci_commit=at(forked, "main"))

        short = at(forked, "main")[:12]
        expect(base, at(forked, "main~2"), short, f"the merge base with {short}")

    def test_with_nothing_but_the_name_of_the_base(self, forked: Repo) -> None:
        expect(
            base_of(forked, ci_branch="main"),
            at(forked, "main~2"),
            "main",
            "the merge base with main",
        )

    def test_a_push_is_compared_with_what_was_there_before(self, forked: Repo) -> None:
        before = at(forked, "HEAD~1")

        expect(
            base_of(forked, ci_commit=before),
            before,
            before[:12],
            f"the merge base with {before[:12]}",
        )

    def test_a_pushed_merge_is_no_pull_request(self, merged: Repo) -> None:
        before = at(merged, "main~1")

        expect(
            base_of(merged, ci_commit=before),
            before,
            before[:12],
            f"the merge base with {before[:12]}",
        )

    def test_after_a_force_push_what_was_there_before_may_be_gone(self, forked: Repo) -> None:
        expect_problem(
            base_of(forked, ci_commit="0123456789" * 4),
            "the base 012345678901 cannot be had: there is no such branch or commit",
        )

    def test_a_named_base_counts_more(self, merged: Repo) -> None:
        expect(
            base_of(merged, base="feature", ci_branch="main"),
            at(merged, "feature"),
            "feature",
            "the merge base with feature",
        )
