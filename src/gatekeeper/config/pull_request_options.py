"""What pull requests are told, and how much of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


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
