"""From the paths of a coverage report to files of the repository. Never a guess.

Reports are written in other folders, in other checkouts, on other systems, and about copies that
were installed or built. A name and a file that end alike say where the files of the report would
lie; what all names of the report say together decides, and what stays open is not decided.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_DRIVE = regex(r"[A-Za-z]:[/\\]")
_INSTALLED = ("site-packages", "dist-packages")
_BUILT = regex(r"(?:^|/)build/lib[^/]*/")
_LONGEST = 4096

# Names such as `__init__.py` are everywhere and say little about where they are.
_TELLING = 100

Parts = tuple[str, ...]
# A folder of the report, and the folder of the repository that it would be.
Pair = tuple[Parts, Parts]


class Place(Struct, frozen=True):
    """The file that is meant, or those that may be meant; neither for a file from elsewhere."""

    path: str = ""
    candidates: tuple[str, ...] = ()


class Tree:
    """The files of the repository, found by their ends. `roots` are where the repository lies."""

    def __init__(self, paths: Iterable[str], roots: Sequence[str] = ()) -> None:
        self._paths = frozenset(paths)
        self._roots = [f"{root.rstrip('/')}/" for root in roots]
        self._by_name: dict[str, list[Parts]] = {}
        for path in sorted(self._paths):
            parts = tuple(path.split("/"))
            self._by_name.setdefault(parts[-1], []).append(parts)

    def find_all(self, told: Sequence[Sequence[str]], folder: str = "") -> list[Place]:
        """For each file of one report, what its names mean; earlier names go first.

        `folder` is where the report lies in the repository.
        """
        told = [[_slashes(name) for name in names if len(name) <= _LONGEST] for names in told]
        places = [self._exactly(names, folder) for names in told]
        open_ = [index for index, place in enumerate(places) if place is None]
        if open_:
            vote = _Vote(self, [told[index] for index in open_])
            for index in open_:
                places[index] = vote.decide(told[index])
        return [place or Place() for place in places]

    def _exactly(self, names: Sequence[str], folder: str) -> Place | None:
        """The file with this very path: absolute, or relative to the report or the repository."""
        found: list[str] = []
        inside_and_gone = False
        for name in names:
            root = next((it for it in self._roots if name.startswith(it)), "")
            if root:
                inside = posixpath.normpath(name[len(root) :])
                if inside in self._paths:
                    found.append(inside)
                elif not _is_copy(inside):
                    inside_and_gone = True
            elif not _is_absolute(name):
                starts = dict.fromkeys((folder, ""))
                paths = (posixpath.normpath(posixpath.join(start, name)) for start in starts)
                found += [path for path in paths if path in self._paths][:1]
        # Of several sources of one report, more than one may have such a file.
        found = list(dict.fromkeys(found))
        if len(found) > 1:
            return Place(candidates=tuple(found))
        if found:
            return Place(found[0])
        # It would lie here and is none of ours: generated, ignored or deleted.
        return Place() if inside_and_gone else None

    def has(self, path: Parts) -> bool:
        """Whether there is such a file."""
        return "/".join(path) in self._paths

    def named(self, name: str) -> Sequence[Parts]:
        """The files of this name, wherever they are."""
        return self._by_name.get(name, ())


class _Option(Struct, frozen=True):
    """A file that a name may mean, how much of their ends is shared, and what that implies."""

    path: Parts
    shared: int
    pair: Pair

    @property
    def weak(self) -> bool:
        """Only the file's own name: every package has a `utils.py`."""
        return self.shared == 1


class _Vote:
    """What all the names of a report say about where its folders are in the repository."""

    def __init__(self, tree: Tree, told: Sequence[Sequence[str]]) -> None:
        self._tree = tree
        self._open = len(told)
        self._votes: Counter[Pair] = Counter()
        self._folders: dict[Parts, set[Parts]] = {}
        self._clear: set[Pair] = set()
        for names in told:
            for parts in _all_parts(names):
                for path in tree.named(parts[-1])[:_TELLING]:
                    if (option := _option(parts, path)) is not None:
                        self._votes[option.pair] += 1
                        self._folders.setdefault(option.pair[0], set()).add(option.pair[1])
        for names in told:
            options = self._options(names)
            if len(options) == 1 and not options[0].weak:
                self._clear.add(options[0].pair)

    def decide(self, names: Sequence[str]) -> Place:
        """The file that one name, or one of several, means."""
        options = self._options(names)
        clear = [option for option in options if option.pair in self._clear]
        if not clear and options:
            most = max(self._votes[option.pair] for option in options)
            clear = [option for option in options if self._votes[option.pair] == most]
            longest = max(option.shared for option in clear)
            tops = [option for option in clear if not option.pair[1]]
            if len(tops) < 2:
                clear = [option for option in clear if option.shared == longest]
        paths = sorted({"/".join(option.path) for option in clear})
        if len(paths) > 1:
            return Place(candidates=tuple(paths))
        if not paths or (clear[0].weak and not self._supported(clear[0].pair)):
            return Place()
        return Place(paths[0])

    def _supported(self, pair: Pair) -> bool:
        votes = self._votes[pair]
        return pair in self._clear or votes > 1 or votes == self._open

    def _options(self, names: Sequence[str]) -> list[_Option]:
        """Files that a name may mean; those at the top of the repository even by name alone."""
        found: dict[Parts, _Option] = {}
        for parts in _all_parts(names):
            for at in range(len(parts)):
                for folder in self._folders.get(parts[:at], ()):
                    path = (*folder, *parts[at:])
                    if not self._tree.has(path):
                        continue
                    option = _option(parts, path)
                    if option and (not option.weak or not folder or option.pair in self._clear):
                        found.setdefault(path, option)
        return list(found.values())


def _all_parts(names: Sequence[str]) -> Iterator[Parts]:
    for name in names:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if parts and ".." not in parts:
            yield parts


def _option(parts: Parts, path: Parts) -> _Option | None:
    shared = 0
    while shared < min(len(parts), len(path)) and parts[-1 - shared] == path[-1 - shared]:
        shared += 1
    if not shared or not _says_enough(parts, path, shared):
        return None
    return _Option(path, shared, (parts[: len(parts) - shared], path[: len(path) - shared]))


def _says_enough(parts: Parts, path: Parts, shared: int) -> bool:
    """Whether an installed file can be this one."""
    for at in range(len(parts) - 1, 0, -1):
        if parts[at - 1] in _INSTALLED:
            # `site-packages/yaml/api.py` is somebody else's, whatever `api.py` there is.
            module = len(parts) - at
            return shared >= module and (module > 1 or path[:-1] in ((), ("src",)))
    return True


def _is_copy(path: str) -> bool:
    """Whether the path below the repository is that of an installed or built copy."""
    return any(f"/{name}/" in f"/{path}" for name in _INSTALLED) or bool(_BUILT.search(path))


def _slashes(name: str) -> str:
    """Windows writes `\\` between folders; elsewhere it may be a part of a name."""
    if _DRIVE.match(name) or name.startswith("\\\\") or ("\\" in name and "/" not in name):
        return name.replace("\\", "/")
    return name


def _is_absolute(name: str) -> bool:
    return name.startswith("/") or bool(_DRIVE.match(name))


def ambiguous(name: str, candidates: Sequence[str]) -> str:
    """What is said of a name that may mean several files."""
    listed = ", ".join(map(printable, candidates[:3])) + (" …" if len(candidates) > 3 else "")
    return (
        f"the report's {printable(name)[:200]} may mean {listed}: set `relative_files = true` or"
        " [paths] in the settings of coverage.py"
    )
