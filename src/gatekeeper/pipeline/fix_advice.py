"""Fix advice that a resolver has tried: the smallest change after which versions fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from gatekeeper.managers.lock_check import locks_of, workspace_lock_of
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.account import Account
from gatekeeper.model.advice import Advice
from gatekeeper.model.dependency import Inventory
from gatekeeper.model.outcome import Ran
from gatekeeper.model.verdict import Report
from gatekeeper.pipeline.fix_attempts import Attempts, Compile
from gatekeeper.ports.process import ToolError

MOST = 25
_FAILURES = 3
_LONGEST = 240
PythonOf = Callable[[Sequence[str]], str]


def tried(
    report: Report, inventories: Sequence[Inventory], compile_: Compile, python_of: PythonOf
) -> Report:
    """The report with advice that was tried, where it can be; with the reason, where it was not.

    `python_of` tells the lowest version of Python that manifests allow, or nothing.
    """
    trying = Trying(inventories, compile_, python_of)
    outcomes = tuple(
        replace(
            it, outcome=replace(it.outcome, accounts=tuple(map(trying.one, it.outcome.accounts)))
        )
        if isinstance(it.outcome, Ran) and it.outcome.accounts
        else it
        for it in report.outcomes
    )
    return replace(report, outcomes=outcomes)


class Trying:
    """Tries what accounts advise, each change once; after a fault of the index nothing more."""

    def __init__(
        self, inventories: Sequence[Inventory], compile_: Compile, python_of: PythonOf
    ) -> None:
        self._inventories = inventories
        self._compile = compile_
        self._python_of = python_of
        self._attempts: dict[str, Attempts] = {}
        self._known: dict[tuple[str, str, str], Advice] = {}
        self._stopped = ""
        self._failures = 0

    def one(self, it: Account) -> Account:
        """An account, with its advice tried if there is any to try."""
        if it.advice is None or it.advice.kind in ("remove", "none"):
            return it
        key = (it.place.path, it.name, it.version)
        if key not in self._known:
            self._known[key] = self._advice(it, it.advice)
        return replace(it, advice=self._known[key])

    def _advice(self, it: Account, advice: Advice) -> Advice:
        if it.ecosystem != "pypi":
            return replace(advice, untried=f"there is no resolver for {it.ecosystem} here")
        if self._stopped:
            return replace(advice, untried=self._stopped)
        if len(self._known) >= MOST:
            return replace(advice, untried=f"{MOST} others were tried before it")
        inventory = next(
            (one for one in self._inventories if any(_is(dep.place.path, dep.display or dep.name,
             dep.version, it) for dep in one.dependencies)),
            None,
        )  # fmt: skip
        if inventory is None:
            return replace(
                advice, untried="no file holds its version, so there is nothing to start from"
            )
        try:
            found = self._of(self._lock_of(inventory, it) or inventory).advice(it, advice)
        except ToolError as error:
            self._failures += 1
            # One package may have no wheels; of an index that is away, the next one would only wait
            # for the same answer.
            if error.reason != "tool-crashed" or self._failures == _FAILURES:
                self._stopped = _short(error.message)
            return replace(advice, untried=_short(error.message))
        self._failures = 0
        return found

    def _lock_of(self, inventory: Inventory, it: Account) -> Inventory | None:
        """The lock of a manifest that has the same version: both get the same advice."""
        if MANAGERS[inventory.manager].kind != "manifest":
            return None
        paths = {one.path for one in self._inventories}
        near = {*locks_of(inventory.path, paths), workspace_lock_of(inventory.path, paths)}
        return next(
            (
                one
                for one in self._inventories
                if one.path in near
                and any(
                    (dep.display or dep.name, dep.version) == (it.name, it.version)
                    for dep in one.dependencies
                )
            ),
            None,
        )

    def _of(self, inventory: Inventory) -> Attempts:
        if inventory.path not in self._attempts:
            manifests = list(_manifests(inventory, self._inventories))
            python = self._python_of([it.path for it in manifests])
            self._attempts[inventory.path] = Attempts(inventory, manifests, self._compile, python)
        return self._attempts[inventory.path]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _is(path: str, name: str, version: str, it: Account) -> bool:
    return path == it.place.path and name == it.name and version == it.version


def _manifests(inventory: Inventory, everything: Iterable[Inventory]) -> Iterator[Inventory]:
    """What the file is made from; a manifest that is made from none is its own."""
    paths = {inventory.path}
    made_from = [
        it
        for it in everything
        if MANAGERS[it.manager].kind == "manifest"
        and it.path != inventory.path
        and (locks_of(it.path, paths) or workspace_lock_of(it.path, paths))
    ]
    yield from made_from
    if not made_from and MANAGERS[inventory.manager].kind != "lock":
        yield inventory
