"""What the code of a Python file uses, told in marks: short texts that a rule can ask for.

| mark | what the code has |
| ---- | ----------------- |
| `name` | the name, as a variable, attribute, parameter, keyword or part of an import |
| `.name`, `left.name` | the attribute, or the import from a module; `left` is the last name before |
| `left.` | any attribute or import of it |
| `name()`, `.name()`, `left.name()` | a call |
| `name(`, `.name(`, `left.name(` | a call with an argument that is not only literals |
| `name[`, `.name[`, `left.name[` | a subscript |
| `name=`, `.name=`, `left.name=` | an assignment, a keyword argument, the default of a parameter |
| `name,`, `(name,` | a parameter that others follow; that is the first |
| `def name`, `class name` | the definition |
| `[:` | a slice |
| `**` | a mapping that is unpacked |

What is renamed is told under all of its names: by `import ... as`, and by an assignment, after which
a name can stand for the other in every way. After `import *` every name may be from that module. So
a mark that is missing is not there.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from gatekeeper.scanners.python_names import ANYTHING, CALL, Names


def marks_of(content: bytes, lefts: Mapping[str, Collection[str]]) -> set[str] | None:
    """The marks of a file; None when it is no Python 3.

    Of `left.name`, those that come from another name of `left` are only told for what `lefts` has
    behind it: nothing else may be asked for.
    """
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _Reader()
    reader.read(tree)
    return reader.marks_with(lefts)


class _Reader:
    """Walks through a syntax tree without recursion."""

    def __init__(self) -> None:
        self._marks: set[str] = set()
        self._names = Names()
        self._visits: dict[type[ast.AST], Callable[[Any], None]] = {
            ast.Name: self._name_or_attribute,
            ast.Attribute: self._name_or_attribute,
            ast.Constant: self._constant,
            ast.Call: self._called,
            ast.Subscript: self._subscript,
            ast.Slice: self._slice,
            ast.keyword: self._keyword,
            ast.Dict: self._dict,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Assign: self._assignment,
            ast.AnnAssign: self._assignment,
            ast.NamedExpr: self._assignment,
            ast.withitem: self._with,
            ast.arguments: self._parameters,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
        }
        self._stack: list[ast.AST] = []

    def read(self, tree: ast.AST) -> None:
        """All that is below a node."""
        self._stack.append(tree)
        while self._stack:
            node = self._stack.pop()
            self._visits.get(type(node), self._below)(node)

    def _below(self, node: ast.AST) -> None:
        for value in vars(node).values():
            if isinstance(value, str):
                self._marks.add(value)
            elif isinstance(value, ast.AST):
                self._stack.append(value)
            elif isinstance(value, list):
                for it in value:
                    if isinstance(it, ast.AST):
                        self._stack.append(it)
                    elif isinstance(it, str):
                        self._marks.add(it)

    def _constant(self, node: ast.Constant) -> None:
        """No name is in it."""

    def _name_or_attribute(self, node: ast.Name | ast.Attribute) -> None:
        self._use(node, ("=",) if isinstance(node.ctx, ast.Store) else ())

    def _called(self, node: ast.Call) -> None:
        self._use(node.func, CALL[:1] if _literal_only(node) else CALL)
        self._stack += node.args
        self._stack += node.keywords

    def _subscript(self, node: ast.Subscript) -> None:
        self._use(node.value, ("[",))
        self._stack.append(node.slice)

    def _slice(self, node: ast.Slice) -> None:
        self._marks.add("[:")
        self._below(node)

    def _keyword(self, node: ast.keyword) -> None:
        self._marks.update((f"{node.arg}=", node.arg) if node.arg else ("**",))
        self._stack.append(node.value)

    def _dict(self, node: ast.Dict) -> None:
        if None in node.keys:
            self._marks.add("**")
        self._below(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._marks.add(f"def {node.name}")
        self._decorated(node.decorator_list)
        self._below(node)

    def _class(self, node: ast.ClassDef) -> None:
        self._marks.add(f"class {node.name}")
        self._decorated(node.decorator_list)
        self._below(node)

    def _decorated(self, decorators: Sequence[ast.expr]) -> None:
        """What decorates is called, with or without parentheses of its own."""
        for it in decorators:
            self._use(it, CALL)

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> None:
        self._stands_for(node.value)
        self._below(node)

    def _with(self, node: ast.withitem) -> None:
        self._stands_for(node.context_expr)
        self._below(node)

    def _stands_for(self, value: ast.expr | None) -> None:
        """Another name is given to it."""
        for part in value.elts if isinstance(value, ast.Tuple | ast.List) else [value]:
            if part is not None and (name := _last(part)):
                self._names.assigned.add(name)
                self._use(part, ANYTHING)

    def _parameters(self, node: ast.arguments) -> None:
        plain = [*node.posonlyargs, *node.args]
        optional = [*plain[len(plain) - len(node.defaults) :]]
        given = zip(node.kwonlyargs, node.kw_defaults, strict=True)
        optional += [it for it, value in given if value]
        self._marks.update(f"{it.arg}=" for it in optional)
        every = [it.arg for it in (*plain, node.vararg, *node.kwonlyargs, node.kwarg) if it]
        self._marks.update(f"{it}," for it in every[:-1])
        if len(every) > 1:
            self._marks.add(f"({every[0]},")
        self._below(node)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            parts = alias.name.split(".")
            self._module(parts)
            if alias.asname:
                left = parts[-2] if len(parts) > 1 else ""
                self._import_as(alias.asname, left, parts[-1])

    def _import_from(self, node: ast.ImportFrom) -> None:
        parts = (node.module or "").split(".")
        self._module(parts)
        for alias in node.names:
            if alias.name == "*":
                self._names.stars.add(parts[-1])
                self._marks.add(f"{parts[-1]}.")
                continue
            self._module([parts[-1], alias.name])
            self._import_as(alias.asname or alias.name, parts[-1], alias.name)

    def _import_as(self, known: str, left: str, name: str) -> None:
        self._marks.add(known)
        self._names.imported.setdefault(known, set()).add((left, name))

    def _module(self, parts: Sequence[str]) -> None:
        for left, name in pairwise(("", *parts)):
            self._marks.update((name, f".{name}", f"{left}.", f"{left}.{name}"))

    def _use(self, node: ast.AST, done: Sequence[str]) -> None:
        """Something is done to an expression: it is called, say."""
        while isinstance(node, ast.Attribute):
            name, node = node.attr, node.value
            self._marks.add(name)
            every = [name, *(name + it for it in done)]
            self._marks.update(f".{it}" for it in every)
            if left := _last(node):
                self._names.behind.setdefault(left, set()).update(every)
            done = ()
        if isinstance(node, ast.Name):
            self._names.done.setdefault(node.id, set()).update(("", *done))
        else:
            self._stack.append(node)

    def marks_with(self, lefts: Mapping[str, Collection[str]]) -> set[str]:
        """Everything that was read, under all of its names."""
        self._names.tell(self._marks, lefts)
        return self._marks


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _literal_only(node: ast.Call) -> bool:
    values = [*node.args, *(it.value for it in node.keywords)]
    while values:
        value = values.pop()
        if isinstance(value, ast.Tuple | ast.List | ast.Set):
            values += value.elts
        elif not isinstance(value, ast.Constant):
            return False
    return True
