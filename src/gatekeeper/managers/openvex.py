"""OpenVEX documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.vex_parts import REMEDY, Gathered, one_line, product, time_of
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Place
from gatekeeper.model.vex import Product, Statement, VexFile, VexStatus

CONTEXT = "https://openvex.dev/ns"
STATUSES: Mapping[str, VexStatus] = {it: it for it in get_args(VexStatus)}
JUSTIFICATIONS = frozenset(
    {
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
    }
)


def is_openvex(document: View) -> bool:
    """Whether the document calls itself one."""
    context = document.value.get("@context") if isinstance(document.value, dict) else None
    return isinstance(context, str) and context.startswith(CONTEXT)


def read_openvex(path: str, content: bytes) -> VexFile:
    """All statements; what cannot be relied on is a problem, and never hides anything."""
    found = Gathered(path)
    try:
        document = read_json(content, REMEDY)
        if not is_openvex(document):
            raise UnreadableError(f"it is no OpenVEX document: `@context` is not {CONTEXT}", 1)
        issued = time_of(document, "last_updated", "timestamp")
        statements = list(document.items("statements"))
    except UnreadableError as error:
        found.refuse("", error)
        return found.file()
    for view in statements:
        try:
            found.statements.append(_statement(path, view, issued))
        except UnreadableError as error:
            found.refuse(view.name, error, view.line)
    return found.file()


def _statement(path: str, view: View, issued: str) -> Statement:
    view.expect(dict)
    vulnerability = view.at("vulnerability")
    if isinstance(vulnerability.value, str):  # as the drafts before 0.2.0 had it
        name, aliases = view.required("vulnerability"), []
    else:
        name = view.table("vulnerability").required("name")
        aliases = vulnerability.texts("aliases")
    status = view.required("status")
    if status not in STATUSES:
        raise UnreadableError(
            f"the status {status[:60]!r} is not known", view.at("status").line,
            f"it is one of {', '.join(STATUSES)}",
        )  # fmt: skip
    justification = view.text("justification")
    if justification and justification not in JUSTIFICATIONS:
        raise UnreadableError(
            f"the justification {justification[:60]!r} is not known", view.at("justification").line,
            f"it is one of {', '.join(sorted(JUSTIFICATIONS))}",
        )  # fmt: skip
    impact = view.text("impact_statement")
    if status == "not_affected" and not (justification or impact.strip()):
        raise UnreadableError(
            "`not_affected` needs a justification", view.line,
            "add `justification` or `impact_statement`",
        )  # fmt: skip
    timestamp = time_of(view, "last_updated", "timestamp") or issued
    if not timestamp:
        raise UnreadableError("it has no `timestamp`, and neither has the document", view.line)
    return Statement(
        vulnerability=name,
        aliases=tuple(dict.fromkeys(aliases)),
        status=STATUSES[status],
        products=tuple(dict.fromkeys(_products(view))),
        justification=justification,
        detail=one_line(impact, view.text("status_notes")),
        action=one_line(view.text("action_statement")),
        timestamp=timestamp,
        place=Place(path, view.line),
        key=view.name,
    )


def _products(view: View) -> Iterator[Product]:
    products = list(view.items("products"))
    if not products:
        raise UnreadableError("it names no `products`", view.line)
    for it in products:
        if isinstance(it.value, str):  # as the drafts before 0.2.0 had it
            yield product(it.value, it.line)
            continue
        it.expect(dict)
        # With parts, the product is what they are in, and the parts have the vulnerability.
        for part in list(it.items("subcomponents")) or [it]:
            part.expect(dict)
            address = part.table("identifiers").text("purl") or part.text("@id")
            if not address.startswith("pkg:"):
                raise UnreadableError(
                    f"{part.name} is no package address (purl)", part.line,
                    "name the package as in `pkg:pypi/name@1.0`",
                )  # fmt: skip
            yield product(address, part.line)
