"""Lines of TOML documents, down to the elements of lists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.config.toml_lines import toml_lines
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.toml_document import read_toml

TEXT = """\
a = 1
[project]
dependencies = [
  "a>=1", # not ] the end
  'b',
  { x = 1, "y.z" = [
     3,
     4 ] },

  "c",
]
[[package]]
name = "u"
deps = [
   { name = "v", e = { f = "]" } },
   { name = "w" },
]
[[package]]
[package.sub]
k = [[1], [
 2]]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("project", "dependencies"), 3),
        (("project", "dependencies", 0), 4),
        (("project", "dependencies", 1), 5),
        (("project", "dependencies", 2, "y.z"), 6),
        (("project", "dependencies", 2, "y.z", 1), 8),
        (("project", "dependencies", 3), 10),
        (("package", 0), 12),
        (("package", 0, "deps", 0, "e", "f"), 15),
        (("package", 0, "deps", 1), 16),
        (("package", 1), 18),
        (("package", 1, "sub", "k", 1, 0), 21),
        (("package", 1, "missing", "more"), 18),
        (("nothing",), 0),
    ],
)
def test_lines(path: tuple[str | int, ...], line: int) -> None:
    view = read_toml(TEXT.encode())

    assert view._lines(path) == line
    assert read_toml(TEXT.replace("\n", "\r\n").encode())._lines(path) == line


VALUES = st.recursive(
    st.integers(0, 99) | st.text('ab"]}#,=[{ ', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('a.b"]#', min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def written(value: Any, space: str) -> str:
    """TOML of a value, with `space` wherever a list allows it."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        inside = "".join(f"{space}{written(it, space)}{space}," for it in value)
        return f"[{inside}{space}]"
    if isinstance(value, dict):
        pairs = (f"{written(key, '')} = {written(it, space)}" for key, it in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return str(value)


def paths(value: Any, path: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
    found = {path}
    if isinstance(value, list | dict):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, it in pairs:
            found |= paths(it, (*path, key))
    return found


@given(VALUES, st.sampled_from(["", " ", "\n", " # ]}\n", "\t"]))
def test_everything_has_a_line_and_nothing_else_has(value: Any, space: str) -> None:
    text = f"first = 1\nx = {written(value, space)}\nlast = 1\n"
    lines = toml_lines(text)

    assert set(lines) == {("first",), ("last",)} | paths(value, ("x",))
    assert lines["last",] == text.count("\n")
    assert lines["first",] == 1


def test_endless_keys_are_refused_before_they_cost_anything() -> None:
    with pytest.raises(UnreadableError) as caught:
        read_toml(b"a = 1\nb" + b".b" * 100_000 + b" = 1")
    assert caught.value.line == 2


_ELEMENT = st.sampled_from(['"a"', '"b]"', '"c # d"', '""', '"e,f"'])
_GAP = st.sampled_from(["", " ", "\n", "\r\n", "  \n\t"])


@given(st.lists(st.tuples(_GAP, _ELEMENT, _GAP)), _GAP, st.booleans())
def test_a_list_of_plain_texts_has_the_lines_of_any_other_list(
    parts: list[tuple[str, str, str]], end: str, comma: bool
) -> None:
    """A comment in it has it read the long way, with the same lines."""
    inside = ",".join("".join(part) for part in parts) + ("," if comma and parts else "")
    plain = f"first = 1\nk = [{inside}{end}\n]  # done\nlast = 1\n"
    commented = f"first = 1\nk = [{inside}{end} # no plain list\n]  # done\nlast = 1\n"

    lines = toml_lines(plain)
    assert lines == toml_lines(commented)
    assert [it for it in lines if it[0] == "k"] == [("k",), *(("k", n) for n in range(len(parts)))]
    assert lines["last",] == plain.replace("\r\n", "\n").count("\n")


@given(
    st.lists(
        st.sampled_from(
            ["[[package]]", "  [[package]] # one", '[[ "package" ]]', "[package.sub]", "k = [[1], [[2]]]",
             "# [[package]]", "[[other]]", "x = '[[package]]'", "k = [", "  [[1]],", "]", ""]
        )
    ),
    st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_the_quick_way_to_a_table_of_a_list_leads_to_the_same_line(
    rows: list[str], end: str
) -> None:
    try:
        view = read_toml(end.join(["a = 1", *rows]).encode())
    except UnreadableError:
        return
    slow = toml_lines(end.join(["a = 1", *rows]))

    for name in ("package", "other"):
        tables = view.at(name).value
        for index in range(len(tables) if isinstance(tables, list) else 0):
            assert view.at(name).at(index).line == slow[name, index]
