"""Choosing versions for what a manifest leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatekeeper.model.dependency import PackageIndex
from gatekeeper.ports.process import ToolError


class NoVersionsError(ToolError):
    """The index was asked, and no versions fit together: an answer, and no failure to get one."""


class Resolver(Protocol):
    """Asks a package index which versions fit together.

    `requirements` are lines of names, specifiers and markers, and nothing else: no options, paths
    or addresses. The answer is a requirements file with hashes and `# via` comments, in which the
    lines themselves are called by their file, `wanted.in`. Nothing that a package brings is run,
    unless the resolver was made so. `lowest` takes the lowest version that is allowed of what the
    lines name, and not the newest; `overrides` are lines that go before whatever anybody asks for.
    Raises ToolError: no answer in time, no network; NoVersionsError: no solution.
    """

    def compile(
        self,
        requirements: str,
        indexes: Sequence[PackageIndex],
        python: str = "",
        *,
        lowest: bool = False,
        overrides: str = "",
    ) -> str: ...
