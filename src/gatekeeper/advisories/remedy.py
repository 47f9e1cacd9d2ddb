"""The nearest version of a package that has none of the known vulnerabilities."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.advisories.matching import match
from gatekeeper.advisories.versions import bound_of
from gatekeeper.model.advisory import PackageAdvisories


def nearest_safe(known: PackageAdvisories, candidates: Iterable[str]) -> str:
    """The lowest of the versions that is not vulnerable itself; empty when none is.

    `candidates` are versions that fix something, as advisories name them.
    """
    keys = {it: key.full for it in candidates if (key := bound_of(known.ecosystem, it))}
    for version in sorted(keys, key=lambda it: (keys[it], it)):
        vulnerable, left_open = match(known, version)
        if not vulnerable and left_open is None:
            return version
    return ""
