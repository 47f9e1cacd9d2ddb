"""The workflow that `init` writes: the starter that ships with gatekeeper, fitted to a branch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gatekeeper.errors import SetupError
from gatekeeper.setup.facts import WORKFLOWS, Facts
from gatekeeper.setup.origin import Origin
from gatekeeper.shipped import starters
from gatekeeper.text.patterns import regex
from gatekeeper.version import REPOSITORY

NAME = "gatekeeper.yml"
PATH = WORKFLOWS + NAME
# The same workflow with a job that comments; it takes the place of the other.
COMMENTS = "gatekeeper-pull-requests.yml"
# What can be had besides, by its word on the command line, and whether it needs the comments.
EXTRAS: dict[str, tuple[str, bool]] = {
    "comments": (COMMENTS, True),
    "forks": ("gatekeeper-forks.yml", True),
    "bot": ("gatekeeper-bot.yml", True),
    "audit": ("gatekeeper-audit.yml", False),
}
# Type checkers are the project's own tools: they have no locked copy.
CHECKERS = ("mypy", "pyright", "basedpyright", "ty", "pyrefly")
_SETUP_UV = "astral-sh/setup-uv@20cfd1bf945f4377ade1205e4dbc17946fc9a30d # v10.0.1"
_PLACEHOLDER = "$default-branch"
_BRANCHES = regex(r"^(\s+branches:\s*)\[main\]", re.MULTILINE)
_OWN = regex(rf"(uses: ){REPOSITORY}(/[\w./-]+)?@\S+(?: *#.*)?$", re.MULTILINE)
_PLAIN = regex(r"[A-Za-z][A-Za-z0-9_./-]*")


def starter(branch: str, origin: Origin, before: Sequence[str] = (), name: str = NAME) -> str:
    """The text of a workflow, with the lines of `before` as steps ahead of gatekeeper's own.

    Errors: SetupError when the installation lacks it.
    """
    try:
        with open(starters(name), encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise SetupError(
            f"the starter workflow that ships with gatekeeper is missing: {error.strerror}",
            remedy="reinstall gatekeeper-ci",
        ) from None
    # Quoted unless it is plain for sure: YAML reads much into `on`, `1.0` or `feature: x`.
    quoted = branch if _PLAIN.fullmatch(branch) else "'" + branch.replace("'", "''") + "'"
    if quoted in ("on", "off", "yes", "no", "y", "n", "true", "false", "null"):
        quoted = f"'{quoted}'"
    text = _ahead(text.replace(_PLACEHOLDER, quoted), before)
    text = _OWN.sub(
        lambda match: f"{match[1]}{origin.repository}{match[2] or ''}@{origin.pin}", text
    )
    text = _BRANCHES.sub(lambda match: f"{match[1]}[{quoted}]", text)
    return text.replace("Copy this to .github/workflows/ and make", "Make")  # it has been copied


def environment(facts: Facts) -> list[str]:
    """Steps that install the project, when it has a type checker set up: those see only what is
    installed, and gatekeeper takes them from the project's own environment."""
    checkers = [it for it in CHECKERS if facts.where(it)]
    if not checkers:
        return []
    see = "see" if len(checkers) > 1 else "sees"
    head = [f"# {' and '.join(checkers)} {see} only what is installed: adapt this to your project."]
    if facts.locked:
        return [
            *head,
            f"- uses: {_SETUP_UV}",
            "- name: Install the project",
            "  run: uv sync --locked",
        ]
    what = " ".join((*facts.installs, *checkers))
    return [
        *head,
        "- name: Install the project",
        "  run: |",
        "    python3 -m venv .venv && echo '*' > .venv/.gitignore",
        f"    .venv/bin/pip install --quiet {what}",
    ]


def _ahead(text: str, steps: Sequence[str]) -> str:
    """The steps before the one that calls gatekeeper, in its indentation."""
    rows = text.split("\n")
    for at, row in enumerate(rows):
        if re.match(rf"\s*(?:- )?uses: {REPOSITORY}@", row):
            start = next(it for it in range(at, -1, -1) if rows[it].lstrip().startswith("- "))
            lead = rows[start][: len(rows[start]) - len(rows[start].lstrip())]
            rows[start:start] = [lead + step for step in steps]
            return "\n".join(rows)
    return text
