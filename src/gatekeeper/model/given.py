"""Reports that other programs wrote, as named on the command line."""

from __future__ import annotations

from msgspec import Struct


class Given(Struct, frozen=True):
    """Files by kind: what was measured at the version under check, and at the base.

    `environments` are folders of installed packages, which are judged instead of what files name.
    """

    sarif: tuple[str, ...] = ()
    sarif_base: tuple[str, ...] = ()
    junit: tuple[str, ...] = ()
    junit_base: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    coverage_base: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
