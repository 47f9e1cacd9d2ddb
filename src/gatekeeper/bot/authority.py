"""Who may ask for what: by the forge's word for it, whatever a comment says of its author."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.bot.answer import Answer, Asked, Means
from gatekeeper.bot.commands import Command
from gatekeeper.config.waivers import WAIVER_FILE
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import PERMISSIONS
from gatekeeper.ports.forge import Forge
from gatekeeper.reports.github_markdown import code

_MOST_TEAMS = 5


def refusal(forge: Forge, asked: Asked, command: Command, means: Means) -> Answer | None:
    """Why this person may not ask for it; None when they may. Raises ForgeError."""
    needed = "read" if command.verb == "help" else getattr(means.options, command.verb)
    if needed == "nobody":
        return Answer("refused", f"`{command.verb}` is switched off in this repository.")
    has = forge.permission(asked.who.login, asked.who.id)
    if PERMISSIONS.index(has) < PERMISSIONS.index(needed):
        text = f"`{command.verb}` takes the permission `{needed}`, and {code(asked.who.login, 60)}"
        return Answer("refused", f"{text} has `{has}` in this repository. Nothing was done.")
    return None


def not_an_owner(forge: Forge, asked: Asked, path: str, means: Means) -> Answer | None:
    """Why this person may not accept a problem in `path`; None when they may. Raises ForgeError.

    Owners of the waiver file decide about all waivers, those of a file about its own.
    """
    owners = means.owners.owners(WAIVER_FILE) or (means.owners.owners(path) if path else ())
    if not owners or owns(forge, asked, owners):
        return None
    named = ", ".join(code(it, 80) for it in owners[:_MOST_TEAMS])
    text = f"By CODEOWNERS {named} {'decides' if len(owners) == 1 else 'decide'} about that, and"
    return Answer("refused", f"{text} {code(asked.who.login, 60)} is not among them.")


def owns(forge: Forge, asked: Asked, owners: Sequence[str]) -> bool:
    """Whether the comment's author is named, or in a team that is. An address names nobody.

    Raises ForgeError when a team's members are not to be seen: who is in it is not guessed.
    """
    login = asked.who.login.lower()
    names = [it.removeprefix("@").lower() for it in owners if it.startswith("@")]
    if login in names:
        return True
    for name in [it for it in names if "/" in it][:_MOST_TEAMS]:
        organization, _, team = name.partition("/")
        try:
            members = forge.team_members(organization, team)
        except ForgeError as error:
            if error.kind not in ("permission", "not-found"):
                raise
            raise ForgeError(
                "permission",
                f"who is in the team {name} is not for this token to see",
                where=error.where,
                remedy="it needs `members: read` of the organization, which the token of a job"
                " never has: hand over the token of an app, or name people in CODEOWNERS",
            ) from None
        if login in (it.lower() for it in members):
            return True
    return False


def moved(forge: Forge, asked: Asked) -> str:
    """Why the branch may have changed since the comment was written; empty when it has not.

    A command is about what its author saw. Whoever may push could else wait for it, and have
    something else in its place. Dates of commits are theirs to choose, so the forge's are taken.
    Raises ForgeError.
    """
    pull = asked.pull
    if pull.pushed and pull.pushed < asked.comment.created:
        return ""
    if not pull.fork:
        last = next(iter(forge.pushes(pull.head_branch)), None)
        if last and last.after == pull.head and last.moment[:19] < asked.comment.created[:19]:
            return ""
    return "the branch has changed since, or may have, so this is not what you saw"
