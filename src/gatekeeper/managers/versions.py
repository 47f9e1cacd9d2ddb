"""Whether a version of a Python package satisfies a specifier."""

from __future__ import annotations


def allows(specifier: str, version: str) -> bool | None:
    """Alternatives are divided by `||`. None when one of both cannot be understood.

    A pre-release satisfies what it lies within: it is locked, so somebody wanted it.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        parsed = Version(version)
        return any(
            SpecifierSet(part.strip()).contains(parsed, prereleases=True)
            for part in specifier.split("||")
        )
    except (InvalidSpecifier, InvalidVersion):
        return None
