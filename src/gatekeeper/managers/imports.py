"""Which distributions a project imports, as far as its source says. Advice, and never a proof."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from gatekeeper.managers.names import pypi_name

Usage = Literal["imported", "not found", "unknown"]
MAX_BYTES = 4 << 20
# Distributions whose modules have another name, where no metadata is at hand.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "attrs": ("attr", "attrs"),
    "beautifulsoup4": ("bs4",),
    "dnspython": ("dns",),
    "gitpython": ("git",),
    "google-cloud-storage": ("google.cloud.storage",),
    "markdown-it-py": ("markdown_it",),
    "msgpack-python": ("msgpack",),
    "mysqlclient": ("MySQLdb",),
    "opencv-python": ("cv2",),
    "opencv-python-headless": ("cv2",),
    "pillow": ("PIL",),
    "protobuf": ("google.protobuf",),
    "psycopg2-binary": ("psycopg2",),
    "pycryptodome": ("Crypto",),
    "pycryptodomex": ("Cryptodome",),
    "pygithub": ("github",),
    "pyjwt": ("jwt",),
    "pyopenssl": ("OpenSSL",),
    "pyserial": ("serial",),
    "python-dateutil": ("dateutil",),
    "python-docx": ("docx",),
    "python-dotenv": ("dotenv",),
    "python-jose": ("jose",),
    "python-multipart": ("multipart", "python_multipart"),
    "pyyaml": ("yaml",),
    "pyzmq": ("zmq",),
    "ruamel-yaml": ("ruamel.yaml",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "setuptools": ("setuptools", "pkg_resources"),
    "websocket-client": ("websocket",),
}


class Imports(Struct, frozen=True):
    """Dotted names that a project imports. `whole` is False when some of it could not be read, or
    imports what only running it tells."""

    modules: frozenset[str] = frozenset()
    whole: bool = True


def imports_of(sources: Iterable[bytes]) -> Imports:
    """What Python files import, wherever in them. Relative imports are the project's own."""
    modules: set[str] = set()
    whole = True
    for source in sources:
        try:
            if len(source) > MAX_BYTES:
                raise ValueError("too large")
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            whole = False
            continue
        for node in _nodes(tree):
            if isinstance(node, ast.Call) and _is_import(node.func):
                name = node.args[0] if node.args else None
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    modules.add(name.value)
                else:
                    whole = False
            else:
                modules.update(_modules(node))
    return Imports(frozenset(modules), whole)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All of them, without recursion."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(ast.iter_child_nodes(node))


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        yield node.module
        # What is imported from a package may be a module of another distribution.
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_import(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in ("__import__", "import_module")
    return isinstance(function, ast.Attribute) and function.attr == "import_module"


def usage(
    distribution: str,
    imports: Imports,
    provides: Mapping[str, Collection[str]] | None = None,
) -> Usage:
    """Whether a distribution is imported.

    `provides` has the modules of distributions, by normalised name, as their metadata tells;
    without it a few well-known ones and the name itself are tried. `not found` is only said where
    the modules are known and all of the project could be read.
    """
    known, modules = _modules_of(distribution, provides)
    if any(_imported(module, imports.modules) for module in modules):
        return "imported"
    return "not found" if known and imports.whole else "unknown"


def roots(distribution: str, provides: Mapping[str, Collection[str]] | None = None) -> set[str]:
    """The words one of which is in every file that imports the distribution by its name."""
    return {module.partition(".")[0] for module in _modules_of(distribution, provides)[1]}


def _modules_of(
    distribution: str, provides: Mapping[str, Collection[str]] | None
) -> tuple[bool, Collection[str]]:
    """Whether its modules are known, and the modules; else what they are most likely called."""
    name = pypi_name(distribution)
    known = (provides or {}).get(name) or KNOWN.get(name)
    return bool(known), known or (name.replace("-", "_"), name.replace("-", "."))


def _imported(module: str, imported: Collection[str]) -> bool:
    return any(it == module or it.startswith(f"{module}.") for it in imported)


def modules_of_record(record: str) -> frozenset[str]:
    """The top-level modules among the files that a RECORD of a distribution lists."""
    found: set[str] = set()
    for row in record.splitlines():
        path = row.rpartition(",")[0].rpartition(",")[0].strip('"')
        first, slash, _ = path.partition("/")
        if first.endswith((".dist-info", ".data", ".egg-info", ".pth")) or first in ("..", ""):
            continue
        if slash and first != "__pycache__" and path.endswith((".py", ".so", ".pyd", ".pyi")):
            found.add(first)
        elif not slash and path.endswith((".py", ".so", ".pyd")):
            found.add(first.partition(".")[0])
    return frozenset(it for it in found if it.isidentifier())
