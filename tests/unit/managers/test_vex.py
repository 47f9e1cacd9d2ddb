"""Documents about exploitability: read as written, and refused where they say nothing certain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.spans import within
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.vers import read_vers
from gatekeeper.managers.vex import read_vex
from gatekeeper.model.vex import Product, VexFile

PURL = "pkg:pypi/weak@1.0"


def openvex(*statements: Any, **more: Any) -> VexFile:
    said = {
        "@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-11-20T00:00:00Z",
        "statements": list(statements), **more,
    }  # fmt: skip
    return read_vex("vex.json", json.dumps(said, indent=1).encode())


def said(**more: Any) -> dict[str, Any]:
    made = {
        "vulnerability": {"name": "CVE-1"}, "products": [{"@id": PURL}], "status": "fixed", **more,
    }  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


def cyclonedx(*vulnerabilities: Any, components: Any = (), **more: Any) -> VexFile:
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components),
        "vulnerabilities": list(vulnerabilities), **more,
    }  # fmt: skip
    return read_vex("vex.json", json.dumps(document, indent=1).encode())


def analysed(*affects: Any, **analysis: Any) -> dict[str, Any]:
    return {
        "id": "CVE-1", "affects": list(affects or ({"ref": PURL},)),
        "analysis": {"state": "resolved", **analysis},
    }  # fmt: skip


def problem(file: VexFile) -> str:
    (it,) = file.problems
    assert file.statements == ()
    assert it.place.line > 0
    return f"{it.key} {it.message}".strip()


REFUSED = [
    ({"status": "harmless"}, "statements[0] the status 'harmless' is not known"),
    ({"status": None}, "statements[0] statements[0] has no 'status'"),
    ({"justification": "trust_me"}, "statements[0] the justification 'trust_me' is not known"),
    ({"status": "not_affected"}, "statements[0] `not_affected` needs a justification"),
    (
        {"status": "not_affected", "impact_statement": "  "},
        "statements[0] `not_affected` needs a justification",
    ),
    ({"products": []}, "statements[0] it names no `products`"),
    ({"timestamp": "yesterday"}, "statements[0] 'yesterday' is no time with a zone"),
    ({"vulnerability": {}}, "statements[0] statements[0].vulnerability has no 'name'"),
]


@pytest.mark.parametrize(("more", "message"), REFUSED)
def test_openvex_that_is_not_as_specified_says_nothing(more: dict[str, Any], message: str) -> None:
    assert problem(openvex(said(**more))) == message


@pytest.mark.parametrize(
    "product",
    ["https://example.org/app", "pkg:", "pkg:pypi/weak@1.0?file_name=weak-1.0.tar.gz", ""],
)
def test_a_product_that_is_no_package_says_nothing(product: str) -> None:
    assert problem(openvex(said(products=[{"@id": product}])))


def test_one_bad_statement_leaves_the_others() -> None:
    found = openvex(said(status="?"), said())

    assert [it.key for it in found.problems] == ["statements[0]"]
    assert [it.key for it in found.statements] == ["statements[1]"]


def test_drafts_parts_and_times() -> None:
    old = said(vulnerability="CVE-1", products=["pkg:pypi/Weak_One"])
    app = {"@id": "pkg:oci/app", "subcomponents": [{"identifiers": {"purl": PURL}}]}

    first, second = openvex(
        old, said(products=[app], last_updated="2026-11-22T00:00:00Z")
    ).statements

    assert first.products == (Product("pypi", "weak-one"),)
    assert first.timestamp == "2026-11-20T00:00:00Z"
    assert second.products == (Product("pypi", "weak", "1.0"),)
    assert second.timestamp == "2026-11-22T00:00:00Z"


def test_without_a_time_nothing_is_said() -> None:
    assert "no `timestamp`" in problem(openvex(said(), timestamp=None))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b'{"@context": 3}', b'{"a": 1, "a": 2}', b"[" * 100_000,
     b'{"@context": "https://openvex.dev/ns", "statements": 3}',
     b'{"bomFormat": "CycloneDX", "vulnerabilities": [], "components": 3}'],
)  # fmt: skip
def test_documents_that_are_none_are_a_problem(content: bytes) -> None:
    found = read_vex("vex.json", content)

    assert (len(found.problems), found.statements) == (1, ())


class TestCyclonedx:
    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            (analysed(state="fine"), "the state 'fine' is not known"),
            (analysed(justification="trust_me"), "the justification 'trust_me' is not known"),
            (analysed(state="not_affected"), "needs a justification"),
            ({"id": "CVE-1", "analysis": {"state": "resolved"}}, "names nothing in `affects`"),
            (analysed({"ref": "thing"}), "no component with a package address"),
            (analysed({"ref": PURL, "versions": [{"range": ">=1"}]}), "no version range"),
        ],
    )
    def test_what_is_not_as_specified_says_nothing(
        self, entry: dict[str, Any], message: str
    ) -> None:
        assert message in problem(cyclonedx(entry))

    def test_references_within_the_document_by_address_and_into_another(self) -> None:
        part = {"bom-ref": "w", "type": "library", "name": "weak", "purl": PURL}
        around = {"bom-ref": "a", "type": "library", "name": "a", "components": [part]}
        link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Apypi/other%402"

        (it,) = cyclonedx(
            analysed({"ref": "w"}, {"ref": link}, {"ref": PURL}), components=[around]
        ).statements

        assert it.products == (Product("pypi", "weak", "1.0"), Product("pypi", "other", "2"))

    def test_versions(self) -> None:
        listed = [
            {"version": "1.1"}, {"range": "vers:pypi/>=2|<3"},
            {"version": "9", "status": "unknown"},
        ]  # fmt: skip

        (it,) = cyclonedx(analysed({"ref": "pkg:pypi/weak", "versions": listed})).statements

        assert it.products == (
            Product("pypi", "weak", "1.1"), Product("pypi", "weak", spans=(">=2, <3",)),
        )  # fmt: skip

    def test_what_has_no_analysis_is_no_statement(self) -> None:
        found = cyclonedx({"id": "CVE-1", "affects": [{"ref": PURL}]})

        assert (found.statements, found.problems) == ((), ())

    def test_a_false_positive_says_so(self) -> None:
        (it,) = cyclonedx(analysed(state="false_positive", detail="Another one.")).statements

        assert (it.status, it.reason) == ("not_affected", "false positive. Another one.")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("vers:pypi/>=1|<2", (">=1, <2",)),
        ("vers:pypi/<1|>=2|<3|>4", ("<1", ">=2, <3", ">4")),
        ("vers:pypi/1.0|2.0", ("==1.0", "==2.0")),
        ("vers:pypi/>=1|!=1.5|<2", (">=1, <2, !=1.5",)),
        ("vers:pypi/!=1.5", ("!=1.5",)),
        ("vers:pypi/*", ()),
    ],
)
def test_ranges(text: str, spans: tuple[str, ...]) -> None:
    assert read_vers(text, "pypi") == spans


@pytest.mark.parametrize(
    "text",
    ["", ">=1", "vers:npm/>=1", "vers:pypi/", "vers:pypi/>=1|>=2", "vers:pypi/>1|<2|<3",
     "vers:pypi/~1", "vers:pypi/>=1|*", "vers:pypi/" + "|".join(["1"] * 500)],
)  # fmt: skip
def test_ranges_that_are_none_or_could_mean_two_things(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_vers(text, "pypi")


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 10))
def test_a_range_holds_what_lies_between(low: int, high: int, version: int) -> None:
    low, high = sorted((low, high))
    spans = read_vers(f"vers:pypi/>={low}|<{high + 1}", "pypi")

    assert any(within("pypi", str(version), it) for it in spans) == (low <= version <= high)
