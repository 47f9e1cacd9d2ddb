"""pip-audit, `uv audit` and safety, started beside a service that speaks OSV's API."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from gatekeeper.model.auditor import AuditorName
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.process import Processes, ToolError
from gatekeeper.ports.toolbox import Toolbox
from gatekeeper.text.names import printable

# The ways in which each of them ends after it has looked: nothing found, or something.
_ENDS = {"pip-audit": (0, 1), "uv": (0, 1), "safety": (0, 64)}
_SAVED = "report.json"
_LARGEST = 64 << 20
_REMEDY = "run it by hand to see more, or take it out of scanners.dependencies.auditors"


class LocalAuditors:
    """See the port. `serving` gives the address of the service for as long as it is open."""

    def __init__(
        self,
        processes: Processes,
        toolbox: Toolbox,
        specs: dict[str, ToolSpec],
        uv: Callable[[], str],
        serving: Callable[[], AbstractContextManager[str]],
        *,
        safety_db: str = "",
        deadline: float = 300,
    ) -> None:
        self._processes = processes
        self._toolbox = toolbox
        self._specs = specs
        self._uv = uv
        self._serving = serving
        self._safety_db = safety_db
        self._deadline = deadline

    def lacking(self, auditor: AuditorName) -> str:
        if auditor != "safety":
            return ""
        if not self._safety_db:
            return "it needs a database: name its folder in scanners.dependencies.safety_db"
        if not os.path.isdir(self._safety_db):
            return f"there is no folder {printable(self._safety_db)}, where its database should be"
        return ""

    def identity(self, auditor: AuditorName) -> str:
        if auditor != "uv":
            return self._toolbox.digest(self._specs[auditor])
        try:
            found = os.stat(path := self._uv())
        except (OSError, ToolError):
            return ""
        return f"{path} {found.st_size} {found.st_mtime_ns}"

    def ask(self, auditor: AuditorName, packages: Sequence[PackageVersion]) -> bytes:
        program = self._uv() if auditor == "uv" else self._toolbox.executable(self._specs[auditor])
        with tempfile.TemporaryDirectory(prefix="gatekeeper-auditor-") as folder:
            if auditor == "safety":
                argv = _safety(program, folder, packages, self._safety_db)
                self._run(auditor, folder, argv)
                return _report(os.path.join(folder, _SAVED))
            with self._serving() as url:
                command = {"pip-audit": _pip_audit, "uv": _uv_audit}[auditor]
                return self._run(auditor, folder, command(program, folder, packages, url))

    def _run(self, auditor: AuditorName, folder: str, argv: Sequence[str]) -> bytes:
        # What it finds on this machine must not change what it says.
        env = {"UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never", "NO_PROXY": "127.0.0.1"}
        done = self._processes.run(argv, cwd=folder, deadline=self._deadline, env=env)
        if done.status not in _ENDS[auditor]:
            said = [row.strip() for row in done.stderr.splitlines() if row.strip()]
            why = f": {printable(said[-1])[:300]}" if said else ""
            raise ToolError("tool-crashed", f"{auditor} ended with {done.status}{why}", _REMEDY)
        return done.stdout


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _requirements(folder: str, packages: Sequence[PackageVersion]) -> str:
    lines = (f"{it.name}=={it.version}\n" for it in packages)
    return _write(folder, "requirements.txt", "".join(lines))


def _pip_audit(
    program: str, folder: str, packages: Sequence[PackageVersion], url: str
) -> list[str]:
    # It takes the list of requirements before all else, or believes that a project is named.
    return [
        program, "-r", _requirements(folder, packages), "--no-deps", "--disable-pip",
        "-s", "osv", "--osv-url", f"{url}/v1/query", "-f", "json", "--progress-spinner", "off",
        "--cache-dir", os.path.join(folder, "cache"),
    ]  # fmt: skip


def _uv_audit(program: str, folder: str, packages: Sequence[PackageVersion], url: str) -> list[str]:
    """As a project that has locked them. Of the index nothing is asked."""
    python = 'requires-python = ">=3.8"\n'
    source = 'source = { registry = "https://pypi.org/simple" }'
    locked = "".join(
        f'\n[[package]]\nname = "{it.name}"\nversion = "{it.version}"\n{source}\n'
        for it in packages
    )
    names = ", ".join(f'{{ name = "{it.name}" }}' for it in packages)
    root = '\n[[package]]\nname = "audited-here"\nversion = "0"\nsource = { virtual = "." }\n'
    _write(folder, "uv.lock", f"version = 1\n{python}{locked}{root}dependencies = [{names}]\n")
    _write(folder, "pyproject.toml", f'[project]\nname = "audited-here"\nversion = "0"\n{python}')
    return [
        program, "audit", "--frozen", "--preview", "--no-cache", "--no-config", "--no-index",
        "--no-progress", "--service-url", url, "--output-format", "json",
    ]  # fmt: skip


def _safety(
    program: str, folder: str, packages: Sequence[PackageVersion], database: str
) -> list[str]:
    # What it prints has words for people around the report.
    return [
        program, "check", "-r", _requirements(folder, packages), "--db", database,
        "--output", "json", "--save-json", os.path.join(folder, _SAVED),
    ]  # fmt: skip


def _report(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        why = error.strerror or str(error)
        raise ToolError("tool-output-invalid", f"safety wrote no report: {why}", _REMEDY) from None
