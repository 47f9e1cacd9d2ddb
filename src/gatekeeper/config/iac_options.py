"""Options of the scanners that look at infrastructure code."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Framework = Literal["dockerfile", "terraform", "kubernetes", "cloudformation", "helm"]
Checks = Annotated[tuple[str, ...], Meta(description="Ids of checks, such as `CKV_AWS_20`.")]


class CheckSeverities(Struct, forbid_unknown_fields=True, frozen=True):
    """Severity of single checks, instead of the table that ships."""

    critical: Checks = ()
    high: Checks = ()
    medium: Checks = ()
    low: Checks = ()
    info: Checks = ()


class CheckovOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Infrastructure code with checkov, always offline."""

    enabled: bool = True
    frameworks: Annotated[
        tuple[Framework, ...], Meta(description="What checkov looks at.", min_length=1)
    ] = ("dockerfile", "terraform", "kubernetes", "cloudformation", "helm")
    severities: CheckSeverities = CheckSeverities()
