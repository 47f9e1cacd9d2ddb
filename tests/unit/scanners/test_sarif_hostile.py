"""Nothing in a SARIF file makes reading it fail in any other way than by a clear refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.model.given import Given
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import ChangeScanned
from gatekeeper.scanners.sarif import Sarif
from tests.fakes.changes import FakeChange

SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
)
WILD = st.recursive(
    SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=6), some)
)
WORDS = st.sampled_from(["R1", "R1/x", "CWE-79", "79", "{0} {{", "a.py", "../a.py", "\ud800", ""])
INDEX = st.sampled_from([-1, 0, 1, 99, 2**70, None])


def shaped(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of the members, mostly well typed."""
    return st.fixed_dictionaries({}, optional=members)


def many(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=2) | st.none()


COMPONENT = shaped(name=WORDS, index=INDEX, guid=WORDS)
REFERENCE = shaped(id=WORDS, index=INDEX, toolComponent=COMPONENT)
TEXT = shaped(text=WORDS, markdown=WORDS)
BAG = st.fixed_dictionaries(
    {}, optional={"security-severity": WILD | WORDS, "precision": WILD, "tags": WILD | many(WORDS)}
)
RULE = shaped(
    id=WORDS, shortDescription=TEXT, messageStrings=st.dictionaries(WORDS, TEXT, max_size=2),
    helpUri=WORDS, properties=BAG, relationships=many(shaped(target=REFERENCE)),
)  # fmt: skip
ARTIFACT = shaped(uri=WORDS, uriBaseId=WORDS, index=INDEX)
REGION = shaped(startLine=INDEX, endLine=INDEX, startColumn=INDEX)
PLACE = shaped(physicalLocation=shaped(artifactLocation=ARTIFACT, region=REGION))
RESULT = shaped(
    ruleId=WORDS, ruleIndex=INDEX, rule=REFERENCE, taxa=many(REFERENCE), locations=many(PLACE),
    kind=st.sampled_from(["fail", "open", "pass", None]), properties=BAG,
    baselineState=st.sampled_from(["new", "unchanged", "absent", None]),
    suppressions=many(shaped(status=st.sampled_from(["accepted", "rejected", None]))),
    partialFingerprints=st.dictionaries(WORDS, WORDS, max_size=2),
).flatmap(
    lambda told: shaped(text=WORDS, id=WORDS, markdown=WORDS, arguments=many(WORDS)).map(
        lambda message: told | {"message": message}
    )
)  # fmt: skip
TOOL = st.builds(
    lambda rules, more: {"driver": {"name": "t", "rules": rules}, "extensions": more},
    many(RULE), many(st.builds(lambda rules: {"name": "e", "rules": rules}, many(RULE))),
)  # fmt: skip
RUN = st.builds(
    lambda tool, results, more: {"tool": tool, "results": results} | more,
    TOOL, st.lists(RESULT, max_size=3) | WILD,
    shaped(
        originalUriBaseIds=st.dictionaries(WORDS, ARTIFACT, max_size=2),
        taxonomies=many(st.builds(lambda taxa: {"name": "CWE", "taxa": taxa}, many(RULE))),
        artifacts=many(shaped(location=ARTIFACT)), invocations=WILD,
    ),
)  # fmt: skip
DOCUMENT = st.builds(lambda runs: {"version": "2.1.0", "runs": runs}, st.lists(RUN, max_size=2))


def read(data: bytes) -> None:
    """Read it, and look at whatever comes out."""
    change = FakeChange(
        given=Given(sarif=("x",)),
        reports={"x": data},
        files=frozenset({"a.py"}),
        lines={"a.py": [(1, 1)]},
    )
    refusal: ToolError | None = None
    scanned = ChangeScanned()
    try:
        scanned = Sarif().scan(change)
    except ToolError as error:
        refusal = error
    assert refusal is None or (refusal.reason == "input-invalid" and refusal.message.isprintable())
    for finding in (*scanned.new, *scanned.existing):
        assert finding.message
        assert all(text.isprintable() for text in (finding.message, finding.rule, finding.help_url))
        assert finding.path in ("", "a.py")
        assert finding.end_line >= finding.line >= 0


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENT)
def test_what_is_shaped_like_sarif(document: object) -> None:
    read(json.dumps(document).encode())


@given(WILD)
def test_any_json(document: object) -> None:
    read(json.dumps(document).encode())
    read(json.dumps({"version": "2.1.0", "runs": document}).encode())
    read(json.dumps({"version": document, "runs": [document]}).encode())


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    read(data)
    read(b'{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"' + data + b'"}},"results":[]}]}')


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
def test_any_depth(depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    read(b'{"version":"2.1.0","runs":' + deep + b"}")
    read(b'{"version":"2.1.0","other":' + deep + b',"runs":[]}')
    read(b'{"version":' + deep + b"}")
