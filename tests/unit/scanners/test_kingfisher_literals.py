"""What is certain about a pattern, from its text alone."""

from __future__ import annotations

import random
import re

import pytest

from gatekeeper.scanners.kingfisher_literals import Listed, literals, rule, table
from gatekeeper.scanners.kingfisher_pattern import UnsupportedError, parse
from gatekeeper.scanners.kingfisher_stretches import stretches
from gatekeeper.scanners.kingfisher_tree import Node, lowered, python_pattern
from tests.fakes.matching import matching


def tree(pattern: str) -> Node:
    return lowered(parse(pattern))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("tok_[a-z]{4}", ["tok_"]),
        ("TOK_[A-Z]{4}", ["tok_"]),
        ("(?i)tok_", ["tok_"]),
        ("tok_(?i)abc(?-i)d", ["tok_abcd"]),
        ("(?:red|green)_[0-9]+", ["green_", "red_"]),
        (r"\bab[cd]x\b", ["abcx", "abdx"]),
        ("a?b?c", []),
        ("(?:abc)?", []),
        ("(?:abc)+[0-9]", ["abc"]),
        ("(?:abc){0,3}xyz", ["xyz"]),
        ("abc|d", []),
        ("abc|[0-9]{8}", []),
        ("(abc|abcd)[0-9]", ["abc"]),
        ("[a-z]{3}", []),
        ("[a-z]{3}longer[0-9]xy", ["longer"]),
        ("(?:abcdefgh|xyz)ij", ["abcdefghij", "xyzij"]),
        (r"q~[\w.-]{31}", ["q~"]),
        (r"(?P<name>https?)://x", ["http://x", "https://x"]),
        (r"\x41\x42\.\-\/", ["ab.-/"]),
        ("pat[[:alnum:]]{14}", ["pat"]),
        ("", []),
    ],
)
def test_literals(pattern: str, expected: list[str]) -> None:
    found = [text.decode() for text in literals(tree(pattern))]
    assert found == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=abc)x", "(?!abc)x", "(?<=a)b", "(?>abc)", "a++", "a{2}{3}", "a{,3}", "a{3,1}", "*a",
        "(a", "a)", "[a", "[[a]b]", "[a&&b]", "[a--b]", "[a~~b]", "[]a]", r"[\w-.]", "[z-a]",
        r"\p{L}", r"\x{41}", r"\h", r"\<a", r"\1", r"\Z", r"\u0041", r"[\b]", "(?x)a b",
        "(?x)a#b", "(?U)a", "(?u)a", "(?R)", "\u00e9", "a\\", "(?<n>a)", "[[:upper:]]", "a**",
    ],
)  # fmt: skip
def test_what_the_engines_could_read_differently_is_not_read(pattern: str) -> None:
    with pytest.raises(UnsupportedError):
        parse(pattern)
    assert rule(Listed("some.rule", pattern)).literals == ()
    assert rule(Listed("some.rule", pattern)).stretches == ()


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        (r"(?i)k[^a]x", "KBX"),
        (r"(?i)[^k]x", "jX"),
        ("a.c", "a\rc"),
        ("(?s)a.c", "a\nc"),
        ("(?s:a.)c.d", "a\ncxd"),
        (r"a\sb", "a\vb"),
        (r"a\Sb", "a\x80b"),
        (r"a\Wb", "a\xe9b"),
        (r"x[\s\S-]{3}y", "x---y"),
        (r"x(?:.|[\n\r]){0,9}?y", "x\r\n.y"),
        (r"[!-?A-~]{3}@", "a~B@"),
        (r"\d{2}[a-c]$", "12b\n"),
        (r"^ab\z", "ab"),
        (r"(?i)a(?-i:B)c", "AbC"),
        (r"x}}y", "x}}y"),
        ("(?:a|)b", "b"),
        (r"key\B_x", "key_x"),
    ],
)
def test_what_a_pattern_takes_holds_its_stretches(pattern: str, content: str) -> None:
    lower = content.encode("latin-1").lower()
    assert re.search(python_pattern(tree(pattern)).encode(), lower)
    for stretch in stretches(tree(pattern)):
        assert re.search(stretch.encode(), lower), stretch


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("x?abcd[0-9]*", ["abcd"]),
        ("[a-z]{10,150}=", ["[a-z]{10}="]),
        (r"\babc[0-9]", ["abc[0-9]", r"\babc[0-9]"]),
        ("abc[0-9]{3,9}", ["abc[0-9]{3}"]),
        ("abc[0-9]{3,9};", ["abc[0-9]{3,9}+;"]),
        ("abc[0-9a]{3,9}ab", ["abc[0-9a]{3,9}ab"]),
        ("abcd[a-z]+;x", ["abcd[a-z]{1}", "[a-z]{1};x"]),
        ("abcd[0-9]+;x", ["abcd[0-9]{1,}+;x"]),
        ("abcd[0-9]{3}(?:;|$)", [r"abcd[0-9]{3}(?:;|(?![^\r\n]))"]),
        ("(?:a+b|ccc)ddd", ["(?:a{1}|cccddd)", "ddd"]),
        ("abcd(?:x[a-z]+y){9}efgh", ["abcd", "efgh"]),
    ],
)
def test_stretches(pattern: str, expected: list[str]) -> None:
    assert stretches(tree(pattern)) == [text for text in expected if len(text) > 3]


def test_matching_texts_hold_what_they_must() -> None:
    """The longest runs and the cuts lose nothing, whatever stands beside them."""
    chance = random.Random(20)
    parts = ["[a-c]", "[b-d]", "a", "(?:bc)", r"\s", "(?:[ab]|b[a-c]{1,3}|)", "$", r"\b", "[^a]"]
    counts = ["", "", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{3,}"]
    simple = [part + count for part in parts[:5] for count in counts] + parts
    checked = 0
    for _ in range(1_500):
        pattern = "".join(chance.choices(simple, k=6))
        wanted = tree(pattern)
        whole = re.compile(python_pattern(wanted).encode())
        content = (b"b" + matching(wanted, chance)[:60] + chance.choice([b"", b"\n", b"a"])).lower()
        if not whole.search(content):
            continue
        checked += 1
        found = literals(wanted)
        assert not found or any(text in content for text in found), (pattern, content)
        for stretch in stretches(wanted):
            assert re.search(stretch.encode(), content), (pattern, stretch, content)
    assert checked > 400


def test_the_table_is_one_rule_a_line() -> None:
    listing = b'[{"id": "a.b", "pattern": "tok_[0-9]{9}", "visible": false}, {"id": "c", "pattern": "\\\\p{L}"}]'
    assert table("1.2.3", listing).decode().splitlines() == [
        '{"version":"1.2.3","rules":[',
        '["a.b",["tok_"],["tok_[0-9]{9}"]],',
        '["c",[],[]]',
        "]}",
    ]
