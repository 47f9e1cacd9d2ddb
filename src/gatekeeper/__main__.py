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

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
