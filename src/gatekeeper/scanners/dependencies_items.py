"""Each dependency of a version with what is known of it, before anybody judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from posixpath import dirname, normpath

from msgspec import Struct

from gatekeeper.advisories.assessing import Assessment, package_of
from gatekeeper.advisories.remedy import nearest_safe
from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.managers.graph import Paths
from gatekeeper.model.account import Imported
from gatekeeper.model.advice import Advice
from gatekeeper.model.advisory import Open, PackageAdvisories, Vulnerability
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.ports.advisories import Advisories, PackageVersion

# The public indexes, under the addresses that lock files name them by.
PUBLIC = (
    "https://pypi.org/",
    "https://pypi.python.org/",
    "https://files.pythonhosted.org/",
    "https://registry.npmjs.org/",
    "https://registry.yarnpkg.com/",
)


class Item(Struct, frozen=True, kw_only=True):
    """A dependency in its inventory: vulnerable, left out for a reason, not checked, or clean.

    `via` leads from what the project asks for down to the dependency, which is its last part.
    `fix` is the nearest version without any of the vulnerabilities, `advice` how to get there.
    `auditors` are the other ones that looked at it.
    """

    inventory: Inventory
    dependency: Dependency
    via: tuple[Dependency, ...] = ()
    vulnerabilities: tuple[Vulnerability, ...] = ()
    left_open: Open | None = None
    left_out: str = ""
    fix: str = ""
    auditors: tuple[str, ...] = ()
    imported: Imported = "unknown"
    advice: Advice | None = None

    @property
    def package(self) -> tuple[str, str]:
        """Ecosystem and name, whatever the version."""
        return self.dependency.ecosystem, self.dependency.name

    @property
    def subject(self) -> str:
        """`ecosystem:name@version`, as findings and waivers name it."""
        it = self.dependency
        return f"{it.ecosystem}:{it.name}@{it.version}"


def fixes(
    dependencies: Iterable[Dependency], assessment: Assessment, advisories: Advisories
) -> dict[str, str]:
    """The nearest safe version of what is vulnerable, by key."""
    asked: dict[str, PackageVersion] = {}
    for it in dependencies:
        if it.key in assessment.vulnerable and (package := package_of(it)):
            asked[it.key] = package
    known = advisories.lookup(sorted(set(asked.values()))) if asked else {}
    found: dict[str, str] = {}
    for key, package in asked.items():
        about = known[package]
        if isinstance(about, PackageAdvisories):
            named = [fix for one in assessment.vulnerable[key] for fix in one.fixed]
            found[key] = nearest_safe(about, named)
    return found


def items(
    inventories: Sequence[Inventory],
    assessment: Assessment,
    options: DependenciesOptions,
    safe: Mapping[str, str],
    judges: Callable[[Dependency], tuple[str, ...]] = lambda _: (),
) -> list[Item]:
    """All dependencies of all inventories, each once per file, in the order of the files."""
    pinned = _pinned(inventories)
    found: list[Item] = []
    for inventory in inventories:
        paths = Paths(inventory)
        folder = dirname(inventory.path)
        found += [
            Item(
                inventory=inventory,
                dependency=it,
                via=paths.to(it.key) or (it,),
                vulnerabilities=assessment.vulnerable.get(it.key, ()),
                left_open=_open(it, index_of(it, inventory), assessment.open, options),
                left_out=_left_out(it, folder, options, pinned),
                fix=safe.get(it.key, ""),
                auditors=judges(it),
            )
            for it in inventory.dependencies
        ]
    return found


def index_of(it: Dependency, inventory: Inventory) -> str:
    """The address of the index that a dependency comes from; empty when it is the tool's own."""
    if it.origin != "index" or it.url:
        return it.url
    return next(
        (one.url for one in inventory.indexes if one.kind == "main" and not one.explicit), ""
    )


def _open(
    it: Dependency, index: str, known: Mapping[str, Open], options: DependenciesOptions
) -> Open | None:
    if (why := known.get(it.key)) is not None:
        return why
    if it.origin == "index" and index and not public(index, options.mirrors):
        return Open(
            "private",
            f"it comes from {index}, and advisories are about the public package of that name",
            "name the address in scanners.dependencies.mirrors if it serves the public packages,"
            " or the package in scanners.dependencies.private",
        )
    return None


def public(url: str, mirrors: Iterable[str]) -> bool:
    """Whether packages from there are the public ones of that name."""
    # Locks of npm name the registry without a slash at its end.
    return f"{url}/".startswith(PUBLIC) or any(
        f"{url}/".startswith(mirror.rstrip("/") + "/") for mirror in mirrors if mirror
    )


def _left_out(
    it: Dependency,
    folder: str,
    options: DependenciesOptions,
    pinned: Mapping[tuple[str, str], set[str]],
) -> str:
    """Why a dependency is none of the audit's business; empty when it is."""
    if it.scope not in options.scopes:
        return f"scanners.dependencies.scopes leaves {it.scope} out"
    if any(fnmatchcase(f"{it.ecosystem}:{it.name}", name) for name in options.private):
        return "a package of your own (scanners.dependencies.private)"
    if it.origin == "path" and _inside(folder, it.url):
        return "a part of this repository"
    if not it.version and it.origin == "index" and _locked(it, folder, pinned):
        return "a lock file names its version"
    return ""


def _inside(folder: str, url: str) -> bool:
    if "://" in url or url.startswith(("/", "~")):
        return False
    return not normpath(f"{folder or '.'}/{url or '.'}").startswith("..")


def _pinned(inventories: Iterable[Inventory]) -> dict[tuple[str, str], set[str]]:
    """The folders of the files that name an exact version, for every package."""
    found: dict[tuple[str, str], set[str]] = {}
    for inventory in inventories:
        folder = dirname(inventory.path)
        for it in inventory.dependencies:
            if it.version:
                found.setdefault((it.ecosystem, it.name), set()).add(folder)
    return found


def _locked(it: Dependency, folder: str, pinned: Mapping[tuple[str, str], set[str]]) -> bool:
    """Whether a file beside it, or above it in a workspace, has chosen a version."""
    folders = pinned.get((it.ecosystem, it.name), set())
    while folder not in folders:
        if not folder:
            return False
        folder = dirname(folder)
    return True
