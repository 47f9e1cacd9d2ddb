"""Options of the scanner that verifies pinned actions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class ActionPinsOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Whether the commits of actions are their repositories' own, and what their comments claim."""

    enabled: bool = True
    verify: Annotated[
        bool, Meta(description="Ask the actions' repositories, which takes a network.")
    ] = False
    server: Annotated[
        str,
        Meta(
            description="Where actions come from: by default the GitHub that the workflow runs on,"
            " and github.com elsewhere.",
            examples=["https://github.example.org"],
        ),
    ] = ""
