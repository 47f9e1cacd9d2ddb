"""Under which names the code of a file knows something: python_marks.py reads them, and has the marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator

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

    def tell(self, marks: set[str], lefts: Collection[str]) -> None:
        """Add to the marks whatever they mean under other names.

        Of what was given another name, only those in `lefts` are told with every attribute of the
        file.
        """
        for name, done in self.done.items():
            marks.update(name + it for it in done)
            origins = {*self.imported.get(name, ()), *((module, name) for module in self.stars)}
            for left, original in origins:
                for text in (original, f".{original}", f"{left}.{original}"):
                    marks.update(text + it for it in done)
        for name, attributes in self.behind.items():
            for left in self._of(name):
                marks.add(f"{left}.")
                marks.update(f"{left}.{it}" for it in attributes)
        anything = [it for it in marks if it.startswith(".")]
        for name in self.assigned:
            for left in self._of(name):
                marks.update((f"{left}.", *(f"{left}{done}" for done in ANYTHING)))
                marks.update(f".{left}{done}" for done in ANYTHING)
                if left in lefts:
                    marks.update(left + it for it in anything)

    def _of(self, name: str) -> Iterator[str]:
        """What it is called, here and where it was imported from."""
        yield name
        for _, original in self.imported.get(name, ()):
            yield original
