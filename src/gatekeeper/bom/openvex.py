"""Statements as OpenVEX 0.2.0: the same statements give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gatekeeper.bom.collect import purl_of
from gatekeeper.bom.encode import text_of
from gatekeeper.model.dependency import Dependency, Place
from gatekeeper.model.vex import Product, Statement
from gatekeeper.text.fingerprint import digest
from gatekeeper.version import VERSION

CONTEXT = "https://openvex.dev/ns/v0.2.0"
_SPACE = "https://gatekeeper.invalid/vex"
_OWN = frozenset(
    {
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
    }
)
# The nearest words for those of CycloneDX; the others have none.
_NEAREST = {
    "code_not_present": "vulnerable_code_not_present",
    "code_not_reachable": "vulnerable_code_not_in_execute_path",
    "protected_by_mitigating_control": "inline_mitigations_already_exist",
}


def openvex(statements: Iterable[Statement], *, author: str, created: str) -> str:
    """The document. Products have to be exact versions, or every version."""
    made = [_statement(it) for it in statements]
    return text_of(
        {
            "@context": CONTEXT,
            "@id": f"{_SPACE}/{digest(created, author, text_of(made))}",
            "author": author,
            "timestamp": created,
            "version": 1,
            "tooling": f"gatekeeper {VERSION}",
            "statements": made,
        }
    )


def _statement(it: Statement) -> dict[str, Any]:
    vulnerability: dict[str, Any] = {"name": it.vulnerability}
    if it.aliases:
        vulnerability["aliases"] = list(it.aliases)
    made: dict[str, Any] = {"vulnerability": vulnerability, "timestamp": it.timestamp}
    made["products"] = [
        {"@id": address, "identifiers": {"purl": address}}
        for address in map(address_of, it.products)
    ]
    made["status"] = it.status
    word, detail = _justified(it)
    if it.status == "not_affected" and not word:
        # The schema wants one of the two, and refuses both.
        made["impact_statement"] = detail
    else:
        made |= {"justification": word} if word else {}
        made |= {"status_notes": detail} if detail else {}
    if it.action or it.status == "affected":
        made["action_statement"] = it.action or "Nothing is known that could be done."
    return made


def _justified(it: Statement) -> tuple[str, str]:
    """A word of OpenVEX, if there is one, and what else is said."""
    if not it.justification or it.justification in _OWN:
        return it.justification, it.detail
    return _NEAREST.get(it.justification, ""), it.reason


def address_of(it: Product) -> str:
    """The package address of what a statement is about."""
    return purl_of(
        Dependency(ecosystem=it.ecosystem, name=it.name, version=it.version, place=Place(""))
    )
