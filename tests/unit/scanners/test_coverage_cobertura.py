"""What Cobertura XML tells, and which files are refused."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.coverage_cobertura import read_cobertura
from gatekeeper.scanners.coverage_model import Branch, Told

DATA = Path(__file__).parents[2] / "data" / "coverage"


def report(*classes: str, sources: str = "") -> bytes:
    inside = "".join(classes)
    return (
        f"<coverage><sources>{sources}</sources><packages><package><classes>{inside}</classes>"
        "</package></packages></coverage>"
    ).encode()


def lines(*told: str) -> str:
    return f"<lines>{''.join(f'<line {it}/>' for it in told)}</lines>"


def cls(name: str, *told: str) -> str:
    return f'<class filename="{name}">{lines(*told)}</class>'


def only(data: bytes) -> Told:
    (told,) = read_cobertura(data, "c.xml")
    return told


def test_what_coverage_py_writes() -> None:
    init, orders = read_cobertura((DATA / "coverage.xml").read_bytes(), "coverage.xml")

    assert init.covered.statements == frozenset()
    assert orders.names == ("/home/runner/work/shop/shop/src/shop/orders.py",)
    assert sorted(orders.covered.missing) == [15, 19, 24]
    assert orders.covered.branches[18] == Branch(2, 1, ("line 19",))


def test_each_source_is_a_place_where_the_file_may_be() -> None:
    told = only(report(cls("a.py"), sources="<source>/x/ </source><source>y</source><source/>"))

    assert told.names == ("/x/a.py", "y/a.py")


def test_without_sources_the_name_is_all_there_is() -> None:
    assert only(report(cls("a.py"))).names == ("a.py",)


def test_classes_and_packages_that_share_a_file_are_put_together() -> None:
    one = cls("a.cs", 'number="1" hits="0"', 'number="2" hits="4"')
    two = cls("a.cs", 'number="1" hits="1"', 'number="3" hits="0"')

    covered = only(report(one, two)).covered

    assert covered.statements == {1, 2, 3}
    assert covered.executed == {1, 2}


def test_lines_of_methods_and_of_their_class_are_one() -> None:
    told = 'number="1" hits="1" branch="True" condition-coverage="50% (1/2)"'
    inside = f"<methods><method>{lines(told)}</method></methods>{lines(told)}"

    covered = only(report(f'<class filename="a.py">{inside}</class>')).covered

    assert covered.branches == {1: Branch(2, 1)}


def test_a_condition_with_all_exits_and_one_that_may_leave() -> None:
    covered = only(
        report(
            cls(
                "a.py",
                'number="1" hits="1" branch="true" condition-coverage="100% (2/2)"',
                'number="2" hits="1" branch="true" condition-coverage="33.3% (1/3)"'
                ' missing-branches="9,exit"',
                'number="3" hits="1" branch="true" condition-coverage="0% (0/1)"',
                'number="4" hits="1" branch="false"',
            )
        )
    ).covered

    assert covered.branches == {1: Branch(2, 2), 2: Branch(3, 1, ("line 9", "exit the function"))}


BOMB = """<!DOCTYPE coverage [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<coverage><packages><package>&b;</package></packages></coverage>"""
OUTSIDE = """<!DOCTYPE coverage [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<coverage><packages>&a;</packages></coverage>"""


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b"", 1, "no element found"),
        (b"<coverage>\n<packages>\n", 3, "no element found"),
        (b"<coverage>\n</packages>", 2, "mismatched tag"),
        (b"<report/>", 1, "its root is <report>"),
        (b"<coverage><project/></coverage>", 1, "no `<packages>`"),
        (b"<coverage><packages>\n<class/></packages></coverage>", 2, "without `filename`"),
        (b'<coverage><packages>\n<line number="1" hits="1"/></packages></coverage>', 2, "outside"),
        (report(cls("a", 'number="one" hits="1"')), 1, 'number="one"'),
        (report(cls("a", 'number="0" hits="1"')), 1, "0 is no line number"),
        (report(cls("a", 'number="9999999999" hits="1"')), 1, "no line number"),
        (report(cls("a", 'number="1"')), 1, 'hits=""'),
        (report(cls("a", 'number="1" hits="-5"')), 1, 'hits="-5"'),
        (report(cls("a", 'number="1" hits="1" branch="true" condition-coverage="half"')), 1, "half"),
        (report(cls("a", 'number="1" hits="1" branch="true" condition-coverage="9% (3/2)"')), 1, "3/2"),
        (BOMB.encode(), 1, "declares entities"),
        (OUTSIDE.encode(), 1, "declares entities"),
        (b"<coverage>" + b"<a>" * 40, 1, "nested too deeply"),
        (b'<?xml version="1.0" encoding="klingon"?><coverage/>', 1, "encoding"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_line(data: bytes, line: int, told: str) -> None:
    with pytest.raises(ToolError) as caught:
        read_cobertura(data, "c.xml")

    assert caught.value.reason == "input-invalid"
    assert caught.value.message.startswith(f"c.xml:{line}: ")
    assert told in caught.value.message
    assert "coverage xml" in caught.value.remedy


def test_a_dtd_on_the_network_is_named_by_many_and_never_fetched() -> None:
    data = b'<!DOCTYPE coverage SYSTEM "http://cobertura.invalid/coverage-04.dtd">\n' + report(
        cls("a.py", 'number="1" hits="1"')
    )

    assert only(data).covered.executed == {1}


@settings(deadline=None)
@given(st.recursive(
    st.sampled_from(['<line number="1" hits="1"/>', "<line/>", "<class/>", '<class filename="a"/>',
                     "<source>x</source>", "&amp;", "text", "\0", "<packages/>"]),
    lambda some: st.lists(some, max_size=4).map(
        lambda it: f'<class filename="b">{"".join(it)}</class>'),
    max_leaves=8,
))  # fmt: skip
def test_nothing_but_a_clear_refusal_comes_of_nonsense(inside: str) -> None:
    with contextlib.suppress(ToolError):
        read_cobertura(f"<coverage>{inside}</coverage>".encode(), "x")
