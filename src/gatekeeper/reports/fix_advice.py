"""What to change about what is vulnerable, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper.model.account import Account
from gatekeeper.model.advice import AdviceProof
from gatekeeper.model.verdict import Report
from gatekeeper.reports.accounts import accounts_of
from gatekeeper.text.names import plural, printable

_PROOF: Mapping[AdviceProof, str] = {
    "resolver": "tried with a resolver",
    "ranges": "by the ranges in the file",
    "advisories": "not tried with a resolver",
}


def render_advice(report: Report) -> str:
    """One change after the other, with what it is for; those for several things once."""
    found: dict[tuple[object, ...], list[Account]] = {}
    for it in accounts_of(report):
        if it.advice is not None:
            key = (it.name, it.version, it.advice)
            found.setdefault(key, []).append(it)
    rows = [row for same in found.values() for row in _rows(same[0])]
    title = f"fix advice for {plural(len(found), 'vulnerable dependency')}"
    return (
        "\n".join([title, *rows]) + "\n" if found else "nothing to advise: nothing is vulnerable\n"
    )


def _rows(it: Account) -> Iterator[str]:
    if it.advice is None:
        return
    yield f"  {printable(f'{it.name} {it.version}')} ({printable(it.place.path)})"
    yield f"    {it.advice.message}"
    if it.advice.command:
        yield f"    $ {it.advice.command}"
    if it.advice.kind not in ("remove", "none"):
        why = f": {printable(it.advice.untried)}" if it.advice.untried else ""
        yield f"    {_PROOF[it.advice.proof]}{why}"
