"""`gatekeeper sbom make|diff`: bills of materials."""

from __future__ import annotations

import os
from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.cli.output import write_text
from gatekeeper.cli.setting import load_setting
from gatekeeper.errors import BillError, UsageError
from gatekeeper.model.bill import Bill
from gatekeeper.model.dependency import Inventory, Problem
from gatekeeper.text.names import plural, printable

_LARGEST = 256 * 1024 * 1024
_SHOWN = 5


def run_make(options: Namespace) -> int:
    """Write a bill of everything the project depends on; 0. Nothing is written without all of it."""
    from gatekeeper.bom.cyclonedx import cyclonedx
    from gatekeeper.bom.spdx import spdx

    bill = bill_of(options, wiring.open_repository())
    write_text(cyclonedx(bill) if options.format == "cyclonedx" else spdx(bill), options.output)
    return 0


def bill_of(options: Namespace, repository: GitRepository) -> Bill:
    """Everything that the project depends on. Raises BillError when some of it cannot be read."""
    from gatekeeper.bom.collect import collect
    from gatekeeper.pipeline.select import below
    from gatekeeper.scanners.dependencies_sources import read_inventories

    commit = repository.resolve(options.head) if options.head else repository.head()
    if options.head and not commit:
        raise UsageError(
            f"there is no commit {printable(options.head)!r}",
            remedy="name a commit, a branch or a tag",
        )
    head = repository.commit_snapshot(commit) if options.head else repository.worktree()
    config = load_setting(repository.root, head, options.config).loaded.config
    exclude = (*config.exclude, *config.scanners.dependencies.exclude)
    found = read_inventories(head, exclude)
    if prefixes := tuple(path.strip("/").removeprefix("./") for path in options.paths):
        found = tuple(it for it in found if below(it.path, prefixes))
    # Another bill of the same things would only count everything twice.
    found = tuple(it for it in found if it.manager not in ("cyclonedx", "spdx"))
    if problems := [it for one in found for it in one.problems]:
        raise _incomplete(problems)
    return collect(
        found,
        name=options.name or os.path.basename(repository.root) or "project",
        version=options.project_version,
        created=_created(repository, commit),
        licenses=_licenses(repository, found),
        commit=commit if head.kind == "commit" or repository.is_clean() else "",
    )


def run_notices(options: Namespace) -> int:
    """Write the licence texts that came with the packages of the project's environment; 0."""
    from gatekeeper.licenses.notices import notices

    repository = wiring.open_repository()
    packages = wiring.installed_distributions(repository.root)
    if not packages:
        raise BillError(
            "there is no environment of the project to read licences in",
            where=repository.root,
            remedy="make one (.venv) with the packages that are shipped, or activate one",
        )
    write_text(notices(packages), options.output)
    return 0


def run_diff(options: Namespace) -> int:
    """Tell what changed between two bills; 0, or 1 with --exit-code when anything did."""
    from gatekeeper.bom.compare import compare
    from gatekeeper.reports.bill_difference import render_difference

    before, after = _read(options.before), _read(options.after)
    found = compare(before.dependencies, after.dependencies)
    print(render_difference(found, as_json=options.json), end="")
    return 1 if found and options.exit_code else 0


def _licenses(repository: GitRepository, found: tuple[Inventory, ...]) -> dict[str, str]:
    """What the packages of the project's environment declare, for those very versions."""
    known = wiring.project_licenses(repository.root)
    return {
        it.key: known[it.name, it.version]
        for one in found
        for it in one.dependencies
        if it.ecosystem == "pypi" and known.get((it.name, it.version))
    }


def _created(repository: GitRepository, commit: str) -> str:
    """When the bill is of: the same commit has the same time, so that bills can be repeated."""
    import time

    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(told) if told.isascii() and told.isdigit() else repository.commit_time(commit)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds or time.time()))


def _read(path: str) -> Inventory:
    from gatekeeper.managers.cyclonedx import Cyclonedx
    from gatekeeper.managers.spdx import Spdx

    try:
        if os.path.getsize(path) > _LARGEST:
            raise BillError(f"it is larger than {_LARGEST >> 20} MiB", where=path)
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise BillError(f"it cannot be read: {error.strerror or error}", where=path) from None
    is_spdx = b"spdxVersion" in content[:4096] or b"SPDXVersion:" in content[:4096]
    found = (Spdx() if is_spdx else Cyclonedx()).read(path, {path: content})
    if found.problems:
        raise _incomplete(list(found.problems))
    return found


def _incomplete(problems: list[Problem]) -> BillError:
    told = [f"{printable(it.place.path)}:{it.place.line}: {it.message}" for it in problems[:_SHOWN]]
    more = f"\n  and {len(problems) - _SHOWN:,} more" if len(problems) > _SHOWN else ""
    return BillError(
        f"{plural(len(problems), 'entry')} could not be read, so the bill would not be complete",
        remedy="\n  ".join(told) + more,
    )
