"""uv as the resolver."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence

from gatekeeper.model.dependency import PackageIndex
from gatekeeper.ports.process import Processes, ToolError
from gatekeeper.ports.resolver import NoVersionsError
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_INPUT = "wanted.in"
_OVERRIDES = "overrides.in"
_NO_SOLUTION = "No solution found when resolving dependencies"
_HINTS = regex(
    r"network was disabled|was not found in|could not be queried|unauthorized|forbidden|authentication"
    r"|pre-built wheel|building .* is disabled|--no-build",
    re.IGNORECASE,
)
# Where the user, and not the repository, says how packages are reached.
_PASSED = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)


class UvResolver:
    """`uv pip compile` in a folder of its own, where nothing of the project lies.

    Sources are never built, because that runs their code, unless `builds` says so. Offline only
    what uv has in its cache below `cache` is known.
    """

    def __init__(
        self,
        processes: Processes,
        uv: Callable[[], str],
        cache: str,
        *,
        offline: bool,
        deadline: float = 120,
        builds: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._processes = processes
        self._uv = uv
        self._cache = cache
        self._offline = offline
        self._deadline = deadline
        self._builds = builds
        self._environ = environ

    def compile(
        self,
        requirements: str,
        indexes: Sequence[PackageIndex],
        python: str = "",
        *,
        lowest: bool = False,
        overrides: str = "",
    ) -> str:
        more = ["--resolution", "lowest-direct"] if lowest else []
        more += ["--override", _OVERRIDES] if overrides else []
        with tempfile.TemporaryDirectory(prefix="gatekeeper-resolve-") as folder:
            for name, text in ((_INPUT, requirements), (_OVERRIDES, overrides)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            done = self._processes.run(
                [*self._command(indexes, python), *more],
                cwd=folder,
                deadline=self._deadline,
                env={name: self._environ[name] for name in _PASSED if name in self._environ},
            )
        if done.status != 0:
            kind = ToolError
            # What uv could not get is no proof that there is none.
            if not self._offline and _NO_SOLUTION in done.stderr and not _HINTS.search(done.stderr):
                kind = NoVersionsError
            raise kind(
                "tool-crashed",
                f"uv found no versions that fit together: {_said(done.stderr)}",
                "lock the project and keep the lock in the repository"
                + (
                    "; without network only what uv has seen before is known"
                    if self._offline
                    else ""
                ),
            )
        return done.stdout.decode("utf-8", "replace")

    def _command(self, indexes: Sequence[PackageIndex], python: str) -> list[str]:
        command = [
            self._uv(), "pip", "compile", _INPUT, "--universal", "--generate-hashes",
            "--no-header", "--annotation-style", "split", "--no-config", "--no-progress",
            "--no-python-downloads", "--python", sys.executable, "--keyring-provider", "disabled",
            "--cache-dir", self._cache,
        ]  # fmt: skip
        command += [] if self._builds else ["--no-build"]
        command += ["--offline"] if self._offline else []
        command += ["--python-version", python] if python else []
        for index in indexes:
            option = {"main": "--default-index", "extra": "--index", "find-links": "--find-links"}
            command += [option[index.kind], index.url]
        return command


def _said(stderr: str) -> str:
    """uv's own words, on one line."""
    rows = [row.strip(" ×╰├─▶│") for row in stderr.splitlines()]
    return printable(" ".join(row for row in rows if row))[:600] or "it did not say why"
