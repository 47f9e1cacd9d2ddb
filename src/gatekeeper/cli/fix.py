"""`--fix`: show what tools would repair, repair it, and say what is to be checked again."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Mapping

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_edit import GitEditor
from gatekeeper.cli.check import EXIT
from gatekeeper.cli.output import Output, write_reports
from gatekeeper.cli.session import opened
from gatekeeper.model.tree import Entry
from gatekeeper.model.verdict import Report
from gatekeeper.pipeline.check import Check
from gatekeeper.pipeline.fix import FixedFile, FixRun
from gatekeeper.reports.excerpt import secret_lines
from gatekeeper.reports.fixes import render_difference
from gatekeeper.reports.interface import Sources
from gatekeeper.text.names import plural, printable

_BLOCKED = 1


class Fixed(contextlib.ExitStack):
    """Fixes that were applied. `repository` is what to check again, until this is closed.

    `unstaged`: the fixes lie in the working tree only, so what is to be committed lacks them.
    """

    def __init__(self, repository: GitRepository) -> None:
        super().__init__()
        self.repository = repository
        self.unstaged = False


def run_fix(options: Namespace, output: Output) -> int:
    """Check, fix, and check again what was fixed; the exit status."""
    repository = wiring.open_repository()
    with opened(options, colour=output.colour, repository=repository) as check:
        report = check.run()
        fixed = fix(check, report, repository, output)
    if fixed is None:
        write_reports(report, Sources(check.versions.head), output)
        return EXIT[report.verdict]
    with fixed, opened(options, colour=output.colour, repository=fixed.repository) as check:
        report = check.run()
        write_reports(report, Sources(check.versions.head), output)
    status = EXIT[report.verdict] or (_BLOCKED if fixed.unstaged else 0)
    if options.staged and not status and not (check.versions.deltas or check.base.merged):
        # git has looked already whether there is anything to commit.
        print("fix: nothing is staged any more: the fixes took back all of the change")
        return _BLOCKED
    return status


def fix(check: Check, report: Report, repository: GitRepository, output: Output) -> Fixed | None:
    """Apply the safe fixes for what the report says; None when nothing was changed.

    Raises RepositoryError, with nothing changed, when the index cannot be written.
    """
    head = check.versions.head
    run = FixRun(check.runs, head, check.services.means, check.policy)
    fixes = run.collect(report)
    say = _Speaker(report, output, GitEditor(repository))
    for problem in fixes.problems:
        say.line(f"could not fix with {problem}")
    if not fixes.files:
        if report.verdict == "block":
            say.line("nothing of this can be repaired safely by its tools")
        return None
    if head.kind == "worktree":
        return _in_worktree(repository, fixes.files, say)
    if staged_by_others(os.environ):
        return _before_staging(repository, head.entries(), fixes.files, say, run)
    return _staged(repository, head.entries(), fixes.files, say, run)


def staged_by_others(environ: Mapping[str, str]) -> bool:
    """Whether something else keeps house in the index, so that fixes must not go there.

    pre-commit and prek put away what is not staged and bring it back onto the files afterwards:
    they count on the index they saw. `git commit PATH` makes an index for this one commit; what
    changes there would be missing from the real one, as if somebody had taken it back.
    """
    made = os.path.basename(environ.get("GIT_INDEX_FILE", "")).startswith("next-index-")
    return made or environ.get("PRE_COMMIT") == "1"


class _Speaker:
    """Beside a machine's report, people are spoken to on standard error."""

    def __init__(self, report: Report, output: Output, editor: GitEditor) -> None:
        self._secrets = secret_lines(report)
        self._colour = output.colour
        self._file = sys.stdout if ("text", "") in output.formats else sys.stderr
        self.editor = editor

    def line(self, text: str) -> None:
        print(f"fix: {printable(text)}", file=self._file)

    def difference(self, file: FixedFile) -> None:
        shown = self.editor.diff(file.before, file.after)
        text = render_difference(file.path, shown, self._secrets, colour=self._colour)
        print(text, file=self._file)


def _in_worktree(
    repository: GitRepository, files: tuple[FixedFile, ...], say: _Speaker
) -> Fixed | None:
    changed = 0
    for file in files:
        if why := say.editor.write(file.path, file.before, file.after):
            say.line(f"left alone: {file.path} {why}")
        else:
            say.difference(file)
            changed += 1
    if not changed:
        return None
    say.line(f"{plural(changed, 'file')} repaired by {_tools(files)}; checked again:")
    # A repository remembers its working tree, so it takes a new one to look again.
    return Fixed(GitRepository(repository.root))


def _staged(
    repository: GitRepository,
    entries: Mapping[str, Entry],
    files: tuple[FixedFile, ...],
    say: _Speaker,
    run: FixRun,
) -> Fixed | None:
    staged, refused = say.editor.stage(entries, {file.path: file.after for file in files})
    for path, why in refused.items():
        say.line(f"left alone: {path} {why}")
    for file in files:
        if file.path in staged:
            say.difference(file)
            _follow(say, run, file, entries[file.path], staged[file.path])
    if not staged:
        return None
    say.line(
        f"{plural(len(staged), 'file')} repaired by {_tools(files)} and staged; checked again:"
    )
    return Fixed(repository)


def _follow(say: _Speaker, run: FixRun, file: FixedFile, old: Entry, new: Entry) -> bool:
    """Bring a fix into the working tree; whether it is there."""
    why = say.editor.follow(
        file.path, old, new, lambda there, merged: not run.adds_problems(file, there, merged)
    )
    if why:
        say.line(f"in the working tree {file.path} {why}: the file there was left alone")
    return not why


def _before_staging(
    repository: GitRepository,
    entries: Mapping[str, Entry],
    files: tuple[FixedFile, ...],
    say: _Speaker,
    run: FixRun,
) -> Fixed | None:
    """Fix the working tree only, and check what will be staged once people have agreed to it."""
    folder = tempfile.TemporaryDirectory(prefix="gatekeeper-")
    with contextlib.ExitStack() as stack:
        stack.enter_context(folder)
        # A second check needs the fixes in an index: this one, which goes away afterwards.
        copy = os.path.join(folder.name, "index")
        shutil.copyfile(repository.index_file(), copy)
        fixed = Fixed(GitRepository(repository.root, {**os.environ, "GIT_INDEX_FILE": copy}))
        fixed.unstaged = True
        editor = GitEditor(fixed.repository)
        staged, _ = editor.stage(entries, {file.path: file.after for file in files})
        left = {file.path: file.before for file in files if file.path in staged}
        for file in files:
            if file.path in staged and _follow(
                say, run, file, entries[file.path], staged[file.path]
            ):
                say.difference(file)
                del left[file.path]
        if len(left) == len(staged):
            return None
        editor.stage(staged, left)
        say.line(
            f"{plural(len(staged) - len(left), 'file')} repaired by {_tools(files)} in the working"
            " tree, and not staged: look, `git add`, and commit again; with the fixes:"
        )
        fixed.push(stack.pop_all())
        return fixed


def _tools(files: tuple[FixedFile, ...]) -> str:
    return ", ".join(dict.fromkeys(tool for file in files for tool in file.by))
