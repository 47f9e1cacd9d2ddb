"""Folders for tools to look at: what lies there, under which names, and that they go."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.workspace import TemporaryWorkspaces
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.workspace import Beside
from tests.fakes.repo import Repo
from tests.fakes.scanning import FakeSnapshot

NOTHING = Beside(FakeSnapshot({}))


@pytest.fixture
def workspaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TemporaryWorkspaces]:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    workspaces = TemporaryWorkspaces()
    yield workspaces
    workspaces.close()
    assert list(folder.iterdir()) == []


def laid_out(root: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in Path(root).rglob("*")
        if not path.is_dir()
    }


class TestCheckout:
    def test_files_lie_under_their_own_paths(self, workspaces: TemporaryWorkspaces) -> None:
        snapshot = FakeSnapshot({"a.py": b"a", "deep/er/b.py": b"\0\xff", "c.py": b"c"})

        root = workspaces.checkout(snapshot, ["a.py", "deep/er/b.py", "unknown.py"], NOTHING)

        assert laid_out(root) == {"a.py": b"a", "deep/er/b.py": b"\0\xff"}

    def test_placeholders_are_empty_and_replace_nothing(
        self, workspaces: TemporaryWorkspaces
    ) -> None:
        beside = Beside(FakeSnapshot({}), placeholders=("a.py", "pkg/__init__.py"))

        root = workspaces.checkout(FakeSnapshot({"a.py": b"a"}), ["a.py"], beside)

        assert laid_out(root) == {"a.py": b"a", "pkg/__init__.py": b""}

    def test_settings_have_the_content_of_another_version(
        self, workspaces: TemporaryWorkspaces
    ) -> None:
        old = FakeSnapshot({"a.py": b"old", "ruff.toml": b"old"}, kind="commit")
        new = FakeSnapshot({"a.py": b"new", "ruff.toml": b"new", "link": b"x"}, frozenset({"link"}))
        beside = Beside(new, files=("ruff.toml", "link", "unknown"))

        root = workspaces.checkout(old, ["a.py", "ruff.toml"], beside)

        assert laid_out(root) == {"a.py": b"old", "ruff.toml": b"new"}

    def test_links_lead_to_folders_outside_that_survive(
        self, workspaces: TemporaryWorkspaces, tmp_path: Path
    ) -> None:
        environment = tmp_path / "environment"
        environment.mkdir()
        (environment / "kept").write_text("")

        root = workspaces.checkout(
            FakeSnapshot({}), [], Beside(FakeSnapshot({}), links={".venv": str(environment)})
        )

        assert os.path.exists(os.path.join(root, ".venv", "kept"))
        workspaces.close()
        assert (environment / "kept").exists()

    def test_symlinks_are_left_out(self, workspaces: TemporaryWorkspaces) -> None:
        snapshot = FakeSnapshot({"a.py": b"a", "link.py": b"/etc/passwd"}, frozenset({"link.py"}))

        assert laid_out(workspaces.checkout(snapshot, ["a.py", "link.py"], NOTHING)) == {
            "a.py": b"a"
        }
        assert list(workspaces.flatten(snapshot, ["a.py", "link.py"])[1].values()) == ["a.py"]

    def test_nobody_else_may_look(self, workspaces: TemporaryWorkspaces) -> None:
        root = workspaces.checkout(FakeSnapshot({}), [], NOTHING)

        assert os.stat(root).st_mode & 0o077 == 0
        assert os.path.realpath(root) == root

    def test_each_one_is_a_folder_of_its_own(self, workspaces: TemporaryWorkspaces) -> None:
        snapshot = FakeSnapshot({"a.py": b"a"})

        assert workspaces.checkout(snapshot, [], NOTHING) != workspaces.checkout(
            snapshot, [], NOTHING
        )

    def test_a_real_commit_with_odd_names(
        self, workspaces: TemporaryWorkspaces, repo: Repo
    ) -> None:
        names = ["new\nline.py", "not-utf8-\udcff.py", "-x.py", "a b/c'd\".py"]
        for name in names:
            os.makedirs(os.path.dirname(os.path.join(repo.root, name)), exist_ok=True)
            with open(os.path.join(repo.root, name), "w", encoding="utf-8") as file:
                file.write("x")
        commit = repo.commit()
        snapshot = GitRepository(str(repo.root)).commit_snapshot(commit)

        assert laid_out(workspaces.checkout(snapshot, names, NOTHING)) == dict.fromkeys(names, b"x")


class TestFlatten:
    def test_nothing_in_the_names_can_hide_a_file(self, workspaces: TemporaryWorkspaces) -> None:
        files = {
            "node_modules/x.js": b"1", ".gitignore": b"*", ".git-like/.env": b"3",
            "a\nb.py": b"4", "not-utf8-\udcff": b"5", "...": b"6", "x" * 250: b"7",
            "-rf": b"8", "tests/x.js": b"9", "\u202e.py": b"10", "..a": b"11",
        }  # fmt: skip

        root, names = workspaces.flatten(FakeSnapshot(files), files)

        assert {names[path]: content for path, content in laid_out(root).items()} == files
        for path in names:
            assert path.isascii()
            assert path.isprintable()
            assert not path.split("/")[1].startswith(".")
            assert path.count("/") == 1

    def test_the_end_of_the_name_stays(self, workspaces: TemporaryWorkspaces) -> None:
        _, names = workspaces.flatten(FakeSnapshot({"a b/key.pem": b"", "x" * 200 + ".yml": b""}),
                                      ["a b/key.pem", "x" * 200 + ".yml"])  # fmt: skip

        assert [path.rpartition(".")[2] for path in names] == ["pem", "yml"]

    def test_two_files_of_one_name_stay_two(self, workspaces: TemporaryWorkspaces) -> None:
        files = {"a/same.py": b"a", "b/same.py": b"b"}

        root, names = workspaces.flatten(FakeSnapshot(files), files)

        assert {names[path]: content for path, content in laid_out(root).items()} == files


class TestTrouble:
    def test_a_file_that_became_a_link_is_not_followed(
        self, workspaces: TemporaryWorkspaces, repo: Repo
    ) -> None:
        repo.commit(**{"a.py": "a"})
        snapshot = GitRepository(str(repo.root)).worktree()
        assert set(snapshot.entries()) == {"a.py"}
        (repo.root / "a.py").unlink()
        (repo.root / "a.py").symlink_to("/etc/passwd")

        with pytest.raises(ToolError, match=r"a\.py cannot be read") as caught:
            workspaces.flatten(snapshot, ["a.py"])

        assert caught.value.reason == "input-invalid"

    def test_an_untracked_file_that_went_away_is_an_error(
        self, workspaces: TemporaryWorkspaces, repo: Repo
    ) -> None:
        repo.write("a.py", "never stored")
        snapshot = GitRepository(str(repo.root)).worktree()
        assert set(snapshot.entries()) == {"a.py"}
        (repo.root / "a.py").unlink()

        with pytest.raises(ToolError) as caught:
            workspaces.flatten(snapshot, ["a.py"])

        assert caught.value.reason == "input-invalid"

    def test_a_base_whose_content_is_missing_says_so(
        self, workspaces: TemporaryWorkspaces, repo: Repo
    ) -> None:
        commit = repo.commit(**{"a.py": "a"})
        snapshot = GitRepository(str(repo.root)).commit_snapshot(commit)
        blob = snapshot.entries()["a.py"].blob
        (repo.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

        with pytest.raises(ToolError) as caught:
            workspaces.checkout(snapshot, ["a.py"], NOTHING)

        assert caught.value.reason == "base-unavailable"

    def test_a_temporary_folder_that_cannot_be_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))

        with pytest.raises(ToolError) as caught:
            TemporaryWorkspaces().flatten(FakeSnapshot({"a": b"a"}), ["a"])

        assert caught.value.reason == "disk-full"
        assert "TMPDIR" in caught.value.remedy

    @pytest.mark.usefixtures("uncovered")
    @pytest.mark.parametrize("how", ["checkout", "flatten"])
    def test_no_byte_more_can_be_written(self, tmp_path: Path, how: str) -> None:
        """The file size limit of a process is as real as a full disk, and needs no rights."""
        code = (
            "import resource, sys\n"
            "from gatekeeper.adapters.workspace import TemporaryWorkspaces\n"
            "from gatekeeper.ports.process import ToolError\n"
            "from gatekeeper.ports.workspace import Beside\n"
            "from tests.fakes.scanning import FakeSnapshot\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "spaces = TemporaryWorkspaces()\n"
            "try:\n"
            "    large = FakeSnapshot({'a': b'x' * 5000})\n"
            "    beside = [Beside(large)] if sys.argv[1] == 'checkout' else []\n"
            "    getattr(spaces, sys.argv[1])(large, ['a'], *beside)\n"
            "except ToolError as error:\n"
            "    print(error.reason)\n"
            "spaces.close()\n"
        )

        done = subprocess.run(
            [sys.executable, "-c", code, how],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.stdout, done.stderr) == ("disk-full\n", "")
        assert list(tmp_path.iterdir()) == []

    def test_closing_twice_is_harmless(self, workspaces: TemporaryWorkspaces) -> None:
        workspaces.checkout(FakeSnapshot({}), [], NOTHING)
        workspaces.close()
        workspaces.close()


def test_a_scratch_folder_holds_what_it_is_given(workspaces: TemporaryWorkspaces) -> None:
    one, other = workspaces.scratch({"a/b.txt": b"x"}), workspaces.scratch({})

    assert laid_out(one) == {"a/b.txt": b"x"}
    assert laid_out(other) == {}
