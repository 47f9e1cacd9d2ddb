"""When things go wrong around a check, it says so, never passes by accident, and recovers.

Every fault is real: a real process is killed, a real disk is full. The run after the fault, with
the same cache, has to give the right verdict.
"""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatekeeper.adapters.cache import FILE_NAME
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.scanners.tools import RUFF
from tests.fakes.repo import Repo, Result

# Assembled here, so that no scanner takes this file for a leak.
SECRET = "gh" + "p_" + "16C7e42F292c6912E7710c838347Ae178B4a"
NO_INDEX = {
    "UV_INDEX_URL": "http://127.0.0.1:9/simple",
    "UV_HTTP_RETRIES": "0",
    "UV_HTTP_TIMEOUT": "3",
}


_STARTED: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    """A test that fails half-way leaves no check behind."""
    yield
    while _STARTED:
        process = _STARTED.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def start(
    repo: Repo, *arguments: str, prefix: tuple[str, ...] = (), env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a check and do not wait for it; `prefix` is a command that runs it."""
    process = subprocess.Popen(
        [*prefix, sys.executable, "-m", "gatekeeper", "check", "--format", "json", *arguments],
        cwd=repo.root, env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    _STARTED.append(process)
    return process


def finish(process: subprocess.Popen[bytes]) -> Result:
    stdout, stderr = process.communicate(timeout=120)
    return Result(process.returncode, stdout.decode(), stderr.decode("utf-8", "replace"))


def eventually(condition: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(met)


def running(marker: str) -> bool:
    shown = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True)
    return any(marker in line for line in shown.stdout.splitlines())


def outcome(result: Result, scanner: str = "ruff") -> tuple[str, str]:
    """How a scanner ended, and the reason code."""
    found = {item["scanner"]: item for item in result.report["outcomes"]}[scanner]
    return found["status"], found["reason_code"]


def unchecked(result: Result) -> set[tuple[str, str, str]]:
    return {
        (item["scanner"], item["path"], item["reason_code"]) for item in result.report["unchecked"]
    }


def assert_inconclusive(result: Result) -> None:
    assert "Traceback" not in result.stderr
    assert result.status == 3, result.stderr
    assert result.report["verdict"] == "inconclusive"


def assert_blocked(result: Result, *places: tuple[str, str]) -> None:
    """Blocked by new findings of these rules at these paths, and by nothing else."""
    assert "Traceback" not in result.stderr
    assert result.status == 1, result.stderr
    assert {(it["rule"], it["path"]) for it in result.findings() if it["blocks"]} == set(places)


UNUSED_IMPORT = ("F401", "new.py")


@dataclass(frozen=True)
class Faulty:
    """A repository whose change has a problem, and a ruff that misbehaves while `fault` exists.

    Mended, it is the same program at the same place: what a fault left in the cache would count.
    """

    repo: Repo
    folder: Path

    @property
    def fault(self) -> Path:
        return self.folder / "fault"

    def check(self, *arguments: str, **env: str) -> Result:
        return self.repo.check("--gate", "lint", *arguments, env=env)

    def start(self, **env: str) -> subprocess.Popen[bytes]:
        return start(self.repo, "--gate", "lint", env=env)

    def recovers(self) -> None:
        """Mend the tool and check again."""
        self.fault.unlink()
        assert_blocked(self.check(), UNUSED_IMPORT)


Break = Callable[[str], Faulty]


@pytest.fixture
def break_ruff(repo: Repo, cache: Path, tools: Path, tmp_path: Path) -> Break:
    """Give the repository a ruff that does what a shell script says until it is mended."""

    def arrange(script: str) -> Faulty:
        real = ToolEnvironments(str(tools), str(tools), {}, {}, offline=False).executable(RUFF)
        folder = tmp_path / "faulty"
        folder.mkdir()
        tool = folder / "ruff"
        tool.write_text(
            f"#!/bin/sh\nHERE={folder}\nREAL={real}\n"
            f'if [ -e "$HERE/fault" ]; then\n:\n{script}\nfi\nexec "$REAL" "$@"\n'
        )
        tool.chmod(0o755)
        (folder / "fault").touch()
        config = f"version: 1\ntools: {{ruff: {{from: path, path: '{tool}'}}}}\n"
        repo.commit("old", **{"gatekeeper.yml": config, "old.py": "x = 1\n"})
        repo.branch()
        repo.commit("new", **{"new.py": "import os\n"})
        return Faulty(repo, folder)

    return arrange


@pytest.fixture
def changed(repo: Repo, cache: Path) -> Repo:
    """A repository whose change has a problem."""
    repo.commit("old", **{"old.py": "x = 1\n"})
    repo.branch()
    repo.commit("new", **{"new.py": "import os\n"})
    return repo


class TestToolThatFails:
    def test_killed_half_way(self, break_ruff: Break) -> None:
        faulty = break_ruff("""printf '[{"code": "F4'; kill -9 $$""")

        result = faulty.check()

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-crashed")
        faulty.recovers()

    def test_killed_by_somebody_else(self, break_ruff: Break) -> None:
        faulty = break_ruff(
            'echo $$ > "$HERE/pid.new"; mv "$HERE/pid.new" "$HERE/pid"; exec sleep 60'
        )
        process = faulty.start()
        pid = faulty.folder / "pid"
        assert eventually(pid.exists)

        os.kill(int(pid.read_text()), signal.SIGKILL)
        result = finish(process)

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-crashed")
        faulty.recovers()

    def test_too_slow(self, break_ruff: Break) -> None:
        faulty = break_ruff("sleep 60")
        faulty.repo.write(
            "gatekeeper.yml",
            (faulty.repo.root / "gatekeeper.yml").read_text() + "limits: {tool_timeout: 1}\n",
        )

        result = faulty.check()

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-timeout")
        faulty.recovers()

    @pytest.mark.parametrize(
        "script",
        [
            "echo 'no findings, all good'; exit 0",
            "exit 0",
            "echo '[]]'; exit 0",
            """printf '[{"filename": "new.py"'; exit 0""",
            "echo '{}'; exit 0",
            "echo 'null'; exit 0",
            """echo '[{"filename": 7, "code": []}]'; exit 0""",
            "head -c 5000 /dev/urandom; exit 0",
            "i=0; while [ $i -lt 5000 ]; do printf '[[[[[[[[[['; i=$((i+1)); done; exit 0",
            "echo '[]'; exit 2",
            "echo '[]'; exit 101",
            "echo 'thread panicked' >&2; exit 101",
        ],
        ids=[
            "prose", "silence", "too much", "cut off", "object", "null", "wrong shape", "noise",
            "deep", "status 2", "status 101", "panic",
        ],
    )  # fmt: skip
    def test_prints_garbage(self, break_ruff: Break, script: str) -> None:
        faulty = break_ruff(script)

        result = faulty.check()

        assert_inconclusive(result)
        status, reason = outcome(result)
        assert status == "failed"
        assert reason in ("tool-output-invalid", "tool-crashed", "tool-misconfigured")
        faulty.recovers()

    def test_prints_a_hundred_megabytes(self, break_ruff: Break) -> None:
        faulty = break_ruff("head -c 100000000 /dev/zero; exit 0")

        result = faulty.check()

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-output-too-large")
        faulty.recovers()

    def test_is_not_there(self, break_ruff: Break) -> None:
        faulty = break_ruff("")
        tool = faulty.folder / "ruff"
        tool.rename(faulty.folder / "away")

        result = faulty.check()

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-not-installed")
        (faulty.folder / "away").rename(tool)
        faulty.recovers()

    def test_changes_a_file_while_it_is_checked(self, break_ruff: Break) -> None:
        faulty = break_ruff("printf 'import sys\\n' > old.py")

        result = faulty.check()

        assert "Traceback" not in result.stderr
        assert result.status != 0
        assert ("ruff", "old.py", "changed-during-check") in unchecked(result)
        faulty.fault.unlink()
        assert_blocked(faulty.check(), UNUSED_IMPORT, ("F401", "old.py"))

    def test_a_file_made_clean_while_it_is_checked_is_not_called_clean(
        self, break_ruff: Break
    ) -> None:
        """ruff reads the clean content; what was to be judged, and is put back, was not."""
        faulty = break_ruff(
            'cp new.py "$HERE/kept"; printf "x = 2\\n" > new.py; "$REAL" "$@"; status=$?\n'
            'cp "$HERE/kept" new.py; exit $status'
        )

        result = faulty.check()

        assert_inconclusive(result)
        assert unchecked(result) == {("ruff", "new.py", "changed-during-check")}
        faulty.recovers()


class TestToolThatCannotBeInstalled:
    @pytest.fixture
    def nothing(self, tmp_path: Path) -> dict[str, str]:
        """Neither tools nor downloads on this machine."""
        return {
            "GATEKEEPER_CACHE_DIR": str(tmp_path / "empty"),
            "UV_CACHE_DIR": str(tmp_path / "empty-uv"),
        }

    def test_the_index_cannot_be_reached(self, changed: Repo, nothing: dict[str, str]) -> None:
        result = changed.check("--gate", "lint", env=nothing | NO_INDEX)

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-install-failed")
        only_cache = {"GATEKEEPER_CACHE_DIR": nothing["GATEKEEPER_CACHE_DIR"]}
        assert_blocked(changed.check("--gate", "lint", env=only_cache), UNUSED_IMPORT)

    def test_nothing_is_cached_while_offline(self, changed: Repo, nothing: dict[str, str]) -> None:
        result = changed.check("--gate", "lint", "--offline", env=nothing)

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-not-installed")

    def test_none_at_all(self, changed: Repo, nothing: dict[str, str]) -> None:
        """The whole check, as on a machine that has just been set up without a network."""
        changed.write(".github/workflows/ci.yml", "on: push\njobs: {}\n")
        changed.commit()

        result = changed.check(env=nothing | NO_INDEX)

        assert_inconclusive(result)
        gates = {gate["id"]: gate["verdict"] for gate in result.report["gates"]}
        assert {gates[gate] for gate in ("lint", "format", "sast", "secrets", "workflows")} == {
            "inconclusive"
        }
        assert not result.findings()
        ended = {item["scanner"]: item["status"] for item in result.report["outcomes"]}
        assert "ran" not in {
            ended[it] for it in ("ruff", "bandit", "semgrep", "kingfisher", "zizmor")
        }

    def test_a_lock_that_wants_another_index(self, changed: Repo) -> None:
        lock = changed.write(".gatekeeper/locks/ruff.txt", "--index-url http://127.0.0.1:9/\n")

        result = changed.check("--gate", "lint")

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-misconfigured")
        lock.unlink()
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)

    def test_installed_tools_need_no_network(self, changed: Repo) -> None:
        changed.write("leak.txt", f"token = '{SECRET}'\n")
        changed.write(".github/workflows/ci.yml", "on: push\njobs: {}\n")
        changed.commit()
        dead = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
        gates = [word for gate in ("lint", "secrets", "workflows") for word in ("--gate", gate)]

        result = finish(start(changed, *gates, prefix=without_network(), env=NO_INDEX | dead))

        assert result.status == 1
        assert "Traceback" not in result.stderr
        blocking = {item["path"] for item in result.findings() if item["blocks"]}
        assert {"new.py", "leak.txt"} <= blocking
        ended = {it["status"] for it in result.report["outcomes"] if it["scanner"] != "vulture"}
        assert ended == {"ran"}
        assert_same_findings(result, changed.check(*gates))

    def test_an_environment_somebody_tidied_up(
        self, changed: Repo, tools: Path, tmp_path: Path
    ) -> None:
        """It is marked complete and its program is gone."""
        own = tmp_path / "own-cache"
        box = ToolEnvironments(str(own), str(tools), {}, {}, offline=False)
        os.unlink(box.executable(RUFF))
        env = {"GATEKEEPER_CACHE_DIR": str(own)}

        result = changed.check("--gate", "lint", env=env)

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "tool-install-failed")
        assert_blocked(changed.check("--gate", "lint", env=env), UNUSED_IMPORT)


def assert_same_findings(one: Result, other: Result) -> None:
    assert one.findings() == other.findings()
    assert one.report["gates"] == other.report["gates"]


@functools.cache
def _works(*command: str) -> bool:
    done = subprocess.run([*command, "true"], capture_output=True, check=False)
    return done.returncode == 0


def without_network() -> tuple[str, ...]:
    """A command that runs another one in a world without a network, where the system allows it."""
    return next((it for it in (("unshare", "-n"), ("unshare", "-rn")) if _works(*it)), ())


def with_mount(*mount: str) -> tuple[str, ...]:
    """A command that mounts something for another one only; empty where nobody may."""
    for how in ("-m", "-rm"):
        if _works("unshare", how, "sh", "-c", 'mount -t tmpfs none /tmp && "$@"', "sh"):
            count = len(mount)
            words = " ".join(f'"${{{number}}}"' for number in range(1, count + 1))
            script = f'mount {words} || exit 99; shift {count}; exec "$@"'
            return ("unshare", how, "sh", "-c", script, "sh", *mount)
    return ()


class TestDisk:
    def test_no_room_in_the_temporary_folder(self, changed: Repo, tmp_path: Path) -> None:
        """A small disk of its own, or where nobody may mount one, a bound on every file's size."""
        changed.write("large.txt", b"nothing to see here\n" * 150_000)
        changed.write("leak.txt", f"token = '{SECRET}'\n")
        changed.commit()
        small = tmp_path / "small"
        small.mkdir()
        prefix = with_mount("-t", "tmpfs", "-o", "size=1m", "none", str(small)) or (
            "prlimit", "--fsize=1000000",
        )  # fmt: skip

        result = finish(
            start(changed, "--gate", "secrets", prefix=prefix, env={"TMPDIR": str(small)})
        )

        assert_inconclusive(result)
        assert outcome(result, "kingfisher") == ("failed", "disk-full")
        assert list(small.iterdir()) == []
        again = changed.check("--gate", "secrets")
        assert again.status == 1
        assert {item["path"] for item in again.findings("new")} == {"leak.txt"}

    def test_a_temporary_folder_that_does_not_exist_is_replaced(self, changed: Repo) -> None:
        result = changed.check("--gate", "lint", "--gate", "secrets", env={"TMPDIR": "/dev/null/x"})

        assert_blocked(result, UNUSED_IMPORT)

    @pytest.mark.usefixtures("uncovered")
    def test_not_a_byte_more_for_the_cache(self, changed: Repo, cache: Path) -> None:
        prefix = ("prlimit", "--fsize=2048")

        result = finish(start(changed, "--gate", "lint", prefix=prefix))

        assert_blocked(result, UNUSED_IMPORT)
        assert [note for note in result.report["notes"] if "cache" in note]
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)


class TestCache:
    def test_read_only(self, changed: Repo, cache: Path) -> None:
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)
        changed.commit("more", **{"more.py": "import sys\n"})
        expected = (UNUSED_IMPORT, ("F401", "more.py"))
        before = (cache / FILE_NAME).read_bytes()
        prefix = with_mount("--bind", "-o", "ro", str(cache), str(cache))
        for path in (cache, *cache.glob(f"{FILE_NAME}*")):
            path.chmod(path.stat().st_mode & ~0o222)

        result = finish(start(changed, "--gate", "lint", prefix=prefix))

        cache.chmod(0o700)
        for path in cache.glob(f"{FILE_NAME}*"):
            path.chmod(0o600)
        assert_blocked(result, *expected)
        if prefix or os.geteuid():
            assert [note for note in result.report["notes"] if "read-only" in note]
            assert (cache / FILE_NAME).read_bytes() == before
        assert_blocked(changed.check("--gate", "lint"), *expected)

    def test_a_place_where_no_folder_can_be_made(self, tmp_path: Path, break_ruff: Break) -> None:
        (tmp_path / "file").write_text("")
        faulty = break_ruff('exec "$REAL" "$@"')

        result = faulty.check(GATEKEEPER_CACHE_DIR=str(tmp_path / "file" / "below"))

        assert_blocked(result, UNUSED_IMPORT)
        assert [note for note in result.report["notes"] if "not cached" in note]

    @pytest.mark.parametrize(
        "content", [b"garbage" * 3000, b"", b"SQLite format 3\0" + b"\xff" * 9000]
    )
    def test_corrupt(self, changed: Repo, cache: Path, content: bytes) -> None:
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)
        (cache / FILE_NAME).write_bytes(content)

        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)

        mended = changed.check("--gate", "lint")
        assert_blocked(mended, UNUSED_IMPORT)
        assert mended.report["notes"] == []

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
    def test_cut_short(self, changed: Repo, cache: Path, share: float) -> None:
        for number in range(60):
            changed.write(f"file{number}.py", f"import os{number}\n")
        changed.commit()
        first = changed.check("--gate", "lint")
        path = cache / FILE_NAME
        os.truncate(path, int(path.stat().st_size * share))

        assert_same_findings(changed.check("--gate", "lint"), first)
        assert_same_findings(changed.check("--gate", "lint"), first)

    def test_results_that_were_tampered_with_do_not_count(self, changed: Repo, cache: Path) -> None:
        """The same file again, with every stored answer replaced by the one of a clean file."""
        import sqlite3

        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)
        database = sqlite3.connect(cache / FILE_NAME)
        with database:
            database.execute(
                "update results set value = (select value from results order by length(value))"
            )
        database.close()

        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)

    def test_two_checks_at_once(self, changed: Repo) -> None:
        changed.write("leak.txt", f"token = '{SECRET}'\n")
        changed.commit()
        gates = ("--gate", "lint", "--gate", "secrets")

        results = [finish(it) for it in [start(changed, *gates) for _ in range(2)]]

        for result in results:
            assert result.status == 1
            assert "Traceback" not in result.stderr
            assert {it["path"] for it in result.findings("new")} == {"new.py", "leak.txt"}
            assert result.report["notes"] == []
        assert_same_findings(*results)
        assert_same_findings(results[0], changed.check(*gates))


class TestInterrupt:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_stops_everything_and_leaves_nothing(
        self, break_ruff: Break, tmp_path: Path, number: signal.Signals
    ) -> None:
        faulty = break_ruff('sleep 987.123 & touch "$HERE/started"; sleep 987.123')
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        process = faulty.start(TMPDIR=str(temporary))
        assert eventually((faulty.folder / "started").exists)
        assert running("sleep 987.123")
        began = time.monotonic()

        process.send_signal(number)
        result = finish(process)

        assert result.status == 130
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert "interrupted" in result.stderr
        assert time.monotonic() - began < 30
        assert eventually(lambda: not running("sleep 987.123"), 30)
        assert list(temporary.iterdir()) == []
        faulty.recovers()

    def test_laid_out_files_go_too(self, changed: Repo, tmp_path: Path) -> None:
        """Kingfisher looks at copies."""
        for number in range(400):
            changed.write(f"data/{number}.txt", os.urandom(30_000).hex())
        changed.commit()
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        process = start(changed, "--gate", "secrets", env={"TMPDIR": str(temporary)})
        assert eventually(lambda: any(temporary.iterdir()))

        process.send_signal(signal.SIGTERM)
        result = finish(process)

        assert result.status == 130
        assert list(temporary.iterdir()) == []
        assert changed.check("--gate", "secrets").status == 0

    def test_while_a_tool_is_being_installed(
        self, changed: Repo, tmp_path: Path, silent_index: str
    ) -> None:
        own = tmp_path / "own-cache"
        env = {
            "GATEKEEPER_CACHE_DIR": str(own),
            "UV_CACHE_DIR": str(tmp_path / "empty-uv"),
            "UV_INDEX_URL": silent_index,
        }
        process = start(changed, "--gate", "lint", env=env)
        assert eventually(lambda: running(f"--python {own}")), process.poll()
        began = time.monotonic()

        process.send_signal(signal.SIGTERM)
        result = finish(process)

        assert result.status == 130
        assert "Traceback" not in result.stderr
        assert eventually(lambda: not running(f"--python {own}"), 30)
        assert time.monotonic() - began < 30
        only_cache = {"GATEKEEPER_CACHE_DIR": str(own)}
        assert_blocked(changed.check("--gate", "lint", env=only_cache), UNUSED_IMPORT)


@pytest.fixture
def silent_index() -> Iterator[str]:
    """A package index that takes every call and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple"


class TestOddFiles:
    def test_one_that_is_no_text(self, changed: Repo) -> None:
        changed.write("new.py", "x = 2\n")
        changed.write("latin.py", "name = 'caf\u00e9'\n".encode("latin-1"))
        changed.commit()

        result = changed.check("--gate", "lint")

        assert_inconclusive(result)
        assert unchecked(result) == {("ruff", "latin.py", "undecodable")}
        assert_inconclusive(changed.check("--gate", "lint"))
        changed.write("latin.py", "import os\n")
        assert_blocked(changed.check("--gate", "lint"), ("F401", "latin.py"))

    def test_one_of_fifty_megabytes(self, changed: Repo) -> None:
        changed.write("new.py", "x = 2\n")
        padding = b"# nothing to see here, please go on\n" * 1_500_000
        assert len(padding) > 50 << 20
        changed.write("huge.py", padding + f"token = '{SECRET}'\n".encode())
        changed.commit()

        linted = changed.check("--gate", "lint", "--gate", "format")
        scanned = changed.check("--gate", "secrets")

        assert_inconclusive(linted)
        assert {(scanner, reason) for scanner, _, reason in unchecked(linted)} == {
            ("ruff", "too-large"),
            ("ruff-format", "too-large"),
        }
        assert scanned.status == 1
        assert {item["path"] for item in scanned.findings("new")} == {"huge.py"}
        assert unchecked(scanned) == set()

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("new\nline.py", "new\nline.py"),
            ("quo\"te's `$(id)`.py", "quo\"te's `$(id)`.py"),
            ("tab\t.py", "tab\t.py"),
            ("-rf.py", "-rf.py"),
            ("--config=x.py", "--config=x.py"),
            ("not-utf8-\udcff.py", "not-utf8-\\xff.py"),
            ("\x1b[31m.py", "\x1b[31m.py"),
            ("[a]{b}*?.py", "[a]{b}*?.py"),
            (" .py", " .py"),
        ],
    )
    def test_one_with_an_odd_name(self, changed: Repo, name: str, shown: str) -> None:
        content = f"import os\ntoken = '{SECRET}'\n"
        with open(os.path.join(changed.root, name), "w", encoding="utf-8") as file:
            file.write(content)
        changed.commit()
        gates = ("--gate", "lint", "--gate", "secrets")

        result = changed.check(*gates)

        assert "Traceback" not in result.stderr
        assert result.status == 1
        assert unchecked(result) == set()
        found = {(item["scanner"], item["path"]) for item in result.findings("new")}
        assert found == {("ruff", "new.py"), ("ruff", shown), ("kingfisher", shown)}
        assert_same_findings(result, changed.check(*gates))

    def test_a_link_out_of_the_tree_is_not_followed(self, changed: Repo, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "theirs.py").write_text(f"import os\ntoken = '{SECRET}'\n")
        (changed.root / "link.py").symlink_to(outside / "theirs.py")
        (changed.root / "folder").symlink_to(outside)
        (changed.root / "dangling.py").symlink_to(tmp_path / "nowhere")
        changed.commit()
        gates = ("--gate", "lint", "--gate", "secrets")

        result = changed.check(*gates)

        assert_blocked(result, UNUSED_IMPORT)
        assert {item["path"] for item in result.findings()} == {"new.py"}
        changed.write("new.py", "x = 2\n")
        assert changed.check(*gates).status == 0


class TestRepository:
    def test_a_base_that_is_gone(self, changed: Repo) -> None:
        result = changed.check("--base", "gone")

        assert_inconclusive(result)
        reasons = {
            item["reason_code"] for item in result.report["outcomes"] if item["status"] == "failed"
        }
        assert reasons == {"base-unavailable"}
        assert {gate["reason_code"] for gate in result.report["gates"]} >= {"base-unavailable"}
        assert_blocked(changed.check("--gate", "lint", "--base", "main"), UNUSED_IMPORT)

    def test_the_content_of_the_base_is_gone(self, changed: Repo) -> None:
        """As in a clone without blobs whose server cannot be reached."""
        changed.write("old.py", "import sys\n")
        changed.commit()
        blob = changed.git("rev-parse", "main:old.py")
        stored = changed.root / ".git" / "objects" / blob[:2] / blob[2:]
        kept = stored.rename(stored.with_suffix(".kept"))

        result = changed.check("--gate", "lint")

        assert_inconclusive(result)
        assert outcome(result) == ("failed", "base-unavailable")
        kept.rename(stored)
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT, ("F401", "old.py"))

    def test_outside_of_one(self, tmp_path: Path, cache: Path) -> None:
        (tmp_path / "plain").mkdir()

        result = Repo(tmp_path / "plain").check()

        assert result.status == 2
        assert result.stdout == ""
        assert "not a git repository" in result.stderr
        assert "git init" in result.stderr
        assert "Traceback" not in result.stderr

    def test_without_git(self, changed: Repo) -> None:
        result = changed.check(env={"PATH": "/nonexistent"})

        assert result.status == 2
        assert result.stdout == ""
        assert "git is not installed" in result.stderr

    def test_a_broken_index(self, changed: Repo) -> None:
        index = changed.root / ".git" / "index"
        kept = index.read_bytes()
        index.write_bytes(b"broken")

        result = changed.check("--gate", "lint")

        assert result.status == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        index.write_bytes(kept)
        assert_blocked(changed.check("--gate", "lint"), UNUSED_IMPORT)

    def test_a_file_that_vanishes_while_it_is_checked(self, break_ruff: Break) -> None:
        faulty = break_ruff("rm old.py")
        faulty.repo.write("new.py", "x = 2\n")
        faulty.repo.write("old.py", "import sys\n")

        result = faulty.check()

        assert "Traceback" not in result.stderr
        assert result.status != 0
        assert result.report["verdict"] != "pass"
        faulty.fault.unlink()
        faulty.repo.write("old.py", "import sys\n")
        assert_blocked(faulty.check(), ("F401", "old.py"))
