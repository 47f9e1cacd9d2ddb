"""Tools in environments of their own: installed once, whole or not at all, and only as locked."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gatekeeper.adapters import toolenv, uv_process
from gatekeeper.adapters.tool_locks import locked_version, resolve_lock
from gatekeeper.adapters.toolenv import (
    ToolEnvironments,
    environments_in_use,
    project_environment,
    project_folders,
    tool_folders,
)
from gatekeeper.adapters.uv_process import run_uv, uv_program
from gatekeeper.model.tool import ToolSource, ToolSpec
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.tools import TOOLS

SPEC = ToolSpec("tinytool", "tinytool", ("lib/python*/site-packages/none", "bin/tinytool"))
PROJECT = ToolSpec("tinytool", "tinytool", ("bin/tinytool",), locked=False)


def wheel(folder: Path, name: str, version: str) -> str:
    """Write a package with one command; the wheel's SHA-256."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"def main():\n    print('{name} {version}')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(
        f"{path},sha256={_short_hash(text)},{len(text)}\n" for path, text in files.items()
    )
    path = folder / f"{name}-{version}-py3-none-any.whl"
    # Several processes may write the same one while others read it.
    written = path.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(written, "w") as archive:
        for inside, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(inside, (2026, 1, 2, 3, 4, 6)), text)
    written.replace(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _short_hash(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Index:
    """A folder of packages that stands for the package index, and a repository with a lock."""

    def __init__(self, folder: Path) -> None:
        self.wheels = folder / "wheels"
        self.root = folder / "project"
        self.cache = folder / "cache"
        self.said: list[str] = []
        self.environ = {
            **os.environ,
            "UV_FIND_LINKS": str(self.wheels),
            "UV_OFFLINE": "1",  # no look at the real index
            "UV_CACHE_DIR": str(folder / "uv-cache"),
        }

    def lock(self, version: str, *hashes: str) -> None:
        self.lock_text(
            f"tinytool=={version} \\\n"
            + " \\\n".join(f"    --hash=sha256:{value}" for value in hashes)
            + "\n"
        )

    def lock_text(self, text: str | bytes) -> None:
        path = self.root / ".gatekeeper" / "locks" / "tinytool.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def box(
        self,
        sources: Mapping[str, ToolSource] | None = None,
        paths: Mapping[str, str] | None = None,
        *,
        offline: bool = False,
        **environ: str,
    ) -> ToolEnvironments:
        return ToolEnvironments(
            str(self.cache), str(self.root), sources or {}, paths or {},
            offline=offline, environ={**self.environ, **environ}, announce=self.said.append,
        )  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path)
    made.lock("1.0", wheel(made.wheels, "tinytool", "1.0"))
    return made


def says(path: str) -> str:
    return subprocess.run([path], capture_output=True, text=True, check=True).stdout.strip()


def refused(box: ToolEnvironments, spec: ToolSpec = SPEC) -> ToolError:
    with pytest.raises(ToolError) as caught:
        box.executable(spec)
    return caught.value


class TestLocked:
    def test_is_installed_when_first_wanted(self, index: Index) -> None:
        box = index.box()
        before = box.status(SPEC)

        path = box.executable(SPEC)

        after = box.status(SPEC)
        assert says(path) == "tinytool 1.0"
        assert (before.installed, after.installed) == (False, True)
        assert (after.version, after.source) == ("1.0", "locked")
        assert path.startswith(after.path)

    def test_is_announced_before_it_is_installed_and_only_then(self, index: Index) -> None:
        for _ in range(2):
            index.box().executable(SPEC)

        assert index.said == ["installing tinytool 1.0, once for this machine"]

    def test_is_installed_once(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        path = index.box().executable(SPEC)
        monkeypatch.setattr(uv_process, "uv_program", lambda: pytest.fail("uv was started"))

        assert index.box().executable(SPEC) == path
        assert index.box(offline=True).executable(SPEC) == path

    def test_another_lock_is_another_environment(self, index: Index) -> None:
        old = index.box().executable(SPEC)
        index.lock("2.0", wheel(index.wheels, "tinytool", "2.0"))
        new = index.box().executable(SPEC)

        assert (says(old), says(new)) == ("tinytool 1.0", "tinytool 2.0")
        assert len(tool_folders(str(index.cache))) == 2
        assert environments_in_use(str(index.cache)) == set(tool_folders(str(index.cache)))

    def test_the_environment_of_the_caller_plays_no_part(
        self, index: Index, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        assert not run_uv(("venv", "--python", sys.executable, str(other)))

        path = index.box(VIRTUAL_ENV=str(other)).executable(SPEC)

        assert says(path) == "tinytool 1.0"
        assert not (other / "bin" / "tinytool").exists()

    def test_a_wrong_hash_is_refused(self, index: Index) -> None:
        index.lock("1.0", "0" * 64)

        error = refused(index.box())

        assert error.reason == "tool-install-failed"
        assert "hash" in error.message.lower()
        assert not index.box().status(SPEC).installed

    def test_a_requirement_without_a_hash_is_refused(self, index: Index) -> None:
        index.lock_text("tinytool==1.0\n")

        assert refused(index.box()).reason == "tool-install-failed"

    @pytest.mark.parametrize(
        "text",
        [
            b"tinytool==1.0 --hash=\xff\n",
            b"<<<<<<< ours\n",
            b"\0",
            b"--index-url http://127.0.0.1:9\ntinytool==1.0\n",
            b"-r other.txt\n",
            b"tinytool @ file:///tmp/tinytool\n",
            b"-e .\n",
        ],
    )
    def test_a_lock_of_the_repository_may_pin_versions_and_nothing_else(
        self, index: Index, text: bytes
    ) -> None:
        index.lock_text(text)
        box = index.box()

        error = refused(box)

        assert error.reason == "tool-misconfigured"
        assert error.message.startswith(os.path.join(".gatekeeper", "locks", "tinytool.txt:1: "))
        assert "gatekeeper tools lock" in error.remedy
        assert not box.status(SPEC).installed, "asking about it is no error"

    def test_offline_with_nothing_cached(self, index: Index) -> None:
        shutil.rmtree(index.wheels)
        index.wheels.mkdir()

        error = refused(index.box(offline=True))

        assert error.reason == "tool-not-installed"
        assert error.message == (
            "tinytool could not be installed while offline: it is not in uv's cache"
        )
        assert "gatekeeper tools install tinytool" in error.remedy

    def test_an_index_that_cannot_be_reached(self, index: Index) -> None:
        box = index.box(
            UV_OFFLINE="0", UV_FIND_LINKS="", UV_INDEX_URL="http://127.0.0.1:9/simple",
            UV_HTTP_TIMEOUT="2", UV_HTTP_RETRIES="0",
        )  # fmt: skip

        error = refused(box)

        assert error.reason == "tool-install-failed"
        assert "gatekeeper tools install" in error.remedy
        assert error.message.isprintable()

    def test_the_run_after_a_failure_succeeds(self, index: Index) -> None:
        good = (index.root / ".gatekeeper" / "locks" / "tinytool.txt").read_bytes()
        hidden = index.wheels.rename(index.wheels.parent / "hidden")
        index.wheels.mkdir()
        refused(index.box())
        index.wheels.rmdir()
        hidden.rename(index.wheels)
        index.lock_text(good)

        assert says(index.box().executable(SPEC)) == "tinytool 1.0"

    def test_a_cache_that_cannot_be_written(self, index: Index) -> None:
        index.cache.write_text("a file where the folder should be")

        error = refused(index.box())

        assert error.reason == "tool-install-failed"
        assert "GATEKEEPER_CACHE_DIR" in error.remedy

    def test_without_uv(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "uv", None)
        monkeypatch.setenv("PATH", "/nonexistent")

        error = refused(index.box())

        assert error.reason == "tool-install-failed"
        assert "uv is not installed" in error.message

    def test_every_shipped_lock_pins_its_tool(self, index: Index) -> None:
        box = index.box()

        versions = {
            spec.id: locked_version(box.lock_text(spec), spec.package)
            for spec in TOOLS.values()
            if spec.locked
        }

        assert all(versions.values()), versions


class TestRepair:
    def test_an_installation_killed_half_way_is_done_again(self, index: Index) -> None:
        box = index.box()
        folder = Path(box.status(SPEC).path)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "tinytool").write_text("#!/bin/sh\necho half\n")
        (folder / "bin" / "tinytool").chmod(0o755)

        assert says(box.executable(SPEC)) == "tinytool 1.0"

    def test_a_process_killed_while_installing_holds_nobody_up(self, index: Index) -> None:
        code = (
            "import os, sys, time\n"
            "from gatekeeper.adapters import toolenv\n"
            "from tests.unit.adapters.test_toolenv import SPEC, Index\n"
            "from pathlib import Path\n"
            "really = toolenv.run_uv\n"
            "def stop(arguments, environ, **more):\n"
            "    if arguments[0] == 'pip':\n"
            "        print('half-way', flush=True); time.sleep(60)\n"
            "    return really(arguments, environ, **more)\n"
            "toolenv.run_uv = stop\n"
            "Index(Path(sys.argv[1])).box().executable(SPEC)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(index.root.parent)],
            cwd=Path(__file__).parents[3], stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"half-way\n"
        process.kill()
        process.wait()
        process.stdout.close()
        assert not index.box().status(SPEC).installed

        assert says(index.box().executable(SPEC)) == "tinytool 1.0"

    def test_a_program_that_was_taken_away_comes_back_with_the_next_run(self, index: Index) -> None:
        path = index.box().executable(SPEC)
        os.unlink(path)

        error = refused(index.box())

        assert error.reason == "tool-install-failed"
        assert "damaged" in error.message
        assert says(index.box().executable(SPEC)) == "tinytool 1.0"


class TestSeveralAtOnce:
    def test_processes_install_once(self, index: Index) -> None:
        code = (
            "import sys\n"
            "from gatekeeper.adapters import toolenv\n"
            "from tests.unit.adapters.test_toolenv import SPEC, Index\n"
            "from pathlib import Path\n"
            "really = toolenv.run_uv\n"
            "def count(arguments, environ, **more):\n"
            "    print(arguments[0])\n"
            "    return really(arguments, environ, **more)\n"
            "toolenv.run_uv = count\n"
            "Index(Path(sys.argv[1])).box().executable(SPEC)\n"
        )
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(index.root.parent)],
                cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True,
            )
            for _ in range(3)
        ]  # fmt: skip
        said = [process.communicate(timeout=60)[0] for process in processes]

        assert [process.returncode for process in processes] == [0, 0, 0]
        assert sorted(said) == ["", "", "venv\npip\n"]

    def test_threads_install_once(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        box = index.box()
        calls: list[str] = []
        really = uv_process.run_uv

        def slow(arguments: tuple[str, ...], environ: Mapping[str, str], **more: Any) -> str:
            calls.append(arguments[0])
            time.sleep(0.1)
            return really(arguments, environ, **more)

        monkeypatch.setattr(toolenv, "run_uv", slow)
        threads = [threading.Thread(target=box.executable, args=(SPEC,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert calls == ["venv", "pip"]


class TestCancel:
    @pytest.fixture
    def silent(self) -> Iterator[str]:
        """A package index that takes every call and never says a word."""
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(50)
            yield f"http://127.0.0.1:{server.getsockname()[1]}/simple"

    def test_stops_an_installation_and_those_that_wait_for_it(
        self, index: Index, silent: str
    ) -> None:
        box = index.box(UV_OFFLINE="0", UV_FIND_LINKS="", UV_INDEX_URL=silent)
        reasons: list[str] = []

        def install() -> None:
            try:
                box.executable(SPEC)
            except ToolError as error:
                reasons.append(error.reason)

        threads = [threading.Thread(target=install) for _ in range(3)]
        for thread in threads:
            thread.start()
        python = Path(box.status(SPEC).path) / "bin" / "python"
        while not python.exists():
            time.sleep(0.05)
        time.sleep(0.3)
        began = time.monotonic()

        box.cancel()

        for thread in threads:
            thread.join(timeout=20)
        assert reasons == ["cancelled"] * 3
        assert time.monotonic() - began < 15
        shown = subprocess.run(
            ["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True
        )
        assert str(index.cache) not in shown.stdout
        assert says(index.box().executable(SPEC)) == "tinytool 1.0"

    def test_nothing_starts_afterwards(self, index: Index) -> None:
        box = index.box()
        box.cancel()

        assert refused(box).reason == "cancelled"


class TestElsewhere:
    def test_a_path_below_the_repository(self, index: Index) -> None:
        tool = index.root / "tools" / "mine"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\necho mine\n")
        tool.chmod(0o755)
        box = index.box({"tinytool": "path"}, {"tinytool": "tools/mine"})

        assert says(box.executable(SPEC)) == "mine"
        assert box.status(SPEC).installed

    def test_the_identity_follows_the_program(self, index: Index) -> None:
        tool = index.root / "mine"

        def identity() -> str:
            return index.box({"tinytool": "path"}, {"tinytool": "mine"}).digest(SPEC)

        absent = identity()
        tool.write_text("#!/bin/sh\necho mine\n")
        tool.chmod(0o755)
        first = identity()
        tool.write_text("#!/bin/sh\necho other\n")
        second = identity()

        assert len({absent, first, second, index.box().digest(SPEC)}) == 4

    @pytest.mark.parametrize("path", ["missing", "plain.txt", ".", "folder", "/nonexistent/tool"])
    def test_a_path_that_cannot_be_run(self, index: Index, path: str) -> None:
        (index.root / "folder").mkdir()
        (index.root / "plain.txt").write_text("")
        box = index.box({"tinytool": "path"}, {"tinytool": path})

        error = refused(box)

        assert error.reason == "tool-not-installed"
        assert path in error.message
        assert "tools.tinytool.from" in error.remedy
        assert not box.status(SPEC).installed

    @pytest.mark.parametrize("folder", [".venv", "venv"])
    def test_the_project_s_own_environment(self, index: Index, folder: str) -> None:
        tool = index.root / folder / "bin" / "tinytool"
        tool.parent.mkdir(parents=True)
        tool.write_text("#!/bin/sh\necho project\n")
        tool.chmod(0o755)

        assert says(index.box().executable(PROJECT)) == "project"
        assert says(index.box({"tinytool": "project"}).executable(SPEC)) == "project"

    def test_the_active_environment_comes_first_and_path_last(
        self, index: Index, tmp_path: Path
    ) -> None:
        for where in ("active/bin", "on-path", "project/.venv/bin"):
            tool = tmp_path / where / "tinytool"
            tool.parent.mkdir(parents=True, exist_ok=True)
            tool.write_text(f"#!/bin/sh\necho {where}\n")
            tool.chmod(0o755)
        path = f"{tmp_path / 'on-path'}:/usr/bin:/bin"

        def found(**environ: str) -> str:
            return says(index.box({}, {}, offline=False, PATH=path, **environ).executable(PROJECT))

        assert found(VIRTUAL_ENV=str(tmp_path / "active")) == "active/bin"
        assert found(VIRTUAL_ENV="") == "project/.venv/bin"
        shutil.rmtree(index.root / ".venv")
        assert found(VIRTUAL_ENV="/nonexistent") == "on-path"

    def test_a_project_that_has_it_not(self, index: Index) -> None:
        error = refused(index.box(PATH="/nonexistent", VIRTUAL_ENV=""), PROJECT)

        assert error.reason == "tool-not-installed"
        assert "project's environment" in error.message

    def test_the_identity_of_a_project_s_environment_is_what_is_installed(
        self, tmp_path: Path
    ) -> None:
        packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
        (packages / "a-1.0.dist-info").mkdir(parents=True)
        (tmp_path / ".venv" / "bin").mkdir()

        before = project_environment(str(tmp_path), {})
        (packages / "b-1.0.dist-info").mkdir()

        assert project_folders(str(tmp_path), {}) == [str(tmp_path / ".venv" / "bin")]
        assert before not in ("", project_environment(str(tmp_path), {}))
        assert project_environment(str(tmp_path / "nowhere"), {}) == ""


class TestResolving:
    def test_the_newest_version_with_its_hashes(
        self, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        newest = wheel(index.wheels, "tinytool", "2.0")
        for name in ("UV_FIND_LINKS", "UV_OFFLINE", "UV_CACHE_DIR"):
            monkeypatch.setenv(name, index.environ[name])
        folder = index.root / ".gatekeeper" / "locks"

        path, version = resolve_lock(SPEC, str(folder))

        assert version == "2.0"
        assert newest in Path(path).read_text()
        assert says(index.box().executable(SPEC)) == "tinytool 2.0"
        assert os.listdir(folder) == ["tinytool.txt"]

    def test_constraints_count(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        wheel(index.wheels, "tinytool", "2.0")
        for name in ("UV_FIND_LINKS", "UV_OFFLINE", "UV_CACHE_DIR"):
            monkeypatch.setenv(name, index.environ[name])
        spec = ToolSpec("tinytool", "tinytool", ("bin/tinytool",), constraints=("tinytool<2",))

        assert resolve_lock(spec, str(index.root / "new" / "folder"))[1] == "1.0"

    def test_a_failure_leaves_the_old_lock(
        self, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("UV_OFFLINE", "1")
        monkeypatch.setenv("UV_FIND_LINKS", str(index.root))
        folder = index.root / ".gatekeeper" / "locks"
        before = (folder / "tinytool.txt").read_bytes()

        with pytest.raises(ToolError) as caught:
            resolve_lock(SPEC, str(folder))

        assert caught.value.reason == "tool-install-failed"
        assert (folder / "tinytool.txt").read_bytes() == before
        assert os.listdir(folder) == ["tinytool.txt"]

    def test_a_folder_that_cannot_be_written(self, index: Index) -> None:
        with pytest.raises(ToolError, match="could not be written"):
            resolve_lock(SPEC, str(index.wheels / "tinytool-1.0-py3-none-any.whl" / "below"))


class TestUv:
    def test_is_looked_for_by_one_thread_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It asks Python's own sysconfig, which answers None while it is getting ready."""
        inside: list[int] = []
        met: list[int] = []

        def find_uv_bin() -> str:
            inside.append(1)
            met.append(len(inside))
            time.sleep(0.02)
            inside.pop()
            return "/uv"

        fake = ModuleType("uv")
        fake.find_uv_bin = find_uv_bin  # type: ignore[attr-defined]  # a stand-in module has no such name
        monkeypatch.setitem(sys.modules, "uv", fake)
        threads = [threading.Thread(target=uv_program) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert met == [1, 1, 1, 1]

    def test_the_one_that_came_along_is_used(self) -> None:
        assert os.access(uv_program(), os.X_OK)

    def test_one_on_the_path_will_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "uv").write_text("#!/bin/sh\n")
        (tmp_path / "uv").chmod(0o755)
        monkeypatch.setitem(sys.modules, "uv", None)
        monkeypatch.setenv("PATH", str(tmp_path))

        assert uv_program() == str(tmp_path / "uv")

    def test_what_it_complains_about_fits_on_a_line(self) -> None:
        said = run_uv(("pip", "install", "--no-index", "no-such-package-anywhere\x1b[31m"))

        assert said.isprintable()
        assert 0 < len(said) <= 1600

    def test_it_cannot_take_forever(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "uv").write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / "uv").chmod(0o755)
        monkeypatch.setattr(uv_process, "uv_program", lambda: str(tmp_path / "uv"))
        monkeypatch.setattr(uv_process, "_DEADLINE", 0.3)

        assert run_uv(("venv",)) == "uv took more than 0.3 s"
