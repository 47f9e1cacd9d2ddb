"""`gatekeeper audit --environment`: which folders are meant, and that they are environments."""

from __future__ import annotations

from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.errors import UsageError
from gatekeeper.text.names import printable


def judge_environments(options: Namespace, root: str) -> None:
    """Make the options those of an audit of environments; there is no version to compare with."""
    if options.paths or options.base or options.staged or options.head:
        raise UsageError(
            "--environment judges what is installed now, so it goes with neither PATH, --base,"
            " --staged nor --head"
        )
    options.all = True
    options.environments = [_folder(it, root) for it in dict.fromkeys(options.environments)]


def _folder(named: str, root: str) -> str:
    folder = named or wiring.environment_folder(root)
    if not folder:
        raise UsageError(
            "there is no environment of the project: neither .venv nor venv nor an active one",
            where=root,
            remedy="name one: `gatekeeper audit --environment PATH`",
        )
    if not wiring.is_environment(folder):
        raise UsageError(
            f"{printable(folder)} is no Python environment: it has no folder of installed packages",
            remedy="name the folder that holds bin and lib, such as .venv",
        )
    return folder
