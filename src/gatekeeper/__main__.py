"""The entry point. Nothing heavy is imported before it is known what is asked."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the process's exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from gatekeeper.version import VERSION

        print(f"gatekeeper {VERSION}")
        return 0
    from gatekeeper.cli.main import run

    return _leave(run(sys.argv[1:]))


def _leave(status: int) -> int:
    """End the process without taking it apart, which takes as long as a small check."""
    import atexit
    import os
    import threading

    if threading.active_count() == 1:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no public way
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(main())
