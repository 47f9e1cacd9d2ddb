"""What the type checkers have in common.

They judge the whole tree with the project's own settings, in the project's own environment:
whatever starts them has to point VIRTUAL_ENV and PATH at that environment, for copies of other
versions too. A checker that does not find it there knows no third-party types.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import Context, Prepared, RawFinding
from gatekeeper.scanners.output import config_files, files_digest, last_line, name_of
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

PYTHON = (".py", ".pyi")
NOTEBOOKS = (*PYTHON, ".ipynb")
_OWN_FILES = {
    "mypy": ("mypy.ini", ".mypy.ini"),
    "ty": ("ty.toml",),
    "pyrefly": ("pyrefly.toml",),
}
# Settings may name further files (`extends`, baselines), so all that could be one counts.
_SETTINGS = (".toml", ".cfg", ".ini", ".lock")
_SETTINGS_NAMES = frozenset(
    (".gitignore", ".ignore", ".python-version", "py.typed", "Pipfile", "setup.py",
     "environment.yml", "environment.yaml", "pdm.lock", "Pipfile.lock", "conda-lock.yml")
)  # fmt: skip
_SETTINGS_PATH = regex(
    r"(?:requirements|constraints)[^/]*(?:/[^/]+)?\.(?:txt|in)$|(?:pyright|baseline)[^/]*\.json$"
)


class Options(Struct, frozen=True):
    """`arguments` end the command line; with `type_ignore`, `# type: ignore` is listed here."""

    arguments: tuple[str, ...] = ()
    type_ignore: bool = True


def prepare(
    context: Context, checker: str, suffixes: tuple[str, ...], *arguments: str
) -> Prepared | Skipped:
    """The same for all: runs when there is Python and the root configures the checker."""
    snapshot = context.snapshot
    if not any(path.endswith(suffixes) for path in snapshot.entries()):
        return Skipped("no-matching-files", "no Python files")
    if not configured(snapshot, checker):
        return Skipped("not-configured", f"the repository's root does not configure {checker}")
    # Every checker honours `# type: ignore`; one of them lists it, so that it counts once.
    elsewhere = context.config.scanners.mypy.enabled and configured(snapshot, "mypy")
    options = Options(arguments, type_ignore=checker == "mypy" or not elsewhere)
    settings = config_files(snapshot, _is_settings)
    return Prepared(
        selects=lambda path: path.endswith(suffixes),
        digest=digest(
            files_digest(settings),
            context.environment,
            str(options.type_ignore),
            *arguments,
        ),
        options=options,
        support=lambda _: (list(settings), ()),
    )


def _is_settings(path: str) -> bool:
    return (
        path.endswith(_SETTINGS)
        or name_of(path) in _SETTINGS_NAMES
        or _SETTINGS_PATH.search(path) is not None
    )


def configured(snapshot: Snapshot, checker: str) -> bool:
    """Whether the root has settings for the checker, well-formed or not."""
    if checker == "basedpyright" and tool_table(snapshot, "basedpyright") is not None:
        return True
    if checker in ("pyright", "basedpyright"):
        # Both read pyright's settings; the project's dependencies tell whose they are.
        settings = "pyrightconfig.json" in snapshot.entries()
        if not settings and tool_table(snapshot, "pyright") is None:
            return False
        only_based = _depends_on(snapshot, "basedpyright") and not _depends_on(snapshot, "pyright")
        return only_based == (checker == "basedpyright")
    if any(name in snapshot.entries() for name in _OWN_FILES.get(checker, ())):
        return True
    if checker == "mypy" and ini_section(snapshot, "setup.cfg", "mypy") is not None:
        return True
    return tool_table(snapshot, checker) is not None


def tool_table(snapshot: Snapshot, name: str) -> dict[str, Any] | None:
    """[tool.NAME] of pyproject.toml; empty when the file is broken, which the tool will report."""
    import tomllib

    text = root_text(snapshot, "pyproject.toml")
    try:
        tool = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {} if re.search(rf"^\s*\[+\s*tool\s*\.\s*{name}\b", text, re.MULTILINE) else None
    table = tool.get(name) if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def ini_section(snapshot: Snapshot, path: str, name: str) -> dict[str, str] | None:
    """A section of an INI file; empty when the file is broken, which the tool will report."""
    import configparser

    text = root_text(snapshot, path)
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return {} if re.search(rf"^\[{name}\]", text, re.MULTILINE) else None
    return dict(parser.items(name)) if parser.has_section(name) else None


def root_text(snapshot: Snapshot, path: str) -> str:
    """The text of a regular file, or the empty string."""
    entry = snapshot.entries().get(path)
    if entry is None or not entry.regular:
        return ""
    return snapshot.read(path).decode("utf-8", "replace")


def _depends_on(snapshot: Snapshot, package: str) -> bool:
    """Whether the project's requirements or lock files name the package."""
    named = re.compile(rf"^[^#\n]*?(?<![\w./\[-])(?i:{package})(?![\w./\]-])", re.MULTILINE)
    return any(
        named.search(root_text(snapshot, path))
        for path in snapshot.entries()
        if path == "pyproject.toml"
        or ("/" not in path and path.endswith(".lock"))
        or (_SETTINGS_PATH.search(path) and not path.endswith(".json"))
    )


def misconfigured(tool: str, done: Completed, said: str = "") -> ToolError:
    """The error for settings that the tool could not use."""
    what = printable(said.strip() or last_line(done.stderr) or "nothing on standard error")
    return ToolError(
        "tool-misconfigured",
        f"{tool} could not use the project's settings (status {done.status}): {what[:300]}",
        f"run {tool} in the repository's root and mend what it says",
    )


def problem(
    path: str,
    rule: str,
    message: str,
    severity: Severity,
    *,
    cwd: str,
    start: tuple[int, int] = (0, 0),
    end: tuple[int, int] = (0, 0),
    cell: int | None = None,
    help_url: str = "",
) -> RawFinding:
    """A finding from lines and columns that count from 1.

    The tree may be a temporary copy, so its place is cut out of the message. A place inside a
    notebook's cell is no line of the file: there the message identifies the finding.
    """
    lines = (line.strip() for line in message.replace(f"{cwd}/", "").splitlines())
    text = "; ".join(line for line in lines if line)
    if path.endswith(".ipynb"):
        place = "" if cell is None else f"cell {cell}, line {start[0]}: "
        return RawFinding(
            path=path, rule=rule, message=place + text, severity=severity, help_url=help_url,
            anchor=f"{rule}: {text}",
        )  # fmt: skip
    # An end in column 1 means that the line before was the last one.
    last = end[0] - 1 if end[1] == 1 and end[0] > start[0] else end[0]
    return RawFinding(
        path=path, rule=rule, message=text, severity=severity, line=max(start[0], 0),
        end_line=max(last, start[0], 0), column=max(start[1], 0), help_url=help_url,
    )  # fmt: skip
