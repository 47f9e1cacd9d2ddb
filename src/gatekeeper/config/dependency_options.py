"""Options of the scanner that audits what the project depends on."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from gatekeeper.config.index_options import IndexOptions
from gatekeeper.model.auditor import AuditorName
from gatekeeper.model.dependency import OpenReason, Scope
from gatekeeper.model.finding import Severity

Days = Annotated[int, Meta(ge=0, le=3650)]


class DueDates(Struct, forbid_unknown_fields=True, frozen=True):
    """Days from the publication of an advisory until it has to be dealt with, by severity."""

    critical: Days | UnsetType = UNSET
    high: Days | UnsetType = UNSET
    medium: Days | UnsetType = UNSET
    low: Days | UnsetType = UNSET
    overdue_blocks: Annotated[
        bool,
        Meta(description="What is overdue blocks, also when the change did not bring it in."),
    ] = False


class DependenciesOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Known vulnerabilities and malicious packages among what the project depends on."""

    enabled: bool = True
    unknown_severity: Annotated[
        Severity, Meta(description="What a vulnerability counts as that nobody has rated.")
    ] = "high"
    exploited_severity: Annotated[
        Severity,
        Meta(description="At least this severe is what CISA lists as exploited (KEV)."),
    ] = "critical"
    epss_from: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="At least `high` is what is exploited with this probability (EPSS), or"
            " more; 1 switches that off.",
        ),
    ] = 0.5
    scopes: Annotated[
        tuple[Scope, ...],
        Meta(
            min_length=1,
            description="What is audited, by what it is needed for. What is left out is listed as"
            " such.",
        ),
    ] = ("runtime", "optional", "dev", "build", "unknown")
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Manifests and lock files that are left alone, written as in .gitignore.",
            examples=[["examples/"]],
        ),
    ] = ()
    private: Annotated[
        tuple[str, ...],
        Meta(
            description="Packages of your own, as `ecosystem:name` patterns: no advisory database"
            " knows them, so they are not counted as unchecked.",
            examples=[["pypi:acme-*"]],
        ),
    ] = ()
    mirrors: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses of package indexes that serve the public packages under their"
            " own names. Packages from any other index count as private, and as not checked.",
        ),
    ] = ()
    tolerate: Annotated[
        tuple[OpenReason, ...],
        Meta(
            description="Reasons for which a dependency may stay unchecked: it is listed all the"
            " same, and does not make the gate inconclusive."
        ),
    ] = ("unsupported-ecosystem",)
    resolve: Annotated[
        bool,
        Meta(
            description="Let uv choose versions for a manifest without a lock, so that they can be"
            " audited. It asks the package index, and runs nothing of the project's."
        ),
    ] = False
    auditors: Annotated[
        tuple[AuditorName, ...],
        Meta(
            description="Auditors that others wrote and that are asked about Python packages as"
            " well, over the same advisories. What any of them finds counts, and one that gives no"
            " answer makes the gate inconclusive.",
            examples=[["pip-audit", "uv"]],
        ),
    ] = ()
    safety_db: Annotated[
        str,
        Meta(
            description="The folder with the database of safety (`insecure.json` and"
            " `insecure_full.json`), from the repository's root. Without it safety is skipped."
        ),
    ] = ""
    require_hashes: Annotated[
        bool,
        Meta(
            description="Requirements files without any hash are told as well; a file that has some"
            " has to have all of them in any case."
        ),
    ] = False
    index: IndexOptions = IndexOptions()
    minimum_release_age_days: Annotated[
        Days | UnsetType,
        Meta(
            description="A version that was uploaded later than so many days ago is told; package"
            " indexes are asked for that. 0 asks nobody."
        ),
    ] = UNSET
    ignore_until_fixed: Annotated[
        bool,
        Meta(description="Vulnerabilities that no version fixes are listed, and block nothing."),
    ] = False
    vex: Annotated[
        tuple[str, ...],
        Meta(
            description="Documents of the repository (OpenVEX, CycloneDX) that say which"
            " vulnerabilities do not matter here. What they settle is shown and blocks nothing.",
            examples=[["security/openvex.json"]],
        ),
    ] = ()
    vex_max_age_days: Annotated[
        Days | UnsetType,
        Meta(description="Statements in `vex` that are older settle nothing any more."),
    ] = UNSET
    due: DueDates = DueDates()

    @property
    def release_age(self) -> int:
        """Days that have to pass since an upload; 0 when nobody wants that."""
        days = self.minimum_release_age_days
        return 0 if days is UNSET else days

    @property
    def asks_indexes(self) -> bool:
        """Whether package indexes are to be asked at all."""
        return self.index.ask != "nothing" or self.release_age > 0
