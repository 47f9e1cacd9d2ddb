"""Small SARIF files, and what the scanner makes of them."""

from __future__ import annotations

import json
from typing import Any

from gatekeeper.model.given import Given
from gatekeeper.scanners.change_interface import ChangeScanned, ChangeScanner
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.scanners.sarif import Sarif
from tests.fakes.changes import FakeChange, scanned

SCANNER: ChangeScanner = Sarif()
FILES = frozenset({"src/shop/orders.py", "a.py"})


def document(*results: object, **run: object) -> dict[str, Any]:
    driver = {"name": "lint", "rules": run.pop("rules", [])}
    return {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": list(results), **run}],
    }


def result(text: str = "bad", line: int = 0, uri: str = "a.py", **more: object) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line:
        place["region"] = {"startLine": line}
    base = {"ruleId": "R1", "message": {"text": text}, "locations": [{"physicalLocation": place}]}
    return base | more


def change(head: object, base: object = None, **more: Any) -> FakeChange:
    reports = {"head.sarif": head, "base.sarif": base}
    return FakeChange(
        given=Given(("head.sarif",), () if base is None else ("base.sarif",)),
        reports={
            name: told if isinstance(told, bytes) else json.dumps(told).encode()
            for name, told in reports.items()
        },
        files=more.pop("files", FILES),
        **more,
    )


def scan(head: object, base: object = None, **more: Any) -> ChangeScanned:
    return scanned(SCANNER, change(head, base, **more))


def one(head: object) -> RawFinding:
    (finding,) = scan(head).new
    return finding
