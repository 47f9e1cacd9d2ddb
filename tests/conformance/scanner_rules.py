"""What belongs to a scanner, as rules that name exactly what is missing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec

import gatekeeper.scanners
from gatekeeper.adapters.tool_locks import locked_version
from gatekeeper.config import schema
from gatekeeper.model.policy import GATE_IDS, STAGES
from gatekeeper.model.tool import ToolSpec
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import Layout, Scanner, ScanScope
from gatekeeper.scanners.registry import change_scanners, scanners
from gatekeeper.scanners.tools import TOOLS

ROOT = Path(__file__).parents[2]


def modules() -> list[ModuleType]:
    """Everything in the room `scanners`."""
    return [
        importlib.import_module(f"gatekeeper.scanners.{found.name}")
        for found in pkgutil.iter_modules(gatekeeper.scanners.__path__)
    ]


def scanner_classes(module: ModuleType) -> list[type]:
    """The scanners a module defines. Helper modules define none."""
    return [
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
        and not getattr(found, "_is_protocol", False)
        and not found.__name__.startswith("_")
        and callable(getattr(found, "prepare", None))
        and callable(getattr(found, "scan", None))
    ]


@dataclass
class Project:
    """What is compared; a test may swap any part of it."""

    root: Path = ROOT
    scanners: Mapping[str, Any] = field(default_factory=scanners)
    change_scanners: Mapping[str, Any] = field(default_factory=change_scanners)
    tools: Mapping[str, ToolSpec] = field(default_factory=lambda: TOOLS)
    modules: list[ModuleType] = field(default_factory=modules)

    def protocol(self, identity: str) -> type:
        return Scanner if identity in self.scanners else ChangeScanner

    @property
    def every(self) -> dict[str, Any]:
        return {**self.scanners, **self.change_scanners}


def about_scanner(project: Project, identity: str) -> list[str]:
    """What is missing or wrong for one registered scanner."""
    scanner = project.every[identity]
    return [
        *_attributes(scanner, project.protocol(identity), project.tools),
        *_naming(scanner, identity),
        *_files(project.root, scanner, identity),
        *_configuration(identity),
    ]


def about_tool(project: Project, identity: str) -> list[str]:
    """What is missing or wrong for one tool."""
    tool = project.tools[identity]
    found: list[str] = []
    if tool.id != identity:
        found.append(f"TOOLS[{identity!r}] calls itself {tool.id!r}")
    if identity not in _names(schema.Tools):
        found.append(f"config.schema.Tools has no field for {identity}")
    lock = project.root / "src/gatekeeper/locks" / f"{identity}.txt"
    if not tool.locked:
        return (
            [*found, f"{_shown(project, lock)} is a lock nobody uses"] if lock.exists() else found
        )
    if not lock.is_file():
        return [*found, f"{_shown(project, lock)} is missing: gatekeeper tools lock {identity}"]
    text = lock.read_text(encoding="utf-8")
    if not locked_version(text, tool.package):
        found.append(f"{_shown(project, lock)} does not pin {tool.package}")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    if len(pins) > len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)):
        found.append(f"{_shown(project, lock)} has requirements without a hash")
    return found


def about_all(project: Project) -> list[str]:
    """What is wrong between scanners, or belongs to none."""
    found: list[str] = []
    registered = {type(scanner) for scanner in project.every.values()}
    for module in project.modules:
        classes = scanner_classes(module)
        name = module.__name__.rpartition(".")[2]
        if len(classes) > 1:
            found.append(f"scanners/{name}.py defines more than one scanner")
        found += [
            f"scanners/registry.py does not list {it.__name__} of scanners/{name}.py"
            for it in classes
            if it not in registered
        ]
    found += [
        f"{it} is both a scanner and a change scanner"
        for it in project.scanners
        if it in project.change_scanners
    ]
    fields = _names(schema.Scanners)
    found += [f"config.schema.Scanners.{it} names no scanner" for it in fields - set(project.every)]
    tools = _names(schema.Tools)
    found += [f"config.schema.Tools.{it} names no tool" for it in tools - set(project.tools)]
    pages = {page.stem for page in (project.root / "docs/scanners").glob("*.md")} - {"README"}
    found += [f"docs/scanners/{it}.md is about no scanner" for it in pages - set(project.every)]
    locks = {lock.stem for lock in (project.root / "src/gatekeeper/locks").glob("*.txt")}
    found += [f"locks/{it}.txt is for no tool" for it in locks - set(project.tools)]
    used = {scanner.gate for scanner in project.every.values() if hasattr(scanner, "gate")}
    found += [f"gate {it} has no scanner" for it in GATE_IDS if it not in used]
    needed = {getattr(it, "tool", None) for it in project.every.values()}
    needed |= {tool for it in project.every.values() for tool in getattr(it, "tools", ())}
    found += [f"tool {it.id} is started by no scanner" for it in project.tools.values()
              if it not in needed]  # fmt: skip
    return sorted(found)


def _attributes(scanner: Any, protocol: type, tools: Mapping[str, ToolSpec]) -> Iterator[str]:
    for name in protocol.__annotations__:
        value = getattr(scanner, name, None)
        if value is None:
            yield f"attribute {name} is missing"
        elif not RULES[name](value, tools):
            yield f"attribute {name} cannot be {value!r}"
    for name in ("prepare", "scan"):
        if not callable(getattr(scanner, name, None)):
            yield f"method {name} is missing"
            continue
        wanted = inspect.signature(getattr(protocol, name))
        given = inspect.signature(getattr(type(scanner), name))
        if list(given.parameters) != list(wanted.parameters):
            yield f"method {name} takes {given}, not {wanted}"
    if not (type(scanner).__doc__ or "").strip():
        yield "the class has no docstring"


RULES: dict[str, Callable[[Any, Mapping[str, ToolSpec]], bool]] = {
    "id": lambda it, _: bool(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", str(it))),
    "gate": lambda it, _: it in GATE_IDS,
    "stage": lambda it, _: it in STAGES,
    "scope": lambda it, _: it in get_args(ScanScope),
    "layout": lambda it, _: it in get_args(Layout),
    "tool": lambda it, tools: it in tools.values(),
    "size_limited": lambda it, _: isinstance(it, bool),
    "revision": lambda it, _: type(it) is int and it >= 1,
    "startup": lambda it, _: type(it) in (int, float) and it > 0,
    "rate": lambda it, _: type(it) in (int, float) and it > 0,
}


def _naming(scanner: Any, identity: str) -> Iterator[str]:
    if getattr(scanner, "id", identity) != identity:
        yield f"it is registered as {identity!r} and calls itself {scanner.id!r}"
    expected = "".join(part.capitalize() for part in identity.split("-"))
    if type(scanner).__name__ != expected:
        yield f"the class is called {type(scanner).__name__}, not {expected}"
    module = f"gatekeeper.scanners.{identity.replace('-', '_')}"
    if type(scanner).__module__ != module:
        yield f"the class lives in {type(scanner).__module__}, not in {module}"


def _files(root: Path, scanner: Any, identity: str) -> Iterator[str]:
    module = identity.replace("-", "_")
    for name in (f"src/gatekeeper/scanners/{module}.py", f"tests/unit/scanners/test_{module}.py"):
        if not (root / name).is_file():
            yield f"{name} is missing"
    data = root / "tests/data" / identity
    if not (data.is_dir() and any(data.iterdir())):
        yield f"tests/data/{identity}/ is missing or empty"
    page = root / "docs/scanners" / f"{identity}.md"
    if not page.is_file():
        yield f"docs/scanners/{identity}.md is missing"
        return
    text = page.read_text(encoding="utf-8")
    if not text.startswith(f"# {identity}\n"):
        yield f"docs/scanners/{identity}.md does not start with `# {identity}`"
    if f"`{getattr(scanner, 'gate', '')}`" not in text:
        yield f"docs/scanners/{identity}.md does not name its gate"


def _configuration(identity: str) -> Iterator[str]:
    field_of = {it.encode_name: it for it in msgspec.structs.fields(schema.Scanners)}
    if identity not in field_of:
        yield f"config.schema.Scanners has no field for {identity}"
    elif "enabled" not in {it.name for it in msgspec.structs.fields(field_of[identity].type)}:
        yield f"config.schema.Scanners.{identity} has no switch `enabled`"


def _names(struct: type[msgspec.Struct]) -> set[str]:
    return {it.encode_name for it in msgspec.structs.fields(struct)}


def _shown(project: Project, path: Path) -> str:
    return str(path.relative_to(project.root))
