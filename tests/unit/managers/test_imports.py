"""Which distributions a project imports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.import_statements import imports_of
from gatekeeper.managers.imports import Imports, modules_of_record, usage

SOURCE = b"""
import a, b.c as d
from e.f import g, h
from . import own
from .own import more
if TYPE_CHECKING:
    import typed
def late():
    import inside
    importlib.import_module("named")
    __import__("other")
"""


def test_every_import_wherever_it_stands() -> None:
    found = imports_of([SOURCE, b"import second"])

    assert found.whole
    assert found.modules == {
        "a", "b.c", "e.f", "e.f.g", "e.f.h", "typed", "inside", "named", "other", "second"
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [b"import a b", b"x = '\0'", b"(" * 5_000, b"\xff", b"importlib.import_module(name)",
     b"import_module()", b"#" * (5 << 20)],
    ids=["syntax", "null", "deep", "bytes", "dynamic", "nothing", "large"],
)  # fmt: skip
def test_what_cannot_be_read_leaves_it_open(source: bytes) -> None:
    found = imports_of([source, b"import a"])

    assert not found.whole
    assert found.modules == {"a"}


@pytest.mark.parametrize(
    ("distribution", "imported", "expected"),
    [
        ("PyYAML", "yaml", "imported"),
        ("pyyaml", "json", "not found"),
        ("requests", "requests.adapters", "imported"),
        ("requests", "requests_mock", "unknown"),
        ("my-package", "my_package", "imported"),
        ("google-cloud-storage", "google.cloud.storage", "imported"),
        ("google-cloud-storage", "google.cloud", "not found"),
        ("zope.interface", "zope.interface", "imported"),
        ("something", "json", "unknown"),
    ],
)
def test_usage(distribution: str, imported: str, expected: str) -> None:
    assert usage(distribution, Imports(frozenset({imported}))) == expected


def test_metadata_knows_better() -> None:
    imports = Imports(frozenset({"thing"}))

    assert usage("a-b", imports, {"a-b": {"thing"}}) == "imported"
    assert usage("a-b", imports, {"a-b": {"a_b"}}) == "not found"
    assert usage("a-b", Imports(frozenset(), whole=False), {"a-b": {"a_b"}}) == "unknown"


def test_modules_of_a_record() -> None:
    record = (
        "../../bin/x,,\n_native.cpython-311.so,sha256=a,1\na/__init__.py,,\na/data.txt,,\n"
        "single.py,,\na-1.dist-info/METADATA,,\nx.pth,,\n__pycache__/single.pyc,,\n"
        "docs/readme.txt,,\na-1.data/scripts/y.py,,\n"
    )

    assert modules_of_record(record) == {"_native", "a", "single"}


@given(st.binary(max_size=100))
def test_any_bytes_do_no_harm(source: bytes) -> None:
    imports_of([source])
