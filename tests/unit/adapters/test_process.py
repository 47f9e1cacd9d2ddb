"""Starting programs: what they see, how long they may take, and that nothing stays behind."""

from __future__ import annotations

import os
import re
import string
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatekeeper.adapters import process as adapter
from gatekeeper.adapters.process import OUTPUT_CAP, OUTPUT_TAIL, LocalProcesses, scrubbed
from gatekeeper.ports.process import Completed, ToolError

CREDENTIALS = (
    "GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL",
    "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AZURE_CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS", "PGPASSWORD", "MYSQL_PWD", "DB_PASS", "TWINE_PASSWORD",
    "UV_PUBLISH_TOKEN", "PIP_EXTRA_API_KEY", "OPENAI_API_KEY", "STRIPE_APIKEY", "SIGNING_KEY",
    "DEPLOY_KEY", "GPG_PASSPHRASE", "DOCKER_AUTH_CONFIG", "NPM_CONFIG__AUTH", "SSH_AUTH_SOCK",
    "SSH_PRIVATE", "GIT_ASKPASS", "GIT_CONFIG_PARAMETERS", "SENTRY_DSN", "GITLAB_PAT",
    "LC_SECRET", "lc_password", "LC_API_KEY", "my_token", "Deploy_Key",
)  # fmt: skip
HARMLESS = (
    "PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "MYPYPATH", "EDITOR",
    "KEYBOARD", "COMPATIBLE", "COMPASS", "MONKEY",
)  # fmt: skip
# Written down a second time, and more simply, than in the code under test.
LOOKS_SECRET = re.compile(
    r"token|secret|passw|passphrase|credential|api_?key|private|auth|access_key|_key$|_pwd$",
    re.IGNORECASE,
)
FRAGMENTS = st.sampled_from(
    ("TOKEN", "SECRET", "PASSWORD", "API_KEY", "APIKEY", "CREDENTIALS", "AUTH", "PRIVATE", "KEY",
     "PWD", "LC_", "GIT_", "SSH_", "ACTIONS_", "PATH", "_", "X", "MY", "TMPDIR")
)  # fmt: skip
NAMES = st.one_of(
    st.lists(FRAGMENTS, min_size=1, max_size=4).map("_".join),
    st.lists(FRAGMENTS, min_size=1, max_size=4).map("".join),
    st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=12),
).flatmap(lambda name: st.sampled_from((name, name.lower(), name.title())))


@pytest.fixture
def processes(tmp_path: Path) -> LocalProcesses:
    return LocalProcesses(str(tmp_path))


def python(
    processes: LocalProcesses, code: str, *, deadline: float = 30, inherit_env: bool = False
) -> Completed:
    return processes.run(
        [sys.executable, "-c", code], cwd="/", deadline=deadline, inherit_env=inherit_env
    )


def eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return met


def running(marker: str) -> bool:
    """Whether any process has the marker on its command line; zombies have none."""
    shown = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True)
    return marker in shown.stdout


class TestWhatAToolSays:
    def test_output_and_exit_status_come_back_as_they_are(self, processes: LocalProcesses) -> None:
        done = python(
            processes,
            "import sys; sys.stdout.buffer.write(b'\\xff\\0out'); sys.stderr.write('err'); sys.exit(7)",
        )

        assert done == Completed(7, b"\xff\0out", "err")

    def test_both_streams_may_be_long(self, processes: LocalProcesses) -> None:
        code = (
            "import sys\n"
            "for _ in range(300):\n"
            "    sys.stdout.write('o' * 4096); sys.stderr.write('e' * 4096)\n"
            "sys.stderr.write('the end')"
        )

        done = python(processes, code)

        assert len(done.stdout) == 300 * 4096
        assert len(done.stderr) == OUTPUT_TAIL
        assert done.stderr.endswith("the end")

    def test_standard_error_that_is_no_text_is_readable(self, processes: LocalProcesses) -> None:
        done = python(processes, "import sys; sys.stderr.buffer.write(b'\\xff bad')")

        assert done.stderr == "\ufffd bad"

    def test_standard_input_is_empty(self, processes: LocalProcesses) -> None:
        assert python(processes, "import sys; print(repr(sys.stdin.read()))").stdout == b"''\n"

    def test_no_shell_looks_at_the_arguments(self, processes: LocalProcesses) -> None:
        code = "import sys; print(sys.argv[1])"
        hostile = "$(touch /tmp/x); `id` && * ~ \n '\""

        done = processes.run([sys.executable, "-c", code, hostile], cwd="/", deadline=30)

        assert done.stdout.decode() == hostile + "\n"

    def test_a_relative_program_is_none(self, processes: LocalProcesses, tmp_path: Path) -> None:
        with pytest.raises(ToolError) as caught:
            processes.run(["no-such-tool"], cwd=str(tmp_path), deadline=5)

        assert caught.value.reason == "tool-not-installed"
        assert "no-such-tool could not be started" in caught.value.message

    def test_a_program_that_may_not_be_run_is_named(
        self, processes: LocalProcesses, tmp_path: Path
    ) -> None:
        tool = tmp_path / "tool"
        tool.write_text("#!/bin/sh\n")

        with pytest.raises(ToolError, match="Permission denied") as caught:
            processes.run([str(tool)], cwd="/", deadline=5)

        assert caught.value.reason == "tool-not-installed"

    def test_a_folder_that_is_gone_is_an_error_with_a_reason(
        self, processes: LocalProcesses, tmp_path: Path
    ) -> None:
        with pytest.raises(ToolError, match="No such file"):
            processes.run([sys.executable, "-V"], cwd=str(tmp_path / "gone"), deadline=5)


class TestDeadline:
    def test_a_tool_that_takes_too_long_is_stopped_with_its_grandchildren(
        self, processes: LocalProcesses
    ) -> None:
        marker = f"sleeper-{os.getpid()}-{time.monotonic_ns()}"
        grandchild = f"import time; time.sleep(60)  # {marker}"
        code = (
            "import subprocess, sys, time\n"
            f"subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
            "time.sleep(60)"
        )
        began = time.monotonic()

        with pytest.raises(ToolError) as caught:
            python(processes, code, deadline=0.7)

        assert caught.value.reason == "tool-timeout"
        assert "after 0.7 s" in caught.value.message
        assert "limits.tool_timeout" in caught.value.remedy
        assert time.monotonic() - began < 10
        assert eventually(lambda: not running(marker))

    def test_closing_both_streams_does_not_escape_it(self, processes: LocalProcesses) -> None:
        began = time.monotonic()

        with pytest.raises(ToolError) as caught:
            python(
                processes, "import os, time; os.close(1); os.close(2); time.sleep(30)", deadline=1
            )

        assert caught.value.reason == "tool-timeout"
        assert time.monotonic() - began < 10

    def test_ignoring_signals_does_not_escape_it(self, processes: LocalProcesses) -> None:
        code = (
            "import signal, time\n"
            "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n"
            "    signal.signal(number, signal.SIG_IGN)\n"
            "time.sleep(30)"
        )

        with pytest.raises(ToolError, match="was stopped after"):
            python(processes, code, deadline=1)

    def test_talking_all_the_time_does_not_escape_it(self, processes: LocalProcesses) -> None:
        code = "import time\nwhile True: print('.', flush=True); time.sleep(0.01)"

        with pytest.raises(ToolError, match="was stopped after"):
            python(processes, code, deadline=1)

    def test_a_grandchild_that_holds_the_pipe_does_not_hold_the_answer_up(
        self, processes: LocalProcesses
    ) -> None:
        marker = f"holder-{os.getpid()}-{time.monotonic_ns()}"
        code = (
            "import subprocess, sys\n"
            f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)  # {marker}'])\n"
            "print('answer')"
        )
        began = time.monotonic()

        done = python(processes, code)

        assert done.stdout == b"answer\n"
        assert time.monotonic() - began < 10
        assert eventually(lambda: not running(marker))


class TestEnd:
    def test_being_killed_is_no_exit_status(self, processes: LocalProcesses) -> None:
        with pytest.raises(ToolError) as caught:
            python(
                processes, "import os, signal; print('[]'); os.kill(os.getpid(), signal.SIGKILL)"
            )

        assert caught.value.reason == "tool-crashed"
        assert "killed by SIGKILL" in caught.value.message
        assert "memory" in caught.value.remedy

    def test_a_real_time_signal_has_a_name_too(self, processes: LocalProcesses) -> None:
        with pytest.raises(ToolError, match="was killed by"):
            python(processes, "import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 3)")

    def test_too_much_output_is_an_error_that_names_the_limit(
        self, processes: LocalProcesses, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(adapter, "OUTPUT_CAP", 1 << 20)

        with pytest.raises(ToolError) as caught:
            python(processes, "import sys; sys.stdout.write('x' * ((1 << 20) + 1))")

        assert caught.value.reason == "tool-output-too-large"
        assert "1 MiB" in caught.value.message

    def test_output_up_to_the_limit_is_fine(
        self, processes: LocalProcesses, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(adapter, "OUTPUT_CAP", 1 << 20)

        assert (
            len(python(processes, "import sys; sys.stdout.write('x' * (1 << 20))").stdout)
            == 1 << 20
        )

    @pytest.mark.slow
    def test_a_hundred_megabytes_are_too_much(self, processes: LocalProcesses) -> None:
        assert OUTPUT_CAP == 64 << 20

        with pytest.raises(ToolError, match="more than 64 MiB"):
            python(processes, "import sys\nfor _ in range(100): sys.stdout.write('x' * 1_000_000)")

    def test_no_descriptor_is_left_open(self, processes: LocalProcesses) -> None:
        before = len(os.listdir("/proc/self/fd"))

        for _ in range(3):
            python(processes, "pass")
        with pytest.raises(ToolError):
            python(processes, "import time; time.sleep(9)", deadline=0.2)

        assert len(os.listdir("/proc/self/fd")) == before


class TestCancel:
    def test_another_thread_stops_everything_at_once(self, processes: LocalProcesses) -> None:
        reasons: list[str] = []

        def run() -> None:
            try:
                python(processes, "import time; time.sleep(60)", deadline=60)
            except ToolError as error:
                reasons.append(error.reason)

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert eventually(lambda: len(processes._children._running) == 3)
        began = time.monotonic()

        processes.cancel()

        for thread in threads:
            thread.join(timeout=30)
        assert reasons == ["cancelled"] * 3
        assert time.monotonic() - began < 30

    def test_nothing_starts_afterwards(self, processes: LocalProcesses, tmp_path: Path) -> None:
        processes.cancel()

        with pytest.raises(ToolError) as caught:
            python(processes, f"open({str(tmp_path / 'ran')!r}, 'w')")

        assert caught.value.reason == "cancelled"
        assert not (tmp_path / "ran").exists()

    def test_twice_is_harmless(self, processes: LocalProcesses) -> None:
        processes.cancel()
        processes.cancel()


class TestEnvironment:
    @pytest.mark.parametrize("name", CREDENTIALS)
    @pytest.mark.parametrize("inherit", [False, True], ids=["isolated", "project"])
    def test_credentials_never_get_through(self, name: str, inherit: bool) -> None:
        assert name not in scrubbed({name: "value"}, "/home/tool", inherit=inherit)

    @pytest.mark.parametrize("name", HARMLESS)
    def test_a_tool_of_the_project_keeps_the_rest(self, name: str) -> None:
        assert scrubbed({name: "value"}, "/home/tool", inherit=True)[name] == "value"

    def test_a_tool_of_the_project_keeps_the_home(self) -> None:
        assert scrubbed({"HOME": "/home/me"}, "/home/tool", inherit=True)["HOME"] == "/home/me"

    def test_an_isolated_tool_sees_no_personal_configuration(self) -> None:
        environ = {
            "HOME": "/home/me",
            "XDG_CONFIG_HOME": "/home/me/.config",
            "PYTHONPATH": "/home/me/lib",
            "RUFF_CACHE_DIR": "/x",
            "PATH": "/usr/bin",
            "LC_CTYPE": "de_DE.UTF-8",
        }

        kept = scrubbed(environ, "/home/tool", inherit=False)

        assert kept["HOME"] == kept["XDG_CONFIG_HOME"] == kept["XDG_CACHE_HOME"] == "/home/tool"
        assert kept["PATH"] == "/usr/bin"
        assert kept["LC_CTYPE"] == "de_DE.UTF-8"
        assert not {"PYTHONPATH", "RUFF_CACHE_DIR"} & kept.keys()

    @pytest.mark.parametrize("inherit", [False, True], ids=["isolated", "project"])
    @settings(deadline=None)
    @given(environ=st.dictionaries(NAMES, st.just("value"), max_size=8))
    def test_no_variable_that_looks_like_a_credential_survives(
        self, environ: dict[str, str], inherit: bool
    ) -> None:
        assume(any(LOOKS_SECRET.search(name) for name in environ))

        kept = scrubbed(environ, "/home/tool", inherit=inherit)

        assert not [name for name in kept if LOOKS_SECRET.search(name)]

    def test_the_process_really_gets_just_that(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MY_TOKEN", "value")
        monkeypatch.setenv("HARMLESS", "value")
        processes = LocalProcesses(str(tmp_path))
        show = "import os; print(' '.join(sorted(os.environ)))"

        isolated = python(processes, show).stdout.decode().split()
        inherited = python(processes, show, inherit_env=True).stdout.decode().split()

        assert not {"MY_TOKEN", "HARMLESS"} & set(isolated)
        assert "HARMLESS" in inherited
        assert "MY_TOKEN" not in inherited

    def test_what_a_scanner_sets_itself_wins(self, processes: LocalProcesses) -> None:
        done = processes.run(
            [sys.executable, "-c", "import os; print(os.environ['NO_COLOR'])"],
            cwd="/",
            deadline=30,
            env={"NO_COLOR": "0"},
        )

        assert done.stdout == b"0\n"


class TestTheProjectsOwnCommand:
    """`run_own`: what a developer would run by hand, but for credentials."""

    @staticmethod
    def own(
        processes: LocalProcesses, code: str, deadline: float = 30, *pass_env: str
    ) -> Completed:
        return processes.run_own(
            [sys.executable, "-c", code], cwd="/", deadline=deadline, env={"ADDED": "1"},
            pass_env=pass_env,
        )  # fmt: skip

    def test_gets_the_environment_without_credentials_that_are_not_asked_for(
        self, tmp_path: Path
    ) -> None:
        environ = {"MY_TOKEN": "t", "YOUR_TOKEN": "t", "HOME": "/me", "FORCE_COLOR": "1"}
        show = "import os; print(*sorted(set(os.environ) - {'LC_CTYPE'}))"
        processes = LocalProcesses(str(tmp_path), environ)

        assert self.own(processes, show).stdout == b"ADDED FORCE_COLOR HOME\n"
        asked = self.own(processes, show, 30, "MY_TOKEN", "ABSENT").stdout
        assert asked == b"ADDED FORCE_COLOR HOME MY_TOKEN\n"

    def test_keeps_the_last_part_of_what_it_prints_however_much_that_is(
        self, processes: LocalProcesses
    ) -> None:
        code = "import sys\nfor out in sys.stdout, sys.stderr: out.write('x' * 9_000_000 + 'end')"

        done = self.own(processes, code)

        assert (len(done.stdout), len(done.stderr)) == (OUTPUT_TAIL, OUTPUT_TAIL)
        assert done.stdout.endswith(b"xend")
        assert done.stderr.endswith("xend")

    def test_tells_how_it_ended(self, processes: LocalProcesses) -> None:
        assert self.own(processes, "raise SystemExit(7)").status == 7
        assert self.own(processes, "import os; os.kill(os.getpid(), 11)").status == -11

    def test_is_gone_with_its_children_at_the_deadline(self, processes: LocalProcesses) -> None:
        marker = f"own-{os.getpid()}"
        code = (
            "import subprocess, sys, time; print('begun', flush=True);"
            f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60) # {marker}']);"
            "time.sleep(60)"
        )

        done = self.own(processes, code, 1.5)

        assert done.late
        assert done.stdout == b"begun\n"
        assert eventually(lambda: not running(marker))
