"""What `--plan` prints."""

from __future__ import annotations

from gatekeeper.model.plan import Plan
from gatekeeper.text.names import printable

_FILES_SHOWN = 3


def render_plan(plan: Plan) -> str:
    """One line per scanner: whether it would run, why or why not, on what, and what is cached."""
    lines = [f"Compared: {printable(plan.comparison)}", f"Stage: {plan.stage}", ""]
    width = max((len(row.scanner) for row in plan.rows), default=0)
    for row in plan.rows:
        lines.append(f"{row.scanner:<{width}}  {row.gate:<9}  {printable(row.what)}")
        if row.files:
            named = ", ".join(printable(path) for path in row.files[:_FILES_SHOWN])
            more = (
                f" and {len(row.files) - _FILES_SHOWN:,} more"
                if len(row.files) > _FILES_SHOWN
                else ""
            )
            lines.append(f"{'':<{width}}             to scan: {named}{more}")
        if row.tool:
            lines.append(f"{'':<{width}}             tool: {printable(row.tool)}")
    if not plan.rows:
        lines.append("nothing would run")
    return "\n".join(lines) + "\n"
