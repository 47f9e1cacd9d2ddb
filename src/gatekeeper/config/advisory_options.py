"""Options of the advisories: where they come from, and how old they may be."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Address = Annotated[str, Meta(max_length=2000)]
OSV_BULK = "https://osv-vulnerabilities.storage.googleapis.com"
OSV_API = "https://api.osv.dev"
KEV = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
EPSS = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"


class AdvisoryOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Known vulnerabilities and malicious packages, as OSV publishes them."""

    source: Annotated[
        Literal["snapshot", "live"],
        Meta(
            description="`snapshot`: what `gatekeeper advisories sync` has put on this machine;"
            " `live`: OSV's API, at every audit."
        ),
    ] = "snapshot"
    ecosystems: Annotated[
        tuple[Literal["pypi", "npm", "github-actions"], ...],
        Meta(min_length=1, description="What a snapshot holds advisories about."),
    ] = ("pypi", "github-actions")
    max_age_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="A snapshot whose data is older says nothing: the audit is inconclusive.",
        ),
    ] = 7
    digest: Annotated[
        str,
        Meta(
            pattern="^(sha256:[0-9a-f]{64})?$",
            description="The snapshot has to be this one, as `gatekeeper advisories info` shows it;"
            " empty: any.",
        ),
    ] = ""
    url: Annotated[
        Address, Meta(description="Where `PyPI/all.zip` and the like are: OSV's, or a mirror.")
    ] = OSV_BULK
    api: Annotated[
        Address, Meta(description="The OSV API that `source: live` asks, without `/v1`.")
    ] = OSV_API
    kev: Annotated[
        Address, Meta(description="CISA's list of exploited vulnerabilities; empty: not used.")
    ] = KEV
    epss: Annotated[Address, Meta(description="FIRST's list of EPSS scores; empty: not used.")] = (
        EPSS
    )
