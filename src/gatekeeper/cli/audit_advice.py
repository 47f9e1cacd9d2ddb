"""`gatekeeper audit --fix-advice`: what to change, tried with a resolver."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.model.dependency import PackageIndex
from gatekeeper.model.verdict import Report
from gatekeeper.pipeline.check import Check
from gatekeeper.ports.process import ToolError


def advised(report: Report, check: Check, *, offline: bool) -> Report:
    """The report with advice that was tried. The verdict stays what it is."""
    from gatekeeper.managers.python_bounds import python_of
    from gatekeeper.pipeline.fix_advice import tried
    from gatekeeper.scanners.dependencies_sources import read_inventories

    head = check.versions.head
    config = check.services.means.config
    exclude = (*config.exclude, *config.scanners.dependencies.exclude)

    entries = head.entries()

    def read(path: str) -> bytes:
        entry = entries.get(path)
        return head.read(path) if entry is not None and entry.regular else b""

    compile_ = _unasked if offline else check.services.means.resolver().compile
    return tried(
        report,
        read_inventories(head, exclude),
        compile_,
        lambda manifests: python_of(manifests, read),
    )


def _unasked(
    requirements: str, indexes: Sequence[PackageIndex], python: str = "", *,
    lowest: bool = False, overrides: str = "",
) -> str:  # fmt: skip
    """What uv has in its cache is not what there is, so nothing would follow from an answer."""
    raise ToolError("tool-not-installed", "offline, so no package index was asked")
