"""What a Python project asks for, in whichever tables of pyproject.toml it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.pep508 import Demand, parse_demand
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Origin, PackageIndex, Place, Scope

# Groups that include each other twice at every level would never come to an end.
_MOST_INCLUDED = 10_000


class Asked(Struct, frozen=True, kw_only=True):
    """One requirement of the project; `group` names a group or an extra."""

    demand: Demand
    scope: Scope
    line: int
    group: str = ""
    origin: Origin = "index"
    tool: str = ""

    def dependency(self, path: str) -> Dependency:
        """What is open or pinned in the manifest itself."""
        demand = self.demand
        return Dependency(
            ecosystem="pypi",
            name=demand.name,
            display=demand.display,
            version=demand.version,
            requirement=demand.specifier,
            place=Place(path, self.line),
            origin=self.origin,
            url=without_password(demand.url),
            direct=True,
            scope=self.scope,
            groups=(self.group,) if self.group else (),
            extras=demand.extras,
            marker=demand.marker,
            tool=self.tool,
        )


class _Source(Struct, frozen=True):
    """Where tool.uv.sources sends a package."""

    origin: Origin
    url: str = ""


class PyProject:
    """The tables of a pyproject.toml. What is wrong in them is told to `found`, under `path`."""

    def __init__(self, document: View, found: Found, path: str) -> None:
        self._found = found
        self._path = path
        self._document = document
        self._tool = document.at("tool").empty()
        self._project = document.at("project").empty()
        self.name = ""
        self._included = 0
        self._sources: dict[str, _Source] = {}
        with found.entry(path):
            self._tool = document.table("tool")
        with found.entry(path):
            self._project = document.table("project")
        with found.entry(path):
            poetry = self._tool.table("poetry")
            self.name = pypi_name(self._project.text("name") or poetry.text("name"))
        with found.entry(path):
            named = {it.name: it.url for it in self.indexes() if it.name}
            self._sources = dict(_uv_sources(self._tool.table("uv"), named))
            self._sources |= dict(_poetry_sources(self._tool.table("poetry"), named))

    def asked(self, *, build: bool = True) -> list[Asked]:
        """All of it; without `build` only what a lock would hold."""
        found: list[Asked] = []
        tables = [self._standard, self._groups, self._poetry, self._dev]
        for table in [*tables, self._build] if build else tables:
            with self._found.entry(self._path):
                # What came before something unreadable has been added by then.
                found.extend(self._placed(it) for it in table())
        return [it for it in found if it.demand.name != self.name]

    def _placed(self, it: Asked) -> Asked:
        origin = it.demand.origin
        source = self._sources.get(it.demand.name)
        if source is None or origin != "index":
            return it if it.origin == origin else replace(it, origin=origin)
        return replace(it, origin=source.origin, demand=replace(it.demand, url=source.url))

    def _one(self, item: View, scope: Scope, group: str, tool: str = "") -> Iterator[Asked]:
        with self._found.entry(self._path):
            # hatch's own word for a folder of the project.
            text = item.expect(str).replace("{root:uri}", "file://.")
            demand = parse_demand(text, item.line)
            yield Asked(demand=demand, scope=scope, group=group, line=item.line, tool=tool)

    def _standard(self) -> Iterator[Asked]:
        for item in self._project.items("dependencies"):
            yield from self._one(item, "runtime", "")
        for extra, below in self._project.table("optional-dependencies").entries():
            for item in below.items():
                yield from self._one(item, "optional", extra)

    def _build(self) -> Iterator[Asked]:
        for item in self._document.table("build-system").items("requires"):
            yield from self._one(item, "build", "")

    def _groups(self) -> Iterator[Asked]:
        groups = self._document.table("dependency-groups")
        by_name = {pypi_name(name): below for name, below in groups.entries()}
        for name in by_name:
            yield from self._group(name, by_name, (name,))

    def _group(
        self, name: str, groups: Mapping[str, View], way: tuple[str, ...]
    ) -> Iterator[Asked]:
        """A group, with all that it includes; `way` leads from the outermost group to this one."""
        for item in groups[name].items():
            if isinstance(item.value, str):
                yield from self._one(item, "dev", way[0])
                continue
            with self._found.entry(self._path):
                item.expect(dict)
                included = pypi_name(item.required("include-group"))
                if included in way:
                    raise UnreadableError(
                        f"{item.name} includes {included!r}, which includes it in turn",
                        item.line,
                        "break the circle",
                    )
                if included not in groups:
                    raise UnreadableError(
                        f"{item.name} includes the group {included!r}, which does not exist",
                        item.line,
                        "correct the name, or add the group to [dependency-groups]",
                    )
                self._included += 1
                if self._included > _MOST_INCLUDED:
                    raise UnreadableError("the groups include each other too often", item.line)
                yield from self._group(included, groups, (*way, included))

    def _poetry(self) -> Iterator[Asked]:
        poetry = self._tool.table("poetry")
        extras: dict[str, str] = {}
        for extra, below in poetry.table("extras").entries():
            for item in below.items():
                extras.setdefault(pypi_name(item.expect(str)), extra)
        tables: list[tuple[View, Scope, str]] = [
            (poetry.table("dependencies"), "runtime", ""),
            (poetry.table("dev-dependencies"), "dev", "dev"),
        ]
        for group, below in poetry.table("group").entries():
            below.expect(dict)
            tables.append((below.table("dependencies"), "dev", group))
        if not any(table.value for table, _, _ in tables):
            return
        from gatekeeper.managers.tool_tables import poetry_demands

        # Beside [project], the table of poetry only says where to get things.
        listed = {it.demand.name for it in self._standard()}
        for table, scope, group in tables:
            for name, value in table.entries():
                if name == "python" or (scope == "runtime" and pypi_name(name) in listed):
                    continue
                with self._found.entry(self._path):
                    for demand in poetry_demands(name, value):
                        extra = extras.get(demand.name, "") if scope == "runtime" else ""
                        yield Asked(
                            demand=demand,
                            scope="optional" if extra else scope,
                            group=extra or group,
                            line=value.line,
                            tool="poetry",
                        )

    def _dev(self) -> Iterator[Asked]:
        for group, below in self._tool.table("pdm").table("dev-dependencies").entries():
            for item in below.items():
                yield from self._one(item, "dev", group, "pdm")
        for item in self._tool.table("uv").items("dev-dependencies"):
            yield from self._one(item, "dev", "dev", "uv")
        for name, environment in self._tool.table("hatch").table("envs").entries():
            environment.expect(dict)
            for key in ("dependencies", "extra-dependencies"):
                for item in environment.items(key):
                    yield from self._one(item, "dev", name, "hatch")

    def overridden(self) -> Iterator[str]:
        """What uv and pdm are told to take instead of what is asked for."""
        with self._found.entry(self._path):
            yield from self._tool.table("uv").texts("override-dependencies")
            pdm = self._tool.table("pdm")
            for table in (pdm.table("resolution").table("overrides"), pdm.table("overrides")):
                yield from (name for name, _ in table.entries())

    def indexes(self) -> Iterator[PackageIndex]:
        """The indexes that uv, poetry and pdm are told to use."""
        places = (("uv", "index"), ("poetry", "source"), ("pdm", "source"))
        for tool, key in places:
            for table in self._tool.table(tool).items(key):
                with self._found.entry(self._path):
                    table.expect(dict)
                    yield _index(table, self._path)

    @property
    def dynamic_files(self) -> list[str]:
        """Files in which setuptools looks for the dependencies."""
        dynamic = self._tool.table("setuptools").table("dynamic")
        tables = [dynamic.table("dependencies")]
        tables += [it for _, it in dynamic.table("optional-dependencies").entries()]
        names: list[str] = []
        for table in tables:
            one = table.at("file").value
            names += [one] if isinstance(one, str) else table.texts("file")
        return names

    @property
    def dynamic_line(self) -> int:
        """Where [project] says that its dependencies are worked out when it is built, or 0."""
        for item in self._project.items("dynamic"):
            if item.value == "dependencies":
                return item.line
        return 0


def _uv_sources(uv: View, indexes: Mapping[str, str]) -> Iterator[tuple[str, _Source]]:
    for name, below in uv.table("sources").entries():
        options = list(below.items()) if isinstance(below.value, list) else [below]
        kinds = [_source(option, indexes) for option in options]
        # One for each environment: the one that is hardest to check stands for all.
        if kinds:
            strict = next((it for it in kinds if it.origin != "index"), kinds[0])
            yield pypi_name(name), strict


def _poetry_sources(poetry: View, indexes: Mapping[str, str]) -> Iterator[tuple[str, _Source]]:
    tables = [poetry.table("dependencies"), poetry.table("dev-dependencies")]
    tables += [below.table("dependencies") for _, below in poetry.table("group").entries()]
    for name, value in (it for table in tables for it in table.entries()):
        source = value.value.get("source") if isinstance(value.value, dict) else None
        if isinstance(source, str) and source in indexes:
            yield pypi_name(name), _Source("index", indexes[source])


def _source(option: View, indexes: Mapping[str, str]) -> _Source:
    option.expect(dict)
    if option.has("git"):
        return _Source("vcs", f"git+{option.text('git')}")
    if option.has("url"):
        return _Source("url", option.text("url"))
    if option.has("path"):
        return _Source("path", option.text("path"))
    if option.has("workspace"):
        return _Source("path", ".")
    return _Source("index", indexes.get(option.text("index"), ""))


def _index(table: View, path: str) -> PackageIndex:
    explicit = table.text("priority") == "explicit" if table.has("priority") else False
    main = table.text("priority") in ("primary", "default") or (
        isinstance(table.value.get("default"), bool) and table.flag("default")
    )
    return PackageIndex(
        url=without_password(table.text("url")),
        place=Place(path, table.line),
        kind="main" if main else "find-links" if table.text("type") == "find_links" else "extra",
        name=table.text("name"),
        explicit=explicit or (table.has("explicit") and table.flag("explicit")),
    )
