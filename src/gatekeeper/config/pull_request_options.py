"""What pull requests are told, and how much of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Right = Literal["read", "triage", "write", "maintain", "admin", "nobody"]


class CommandOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """What comments on pull requests may ask `gatekeeper bot` for, and who.

    Each is the least permission in the repository, or `nobody`.
    """

    explain: Annotated[Right, Meta(description="Who may ask what a problem means.")] = "read"
    rerun: Annotated[Right, Meta(description="Who may have the checks run again.")] = "write"
    fix: Annotated[Right, Meta(description="Who may have safe fixes committed to the branch.")] = (
        "write"
    )
    waive: Annotated[
        Right,
        Meta(
            description="Who may accept problems. Where CODEOWNERS names owners of the waiver file,"
            " or else of the problem's file, it has to be one of them besides."
        ),
    ] = "write"
    waive_by: Annotated[
        Literal["pull-request", "commit"],
        Meta(
            description="`pull-request`: a waiver is proposed to the base branch, where it is"
            " reviewed; `commit`: it is committed to the branch of the change, for anybody but its"
            " author."
        ),
    ] = "pull-request"
    waive_days: Annotated[
        int, Meta(ge=1, le=3650, description="For how many days a comment can waive at most.")
    ] = 365


class PullRequestOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """The comment, the review comments and the checks that `gatekeeper report` writes."""

    comment: Annotated[
        Literal["always", "problems"],
        Meta(
            description="`always`: one line when nothing is wrong; `problems`: no comment before"
            " there is something to say."
        ),
    ] = "always"
    max_inline: Annotated[
        int, Meta(ge=0, le=50, description="Most review comments on a pull request; 0: none.")
    ] = 10
    outdated: Annotated[
        Literal["delete", "resolve", "keep"],
        Meta(
            description="What becomes of review comments about solved problems that nobody"
            " answered; `resolve` needs `contents: write`."
        ),
    ] = "delete"
    checks: Annotated[
        Literal["one", "per-gate"],
        Meta(description="One check run over everything, or one per gate besides."),
    ] = "one"
    expiring_days: Annotated[
        int, Meta(ge=0, le=365, description="Days ahead that expiring waivers are told of.")
    ] = 14
    commands: CommandOptions = CommandOptions()
