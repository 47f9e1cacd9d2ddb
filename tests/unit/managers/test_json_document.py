"""Lines of JSON documents, and keys that are there twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.reading import UnreadableError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text('ab"\\[]{},:', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('ab"\\{', max_size=3), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(JSON)
def test_keys_are_at_the_lines_where_they_are_written(value: Any) -> None:
    text = json.dumps(value, indent=1)
    view = read_json(text.encode())
    rows = text.split("\n")

    def check(it: Any, path: tuple[str | int, ...]) -> None:
        if isinstance(it, dict):
            for key, inner in it.items():
                assert rows[view._lines((*path, key)) - 1].strip().startswith(json.dumps(key))
                check(inner, (*path, key))
        elif isinstance(it, list):
            for index, inner in enumerate(it):
                check(inner, (*path, index))

    assert view.value == value
    check(value, ())


@pytest.mark.parametrize(
    ("text", "line"),
    [('{"a": 1,\n"a": 2}', 2), ('{"b": [{}, {"a": {"c": 1,\n\n"c": 1}}]}', 3),
     ('{"a": 1,\n"\\u0061": 2}', 2)],
)  # fmt: skip
def test_a_key_that_is_given_twice_is_refused(text: str, line: int) -> None:
    with pytest.raises(UnreadableError, match="given twice") as caught:
        read_json(text.encode())
    assert caught.value.line == line


def test_equal_keys_of_different_tables_are_fine() -> None:
    assert read_json(b'{"a": {"a": [{"a": 1}, {"a": 1}]}}').value["a"]
