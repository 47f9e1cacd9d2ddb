"""What a project depends on, as its manifests and lock files say it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Ecosystem = Literal["pypi", "npm", "github-actions", "pre-commit", "docker", "generic"]
"""Where a package comes from. `generic` is what an SBOM names and none of the others holds."""

Origin = Literal["index", "url", "vcs", "path", "unknown"]
Scope = Literal["runtime", "optional", "dev", "build", "unknown"]
IndexKind = Literal["main", "extra", "find-links"]

OpenReason = Literal[
    "unpinned",
    "not-on-index",
    "private",
    "vcs",
    "url",
    "path",
    "unsupported-ecosystem",
    "unreadable",
    "invalid-version",
    "no-advisories",
    "service-unavailable",
    "not-reported",
]
"""Why nothing can be said about a dependency. Not checked is never clean."""


class Place(Struct, frozen=True, order=True):
    """A line of a file in the repository; line 0 is all of it."""

    path: str
    line: int = 0


class Dependency(Struct, frozen=True, kw_only=True):
    """One version of one package, at one place.

    `name` is normalised as its ecosystem does it; `display` is as written. `version` is exact, and
    empty when the manifest leaves it open; `requirement` is what the manifest demands. `parents`
    are the keys of the dependencies of the same inventory that ask for this one; a `direct` one is
    asked for by the project itself (None: the file does not tell). `demands` are what each of the
    parents asks for, as its ecosystem writes it: `*` is any version, nothing what the file does not
    tell; none at all when it tells of no parent. `hashes` are `sha256:…` and
    alike; `sha1:…` of a git commit. `url` is where an origin other than an index points, or the
    index itself. `claim` is the version that a comment beside a digest claims, as written. `tool`
    is the only one that reads the table of the manifest in which it stands; empty: all do.
    `install_code`: installing it runs code that it brings, a script of npm or a build because there
    is nothing but source (None: the file does not tell).
    """

    ecosystem: Ecosystem
    name: str
    version: str
    place: Place
    display: str = ""
    requirement: str = ""
    origin: Origin = "index"
    url: str = ""
    direct: bool | None = None
    scope: Scope = "unknown"
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    marker: str = ""
    hashes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    license: str = ""
    claim: str = ""
    tool: str = ""
    install_code: bool | None = None

    @property
    def key(self) -> str:
        """Identifies the version within an inventory."""
        return f"{self.ecosystem}:{self.name}@{self.version or self.requirement or self.url}"


class Problem(Struct, frozen=True):
    """A file, or an entry of one, that could not be read. `remedy` says what to do next."""

    place: Place
    message: str
    remedy: str = ""


class PackageIndex(Struct, frozen=True, kw_only=True):
    """Where a file says that packages come from.

    A `main` index replaces the tool's own, an `extra` one is asked beside it. An `explicit` one is
    for the packages that name it, and no others. A password in the address is left out.
    """

    url: str
    place: Place
    kind: IndexKind = "main"
    name: str = ""
    explicit: bool = False


class Tie(Struct, frozen=True, kw_only=True):
    """What ties a lock and its manifests together.

    Of a manifest: the project's `name`, and the `digests` that tools would have for it. Of a lock:
    the folders of its `projects` from its own (none: its own alone), the digest that is `stated` in
    it, and the `groups` that it is limited to (none: it does not tell). Of both: what is
    `overridden`, in the words of the tool, is not locked as the manifests ask for it.
    """

    name: str = ""
    digests: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    stated: str = ""
    groups: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()


class Inventory(Struct, frozen=True):
    """All that one file says, or several files that belong together.

    `manager` is the id of the manager that read it; `path` the file it is named by. `complete` is
    True when the file holds transitive dependencies, too. `problems` make it open, never clean.
    """

    manager: str
    path: str
    dependencies: tuple[Dependency, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = False
    indexes: tuple[PackageIndex, ...] = ()
    tie: Tie = Tie()
