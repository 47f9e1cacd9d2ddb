"""Statements written as OpenVEX and CycloneDX: as the formats want them, and read back without loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from vexipy.document import Document as TheirDocument

from gatekeeper.bom.collect import collect
from gatekeeper.bom.cyclonedx import cyclonedx
from gatekeeper.bom.exploitability import Said, stated
from gatekeeper.bom.openvex import openvex
from gatekeeper.managers.cyclonedx_vex import JUSTIFICATIONS as CYCLONEDX_WORDS
from gatekeeper.managers.cyclonedx_vex import read_cyclonedx_vex
from gatekeeper.managers.openvex import JUSTIFICATIONS as OPENVEX_WORDS
from gatekeeper.managers.openvex import read_openvex
from gatekeeper.model.account import Account, Analysis
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.bill import Bill
from gatekeeper.model.dependency import Dependency, Inventory, Place
from gatekeeper.model.vex import Product, Statement, VexStatus
from gatekeeper.model.waiver import Waiver

CREATED = "2026-11-27T00:00:00Z"


class Named(msgspec.Struct, forbid_unknown_fields=True):
    """A vulnerability, as section "Vulnerability Data Structure" of the specification has it."""

    name: str
    aliases: list[str] = []


class Identifiers(msgspec.Struct, forbid_unknown_fields=True):
    purl: str


class Part(msgspec.Struct, forbid_unknown_fields=True):
    id: str = msgspec.field(name="@id")
    identifiers: Identifiers


class Line(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A statement. The rules about which fields go together are in `check`."""

    vulnerability: Named
    timestamp: str
    products: list[Part]
    status: Literal["not_affected", "affected", "fixed", "under_investigation"]
    justification: Literal[
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
        None,
    ] = None
    impact_statement: str | None = None
    status_notes: str | None = None
    action_statement: str | None = None


class Document(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields that a document has to have, in the words of the specification."""

    context: Literal["https://openvex.dev/ns/v0.2.0"] = msgspec.field(name="@context")
    id: str = msgspec.field(name="@id")
    author: str
    timestamp: str
    version: int
    tooling: str
    statements: list[Line]


def check(text: str) -> Document:
    """What OpenVEX 0.2.0 demands of the documents that are written here."""
    document = msgspec.json.decode(text, type=Document)
    assert document.statements
    assert document.id.startswith("https://")
    for it in document.statements:
        assert it.products
        assert len(set(it.vulnerability.aliases)) == len(it.vulnerability.aliases)
        if it.status == "not_affected":
            assert (it.justification is None) != (it.impact_statement is None)
        if it.status == "affected":
            assert it.action_statement
    return document


_NAMES = st.from_regex(r"(CVE-20[0-9]{2}-[0-9]{4,5}|GHSA(-[a-z0-9]{4}){3})", fullmatch=True)
_WORDS = st.from_regex(r"[A-Za-zé.:\"\\<&]{1,12}( [a-z]{1,8}){0,3}", fullmatch=True)
_PRODUCTS = st.builds(
    Product,
    ecosystem=st.sampled_from(["pypi"]),
    name=st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True),
    version=st.sampled_from(["1.0", "2.0.post1", "3.1+local", "1!2rc1"]),
) | st.builds(
    Product,
    ecosystem=st.sampled_from(["npm"]),
    name=st.sampled_from(["left-pad", "@scope/pkg"]),
    version=st.sampled_from(["1.0.0", "2.0.0-rc.1"]),
)
_STATUSES: list[VexStatus] = ["not_affected", "affected", "fixed", "under_investigation"]


def statements(words: frozenset[str]) -> st.SearchStrategy[Statement]:
    """What can be said in a format with these justifications."""

    @st.composite
    def build(draw: st.DrawFn) -> Statement:
        status = draw(st.sampled_from(_STATUSES))
        word = draw(st.sampled_from(sorted(words))) if status == "not_affected" else ""
        if draw(st.booleans()):
            word = ""
        detail = draw(_WORDS) if not word else draw(_WORDS | st.just(""))
        names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
        return Statement(
            vulnerability=names[0],
            aliases=tuple(names[1:]),
            status=status,
            products=tuple(draw(st.lists(_PRODUCTS, min_size=1, max_size=3, unique=True))),
            justification=word,
            detail=detail,
            action=draw(_WORDS),
            timestamp=draw(
                st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
                    lambda it: f"{it:%Y-%m-%dT%H:%M:%S}Z"
                )
            ),
        )

    return build()


def placeless(it: Statement) -> Statement:
    return replace(it, place=Place(""), key="")


@given(st.lists(statements(OPENVEX_WORDS), min_size=1, max_size=4, unique=True))
def test_openvex_is_as_specified_and_nothing_is_lost(said: list[Statement]) -> None:
    text = openvex(said, author="Us", created=CREATED)

    check(text)
    found = read_openvex("vex.json", text.encode())
    assert found.problems == ()
    assert list(map(placeless, found.statements)) == said
    assert openvex(said, author="Us", created=CREATED) == text


# It warns of texts in place of a word, which are allowed.
@pytest.mark.filterwarnings("ignore:The use of an impact statement:UserWarning")
@settings(max_examples=30)
@given(st.lists(statements(OPENVEX_WORDS), min_size=1, max_size=4, unique=True))
def test_another_project_reads_and_writes_the_same_openvex(said: list[Statement]) -> None:
    theirs = TheirDocument.from_json(openvex(said, author="Us", created=CREATED))
    written = theirs.to_json(by_alias=True, exclude_none=True)
    found = read_openvex("vex.json", written.encode())

    def timed(it: Statement) -> Statement:
        return replace(placeless(it), timestamp=it.timestamp.replace("+00:00", "Z"))

    assert found.problems == ()
    assert [timed(it) for it in found.statements] == said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.pop("author"),
        lambda it: it["statements"][0].pop("vulnerability"),
        lambda it: it["statements"][0].update(status="harmless"),
        lambda it: it["statements"][0].update(status="not_affected"),
    ],
)
def test_that_other_project_refuses_what_is_no_openvex(spoil: Callable[[Any], Any]) -> None:
    said = Statement(
        vulnerability="CVE-1", status="affected", products=(Product("pypi", "weak", "1.0"),),
        timestamp=CREATED,
    )  # fmt: skip
    document = json.loads(openvex([said], author="Us", created=CREATED))
    spoil(document)

    with pytest.raises(ValueError, match="validation error"):
        TheirDocument.from_json(json.dumps(document))


def bill(*products: Product) -> Bill:
    dependencies = tuple(
        Dependency(ecosystem=it.ecosystem, name=it.name, version=it.version, place=Place("l", 1))
        for it in products
    )
    found = Inventory("uv-lock", "uv.lock", dependencies, complete=True)
    return collect([found], name="app", version="1", created=CREATED)


def vulnerability(**more: Any) -> Vulnerability:
    said = {
        "id": "CVE-2026-1", "ids": ("CVE-2026-1", "GHSA-2222-3333-4444"), "name": "weak",
        "version": "1.0", **more,
    }  # fmt: skip
    return Vulnerability(ecosystem="pypi", **said)


# The official schema takes its time.
@settings(max_examples=15)
@given(st.lists(statements(CYCLONEDX_WORDS), max_size=4))
def test_cyclonedx_is_valid_and_nothing_is_lost(said: list[Statement]) -> None:
    products = [product for it in said for product in it.products]
    text = cyclonedx(bill(*products), [Said(vulnerability(), it) for it in said])

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = read_cyclonedx_vex("vex.json", text.encode())
    assert found.problems == ()
    assert list(map(placeless, found.statements)) == said


@pytest.mark.parametrize("word", sorted(CYCLONEDX_WORDS))
def test_what_openvex_has_no_word_for_is_still_said(word: str) -> None:
    said = Statement(
        vulnerability="CVE-1", status="not_affected", products=(Product("pypi", "weak", "1.0"),),
        justification=word, detail="Because.", timestamp=CREATED,
    )  # fmt: skip

    (it,) = check(openvex([said], author="Us", created=CREATED)).statements

    assert (it.impact_statement or it.status_notes) == f"{word.replace('_', ' ')}: Because."


@pytest.mark.parametrize("word", sorted(OPENVEX_WORDS))
def test_what_cyclonedx_has_no_word_for_is_still_said(word: str) -> None:
    product = Product("pypi", "weak", "1.0")
    said = Statement(
        vulnerability="CVE-1", status="not_affected", products=(product,), justification=word,
        timestamp=CREATED,
    )  # fmt: skip

    text = cyclonedx(bill(product), [Said(vulnerability(), said)])

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    (entry,) = json.loads(text)["vulnerabilities"]
    assert entry["analysis"]["detail"] == word.replace("_", " ")


def test_all_that_is_known_of_a_vulnerability_is_in_the_bill() -> None:
    one = vulnerability(
        severity="high", score=7.5, vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
        summary="Reads files", cwe=("CWE-22",), published="2026-11-01T00:00:00Z", fixed=("1.5",),
    )  # fmt: skip
    said = stated([account(one)], {}, CREATED)

    text = cyclonedx(bill(Product("pypi", "weak", "1.0")), said)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    (entry,) = json.loads(text)["vulnerabilities"]
    assert entry["ratings"] == [
        {"score": 7.5, "severity": "high", "method": "CVSSv31", "vector": one.vector}
    ]
    assert (entry["cwes"], entry["description"]) == ([22], "Reads files")
    assert entry["affects"] == [{"ref": "pypi:weak@1.0"}]
    assert entry["analysis"]["state"] == "in_triage"
    assert entry["recommendation"] == "Update it to 1.5."


def account(*found: Vulnerability, settled: Statement | None = None, **more: Any) -> Account:
    said: dict[str, Any] = {"name": "weak", "version": "1.0", "status": "vulnerable", **more}
    return Account(
        ecosystem="pypi", place=Place("uv.lock", 3),
        analyses=tuple(Analysis(one, settled) for one in found), **said,
    )  # fmt: skip


def test_what_nobody_looked_at_is_under_investigation_once_for_all_places() -> None:
    other = account(vulnerability(version="1.1"), version="1.1")
    again = account(vulnerability())

    (it,) = stated([account(vulnerability()), other, again], {}, CREATED)

    assert it.statement.status == "under_investigation"
    assert [product.version for product in it.statement.products] == ["1.0", "1.1"]
    assert it.statement.action == "No version fixes it yet."


def test_what_was_said_before_is_said_again_with_its_time() -> None:
    before = Statement(
        vulnerability="GHSA-2222-3333-4444", status="not_affected", products=(),
        justification="component_not_present", timestamp="2026-01-01T00:00:00Z",
    )  # fmt: skip

    (it,) = stated([account(vulnerability(), settled=before)], {}, CREATED)

    assert (it.statement.status, it.statement.timestamp) == ("not_affected", before.timestamp)
    assert it.statement.names == ("CVE-2026-1", "GHSA-2222-3333-4444")


def test_what_is_waived_is_affected_and_says_who_accepts_it() -> None:
    waiver = Waiver("@team", "behind the VPN", "2027-01-01", rule="dependencies/CVE-2026-1")
    waivers = {("pypi:weak@1.0", "CVE-2026-1"): waiver}

    (it,) = stated([account(vulnerability(fixed=("1.5",)))], waivers, CREATED)

    assert it.statement.status == "affected"
    assert it.statement.action == (
        "Accepted by @team until 2027-01-01: behind the VPN Update it to 1.5."
    )


def test_malicious_packages_are_affected_and_what_is_left_out_is_not_told() -> None:
    evil = account(vulnerability(malicious=True))
    left_out = account(vulnerability(id="CVE-2"), status="left-out")

    (it,) = stated([evil, left_out], {}, CREATED)

    assert it.statement.status == "affected"
    assert it.statement.action.startswith("Remove it")
