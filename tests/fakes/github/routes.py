"""All routes of the fake; each module registers its own when it is imported."""

from __future__ import annotations

from importlib import import_module

_MODULES = ("discussion", "pulls", "checks", "contents", "issues", "runs")


def load() -> None:
    """Register them."""
    for name in _MODULES:
        import_module(f"tests.fakes.github.routes_{name}")
