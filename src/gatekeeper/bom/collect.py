"""One bill of what several manifests and lock files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gatekeeper.model.bill import Bill, Component
from gatekeeper.model.dependency import Dependency, Inventory, Scope

_STRENGTH: tuple[Scope, ...] = ("runtime", "optional", "dev", "build", "unknown")
_PURL_TYPES = {
    "pypi": "pypi",
    "npm": "npm",
    "github-actions": "githubactions",
    "docker": "docker",
}


def collect(
    inventories: Iterable[Inventory],
    *,
    name: str,
    version: str,
    created: str,
    commit: str = "",
    licenses: Mapping[str, str] | None = None,
) -> Bill:
    """Every dependency once per version, in the order of its key.

    What lies in the repository itself is no dependency of it, and neither is what a manifest
    leaves open when a lock beside it names the version. `licenses` are by key, and go before what
    a file says.
    """
    found = [(one, it) for one in inventories for it in one.dependencies if not _own(it)]
    pinned = {(it.ecosystem, it.name) for _, it in found if it.version}
    groups: dict[str, list[tuple[Inventory, Dependency]]] = {}
    for one, it in found:
        if it.version or (it.ecosystem, it.name) not in pinned:
            groups.setdefault(it.key, []).append((one, it))
    needs: dict[str, set[str]] = {}
    for key, group in groups.items():
        for _, it in group:
            for parent in it.parents:
                needs.setdefault(parent, set()).add(key)
    known = licenses or {}
    return Bill(
        name=name,
        version=version,
        created=created,
        commit=commit,
        components=tuple(
            _component(key, [it for _, it in groups[key]], needs.get(key, set()), known)
            for key in sorted(groups)
        ),
    )


def _own(it: Dependency) -> bool:
    return it.origin == "path" and "://" not in it.url and not it.url.startswith(("/", "~"))


def _component(
    key: str, group: list[Dependency], needs: set[str], licenses: Mapping[str, str]
) -> Component:
    first = group[0]
    return Component(
        key=key,
        ecosystem=first.ecosystem,
        name=first.name,
        version=first.version,
        display=first.display or first.name,
        purl=purl_of(first),
        license=licenses.get(key, "") or next((it.license for it in group if it.license), ""),
        scope=min((it.scope for it in group), key=_STRENGTH.index),
        direct=any(it.direct for it in group),
        hashes=tuple(sorted({one for it in group for one in it.hashes})),
        needs=tuple(sorted(needs)),
        places=tuple(sorted({it.place for it in group})),
    )


def purl_of(it: Dependency) -> str:
    """The package address of a dependency; `generic` where its kind has none."""
    from packageurl import PackageURL

    qualifiers: dict[str, str] = {}
    kind = _PURL_TYPES.get(it.ecosystem, "generic")
    name = it.display if it.ecosystem in ("npm", "github-actions") and it.display else it.name
    below = ""
    if it.ecosystem == "github-actions":
        owner, _, rest = name.partition("/")
        repository, _, below = rest.partition("/")
        name = f"{owner}/{repository}"
    if it.ecosystem == "generic" and "/" in it.name:
        # As it was read: the type, and the name below it.
        kind, _, name = it.name.partition("/")
    if it.ecosystem == "pre-commit":
        qualifiers["vcs_url"] = it.url
    if it.ecosystem == "docker":
        registry, _, name = it.name.partition("/")
        name = name.removeprefix("library/") if registry == "docker.io" else name
        if registry != "docker.io":
            qualifiers["repository_url"] = registry
    namespace, _, base = name.strip("/").rpartition("/")
    if not base:
        return ""
    return PackageURL(
        type=kind, namespace=namespace or None, name=base, version=it.version or None,
        qualifiers=qualifiers, subpath=below or None,
    ).to_string()  # fmt: skip
