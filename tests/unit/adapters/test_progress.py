"""Telling people what goes on: lines in CI, a table on a terminal, nothing into a pipe."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pexpect
import pytest

from gatekeeper.adapters.progress import (
    LineProgress,
    LiveProgress,
    SilentProgress,
    choose_progress,
)


class TestChoice:
    @pytest.mark.parametrize(
        ("terminal", "environ", "kind"),
        [
            (True, {"TERM": "xterm"}, LiveProgress),
            (True, {"TERM": "dumb"}, SilentProgress),
            (True, {"TERM": "xterm", "CI": "true"}, LineProgress),
            (False, {"CI": "true"}, LineProgress),
            (False, {"TERM": "xterm"}, SilentProgress),
        ],
    )
    def test_what_fits(
        self, terminal: bool, environ: dict[str, str], kind: type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)

        assert isinstance(choose_progress(colour=False, environ=environ), kind)


class TestLines:
    def test_start_and_end_with_the_time_between(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = LineProgress()

        progress.started("ruff", "3 files")
        progress.finished("ruff", "")
        progress.close()

        out, err = capsys.readouterr()
        assert out == ""
        assert err == "gatekeeper: ruff: 3 files\ngatekeeper: ruff: done in 0.0 s\n"

    def test_a_failure_is_told_with_its_reason_and_no_control_characters(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        progress = LineProgress()

        progress.started("ruff", "1 file")
        progress.finished("ruff", "died\n\x1b[31m::error::x")

        err = capsys.readouterr().err
        assert err.count("\n") == 2
        assert "\x1b" not in err
        assert "failed: died\\n" in err

    def test_what_never_started_and_did_not_fail_is_not_mentioned(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        progress = LineProgress()

        progress.finished("ruff", "")
        progress.finished("mypy", "not installed")

        assert capsys.readouterr().err == "gatekeeper: mypy: failed: not installed\n"

    def test_lines_from_many_threads_stay_whole(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = LineProgress()

        def work(name: str) -> None:
            for _ in range(50):
                progress.started(name, "1 file")

        threads = [threading.Thread(target=work, args=(f"s{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        lines = capsys.readouterr().err.splitlines()
        assert sorted(lines) == sorted(
            [f"gatekeeper: s{number}: 1 file" for number in range(4)] * 50
        )


class TestSilence:
    def test_says_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = SilentProgress()

        progress.started("ruff", "1 file")
        progress.finished("ruff", "failed")
        progress.close()

        assert capsys.readouterr() == ("", "")

    def test_but_what_is_installed_is_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        SilentProgress().installing("installing ruff 1.2.3\x1b[2J")

        assert capsys.readouterr() == ("", "gatekeeper: installing ruff 1.2.3\\x1b[2J\n")

    def test_and_where_a_runner_of_hooks_keeps_it_back_the_terminal_shows_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PRE_COMMIT", "1")
        code = (
            "from gatekeeper.adapters.progress import SilentProgress as S\n"
            "import sys; sys.stderr = open(sys.argv[1], 'w'); S().installing('installing x')"
        )
        arguments = ["-c", code, str(tmp_path / "kept-back")]
        with pexpect.spawn(sys.executable, arguments, encoding="utf-8") as child:
            child.expect(pexpect.EOF)
            assert "gatekeeper: installing x" in str(child.before)


LIVE = """
import sys, time
from gatekeeper.adapters.progress import choose_progress
progress = choose_progress(colour=COLOUR, environ={"TERM": "xterm"})
assert "rich" not in sys.modules, "imported before there is anything to show"
progress.started("semgrep", "12 files")
progress.started("mypy", "1 file")
input()
progress.finished("semgrep", "")
input()
progress.close()
progress.close()
print("THE VERDICT")
"""


class TestTable:
    def test_shows_what_runs_and_is_gone_in_the_end(self, tmp_path: Path) -> None:
        script = tmp_path / "live.py"
        script.write_text(LIVE.replace("COLOUR", "False"))
        child = pexpect.spawn(
            sys.executable, [str(script)], encoding="utf-8", timeout=20, dimensions=(24, 80),
            env={"TERM": "xterm", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

        child.expect("semgrep 12 files")
        child.expect("mypy +1 file +[0-9]+ s")
        child.sendline()
        child.expect("mypy")
        child.sendline()
        child.expect("THE VERDICT")
        last_frame = str(child.before).rpartition("mypy")[2]
        child.expect(pexpect.EOF)
        child.close()

        assert child.exitstatus == 0
        assert "\x1b[2K" in last_frame, "the table is wiped"
        assert "semgrep" not in last_frame

    def test_closing_what_never_opened_is_harmless(self) -> None:
        LiveProgress(colour=True).close()
