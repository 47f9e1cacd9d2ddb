"""HTML that cannot forget to escape."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.reports.markup import joined, link, prose, tag
from tests.fakes.reports import HOSTILE_TEXTS


class Seen(HTMLParser):
    """The elements of a piece of HTML, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_text_stays_text_wherever_it_is_put(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_so_does_any_text(text: str) -> None:
    check(text)


def check(text: str) -> None:
    seen = Seen(tag("p", text, tag("b", text), class_=text, data_path=text))

    assert [name for name, _ in seen.elements] == ["p", "b"]
    assert set(seen.elements[0][1]) == {"class", "data-path"}
    assert seen.said.isprintable()
    assert {name for name, _ in Seen(prose(text)).elements} <= {"code"}


def test_children_that_are_markup_stay_markup() -> None:
    assert tag("p", tag("b", "<"), " & ", None) == "<p><b>&lt;</b> &amp; </p>"
    assert joined(("<", tag("b", ">"))) == "&lt;<b>&gt;</b>"


def test_cutting_or_adding_to_markup_makes_text_of_it() -> None:
    bold = tag("b", "x")

    assert tag("p", bold[:2]) == "<p>&lt;b</p>"
    assert tag("p", bold + bold).startswith("<p>&lt;b")


def test_attributes_may_be_without_a_value_or_missing() -> None:
    assert (
        tag("input", hidden=True, open=False, id=None, tabindex=0) == '<input hidden tabindex="0">'
    )


def test_an_element_of_svg_has_an_end() -> None:
    assert tag("rect", width="1") == '<rect width="1"></rect>'


def test_a_message_keeps_its_lines_and_shows_code() -> None:
    assert prose("a `b<c`\n  d\t\n") == "a <code>b&lt;c</code>\n  d"
    assert prose("a ` b") == "a ` b"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://a", "//a", ""]
)
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    assert link(url, "help") == "help"


def test_a_link_tells_the_other_side_nothing() -> None:
    assert Seen(link("https://a.example/?b&c", "help")).elements == [
        ("a", {"href": "https://a.example/?b&c", "rel": "noopener noreferrer", "target": "_blank"})
    ]
