"""Under which names the code of a file knows something: python_marks.py reads them, and has the marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

# What can be done to something, and so to a name that stands for it.
CALL = ("()", "(")
ANYTHING = (*CALL, "[")


class Names:
    """What is done to names, and what else they stand for."""

    def __init__(self) -> None:
        # Behind a name: its attributes, with what is done to them.
        self.behind: dict[str, set[str]] = {}
        # What is done to a name that stands alone.
        self.done: dict[str, set[str]] = {}
        # By what it is called here: from where it is, and what it is called there.
        self.imported: dict[str, set[tuple[str, str]]] = {}
        # What was given another name.
        self.assigned: set[str] = set()
        # Modules of which all names were imported.
        self.stars: set[str] = set()

    def tell(self, marks: set[str], lefts: Mapping[str, Collection[str]]) -> None:
        """Add to the marks whatever they mean under other names.

        Of what a name can stand for as well, only what `lefts` ask for behind it is told: a file can
        have as many other names as lines, and each of them as many attributes.
        """
        for name, done in self.done.items():
            marks.update(name + it for it in done)
            origins = self.imported.get(name, ())
            if self.stars:
                marks.update(f".{name}{it}" for it in done)
            for left, original in origins:
                for text in (original, f".{original}", f"{left}.{original}"):
                    marks.update(text + it for it in done)
        for module in self.stars & lefts.keys():
            asked = (_split(it) for it in lefts[module])
            marks.update(
                f"{module}.{name}{it}" for name, it in asked if it in self.done.get(name, ())
            )
        for name, attributes in self.behind.items():
            marks.add(f"{name}.")
            marks.update(f"{name}.{it}" for it in attributes)
            for left in self._others(name):
                marks.add(f"{left}.")
                marks.update(f"{left}.{it}" for it in lefts.get(left, ()) if it in attributes)
        told = {it for it in marks if it.startswith(".")}
        for name in self.assigned:
            for left in (name, *self._others(name)):
                marks.update((f"{left}.", *(f"{left}{done}" for done in ANYTHING)))
                marks.update(f".{left}{done}" for done in ANYTHING)
                marks.update(f"{left}.{it}" for it in lefts.get(left, ()) if f".{it}" in told)

    def _others(self, name: str) -> Iterator[str]:
        """What it is called where it was imported from."""
        for _, original in self.imported.get(name, ()):
            yield original


def _split(text: str) -> tuple[str, str]:
    """The name, and what is done to it."""
    for done in (*ANYTHING, "="):
        if text.endswith(done):
            return text.removesuffix(done), done
    return text, ""
