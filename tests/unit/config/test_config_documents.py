"""Reading configuration files: plain data, exact lines, and no way to be hurt by the text."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.config.documents import MAX_BYTES, Document, decode, parse_toml_section, parse_yaml
from gatekeeper.errors import ConfigError


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_yaml("gatekeeper.yml", text)
    return caught.value


def toml(text: str) -> Document:
    document = parse_toml_section("pyproject.toml", text)
    assert document is not None
    return document


class TestYamlValues:
    def test_a_key_is_its_literal_text(self) -> None:
        assert parse_yaml("f", "on: new\nyes: 1\n2: x\n~: y\n").data == {
            "on": "new",
            "yes": 1,
            "2": "x",
            "~": "y",
        }

    def test_dates_stay_text(self) -> None:
        assert parse_yaml("f", "expires: 2030-12-31").data == {"expires": "2030-12-31"}

    def test_plain_values_are_read_as_yaml_1_1(self) -> None:
        text = "[1, 0x10, 1.5, true, off, null, ~, '1', \"true\", abc, !!str 5]"
        assert parse_yaml("f", f"a: {text}").data["a"] == [
            1, 16, 1.5, True, False, None, None, "1", "true", "abc", "5",
        ]  # fmt: skip

    def test_an_alias_stands_for_a_copy(self) -> None:
        document = parse_yaml("f", "a: &x\n  k: 1\nb: *x\n")
        assert document.data == {"a": {"k": 1}, "b": {"k": 1}}
        assert document.data["a"] is not document.data["b"]
        assert document.line(("b",)) == 3
        assert document.line(("b", "k")) == 2

    def test_a_byte_order_mark_is_no_content(self) -> None:
        assert parse_yaml("f", decode("f", b"\xef\xbb\xbfversion: 1")).data == {"version": 1}


class TestYamlErrors:
    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("a: 1\nb: 2\na: 3\n", 3, "'a' is given twice"),
            ("x:\n  a: {b: 1,\n      b: 2}\n", 3, "'b' is given twice"),
            ("a: 1\n---\nb: 2\n", 2, "second document"),
            ("- a\n", 1, "found a list"),
            ("text\n", 1, "found a single value"),
            ("", 1, "found nothing"),
            ("# only a comment\n", 1, "found nothing"),
            ("a: 1\nb: !!python/name:os.system x\n", 2, "unknown tag"),
            ("a: 1\nb: !Ref x\n", 2, "unknown tag '!Ref'"),
            ("a: 1\nb: !!set {x}\n", 2, "unknown tag"),
            ("a: 1\nb: !!int x\n", 2, "does not fit"),
            ("a: 1\nb: !!int ''\n", 2, "does not fit"),
            ("a: 1\n? [k]\n: v\n", 2, "plain text"),
            ("a: &x 1\n*x : 2\n", 2, "plain text"),
            ("a: 1\nb: *nothing\n", 2, "stands for nothing"),
            ("a: 1\nb: &x [*x]\n", 2, "contains itself"),
            ("a: &x {k: 1}\nb:\n  <<: *x\n", 3, "merge keys"),
            ("a: 1\nb: [1\n", 3, "not valid YAML"),
            ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
            ("a: 1\nb: \x00\n", 2, "not allowed"),
            ("a: 1\nb: \ud800\n", 2, "not UTF-8"),
            ('a: 1\nb: "\\ud800"\n', 2, ""),
        ],
    )
    def test_the_line_is_named(self, text: str, line: int, words: str) -> None:
        error = refused(text)
        assert error.where == f"gatekeeper.yml:{line}"
        assert words in error.message

    def test_a_file_that_is_not_utf_8(self) -> None:
        with pytest.raises(ConfigError, match="f:2: the file is not UTF-8"):
            decode("f", b"a: 1\nb: \xff\n")

    def test_a_file_that_is_too_large(self) -> None:
        with pytest.raises(ConfigError, match="larger than 1 MiB"):
            decode("f", b" " * (MAX_BYTES + 1))
        assert "larger than 1 MiB" in refused(" " * (MAX_BYTES + 1)).message

    @pytest.mark.parametrize(
        "text",
        [
            "\n".join(
                ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
                + [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
            ),
            "\n".join(
                ["a0: &a0 [x]"]
                + [f"a{i}: &a{i} {'[' * 50}*a{i - 1}{']' * 50}" for i in range(1, 100)]
            ),
            "a: " + "[" * (MAX_BYTES - 8),
            "- " * (MAX_BYTES // 2 - 8),
            "a: 1" + ":1" * (MAX_BYTES // 2 - 8),
            "a: [" + "1," * 200_000 + "]",
        ],
        ids=["alias bomb", "deep aliases", "deep list", "deep block", "base 60", "many values"],
    )
    def test_a_hostile_file_ends_soon(self, text: str) -> None:
        started = time.process_time()
        refused(text)
        assert time.process_time() - started < 20


@settings(deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="a1: \n-[]{}&*!|>'\"#?,<~", max_size=60))
def test_arbitrary_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse_yaml("f", text)
    except ConfigError:
        return
    assert isinstance(document.data, dict)


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.text(alphabet="a1=.\n-[]{}'\"#, \\", max_size=60).map("[tool.gatekeeper]\n{}".format)
)
def test_arbitrary_toml_is_read_or_refused(text: str) -> None:
    try:
        document = parse_toml_section("f", text)
    except ConfigError:
        return
    assert document is None or isinstance(document.data, dict)


# Nested data whose every value is a number of its own, so that its line can be looked up.
_nested = st.recursive(
    st.none(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "on", "b-c", "d e"]), inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


class Emitter:
    """Writes nested data as block YAML, with blank lines and comments between."""

    def __init__(self, gaps: list[str]) -> None:
        self.rows: list[str] = []
        self.expected: dict[tuple[str | int, ...], int] = {}
        self.gaps = gaps

    def add(self, row: str) -> int:
        if self.gaps:
            self.rows += [self.gaps.pop()]
        self.rows.append(row)
        return len(self.rows)

    def write(self, value: Any, indent: str, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            entries: list[tuple[str | int, Any]] = list(value.items())
        else:
            entries = list(enumerate(value))
        for key, inner in entries:
            head = "-" if isinstance(key, int) else f"{key}:"
            if inner is None:
                number = self.add(f"{indent}{head} {len(self.expected)}")
            elif isinstance(key, int):
                # The item starts where its first entry does, on the line after the dash.
                number = self.add(f"{indent}{head} &n{len(self.expected)}")
            else:
                number = self.add(f"{indent}{head}")
            self.expected[*path, key] = number
            if inner is not None:
                self.write(inner, indent + "  ", (*path, key))


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "on", "x y"]), _nested, min_size=1),
    st.lists(st.sampled_from(["", "# note", "   # a: 1"])),
)
def test_every_line_is_right(data: dict[str, Any], gaps: list[str]) -> None:
    emitter = Emitter(gaps)
    emitter.write(data, "", ())
    document = parse_yaml("f", "\n".join(emitter.rows))
    assert {path: line for path, line in document.lines.items() if path} == emitter.expected


class TestToml:
    def test_only_the_table_is_read(self) -> None:
        text = '[project]\nname = "x"\n[tool.gatekeeper]\npreset = "strict"\n[tool.other]\na = 1\n'
        document = toml(text)
        assert document.data == {"preset": "strict"}
        assert document.lines == {(): 3, ("preset",): 4}

    @pytest.mark.parametrize("text", ["", "[tool.other]\na = 1", "tool = 1", "tool.x = 1"])
    def test_no_table_is_no_document(self, text: str) -> None:
        assert parse_toml_section("pyproject.toml", text) is None

    def test_an_empty_table_is_a_document(self) -> None:
        assert toml("[tool.gatekeeper]").data == {}

    def test_lines_of_headers_and_keys(self) -> None:
        document = toml(
            "# [tool.gatekeeper]\n"
            'text = """\n[tool.gatekeeper]\npreset = 1\n"""\n'
            "[ tool . 'gatekeeper' ] # here\n"
            'gates.sast.on = "all"\n'
            "exclude = [ # ]\n"
            '  "a]",\n'
            "]\n"
            "\n"
            "[tool.gatekeeper.gates.lint]\n"
            '"on" = "new"\n'
            "[[tool.gatekeeper.overrides]]\n"
            'paths = ["a"]\n'
            "[tool.gatekeeper.overrides.gates.lint]\n"
            "enabled = false\n"
            "[[tool.gatekeeper.overrides]]\n"
            'paths = ["b"]\n'
            "gates = {lint = {}}\n"
        )
        expected: dict[tuple[str | int, ...], int] = {
            (): 6,
            ("gates", "sast", "on"): 7,
            ("exclude",): 8,
            ("exclude", 0): 9,
            ("gates", "lint"): 12,
            ("gates", "lint", "on"): 13,
            ("gates", "lint", "unknown"): 12,
            ("overrides", 0): 14,
            ("overrides", 0, "paths"): 15,
            ("overrides", 0, "gates", "lint"): 16,
            ("overrides", 0, "gates", "lint", "enabled"): 17,
            ("overrides", 1): 18,
            ("overrides", 1, "gates", "lint"): 20,
        }
        assert {path: document.line(path) for path in expected} == expected

    def test_windows_line_ends(self) -> None:
        assert toml('[tool.gatekeeper]\r\nbase = "x"\r\n').line(("base",)) == 2

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("[tool.gatekeeper]\na = \n", 2),
            ("[tool.gatekeeper]\na = 1\na = 2\n", 3),
            ("[tool.gatekeeper]\na = 'x", 2),
            ("[tool]\ngatekeeper = 1\n", 2),
            ("[tool.gatekeeper]\na" + ".a" * 100_000 + " = 1\n", 2),
            ("[tool.gatekeeper]\na = " + "[" * 100_000, 2),
        ],
        ids=["no value", "twice", "open text", "no table", "long key", "deep list"],
    )
    def test_errors_name_the_line(self, text: str, line: int) -> None:
        with pytest.raises(ConfigError) as caught:
            parse_toml_section("pyproject.toml", text)
        assert caught.value.where == f"pyproject.toml:{line}"


_PLAIN = st.sampled_from(
    [f(word) for word in ("yes", "no", "true", "false", "on", "off", "null", "y", "n", "nan", "inf", "onto",
                          "0x1f", "0", "7", "007", "08", "12345678901", "1_000", "1.5", "1e3", "12:30", "2026-01-02",
                          "=", "~", "Node", "nO", "e", "oFF", "true-ish", "a1", "é", "truE")
     for f in (str, str.capitalize, str.upper)]
) | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,11}", fullmatch=True)  # fmt: skip


@given(_PLAIN)
def test_plain_values_are_what_pyyaml_takes_them_for(text: str) -> None:
    """Whichever way they are read. What would be a date or has a meaning of its own stays text."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert node is not None
    kind = node.tag.rpartition(":")[2]
    expected = yaml.safe_load(text) if kind in ("int", "float", "bool", "null") else text

    found = parse_yaml("x.yml", f"k: {text}\n").data["k"]
    assert found == expected or (found != found and expected != expected)
    assert type(found) is type(expected)


@pytest.mark.parametrize("number", range(0x80))
def test_a_character_is_allowed_or_not_whatever_else_is_in_the_file(number: int) -> None:
    """A file of nothing but ASCII is looked at in another way."""

    def refusal(text: str) -> str:
        try:
            parse_yaml("x.yml", text)
        except ConfigError as error:
            return str(error)
        return ""

    text = f"# {chr(number)}\nk: 1\n"
    assert refusal(text) == refusal(f"{text}# \u20ac\n")
    control = number < 0x20 and chr(number) not in "\t\n\r"
    assert bool(refusal(text)) == (control or number == 0x7F)
