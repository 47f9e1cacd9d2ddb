"""Makes a release, step by step: `python -m release STEP`. See docs/releasing.md.

prepare VERSION   set the version, and put the fragments of the changelog together
pin               let the shipped workflows use the commit that is checked out
check             print the version, if what is checked out can be released as it is
build FOLDER      build twice, compare, and leave the distributions there
notes FILE        write the changelog of this version there
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from release.build import build_twice
from release.changelog import collect, section
from release.guards import check
from release.pins import pin
from release.repository import ReleaseError, Repository
from release.versions import current, raise_to

ROOT = Path(__file__).resolve().parent.parent


def _prepare(repository: Repository, version: str) -> None:
    raise_to(repository.root, version)
    collect(repository.root, version, repository.date())
    print(f"This is {version} now: review, commit and merge it, then run `pin`.")


def _pin(repository: Repository) -> None:
    commit = repository.head()
    changed = pin(repository.root, commit, current(repository.root))
    print(f"{len(changed)} files use {commit[:12]} now: review, commit and merge it, then release.")


def _check(repository: Repository) -> None:
    print(check(repository))


def _build(repository: Repository, folder: str) -> None:
    for path in build_twice(repository, Path(folder)):
        print(path)


def _notes(repository: Repository, file: str) -> None:
    text = section(repository.root, current(repository.root))
    Path(file).write_text(text, encoding="utf-8")


STEPS: dict[str, Callable[..., None]] = {
    "prepare": _prepare,
    "pin": _pin,
    "check": _check,
    "build": _build,
    "notes": _notes,
}
TAKES = {"prepare": 1, "build": 1, "notes": 1}


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """One step; 0, 1 when it cannot be done, 2 for wrong usage."""
    step, *given = arguments or [""]
    if step not in STEPS or len(given) != TAKES.get(step, 0):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        STEPS[step](Repository(root), *given)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
