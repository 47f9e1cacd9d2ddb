"""`gatekeeper init`: look, plan, show, write."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.hooks import OWN, install_hooks, installed_hooks
from gatekeeper.config.schema import Config
from gatekeeper.scanners.tools import TOOLS
from gatekeeper.setup import plan
from gatekeeper.setup.facts import Facts, look
from gatekeeper.setup.origin import Origin, origin
from gatekeeper.setup.plan import Asked, Step
from gatekeeper.setup.starter import CHECKERS
from gatekeeper.text.names import plural, printable
from gatekeeper.version import VERSION

_DONE = {"create": "created", "extend": "extended", "replace": "replaced"}
_WOULD = {"create": "create", "extend": "extend", "replace": "replace"}


def run_init(options: Namespace) -> int:
    """Set the repository up; 0, or 1 when a file was left that says something else."""
    repository = wiring.open_repository()
    files = wiring.project_files(repository.root)
    facts = look(repository, files.read)
    # Where git's own hooks are in force, a file for pre-commit would run everything twice.
    native = options.hooks or bool(installed_hooks(repository).folder)
    here = origin()
    asked = Asked(
        preset=options.preset or "", force=options.force, native_hooks=native, origin=here,
        extras=tuple(options.extras),
    )  # fmt: skip
    table: list[str] = []
    if options.source:
        from gatekeeper.setup.carry import carry, render

        paths = list(repository.worktree().entries())
        carried = carry(options.source, files.read, facts, paths)
        table = list(render(carried))
        asked = msgspec.structs.replace(
            asked, settings=carried.settings, exceptions=carried.exceptions, carried=True
        )
    steps = plan.steps(files.read, facts, asked)
    _print_facts(facts, here)
    if absent := _absent(repository.root, facts):
        print(f"note            {_absence(absent, facts)}")
    print("\n".join(table), end="\n" if table else "")
    wanted, refused = _decide(steps, options)
    said = _install_hooks(repository, dry=options.dry_run) if options.hooks else ""
    if not options.dry_run:
        files.write({step.path: step.new for step in wanted})
    _print_steps(steps, wanted, refused, dry=options.dry_run)
    if said:
        print(said)
    if differ := [step.path for step in refused if step.change == "replace"]:
        words = " ".join(
            [
                "gatekeeper init",
                *([f"--from {options.source}"] if options.source else []),
                *([f"--preset {options.preset}"] if options.preset else []),
                *(f"--with {it}" for it in options.extras),
                "--force",
            ]
        )  # fmt: skip
        print(f"\nLeft as {'it is' if len(differ) == 1 else 'they are'}: {', '.join(differ)}."
              f" To overwrite: {words}")  # fmt: skip
    if not options.dry_run:
        print("\n".join(_next(wanted, hooks=native)))
        if options.source and not refused:
            print(f"\nOnce you are content, take {options.source}'s own settings and runs out.")
    return 1 if refused else 0


def _decide(steps: Sequence[Step], options: Namespace) -> tuple[list[Step], list[Step]]:
    """The steps to take, and those that nobody agreed to. Every change is shown before."""
    wanted: list[Step] = []
    refused: list[Step] = []
    for step in steps:
        if step.change in ("extend", "replace") or (options.dry_run and step.change == "create"):
            print("\n" + "\n".join(plan.diff(step)))
        if step.change in ("create", "extend"):
            wanted.append(step)
        elif step.change == "replace":
            agreed = options.force or (not options.dry_run and _agreed(step))
            (wanted if agreed else refused).append(step)
        elif step.change == "stuck":
            refused.append(step)
    return wanted, refused


def _agreed(step: Step) -> bool:
    """Ask, where there is somebody to ask."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return input(f"Overwrite {step.path}? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _print_facts(facts: Facts, here: Origin) -> None:
    if not here.released:
        commit = f", commit {here.commit[:12]} of {here.repository}" * bool(here.commit)
        print(f"gatekeeper      {VERSION}, no release{commit}")
    print(f"default branch  {printable(facts.branch)}")
    packages = f"; packages: {', '.join(map(printable, facts.packages[:6]))}" * bool(facts.packages)
    more = f" and {len(facts.packages) - 6} more" * (len(facts.packages) > 6)
    print(f"Python          {plural(facts.python_files, 'file')}{packages}{more}")
    tools = ", ".join(f"{it.tool} ({printable(it.where)})" for it in facts.tools)
    print(f"configured      {tools or 'none of the tools gatekeeper knows'}")
    for note in facts.notes:
        print(f"note            {printable(note)}")


def _absent(root: str, facts: Facts) -> list[str]:
    """Type checkers that the project is set up for and does not have."""
    box = wiring.toolbox(root, Config(), offline=True)
    return [it for it in CHECKERS if facts.where(it) and not box.status(TOOLS[it]).installed]


def _absence(absent: Sequence[str], facts: Facts) -> str:
    one = len(absent) == 1
    how = "`uv sync`" if facts.locked else f"`.venv/bin/pip install {' '.join(absent)}`"
    return (
        f"{' and '.join(absent)} {'is' if one else 'are'} set up here and not in the project's environment,"
        f" so the gate types is inconclusive until {'it is' if one else 'they are'}: {how}"
    )


def _print_steps(
    steps: Sequence[Step], wanted: Sequence[Step], refused: Sequence[Step], *, dry: bool
) -> None:
    print()
    if not wanted and not refused:
        print("Nothing to do: everything is in place.")
    words = _WOULD if dry else _DONE
    for step in steps:
        if step in wanted:
            print(f"{'would ' * dry}{words[step.change]:<9} {step.path}")
        elif step.change == "stuck":
            print(f"{'by hand':<9} {step.path}: {step.note}")
        elif step in refused:
            print(f"{'differs':<9} {step.path}")
        else:
            kept = f" ({step.note})" if step.change == "keep" else ""
            print(f"{'kept':<9} {step.path}{kept}")


def _install_hooks(repository: GitRepository, *, dry: bool) -> str:
    """git's own hooks; what was done, as a line. Before anything else: it may be refused."""
    from gatekeeper.cli.hooks import own_program

    hooks = f"git hooks: {', '.join(OWN)}"
    if installed_hooks(repository).folder:
        return f"{'kept':<9} {hooks}"
    if dry:
        return f"would {'install':<9} {hooks}"
    install_hooks(repository, own_program())
    return f"{'installed':<9} {hooks}"


def _next(wanted: Sequence[Step], *, hooks: bool) -> list[str]:
    """The commands that somebody will want to type now."""
    commands = [("gatekeeper check", "what this branch brings in, judged now")]
    if not hooks:
        commands.append(("pre-commit install", "judge every commit, too (or: prek install)"))
    if wanted:
        paths = " ".join(step.path for step in wanted)
        commands.append((f"git add {paths}", ""))
    return ["", "Next:", *(f"  {it:<18}  # {why}" if why else f"  {it}" for it, why in commands)]
