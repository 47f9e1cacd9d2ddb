"""`gatekeeper hooks`: install git's native hooks, take them out, say what is in force."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.adapters.hooks import Hooks, install_hooks, installed_hooks, uninstall_hooks
from gatekeeper.text.names import printable


def own_program() -> str:
    """The gatekeeper that runs now, as hooks can start it; the empty string when there is none."""
    called = os.path.abspath(sys.argv[0])
    beside = os.path.join(os.path.dirname(os.path.abspath(sys.executable)), "gatekeeper")
    for path in (called, beside):
        if os.path.basename(path) == "gatekeeper" and os.access(path, os.X_OK):
            return path
    return shutil.which("gatekeeper") or ""


def run_install(options: Namespace) -> int:
    """Install or refresh the hooks of this clone."""
    fix = True if options.fix else False if options.no_fix else None
    hooks = install_hooks(wiring.open_repository(), own_program(), chain=options.chain, fix=fix)
    print("installed: pre-commit, commit-msg, pre-push")
    _describe(hooks)
    return 0


def run_uninstall(options: Namespace) -> int:
    """Take the hooks out, and put back what was there before."""
    repository = wiring.open_repository()
    were = uninstall_hooks(repository)
    left = installed_hooks(repository).folder
    if left:
        print(f"core.hooksPath was set by hand to {printable(left)}, and is left as it is")
    else:
        print("removed" if were.folder else "no hooks of gatekeeper are installed")
    return 0


def run_status(options: Namespace) -> int:
    """Say what is in force; 1 when no hooks are."""
    hooks = installed_hooks(wiring.open_repository())
    if not hooks.folder:
        print("not installed: gatekeeper hooks install")
        return 1
    print("in force: pre-commit, commit-msg, pre-push")
    _describe(hooks)
    return 0


def _describe(hooks: Hooks) -> None:
    print(f"  in {printable(hooks.folder)} (core.hooksPath)")
    print(f"  hooks of the same name in {printable(hooks.earlier)} run first")
    if hooks.passed_on:
        print(f"  passed on as they are: {', '.join(hooks.passed_on)}")
    print(f"  pre-commit {'repairs what it safely can' if hooks.fix else 'only checks'}")
