"""Vulnerabilities of a CycloneDX bill, with what is said about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from gatekeeper.bom.exploitability import Said
from gatekeeper.bom.openvex import address_of
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.vex import Product, Statement

_STATES = {
    "not_affected": "not_affected",
    "fixed": "resolved",
    "affected": "exploitable",
    "under_investigation": "in_triage",
}
_OWN = frozenset(
    {
        "code_not_present",
        "code_not_reachable",
        "requires_configuration",
        "requires_dependency",
        "requires_environment",
        "protected_by_compiler",
        "protected_at_runtime",
        "protected_at_perimeter",
        "protected_by_mitigating_control",
    }
)
# The nearest words for those of OpenVEX; the detail then says what was meant.
_NEAREST = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_METHODS = {"CVSS:3.0": "CVSSv3", "CVSS:3.1": "CVSSv31", "CVSS:4.0": "CVSSv4"}
_OSV = "https://osv.dev/vulnerability/"


def vulnerabilities(said: Iterable[Said], keys: Collection[str]) -> list[dict[str, Any]]:
    """The entries. `keys` are the references of the bill's components."""
    return [_entry(it.vulnerability, it.statement, keys) for it in said]


def _entry(it: Vulnerability, said: Statement, keys: Collection[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": said.vulnerability, "source": _source(said.vulnerability)}
    if said.aliases:
        made["references"] = [{"id": name, "source": _source(name)} for name in said.aliases]
    if it.severity or it.score is not None:
        made["ratings"] = [_rating(it)]
    if numbers := [int(name[4:]) for name in it.cwe if name[4:].isdecimal()]:
        made["cwes"] = numbers
    if it.summary:
        made["description"] = it.summary
    if said.action:
        made["recommendation"] = said.action
    if "T" in it.published:
        made["published"] = it.published
    made["analysis"] = _analysis(said)
    made["affects"] = [{"ref": _reference(product, keys)} for product in said.products]
    return made


def _source(name: str) -> dict[str, str]:
    return {"name": "OSV", "url": f"{_OSV}{name}"}


def _rating(it: Vulnerability) -> dict[str, Any]:
    made: dict[str, Any] = {} if it.score is None else {"score": it.score}
    made["severity"] = it.severity or "unknown"
    if method := _METHODS.get(it.vector[:8]):
        made |= {"method": method, "vector": it.vector}
    return made


def _analysis(said: Statement) -> dict[str, Any]:
    made: dict[str, Any] = {"state": _STATES[said.status]}
    detail = said.detail
    if said.justification in _OWN:
        made["justification"] = said.justification
    elif said.justification:
        detail = said.reason
        if word := _NEAREST.get(said.justification):
            made["justification"] = word
    if detail:
        made["detail"] = detail
    return made | {"lastUpdated": said.timestamp}


def _reference(product: Product, keys: Collection[str]) -> str:
    key = f"{product.ecosystem}:{product.name}@{product.version}"
    return key if key in keys else address_of(product)
