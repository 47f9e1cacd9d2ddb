"""Every scanner there is, in the order reports name them."""

from __future__ import annotations

from gatekeeper.scanners.interface import ChangeScanner, Scanner
from gatekeeper.scanners.ruff import Ruff

SCANNERS: dict[str, Scanner] = {
    scanner.id: scanner
    for scanner in (
        Ruff(),
    )
}
CHANGE_SCANNERS: dict[str, ChangeScanner] = {}
