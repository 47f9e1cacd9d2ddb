"""One scanner over one batch: what it is given, and what its words become."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.adapters.projectenv import ProjectEnvironment
from gatekeeper.adapters.workspace import TemporaryWorkspaces
from gatekeeper.config.schema import Config, Limits
from gatekeeper.model.finding import Measurement, Unchecked
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.tool import ToolSpec, ToolStatus
from gatekeeper.pipeline.check import now
from gatekeeper.pipeline.run import BatchAnswer, Means, identify, project_variables, run_batch
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    RawFinding,
    RawUnchecked,
    Scanned,
    ScanScope,
)
from tests.fakes.advisories import no_advisories, no_auditors, no_indexes, no_resolver
from tests.fakes.remotes import no_remotes
from tests.fakes.repo import Repo


class Toolbox:
    """Python stands for every tool."""

    def __init__(self, problem: ToolError | None = None) -> None:
        self.problem = problem

    def status(self, spec: ToolSpec) -> ToolStatus:
        raise AssertionError("a run asks for nothing but the program")

    def digest(self, spec: ToolSpec) -> str:
        raise AssertionError("a run asks for nothing but the program")

    def cancel(self) -> None:
        raise AssertionError("a run asks for nothing but the program")

    def executable(self, spec: ToolSpec) -> str:
        if self.problem:
            raise self.problem
        return sys.executable


@dataclass
class Scripted:
    """Does in `scan` what the test says."""

    says: Callable[[Batch], Scanned] = lambda batch: Scanned()
    layout: Layout = "tree"
    scope: ScanScope = "file"
    size_limited: bool = True
    locked: bool = True
    id: str = "scripted"
    gate: GateId = "lint"
    stage: Stage = "ci"
    revision: int = 1
    startup: float = 0.0
    rate: float = 0.0

    @property
    def tool(self) -> ToolSpec:
        return ToolSpec("scripted", "scripted", ("bin/scripted",), locked=self.locked)

    @tool.setter
    def tool(self, value: ToolSpec) -> None:
        raise AssertionError("nobody changes a scanner's tool")

    def prepare(self, context: Context) -> Prepared | Skipped:
        raise AssertionError("a run is handed what was prepared")

    def scan(self, batch: Batch) -> Scanned:
        return self.says(batch)


def finding(path: str, line: int = 1, message: str = "bad") -> RawFinding:
    return RawFinding(path=path, rule="R1", message=message, severity="low", line=line)


def keeping(seen: list[Any], look: Callable[[Batch], object]) -> Callable[[Batch], Scanned]:
    """A scan that finds nothing and keeps what it saw."""

    def scan(batch: Batch) -> Scanned:
        seen.append(look(batch))
        return Scanned()

    return scan


class Run:
    """`run_batch` in a real repository with real folders and processes."""

    def __init__(self, repo: Repo, home: Path) -> None:
        self.repo = repo
        self.git = GitRepository(str(repo.root))
        self.workspaces = TemporaryWorkspaces()
        self.home = home

    def __call__(
        self, scanner: Scripted, paths: Sequence[str], snapshot: Snapshot | None = None, *,
        since: int | None = None, config: Config | None = None, toolbox: Toolbox | None = None,
        prepared: Prepared | None = None,
    ) -> BatchAnswer:  # fmt: skip
        head = snapshot or self.git.worktree()
        means = Means(
            root=self.git.root,
            settings=self.git.worktree(),
            config=config or Config(),
            toolbox=toolbox or Toolbox(),
            processes=LocalProcesses(str(self.home)),
            workspaces=self.workspaces,
            environment=ProjectEnvironment(self.git.root, {}),
            advisories=no_advisories,
            resolver=no_resolver,
            auditors=no_auditors,
            indexes=no_indexes,
            remotes=no_remotes,
            today="2026-01-02",
        )
        prepared = prepared or Prepared(selects=lambda path: True, digest="")
        return run_batch(scanner, prepared, head, paths, means, now() if since is None else since)


@pytest.fixture
def run(repo: Repo, tmp_path: Path) -> Iterator[Run]:
    runner = Run(repo, tmp_path)
    yield runner
    runner.workspaces.close()


class TestWhatTheToolSees:
    def test_the_working_tree_itself_when_that_is_judged(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n"})
        seen: list[str] = []

        run(Scripted(keeping(seen, lambda batch: batch.cwd)), ["a.py"])

        assert seen == [str(repo.root)]

    def test_a_copy_of_another_version(self, repo: Repo, run: Run) -> None:
        commit = repo.commit(**{"c.py": "old\n", "b.py": "b\n"})
        repo.write("c.py", "new\n")
        seen: list[object] = []

        def says(batch: Batch) -> Scanned:
            assert batch.cwd != str(repo.root)
            seen.append((batch.read("c.py"), sorted(os.listdir(batch.cwd))))
            return Scanned()

        run(Scripted(says), ["c.py"], run.git.commit_snapshot(commit))

        assert seen == [(b"old\n", ["c.py"])]

    def test_both_versions_with_the_settings_of_the_one_under_check(
        self, repo: Repo, run: Run
    ) -> None:
        commit = repo.commit(**{"a.py": "old\n", "tool.toml": "old\n"})
        repo.write("tool.toml", "new\n")
        seen: list[bytes] = []
        prepared = Prepared(
            selects=lambda path: True,
            digest="",
            support=lambda paths: (["tool.toml"], ["pkg/x.py"]),
        )

        def says(batch: Batch) -> Scanned:
            seen.extend(batch.read(path) for path in ("a.py", "tool.toml", "pkg/x.py"))
            return Scanned()

        run(Scripted(says), ["a.py"], run.git.commit_snapshot(commit), prepared=prepared)

        assert seen == [b"old\n", b"new\n", b""]

    def test_all_of_the_tree_when_any_file_may_matter(self, repo: Repo, run: Run) -> None:
        commit = repo.commit(**{"a.py": "a\n", "b.py": "b\n"})
        seen: list[list[str]] = []

        run(
            Scripted(keeping(seen, lambda batch: sorted(os.listdir(batch.cwd))), scope="tree"),
            ["a.py"],
            run.git.commit_snapshot(commit),
        )

        assert seen == [["a.py", "b.py"]]

    def test_harmless_names_when_a_scanner_asks_for_them(self, repo: Repo, run: Run) -> None:
        repo.write("node_modules/x\n.js", "bad\n")
        repo.commit()

        def says(batch: Batch) -> Scanned:
            (path,) = batch.paths
            assert "node_modules" not in path
            return Scanned([finding(path)], [RawUnchecked(path, "parse-error", "half of it")])

        answer = run(Scripted(says, layout="flat"), ["node_modules/x\n.js"])

        (told,) = answer.files["node_modules/x\n.js"].findings
        assert told.path == "node_modules/x\n.js"
        assert answer.files["node_modules/x\n.js"].unchecked == (
            Unchecked("scripted", "node_modules/x\n.js", "parse-error", "half of it"),
        )

    def test_a_copy_holds_only_the_batch(self, repo: Repo, run: Run) -> None:
        repo.write("src/a.py", "bad\n")
        repo.write("src/b.py", "bad\n")
        repo.commit()
        seen: list[list[str]] = []
        look = keeping(
            seen, lambda batch: [*os.listdir(batch.cwd), *os.listdir(f"{batch.cwd}/src")]
        )

        run(Scripted(look, layout="copy"), ["src/a.py"])

        assert seen == [["src", "a.py"]]

    def test_what_a_sparse_checkout_leaves_out_is_laid_out(self, repo: Repo, run: Run) -> None:
        repo.write("kept/a.py", "a\n")
        repo.write("left/b.py", "b\n")
        repo.commit()
        repo.git("sparse-checkout", "set", "--cone", "kept")

        def says(batch: Batch) -> Scanned:
            assert batch.read("left/b.py") == b"b\n"
            return Scanned([finding("left/b.py")])

        assert run(Scripted(says), ["kept/a.py", "left/b.py"]).files["left/b.py"].findings

    def test_it_starts_where_the_files_are_with_the_time_it_may_take(
        self, repo: Repo, run: Run
    ) -> None:
        repo.commit(**{"a.py": "a\n"})
        limits = Config(limits=Limits(tool_timeout=1))

        def says(batch: Batch) -> Scanned:
            done = batch.run("-c", "import os; print(os.getcwd())")
            assert done.stdout.decode().strip() == str(repo.root)
            batch.run("-c", "import time; time.sleep(20)")
            raise AssertionError("the time was up")

        with pytest.raises(ToolError, match="was stopped after 1 s"):
            run(Scripted(says), ["a.py"], config=limits)

    @pytest.mark.parametrize(("locked", "expected"), [(True, b"None\n"), (False, b"mine\n")])
    def test_only_a_tool_of_the_project_sees_the_caller_s_environment(
        self, repo: Repo, run: Run, locked: bool, expected: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit(**{"a.py": "a\n"})
        monkeypatch.setenv("MYPYPATH", "mine")
        monkeypatch.setenv("SOME_TOKEN", "never")
        said: list[bytes] = []

        def says(batch: Batch) -> Scanned:
            said.append(batch.run("-c", "import os; print(os.environ.get('MYPYPATH'))").stdout)
            said.append(batch.run("-c", "import os; print(os.environ.get('SOME_TOKEN'))").stdout)
            return Scanned()

        run(Scripted(says, locked=locked), ["a.py"])

        assert said == [expected, b"None\n"]

    def test_a_program_of_an_environment_runs_as_if_it_were_active(self, tmp_path: Path) -> None:
        (tmp_path / "env" / "bin").mkdir(parents=True)
        tool = str(tmp_path / "env" / "bin" / "mypy")
        assert project_variables(tool) == {}

        (tmp_path / "env" / "pyvenv.cfg").write_text("")

        variables = project_variables(tool)
        assert variables["VIRTUAL_ENV"] == str(tmp_path / "env")
        assert variables["PATH"].startswith(f"{tmp_path / 'env' / 'bin'}{os.pathsep}")

    def test_a_tool_that_cannot_be_had_is_an_error(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n"})

        with pytest.raises(ToolError, match="no such tool"):
            run(
                Scripted(),
                ["a.py"],
                toolbox=Toolbox(ToolError("tool-not-installed", "no such tool")),
            )


class TestWhatIsNotChecked:
    def test_a_large_file_is_reported_and_never_given_to_the_tool(
        self, repo: Repo, run: Run
    ) -> None:
        repo.write("a.py", "a\n")
        repo.write("just.py", b"#" * (1 << 20))
        repo.write("huge.py", b"#" * ((1 << 20) + 1))
        seen: list[list[str]] = []

        answer = run(
            Scripted(keeping(seen, lambda batch: sorted(batch.paths))),
            ["a.py", "huge.py", "just.py"],
            config=Config(limits=Limits(max_file_mb=1)),
        )

        assert seen == [["a.py", "just.py"]]
        (note,) = answer.files["huge.py"].unchecked
        assert note.reason == "too-large"
        assert "limits.max_file_mb (1)" in note.message

    def test_a_scanner_without_that_limit_gets_it(self, repo: Repo, run: Run) -> None:
        repo.write("huge.py", b"#" * ((1 << 20) + 1))
        seen: list[list[str]] = []

        run(
            Scripted(keeping(seen, lambda batch: list(batch.paths)), size_limited=False),
            ["huge.py"],
            config=Config(limits=Limits(max_file_mb=1)),
        )

        assert seen == [["huge.py"]]

    def test_with_nothing_left_no_tool_is_started(self, repo: Repo, run: Run) -> None:
        repo.write("huge.py", b"#" * ((1 << 20) + 1))

        answer = run(
            Scripted(lambda batch: pytest.fail("there is nothing to scan")),
            ["huge.py"],
            config=Config(limits=Limits(max_file_mb=1)),
        )

        assert set(answer.files) == {"huge.py"}

    def test_a_file_that_turned_into_something_else(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n", "b.py": "b\n"})
        head = run.git.worktree()
        (repo.root / "a.py").unlink()
        (repo.root / "a.py").symlink_to("/etc/passwd")

        answer = run(
            Scripted(lambda batch: Scanned([finding(path) for path in batch.paths])),
            ["a.py", "b.py"],
            head,
        )

        assert [note.reason for note in answer.files["a.py"].unchecked] == ["unreadable"]
        assert not answer.files["a.py"].findings
        assert answer.files["b.py"].findings

    def test_a_file_written_after_the_look_is_uncertain(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n", "b.py": "b\n"})

        def says(batch: Batch) -> Scanned:
            repo.write("a.py", "other\n")
            return Scanned([finding("a.py")])

        answer = run(Scripted(says), ["a.py", "b.py"])

        assert answer.uncertain == {"a.py"}
        assert [note.reason for note in answer.files["a.py"].unchecked] == ["changed-during-check"]
        assert answer.files["a.py"].findings, "what was seen is still told"
        assert answer.files["b.py"].unchecked == ()

    def test_setting_the_clock_of_a_file_back_does_not_help(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n"})

        def says(batch: Batch) -> Scanned:
            repo.write("a.py", "other\n")
            os.utime(repo.root / "a.py", (1, 1))
            return Scanned()

        assert run(Scripted(says), ["a.py"]).uncertain == {"a.py"}

    def test_a_commit_cannot_change_under_anybody(self, repo: Repo, run: Run) -> None:
        commit = repo.commit(**{"a.py": "a\n"})

        answer = run(Scripted(), ["a.py"], run.git.commit_snapshot(commit), since=0)

        assert answer.uncertain == frozenset()


class TestWhatBecomesOfFindings:
    def test_every_path_has_an_answer(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n", "b.py": "b\n"})
        measured = Measurement("scripted", "scripted.lines", 2, "lines")

        answer = run(
            Scripted(lambda batch: Scanned([finding("b.py")], measurements=[measured])),
            ["a.py", "b.py"],
        )

        assert set(answer.files) == {"a.py", "b.py"}
        assert [len(it.findings) for it in answer.files.values()].count(1) == 1
        assert answer.measurements == (measured,)
        assert answer.bytes == 4

    def test_a_place_elsewhere_in_the_tree_is_kept(self, repo: Repo, run: Run) -> None:
        """A type checker may blame a file that was not in the batch."""
        repo.commit(**{"a.py": "a\n", "b.py": "b\n"})

        answer = run(Scripted(lambda batch: Scanned([finding("b.py")]), scope="tree"), ["a.py"])

        assert answer.files["b.py"].findings

    def test_credentials_in_messages_are_hidden(self, repo: Repo, run: Run) -> None:
        repo.commit(**{"a.py": "a\n"})
        value = "gh" + "p_" + "A1b2C3d4" * 5

        answer = run(
            Scripted(
                lambda batch: Scanned(
                    [finding("a.py", message=f"found {value}")],
                    [RawUnchecked("a.py", "parse-error", f"near {value}")],
                )
            ),
            ["a.py"],
        )

        assert value not in repr(answer)

    def test_identity_follows_the_content_and_not_the_place(self) -> None:
        (before,) = identify("s", "a.py", [finding("a.py", 1)], ["import os"])
        (after,) = identify("s", "b.py", [finding("b.py", 3)], ["", "", "  import   os", "x = 1"])
        (other,) = identify("s", "a.py", [finding("a.py", 1)], ["import sys"])

        assert before.fingerprint == after.fingerprint != other.fingerprint
        assert before.context != after.context

    def test_the_order_is_always_the_same(self) -> None:
        lines = ["a", "b", "c"]
        raw = [finding("a.py", line, message=text) for line in (3, 1, 2) for text in ("y", "x")]

        told = identify("s", "a.py", raw, lines)

        assert told == identify("s", "a.py", reversed(raw), lines)
        assert [(it.line, it.message) for it in told] == sorted(
            (line, text) for line in (1, 2, 3) for text in ("x", "y")
        )

    def test_a_finding_without_a_place_goes_by_its_message(self) -> None:
        (one,) = identify("s", "", [finding("", 0, message="one")], [])
        (two,) = identify("s", "", [finding("", 0, message="two")], [])

        assert one.fingerprint != two.fingerprint
        assert (one.line, one.end_line) == (0, 0)

    def test_a_line_past_the_end_is_no_crash(self) -> None:
        (told,) = identify("s", "a.py", [finding("a.py", 99)], ["a"])

        assert told.line == 99
