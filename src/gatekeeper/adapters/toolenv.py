"""Tools in locked environments of their own, or from the project's environment."""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from gatekeeper.adapters.process import Children
from gatekeeper.adapters.tool_locks import REPOSITORY_LOCKS, locked_version, plain_lock
from gatekeeper.adapters.uv_process import run_uv
from gatekeeper.model.tool import ToolSource, ToolSpec, ToolStatus
from gatekeeper.ports.process import ToolError
from gatekeeper.shipped import shipped
from gatekeeper.text.fingerprint import digest

_COMPLETE = ".complete"


class ToolEnvironments:
    """Installs locked tools with uv below `folder`, once per lock; safe with several at once.

    `sources` says per tool id where it comes from, `paths` which program `path` means. A lock in
    the repository's `.gatekeeper/locks/` goes before the one that ships with gatekeeper.
    `announce` is told, from any thread, what is about to be installed.
    """

    def __init__(
        self,
        folder: str,
        root: str,
        sources: Mapping[str, ToolSource],
        paths: Mapping[str, str],
        *,
        offline: bool,
        environ: Mapping[str, str] = os.environ,
        announce: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._announce = announce
        self._folder = os.path.join(folder, "tools")
        self._root = root
        self._sources = sources
        self._paths = paths
        self._offline = offline
        self._environ = environ
        self._digests: dict[str, str] = {}
        self._children = Children()

    def cancel(self) -> None:
        """Stop every installation; none starts any more."""
        self._children.cancel()

    def source(self, spec: ToolSpec) -> ToolSource:
        """Where the tool comes from, as configured or by its nature."""
        return self._sources.get(spec.id, "locked" if spec.locked else "project")

    def status(self, spec: ToolSpec) -> ToolStatus:
        source = self.source(spec)
        if source == "locked":
            folder = self._environment(spec)
            return ToolStatus(
                id=spec.id,
                source=source,
                version=locked_version(self._lock(spec)[0], spec.package),
                installed=os.path.exists(os.path.join(folder, _COMPLETE)),
                path=folder,
                digest=self.digest(spec),
            )
        path = self._find(spec, source)
        return ToolStatus(spec.id, source, "", bool(path), path, self.digest(spec))

    def digest(self, spec: ToolSpec) -> str:
        if spec.id not in self._digests:
            self._digests[spec.id] = self._digest(spec)
        return self._digests[spec.id]

    def executable(self, spec: ToolSpec) -> str:
        source = self.source(spec)
        if source != "locked":
            if path := self._find(spec, source):
                return path
            where = (
                f"at {self._paths[spec.id]}"
                if source == "path"
                else "in the project's environment (.venv, $VIRTUAL_ENV, PATH)"
            )
            raise ToolError(
                "tool-not-installed",
                f"{spec.id} was not found {where}",
                f"install {spec.package} there, or set tools.{spec.id}.from in gatekeeper.yml",
            )
        folder = self._environment(spec)
        if not os.path.exists(os.path.join(folder, _COMPLETE)):
            self.install(spec)
        _mark_used(os.path.join(folder, _COMPLETE))
        for pattern in spec.executables:
            full = os.path.join(folder, pattern)
            found = sorted(glob.glob(full)) if "*" in pattern else [full]
            if found and _is_program(found[0]):
                return found[0]
        # Complete but empty: somebody cleaned up by hand. Forget it, so that the next run repairs.
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(folder, _COMPLETE))
        raise ToolError("tool-install-failed", f"{spec.id} is damaged", "run the command again")

    def lock_text(self, spec: ToolSpec) -> str:
        """The hash-pinned requirements of the tool. Raises ToolError when they are anything else."""
        text, where = self._lock(spec)
        return plain_lock(text, where) if where else text

    def _lock(self, spec: ToolSpec) -> tuple[str, str]:
        """The lock as it is, and where the repository has it; the empty string when it ships."""
        own = os.path.join(self._root, REPOSITORY_LOCKS, f"{spec.id}.txt")
        # A lock that is no text is not overlooked: it is to be refused.
        with (
            contextlib.suppress(OSError),
            open(own, encoding="utf-8", errors="replace") as file,
        ):
            return file.read(), os.path.relpath(own, self._root)
        with open(shipped("locks", f"{spec.id}.txt"), encoding="utf-8") as file:
            return file.read(), ""

    def install(self, spec: ToolSpec) -> str:
        """Make the locked environment, whoever else may be at it; the folder it is in."""
        folder = self._environment(spec)
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            with self._locked(folder + ".lock"):
                if not os.path.exists(os.path.join(folder, _COMPLETE)):
                    self._build(spec, folder)
        except OSError as error:
            raise ToolError(
                "tool-install-failed",
                f"{spec.id} could not be installed: {error.strerror or error}",
                "make room in, or give access to, gatekeeper's cache (GATEKEEPER_CACHE_DIR)",
            ) from None
        return folder

    @contextlib.contextmanager
    def _locked(self, path: str) -> Iterator[None]:
        with open(path, "w", encoding="utf-8") as file:
            while not _acquired(file.fileno()):
                # Somebody else is installing it; waiting must not outlast our own run.
                if self._children.cancelled:
                    raise ToolError("cancelled", "the installation was stopped")
                time.sleep(0.05)
            yield

    def _build(self, spec: ToolSpec, folder: str) -> None:
        version = locked_version(self._lock(spec)[0], spec.package)
        self._announce(f"installing {spec.id} {version}, once for this machine")
        from shutil import rmtree

        rmtree(folder, ignore_errors=True)
        lock = folder + ".txt"
        with open(lock, "w", encoding="utf-8") as file:
            file.write(self.lock_text(spec))
        python = os.path.join(folder, "bin", "python")
        self._uv(spec, "venv", "--python", sys.executable, folder)
        self._uv(
            spec, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", python, lock
        )
        with open(os.path.join(folder, _COMPLETE), "w", encoding="utf-8") as file:
            file.write(self.digest(spec))

    def _uv(self, spec: ToolSpec, *arguments: str) -> None:
        offline = ("--offline",) if self._offline else ()
        if reason := run_uv((*arguments, *offline), self._environ, children=self._children):
            if self._offline and "in the cache" in reason:
                # uv takes a paragraph to say so.
                reason = "it is not in uv's cache"
            raise ToolError(
                "tool-not-installed" if self._offline else "tool-install-failed",
                f"{spec.id} could not be installed{' while offline' if self._offline else ''}: {reason}",
                f"run `gatekeeper tools install {spec.id}` where the package index can be reached",
            )

    def _environment(self, spec: ToolSpec) -> str:
        return os.path.join(self._folder, f"{spec.id}-{self.digest(spec)[:16]}")

    def _digest(self, spec: ToolSpec) -> str:
        source = self.source(spec)
        if source == "locked":
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            return digest(self._lock(spec)[0], version, os.uname().machine, sys.platform)
        path = os.path.realpath(self._find(spec, source) or spec.id)
        try:
            status = os.stat(path)
        except OSError:
            return digest(source, "absent")
        return digest(source, path, str(status.st_size), str(status.st_mtime_ns))

    def _find(self, spec: ToolSpec, source: ToolSource) -> str:
        if source == "path":
            path = os.path.join(self._root, os.path.expanduser(self._paths[spec.id]))
            return path if _is_program(path) else ""
        name = os.path.basename(spec.executables[-1])
        for folder in project_folders(self._root, self._environ):
            path = os.path.join(folder, name)
            if _is_program(path):
                return path
        from shutil import which

        return which(name, path=self._environ.get("PATH", "")) or ""


def tool_folders(folder: str) -> list[str]:
    """Every locked environment below the cache folder."""
    return sorted(
        path for path in glob.glob(os.path.join(folder, "tools", "*")) if os.path.isdir(path)
    )


def environments_in_use(folder: str) -> set[str]:
    """Those used within the last 30 days."""
    limit = time.time() - 30 * 86_400
    return {
        path
        for path in tool_folders(folder)
        if os.path.exists(marker := os.path.join(path, _COMPLETE))
        and os.path.getmtime(marker) >= limit
    }


def project_folders(root: str, environ: Mapping[str, str]) -> list[str]:
    """Where the project's own programs are, first choice first."""
    candidates = [os.path.join(root, ".venv"), os.path.join(root, "venv")]
    if active := environ.get("VIRTUAL_ENV"):
        candidates.insert(0, active)
    return [os.path.join(path, "bin") for path in candidates if os.path.isdir(path)]


def project_environment(root: str, environ: Mapping[str, str] = os.environ) -> str:
    """Identity of the project's environment: the distributions installed in it."""
    for folder in project_folders(root, environ):
        pattern = os.path.join(
            os.path.dirname(folder), "lib", "python*", "site-packages", "*.dist-info"
        )
        return digest(*sorted(glob.glob(pattern)))
    return ""


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _mark_used(marker: str) -> None:
    """Note the day of use, so that `cache prune` keeps what is needed."""
    with contextlib.suppress(OSError):
        if os.path.getmtime(marker) < time.time() - 86_400:
            os.utime(marker)
