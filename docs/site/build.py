"""Build the documentation as a site: `python docs/site/build.py [FOLDER]` (default: build/site).

Every warning is an error: a link or an anchor that leads nowhere, a page that docs/index.md does not
list, a picture that is not there. Exit status 1 then.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def build(target: Path) -> int:
    """The status of sphinx-build."""
    from sphinx.cmd.build import build_main

    return build_main(
        ["-q", "-E", "-n", "-W", "--keep-going", "-b", "dirhtml", "-c", str(HERE),
         "-d", str(target.parent / f"{target.name}.doctrees"), str(ROOT / "docs"), str(target)]
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """One folder, or none."""
    if len(arguments) > 1 or any(it.startswith("-") for it in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    return build(Path(arguments[0] if arguments else ROOT / "build" / "site").resolve())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
