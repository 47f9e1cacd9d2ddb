"""The imports in Python files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper.managers.imports import Imports

MAX_BYTES = 4 << 20


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
