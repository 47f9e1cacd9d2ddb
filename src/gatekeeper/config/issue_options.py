"""The issues that keep watch over the default branch."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from gatekeeper.model.finding import Severity

Days = Annotated[int, Meta(ge=0, le=3650)]


class IssueDueDates(Struct, forbid_unknown_fields=True, frozen=True):
    """Days from the day an issue is opened until it has to be dealt with, by severity."""

    critical: Days | UnsetType = UNSET
    high: Days | UnsetType = UNSET
    medium: Days | UnsetType = UNSET
    low: Days | UnsetType = UNSET
    info: Days | UnsetType = UNSET


class IssueOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """What `gatekeeper report --to issues` opens, updates and closes."""

    severity: Annotated[Severity, Meta(description="The least severity that gets an issue.")] = (
        "medium"
    )
    max_open: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="Most issues about single problems that are open at once; the others are"
            " listed in one issue.",
        ),
    ] = 20
    labels: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[^,]+$(?!\n)")], ...],
        Meta(
            max_length=10,
            description="Labels besides `gatekeeper` and the severity.",
            examples=[["security"]],
        ),
    ] = ()
    assign: Annotated[
        bool, Meta(description="Assign the people whom CODEOWNERS names for the file.")
    ] = True
    due: IssueDueDates = IssueDueDates()
