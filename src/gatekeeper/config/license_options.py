"""Options of the scanner that judges the licences of dependencies."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gatekeeper.model.dependency import Scope

LicenseNames = Annotated[
    tuple[str, ...],
    Meta(
        description="SPDX ids, such as `MIT` or `GPL-2.0-only WITH Classpath-exception-2.0`; `*`."
    ),
]


class LicenseException(Struct, forbid_unknown_fields=True, frozen=True):
    """A package that is fine under a licence that others may not have."""

    package: Annotated[
        str,
        Meta(
            pattern=r"^[a-z-]+:[^\s@]+$",
            examples=["pypi:psycopg"],
            description="As `ecosystem:name`.",
        ),
    ]
    reason: Annotated[str, Meta(min_length=10, description="Why, in words.")]
    license: Annotated[
        str,
        Meta(
            description="Only while it is under this licence; also what it counts as when nobody can tell."
        ),
    ] = ""


class LicensesOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Licences of what the project depends on; judged once `allow` or `deny` names some."""

    enabled: bool = True
    allow: LicenseNames = ()
    review: LicenseNames = ()
    deny: LicenseNames = ()
    otherwise: Annotated[
        Literal["allow", "review", "deny"],
        Meta(description="What a licence counts as that no list names."),
    ] = "review"
    unknown: Annotated[
        Literal["allow", "review", "deny"],
        Meta(description="What a package counts as whose licence nobody can tell."),
    ] = "review"
    exceptions: tuple[LicenseException, ...] = ()
    scopes: Annotated[
        tuple[Scope, ...],
        Meta(min_length=1, description="What is judged, by what it is needed for."),
    ] = ("runtime", "optional", "unknown")
