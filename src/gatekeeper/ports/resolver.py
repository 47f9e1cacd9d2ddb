"""Choosing versions for what a manifest leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatekeeper.model.dependency import PackageIndex


class Resolver(Protocol):
    """Asks a package index which versions fit together.

    `requirements` are lines of names, specifiers and markers, and nothing else: no options, paths
    or addresses. The answer is a requirements file with hashes and `# via` comments, in which the
    lines themselves are called by their file, `wanted.in`. Nothing that a package brings is run,
    unless the resolver was made so. Raises ToolError: no answer in time, no network, no solution.
    """

    def compile(
        self, requirements: str, indexes: Sequence[PackageIndex], python: str = ""
    ) -> str: ...
