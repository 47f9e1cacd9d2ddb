"""What each gate demands in each preset, in the middle of the page that tells about the gate."""

from __future__ import annotations

import re
from pathlib import Path

from gatekeeper.config.presets import PRESETS

BEGIN, END = "<!-- demands: generated -->", "<!-- end of demands -->"
_BLOCK = re.compile(f"{BEGIN}\n.*?{END}", re.DOTALL)
_COLUMNS = ("enabled", "block_from", "confidence", "on", "require_reason")


def render(page: Path, gate: str) -> str:
    """The page with its table as the presets have it. Errors: ValueError without a place for it."""
    text = page.read_text(encoding="utf-8")
    rows = [f"| preset | {' | '.join(f'`{it}`' for it in _COLUMNS)} |", "| --- " * 6 + "|"]
    for name, preset in PRESETS.items():
        demands = preset["gates"][gate]
        cells = " | ".join(f"`{_shown(demands[it])}`" for it in _COLUMNS)
        rows.append(f"| `{name}` | {cells} |")
    table = "\n".join(
        (BEGIN, "", *rows, "", "[What the columns mean.](../configuration.md#gates)", END)
    )
    made, count = _BLOCK.subn(lambda _: table, text)
    if count != 1:
        raise ValueError(f"{page} has no place for what the gate demands: {BEGIN} … {END}")
    return made


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
