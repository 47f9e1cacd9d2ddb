"""The entry point. Nothing heavy is imported before it is known what is asked."""

from __future__ import annotations

import gc
import sys
from importlib import import_module


def main() -> int:
    """Run the command line; the process's exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from gatekeeper.version import VERSION

        print(f"gatekeeper {VERSION}")
        return 0
    _hasten()
    from gatekeeper.cli.main import run

    return run(sys.argv[1:])


def _hasten() -> None:
    """Two things that a short run has no use for, and that cost a quarter of its start."""
    # Next to nothing of what is made while modules load is ever garbage.
    gc.set_threshold(50_000, 20, 20)
    # msgspec takes typing_extensions where somebody installed it, and that loads `inspect`, `ast`
    # and `tokenize`. What types here are made of is all in `typing`.
    name = "typing_extensions"
    if name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment]  # how an import is told to fail
        import_module("msgspec")
        del sys.modules[name]


if __name__ == "__main__":
    sys.exit(main())
