"""Which command runs the project's tests, as configured or as found out."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.output import name_of
from gatekeeper.scanners.typecheck import ini_section, root_text, tool_table
from gatekeeper.text.patterns import regex

AUTO = "auto"
NONE = "none"
Kind = Literal["pytest", "unittest", "other"]
_PYTEST = ("pytest", "py.test")
# They start runners of their own choice, several maybe, and pass on what they like.
_STARTERS = ("tox", "nox", "make", "just", "task", "invoke", "inv", "npm", "bash", "sh", "docker")
_TEST_FILE = regex(r"test_[^/]*\.py|[^/]*_test\.py")
_UNITTEST_FILE = regex(r"test[^/]*\.py")
_UNITTEST = regex(rb"^\s*(?:import|from) unittest\b", re.MULTILINE)
_LOCKED_PYTEST = regex(r'^name = "pytest"$', re.MULTILINE)


class Command(Struct, frozen=True):
    """What to start. The kind tells what else it understands, and how it says what happened."""

    argv: tuple[str, ...]
    kind: Kind

    @property
    def shown(self) -> str:
        """As one would type it."""
        import shlex

        return shlex.join((name_of(self.argv[0]), *self.argv[1:]))


def command_of(change: Change) -> Command | None:
    """The command, None when there is nothing to test.

    Raises ToolError when there are tests and nothing is known that could run them.
    """
    configured = change.config.scanners.tests.command
    if configured == AUTO:
        return _found(change)
    import shlex

    words = shlex.split(configured) if isinstance(configured, str) else list(configured)
    # Where the command writes a report of its own, that is the one meant.
    return Command(tuple(words), "other" if change.config.scanners.tests.junit else _kind(words))


def _kind(words: list[str]) -> Kind:
    names = [name_of(word) for word in words]
    if names[0] in _STARTERS:
        return "other"
    if any(name in _PYTEST for name in names):
        return "pytest"
    if len(names) > 2 and names[0].startswith("python") and names[1:3] == ["-m", "unittest"]:
        return "unittest"
    return "other"


def _found(change: Change) -> Command | None:
    project, head = change.project, change.head
    files = [path for path in head.entries() if _UNITTEST_FILE.fullmatch(name_of(path))]
    files += [path for path in head.entries() if _TEST_FILE.fullmatch(name_of(path))]
    for_pytest = _configures_pytest(head)
    if not files and not for_pytest:
        return None
    if project.python and project.has("pytest"):
        return Command((project.python, "-m", "pytest"), "pytest")
    if _LOCKED_PYTEST.search(root_text(head, "uv.lock")):
        return Command((project.uv(), "run", "--locked", "python", "-m", "pytest"), "pytest")
    for starter, settings in (("tox", ("tox.ini", "tox.toml")), ("nox", ("noxfile.py",))):
        if project.has(starter) and any(name in head.entries() for name in settings):
            return Command((starter,), "other")
    if project.python and not for_pytest and _uses_unittest(head, files):
        return Command((project.python, "-m", "unittest"), "unittest")
    raise ToolError(
        "tool-not-installed",
        "there are tests, and the project's environment has nothing to run them"
        if project.python
        else "there are tests, and no environment of the project to run them in",
        "make one (.venv) with pytest in it, activate it, or name scanners.tests.command",
    )


def _configures_pytest(head: Snapshot) -> bool:
    entries = head.entries()
    return (
        any(
            name in entries for name in ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml")
        )
        or tool_table(head, "pytest") is not None
        or ini_section(head, "setup.cfg", "tool:pytest") is not None
        or ini_section(head, "tox.ini", "pytest") is not None
        or any(name_of(path) == "conftest.py" for path in entries)
    )


def _uses_unittest(head: Snapshot, files: list[str]) -> bool:
    entries = head.entries()
    return any(_UNITTEST.search(head.read(path)) for path in files if entries[path].regular)


def hint(change: Change) -> str:
    """What could be switched on, when the project's environment brings pytest and there are tests."""
    project = change.project
    if not (project.python and project.has("pytest")):
        return ""
    if not any(_TEST_FILE.fullmatch(name_of(path)) for path in change.head.entries()):
        return ""
    return (
        "pytest was found and not run; `scanners: {tests: {command: auto}}` in gatekeeper.yml runs"
        " it, `command: none` ends this note"
    )
