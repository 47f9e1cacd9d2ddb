"""Build the documentation as a site: `python docs/site/build.py [--links] [FOLDER]` (default: build/site).

Every warning is an error: a link or an anchor that leads nowhere, a page that docs/index.md does not
list, a picture that is not there. Exit status 1 then. `--links` builds nothing, and asks whether the
addresses of other sites are still there.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def build(target: Path, builder: str) -> int:
    """The status of sphinx-build."""
    from sphinx.cmd.build import build_main

    return build_main(
        ["-q", "-E", "-n", "-W", "--keep-going", "-b", builder, "-c", str(HERE),
         "-d", str(target.parent / f"{target.name}.doctrees"), str(ROOT / "docs"), str(target)]
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """An option and a folder, or none."""
    builder = "linkcheck" if "--links" in arguments else "dirhtml"
    names = [it for it in arguments if it != "--links"]
    if len(names) > 1 or any(it.startswith("-") for it in names):
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(names[0]) if names else ROOT / "build" / "site"
    return build(target.resolve(), builder)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
