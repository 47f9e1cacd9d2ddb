"""The workflow that `init` writes: the starter that ships with gatekeeper, fitted to a branch."""

from __future__ import annotations

import contextlib
import re

from gatekeeper.errors import SetupError
from gatekeeper.setup.facts import WORKFLOWS
from gatekeeper.shipped import shipped, starters
from gatekeeper.version import REPOSITORY, VERSION

NAME = "gatekeeper.yml"
PATH = WORKFLOWS + NAME
_PLACEHOLDER = "$default-branch"
_BRANCHES = re.compile(r"^(\s+branches:\s*)\[main\]", re.MULTILINE)
_OWN = re.compile(rf"(uses: {REPOSITORY}(?:/[\w./-]+)?)@\S+(?: *#.*)?$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")


def starter(branch: str) -> str:
    """The text of the workflow. Errors: SetupError when the installation lacks it."""
    try:
        with open(starters(NAME), encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise SetupError(
            f"the starter workflow that ships with gatekeeper is missing: {error.strerror}",
            remedy="reinstall gatekeeper-ci",
        ) from None
    # Quoted unless it is plain for sure: YAML reads much into `on`, `1.0` or `feature: x`.
    name = branch if _PLAIN.fullmatch(branch) else "'" + branch.replace("'", "''") + "'"
    if name in ("on", "off", "yes", "no", "y", "n", "true", "false", "null"):
        name = f"'{name}'"
    text = _OWN.sub(lambda match: f"{match[1]}@{_pin()}", text.replace(_PLACEHOLDER, name))
    return _BRANCHES.sub(lambda match: f"{match[1]}[{name}]", text)


def _pin() -> str:
    """What our own actions are called by: the commit this was released from, else the tag.

    A commit cannot name itself, so the release writes it into the package that it builds.
    """
    with contextlib.suppress(OSError), open(shipped("commit.txt"), encoding="ascii") as file:
        commit = file.read().strip()
        if re.fullmatch(r"[0-9a-f]{40}", commit):
            return f"{commit} # v{VERSION}"
    return f"v{VERSION}"
