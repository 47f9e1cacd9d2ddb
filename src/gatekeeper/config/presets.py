"""The shipped starting points, as plain data that merges like any other layer."""

from __future__ import annotations

from typing import Any


def _gate(block_from: str, confidence: str = "low", **more: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "block_from": block_from,
        "confidence": confidence,
        "on": "new",
        "inconclusive": "inconclusive",
        "require_reason": False,
        **more,
    }


PRESETS: dict[str, dict[str, Any]] = {
    "relaxed": {
        "gates": {
            "lint": _gate("medium"),
            "format": _gate("low", enabled=False),
            "types": _gate("high"),
            "tests": _gate("medium"),
            "coverage": _gate("high"),
            "sast": _gate("high", "medium"),
            "secrets": _gate("medium", "medium"),
            "dependencies": _gate("high", "medium"),
            "licenses": _gate("high"),
            "workflows": _gate("high", "medium"),
            "iac": _gate("high", "medium"),
            "commits": _gate("medium", enabled=False),
            "size": _gate("medium", enabled=False),
            "external": _gate("high"),
        }
    },
    "standard": {
        "gates": {
            "lint": _gate("low"),
            "format": _gate("low"),
            "types": _gate("medium"),
            "tests": _gate("medium"),
            "coverage": _gate("medium"),
            "sast": _gate("medium", "medium"),
            "secrets": _gate("medium", "medium"),
            "dependencies": _gate("medium", "medium"),
            "licenses": _gate("medium"),
            "workflows": _gate("medium", "medium"),
            "iac": _gate("medium", "medium"),
            "commits": _gate("medium", enabled=False),
            "size": _gate("medium", enabled=False),
            "external": _gate("medium"),
        }
    },
    "strict": {
        "gates": {
            "lint": _gate("info", require_reason=True),
            "format": _gate("info"),
            "types": _gate("low", require_reason=True),
            "tests": _gate("low"),
            "coverage": _gate("low"),
            "sast": _gate("low", require_reason=True),
            "secrets": _gate("low", on="all", require_reason=True),
            "dependencies": _gate("low"),
            "licenses": _gate("medium"),
            "workflows": _gate("low", require_reason=True),
            "iac": _gate("low", require_reason=True),
            "commits": _gate("low", enabled=False),
            "size": _gate("low", enabled=False),
            "external": _gate("low"),
        },
        # Most stolen releases are found within days.
        "scanners": {"dependencies": {"minimum_release_age_days": 7}},
    },
}
