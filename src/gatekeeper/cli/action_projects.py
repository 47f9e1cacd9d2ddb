"""The projects that the action judges: one, or several of a monorepo, each with its own settings."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from gatekeeper import wiring
from gatekeeper.adapters.runner import Runner
from gatekeeper.cli.action_inputs import Verb, arguments, insists, lines
from gatekeeper.cli.action_reports import Section
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.check import EXIT
from gatekeeper.cli.crash import report_crash
from gatekeeper.cli.merge import read_partial
from gatekeeper.cli.session import opened
from gatekeeper.config.load import find
from gatekeeper.errors import GatekeeperError, MergeError, UsageError
from gatekeeper.model.shard import MOST_SHARDS
from gatekeeper.model.verdict import Report
from gatekeeper.pipeline.check import Check
from gatekeeper.pipeline.merge import encode_partial, merge
from gatekeeper.pipeline.sharding import partial
from gatekeeper.pipeline.suggest import with_suggestions
from gatekeeper.reports.interface import Sources, Style
from gatekeeper.reports.registry import REPORTS
from gatekeeper.text.names import printable

_MOST = 64
_LIMIT = 8 * 1024 * 1024


class Project(Struct, frozen=True):
    """A folder to judge: its number, its name in the input, and its full path."""

    number: int
    name: str
    folder: str


def projects(runner: Runner) -> list[Project]:
    """Those that the input `working-directory` names, one a line. Raises UsageError."""
    names = lines(runner.input("working-directory")) or ["."]
    if len(names) > _MOST:
        raise UsageError(f"input working-directory: at most {_MOST} projects, not {len(names)}")
    found = []
    for number, name in enumerate(names, start=1):
        folder = os.path.abspath(name)
        if not os.path.isdir(folder):
            raise UsageError(
                f"input working-directory: there is no folder {name!r}",
                remedy="each line is a folder, relative to the workspace; is the code checked out?",
            )
        found.append(Project(number, name, folder))
    return found


def command_line(runner: Runner, project: Project, workspace: str, verb: Verb) -> list[str]:
    """The options for this project; call it in the project's folder. Raises GatekeeperError."""

    def place(path: str) -> str:
        # Relative, so that shards on machines with other folders are asked the same.
        return os.path.relpath(os.path.join(workspace, path), project.folder)

    options = arguments(runner.input, place, verb)
    if not runner.input("config").strip() and (name := _own_settings(project.folder)):
        options.append(f"--config={name}")
    paths = lines(runner.input("paths")) or ["."]
    return (
        [*options, *(f"--path={it}" for it in paths)]
        if verb == "merge"
        else [*options, "--", *paths]
    )


def _own_settings(folder: str) -> str:
    """The settings file of a project that lies inside a repository; empty at its root."""
    if os.path.lexists(os.path.join(folder, ".git")):
        return ""

    def read(name: str) -> bytes | None:
        try:
            with open(
                os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NOFOLLOW), "rb"
            ) as file:
                return file.read(_LIMIT)
        except OSError:
            return None

    return find(read)


def judge(runner: Runner, project: Project, workspace: str, verb: Verb) -> Section:
    """Check or audit the project, do a shard of it, or merge its shards; prints the report as text.

    What goes wrong becomes a section: the other projects are judged all the same.
    """
    os.chdir(project.folder)
    try:
        if verb == "audit":
            return _audit(runner, project, workspace)
        if verb == "merge":
            return _merge(runner, project, workspace)
        return _check(runner, project, workspace)
    except GatekeeperError as error:
        said = "\n".join(map(printable, str(error).split("\n")))
        print(f"gatekeeper: {said}")
        return Section(project.name, error.exit_status, message=str(error))
    except Exception as error:  # noqa: BLE001 - the last resort: nobody sees a traceback
        status = report_crash(error, ["action"])
        return Section(project.name, status, message="internal error: see the log of this step")
    finally:
        os.chdir(workspace)


def _check(runner: Runner, project: Project, workspace: str) -> Section:
    line = command_line(runner, project, workspace, "check")
    options = parser().parse_args(["check", *line])
    if insists(runner.input("advisories")):
        options.insisted = ("dependencies",)
    with opened(options, colour=False) as check:
        if runner.input("shard").strip():
            text = encode_partial(partial(check))
            print(f"shard {options.shard} is done; `merge` judges what it found")
            return Section(project.name, 0, partial=text)
        report = check.run()
        if options.suggest:
            report = with_suggestions(check, report)
    return _told(report, check, project)


def _audit(runner: Runner, project: Project, workspace: str) -> Section:
    from gatekeeper.cli.audit import judges_everything

    line = command_line(runner, project, workspace, "audit")
    options = parser().parse_args(["audit", *line])
    repository = wiring.open_repository()
    options.all = options.all or judges_everything(options, repository)
    with opened(options, colour=False, repository=repository) as check:
        report = check.run()
    return _told(report, check, project)


def _merge(runner: Runner, project: Project, workspace: str) -> Section:
    line = command_line(runner, project, workspace, "merge")
    folder = os.path.join(workspace, runner.input("shards").strip())
    files = _partials(folder, project.number)
    options = parser().parse_args(["merge", *line, "--", *files])
    partials = [(os.path.basename(path), read_partial(path)) for path in files]
    with opened(options, colour=False) as check:
        report = merge(check, partials)
    return _told(report, check, project)


def _told(report: Report, check: Check, project: Project) -> Section:
    """The report with the project's name, unless it is all of the repository; printed as text."""
    report = msgspec.structs.replace(report, project="" if project.name == "." else project.name)
    sources = Sources(check.versions.head)
    print(REPORTS["text"]().whole(report, sources, Style()), end="")
    return Section(project.name, EXIT[report.verdict], report, sources)


def _partials(folder: str, number: int) -> Sequence[str]:
    """The results of the project's shards: by name, so that nothing else in there is read."""
    name = re.compile(rf"partial-{number}-[0-9]{{1,3}}-of-[0-9]{{1,3}}\.json")
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                entry.path
                for entry in entries
                if name.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
            )
    except OSError as error:
        raise MergeError(
            f"the results of the shards cannot be read: {error.strerror or error}",
            where=folder,
            remedy="the jobs of the shards may have failed: look at them",
        ) from None
    if not found or len(found) > MOST_SHARDS:
        raise MergeError(
            f"there are {len(found)} results of shards of project {number}",
            where=folder,
            remedy="the jobs of the shards may have failed: look at them",
        )
    return found
