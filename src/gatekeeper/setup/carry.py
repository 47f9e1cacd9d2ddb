"""Settings of other tools, carried over as far as gatekeeper has the same."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.errors import SetupError
from gatekeeper.setup.facts import Facts
from gatekeeper.setup.settings import PathsOff, Setting
from gatekeeper.text.names import printable

Fate = Literal["carried", "as it is", "not carried"]
Read = Callable[[str], bytes | None]


class Row(Struct, frozen=True):
    """What became of one setting. `where` is its file and line."""

    what: str
    where: str
    fate: Fate
    note: str


class Carried(Struct, frozen=True):
    """All of it: what goes into gatekeeper.yml, and a row for every setting that was there."""

    rows: tuple[Row, ...]
    settings: tuple[Setting, ...] = ()
    exceptions: tuple[PathsOff, ...] = ()


class Ledger:
    """Collects what is carried over, and never forgets a setting."""

    def __init__(self, facts: Facts, folders: frozenset[str]) -> None:
        self.facts = facts
        self.folders = folders
        self.rows: list[Row] = []
        self.settings: list[Setting] = []
        self.off: list[PathsOff] = []
        self.exclude: list[str] = []

    def carried(self, what: str, where: str, note: str, *settings: Setting) -> None:
        """It has a counterpart, and that is now set."""
        self.rows.append(Row(what, where, "carried", note))
        self.settings += settings

    def same(self, what: str, where: str, note: str) -> None:
        """gatekeeper does so anyway."""
        self.rows.append(Row(what, where, "as it is", note))

    def lost(self, what: str, where: str, why: str) -> None:
        """It has no counterpart."""
        self.rows.append(Row(what, where, "not carried", why))

    def excluded(self, what: str, where: str, regex: str, *, absolute: bool = False) -> None:
        """An expression over paths that nothing is to look at."""
        if found := self.patterns(what, where, regex, absolute=absolute):
            self.exclude += [it for it in found if it not in self.exclude]
            self.rows.append(Row(what, where, "carried", f"exclude: {', '.join(found)}"))

    def gates_off(
        self, what: str, where: str, regex: str, gates: Sequence[str], *, absolute: bool = False
    ) -> None:
        """An expression over paths where some gates are not to look."""
        if found := self.patterns(what, where, regex, absolute=absolute):
            self.off.append(PathsOff(tuple(found), tuple(gates), f"{what} ({where})"))
            note = f"overrides: gate {', '.join(gates)} off in {', '.join(found)}"
            self.rows.append(Row(what, where, "carried", note))

    def patterns(self, what: str, where: str, regex: str, *, absolute: bool) -> list[str]:
        """The expression as patterns; without any, why is noted."""
        from gatekeeper.setup.regex_reader import UntranslatableError
        from gatekeeper.setup.regexes import patterns

        try:
            return patterns(regex, self.folders, absolute=absolute)
        except UntranslatableError as error:
            shown = " ".join(regex.split())  # a verbose one has many lines
            self.lost(what, where, f"no pattern means exactly `{shown}`: {error}")
            return []

    def done(self) -> Carried:
        """Everything."""
        settings = list(self.settings)
        if self.exclude:
            settings.append(
                Setting(("exclude",), list(self.exclude), "files that no tool looks at")
            )
        return Carried(tuple(self.rows), tuple(settings), tuple(self.off))


def carry(source: str, read: Read, facts: Facts, paths: Sequence[str]) -> Carried:
    """Read the other tool's settings. Errors: ConfigError with file and line, SetupError."""
    from gatekeeper.setup import from_megalinter, from_pre_commit, from_super_linter

    readers: Mapping[str, Callable[[Read, Ledger], bool]] = {
        "megalinter": from_megalinter.carry,
        "super-linter": from_super_linter.carry,
        "pre-commit": from_pre_commit.carry,
    }
    folders = {path.rpartition("/")[0] for path in paths} - {""}
    for folder in list(folders):
        while folder := folder.rpartition("/")[0]:
            folders.add(folder)
    ledger = Ledger(facts, frozenset(folders))
    if not readers[source](read, ledger):
        raise SetupError(
            f"there are no settings of {source} here",
            remedy="run init without --from to start from what the repository itself tells",
        )
    return ledger.done()


def render(carried: Carried) -> Iterator[str]:
    """A table of what became of every setting; what was lost comes last, where it is seen."""
    fates: tuple[tuple[Fate, str], ...] = (
        ("carried", "Carried over"),
        ("as it is", "Nothing to set: gatekeeper does so anyway"),
        ("not carried", "Not carried over"),
    )
    width = min(max((len(row.what) for row in carried.rows), default=0), 40)
    for fate, title in fates:
        rows = [row for row in carried.rows if row.fate == fate]
        if rows:
            yield ""
            yield f"{title} ({len(rows)})"
            for row in rows:
                lead = f"  {printable(row.what):<{width}}  "
                text = f"{printable(row.note)} [{printable(row.where)}]"
                yield from textwrap.wrap(
                    lead + text, 100, subsequent_indent=" " * (width + 4),
                    break_long_words=False, break_on_hyphens=False, drop_whitespace=True,
                )  # fmt: skip


def formats(why: str) -> Setting:
    """The formatter's gate is on, whatever formatted the project until now."""
    return Setting(("gates", "format", "enabled"), True, why)


def switched(scanner: str, why: str) -> Setting:
    """A scanner that is off."""
    return Setting(("scanners", scanner, "enabled"), False, why)
