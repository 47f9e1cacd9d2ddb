"""A pytest plugin that runs chosen tests only, and tells where their modules come from.

It is copied out of the package and imported by the project's own Python, so it depends on nothing
of ours. In the folder GATEKEEPER_SCRATCH, `tests.txt` lists the tests to run by the names that
JUnit reports give them; without it all are run. Modules that were imported from below
GATEKEEPER_FOREIGN are listed in `foreign-<process>.txt` there.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any


def junit_name(nodeid: str) -> str:
    """Class and name of a test, as pytest writes them into JUnit XML."""
    path, bracket, parameters = nodeid.partition("[")
    names = path.split("::")
    names[0] = re.sub(r"\.py$", "", names[0].replace("/", "."))
    names[-1] += bracket + parameters
    return ".".join(names[:-1]) + "\n" + names[-1]


def wanted_tests() -> set[str] | None:
    """The tests to run; None means all."""
    path = os.path.join(os.environ["GATEKEEPER_SCRATCH"], "tests.txt")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return set(file.read().split("\0"))


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Keep the listed tests."""
    wanted = wanted_tests()
    if wanted is None:
        return
    kept = [item for item in items if junit_name(item.nodeid) in wanted]
    dropped = [item for item in items if junit_name(item.nodeid) not in wanted]
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept


def pytest_sessionfinish() -> None:
    """Each worker lists its own."""
    list_foreign_modules()


def list_foreign_modules() -> None:
    """Tell which modules are not from where they should be."""
    foreign = _foreign_modules(os.environ.get("GATEKEEPER_FOREIGN", ""))
    if foreign:
        path = os.path.join(os.environ["GATEKEEPER_SCRATCH"], f"foreign-{os.getpid()}.txt")
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            file.write("\n".join(foreign))


def _foreign_modules(root: str) -> list[str]:
    """Modules from below a folder; an environment that happens to lie there does not count."""
    if not root:
        return []
    environments = {os.path.realpath(it) + os.sep for it in (sys.prefix, sys.base_prefix)}
    found = []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        path = os.path.realpath(file) if isinstance(file, str) else ""
        if path.startswith(os.path.realpath(root) + os.sep) and not any(
            path.startswith(it) for it in environments
        ):
            found.append(path)
    return sorted(found)
