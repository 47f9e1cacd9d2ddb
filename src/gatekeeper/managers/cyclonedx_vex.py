"""What CycloneDX documents say about the vulnerabilities of their components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.vers import read_vers
from gatekeeper.managers.vex_parts import REMEDY, Gathered, one_line, product, time_of
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Place
from gatekeeper.model.vex import Product, Statement, VexFile, VexStatus

STATES: Mapping[str, VexStatus] = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
}
JUSTIFICATIONS = frozenset(
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
_DEEPEST = 50


def read_cyclonedx_vex(path: str, content: bytes) -> VexFile:
    """Every vulnerability with an analysis; what cannot be relied on is a problem."""
    found = Gathered(path)
    try:
        document = read_json(content, REMEDY)
        document.expect(dict)
        if document.text("bomFormat") != "CycloneDX":
            raise UnreadableError("it is no CycloneDX document: `bomFormat` does not say so", 1)
        issued = time_of(document.table("metadata"), "timestamp")
        known = dict(_addresses(document))
        vulnerabilities = list(document.items("vulnerabilities"))
    except UnreadableError as error:
        found.refuse("", error)
        return found.file()
    for view in vulnerabilities:
        try:
            view.expect(dict)
            if view.has("analysis"):
                found.statements.append(_statement(path, view, issued, known))
        except UnreadableError as error:
            found.refuse(view.name, error, view.line)
    return found.file()


def _addresses(document: View) -> Iterator[tuple[str, str]]:
    """The package address of every component, by its reference."""
    around = [(document, 0), (document.table("metadata").table("component"), 0)]
    while around:
        view, depth = around.pop()
        if depth > _DEEPEST:
            raise UnreadableError("components are nested too deeply to be read", view.line)
        for component in view.tables("components"):
            if reference := component.text("bom-ref"):
                yield reference, component.text("purl")
            around.append((component, depth + 1))


def _statement(path: str, view: View, issued: str, known: Mapping[str, str]) -> Statement:
    analysis = view.table("analysis")
    state = analysis.required("state")
    if state not in STATES:
        raise UnreadableError(
            f"the state {state[:60]!r} is not known", analysis.at("state").line,
            f"it is one of {', '.join(STATES)}",
        )  # fmt: skip
    justification = analysis.text("justification")
    if justification and justification not in JUSTIFICATIONS:
        raise UnreadableError(
            f"the justification {justification[:60]!r} is not known",
            analysis.at("justification").line,
            f"it is one of {', '.join(sorted(JUSTIFICATIONS))}",
        )
    detail = one_line(analysis.text("detail"))
    if state == "not_affected" and not (justification or detail):
        raise UnreadableError(
            "`not_affected` needs a justification", analysis.line, "add `justification` or `detail`"
        )
    if state == "false_positive" and not justification:
        detail = one_line("false positive.", detail) if detail else "false positive"
    return Statement(
        vulnerability=view.required("id"),
        aliases=tuple(dict.fromkeys(it.required("id") for it in view.tables("references"))),
        status=STATES[state],
        products=tuple(dict.fromkeys(_products(view, known))),
        justification=justification,
        detail=detail,
        action=one_line(view.text("recommendation")),
        timestamp=time_of(analysis, "lastUpdated", "firstIssued")
        or time_of(view, "updated")
        or issued,
        place=Place(path, view.line),
        key=view.name,
    )


def _products(view: View, known: Mapping[str, str]) -> Iterator[Product]:
    affected = list(view.tables("affects"))
    if not affected:
        raise UnreadableError("it names nothing in `affects`", view.line)
    for it in affected:
        reference = it.required("ref")
        address = _address(reference, known)
        if not address.startswith("pkg:"):
            raise UnreadableError(
                f"{reference[:120]!r} is no component with a package address (purl)",
                it.at("ref").line,
                "give the component a `purl`, or write the address itself",
            )
        named = product(address, it.line)
        versions = [_version(one, named) for one in it.tables("versions")]
        if not versions:
            yield named
        yield from (one for one in versions if one)


def _version(view: View, named: Product) -> Product | None:
    """The version that the analysis is about; None where the document itself is not sure."""
    if view.text("status", "affected") not in ("affected", "unaffected"):
        return None
    if span := view.text("range"):
        return Product(
            named.ecosystem, named.name, spans=read_vers(span, named.ecosystem, view.line)
        )
    return Product(named.ecosystem, named.name, view.required("version"))


def _address(reference: str, known: Mapping[str, str]) -> str:
    """What a reference points to: within the document, by itself, or in another one (BOM-Link)."""
    if reference in known:
        return known[reference]
    if reference.startswith("urn:cdx:"):
        reference = unquote(reference.partition("#")[2])
    return reference
