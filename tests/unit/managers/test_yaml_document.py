"""YAML that keeps to what is written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers import yaml_document
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.yaml_document import read_documents, read_yaml

TEXTS = st.text("ab1 .:-#\"'[]{}", max_size=6)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_what_yaml_writes_is_read_as_text(value: Any) -> None:
    text = yaml.safe_dump(value, default_style='"')

    assert read_yaml(text.encode()).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.10", "1.10"), ("on", "on"), ("0x10", "0x10"), ("2024-01-01", "2024-01-01"),
        ("~", None), ("null", None), ("'null'", "null"), ("", None), ("''", ""),
        ("!!int 5", "5"), ("!own [a]", ["a"]),
    ],
)  # fmt: skip
def test_scalars_stay_what_is_written(text: str, value: object) -> None:
    assert read_yaml(f"a: {text}".encode()).value == {"a": value}


def test_lines_of_keys_and_elements() -> None:
    view = read_yaml(b"a:\n  - b: 1\n  -\n    c: &x\n      d: 2\ne: *x\n")

    assert [view._lines(it) for it in [("a",), ("a", 0, "b"), ("a", 1, "c", "d"), ("e", "d")]] == [
        1, 2, 5, 6
    ]  # fmt: skip


def test_merge_keys_give_way_to_what_is_written() -> None:
    text = b"x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n"

    assert read_yaml(text).value["z"] == {"a": "3", "b": "1", "c": "2"}


def test_documents_are_told_apart() -> None:
    assert [it.value for it in read_documents(b"a: 1\n---\nb: 2\n")] == [{"a": "1"}, {"b": "2"}]
    assert read_documents(b"") == []
    assert read_yaml(b"").value is None


def test_an_anchor_of_one_document_is_none_in_the_next() -> None:
    with pytest.raises(UnreadableError, match="stands for nothing"):
        read_documents(b"a: &x 1\n---\nb: *x\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"a: [" + b"x," * 60 + b"]", "more than 50 values"),
        (b"a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]", "aliases make"),
        (b"[" * 200, "more than 100 levels deep"),
    ],
)
def test_what_is_too_much_is_refused(
    text: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_document, "MAX_NODES", 50)

    with pytest.raises(UnreadableError, match=says):
        read_yaml(text)


@given(st.text("a:-\n &*!<>|'\"[]{},#?%@`0", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableError):
        read_documents(text.encode())
