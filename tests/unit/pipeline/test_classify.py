"""What a change brought in: counted per content, whatever the order, and only where it touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import Finding, Suppression, Unchecked
from gatekeeper.pipeline.classify import is_new, newly_unchecked
from tests.fakes.reports import finding

IGNORED = Suppression("noqa", "generated code")
PATHS = ("a.py", "b.py", "c.py")


def of(content: str, path: str = "a.py", around: str = "", line: int = 1) -> Finding:
    """A finding told by what identifies it: `x` is content, `X` the same ignored inline."""
    return finding(
        fingerprint=content.lower(),
        path=path,
        context=around,
        line=line,
        suppression=IGNORED if content.isupper() else None,
    )


@pytest.mark.parametrize(
    ("head", "base", "new"),
    [
        ([], [], []),
        ([], [of("x")], []),
        ([of("x")], [], [True]),
        ([of("x")], [of("x")], [False]),
        ([of("x")], [of("y")], [True]),
        ([of("x"), of("x")], [of("x")], [False, True]),
        ([of("x")], [of("x"), of("x")], [False]),
        ([of("x", line=9)], [of("x", line=1)], [False]),
        ([of("x", "b.py")], [of("x", "a.py")], [False]),
        ([of("X")], [of("X")], [False]),
        ([of("x")], [of("X")], [True]),
        ([of("X")], [of("x")], [True]),
        ([of("x"), of("X")], [of("x")], [False, True]),
    ],
    ids=[
        "nothing", "fixed", "added", "kept", "replaced", "once-more", "one-of-two-fixed", "shifted",
        "moved", "ignore-kept", "ignore-removed", "ignore-added", "ignored-once-more",
    ],
)  # fmt: skip
def test_what_is_new(head: Sequence[Finding], base: Sequence[Finding], new: list[bool]) -> None:
    assert is_new(head, base, PATHS) == new


@pytest.mark.parametrize(
    ("head", "base", "new"),
    [
        # Above the old one stands the same once more.
        ([of("x", around="p", line=1), of("x", around="q", line=5)], [of("x", around="q")], [0]),
        ([of("x", around="p", line=1), of("x", around="q", line=5)], [of("x", around="p")], [1]),
        # Two that nothing tells apart: the later one is new.
        ([of("x", line=5), of("x", line=1)], [of("x", line=3)], [0]),
        # Copied to another file, with and without what stands around it.
        ([of("x", "a.py", "p"), of("x", "b.py", "p")], [of("x", "b.py", "p")], [0]),
        ([of("x", "a.py", "p"), of("x", "b.py", "q")], [of("x", "b.py", "r")], [0]),
        # Moved with its surroundings, while another was added where it came from.
        ([of("x", "a.py", "q"), of("x", "b.py", "p")], [of("x", "a.py", "p")], [0]),
    ],
)
def test_which_of_equal_findings_is_new(
    head: Sequence[Finding], base: Sequence[Finding], new: list[int]
) -> None:
    assert [index for index, flag in enumerate(is_new(head, base, PATHS)) if flag] == new


findings = st.lists(
    st.builds(
        of,
        st.sampled_from("xyzX"),
        st.sampled_from(PATHS),
        st.sampled_from(["", "p", "q"]),
        st.integers(1, 3),
    ),
    max_size=12,
)


def contents(chosen: Collection[Finding]) -> Counter[tuple[str, bool]]:
    return Counter((item.fingerprint, item.suppression is not None) for item in chosen)


def brought_in(
    head: Sequence[Finding], base: Sequence[Finding], touched: Collection[str] | None
) -> list[Finding]:
    flags = is_new(head, base, touched)
    return [item for item, new in zip(head, flags, strict=True) if new]


@settings(deadline=None)
@given(findings, findings)
def test_as_many_are_new_as_head_has_more(head: list[Finding], base: list[Finding]) -> None:
    # Counter's difference keeps what is above zero.
    assert contents(brought_in(head, base, PATHS)) == contents(head) - contents(base)


@settings(deadline=None)
@given(findings, findings, st.data())
def test_order_does_not_matter(
    head: list[Finding], base: list[Finding], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(head)), data.draw(st.permutations(base))

    one, other = brought_in(head, base, PATHS), brought_in(*shuffled, PATHS)

    assert Counter(map(repr, one)) == Counter(map(repr, other))


@settings(deadline=None)
@given(findings, findings)
def test_with_nothing_to_compare_all_are_new(head: list[Finding], base: list[Finding]) -> None:
    assert brought_in(head, base, None) == head


@settings(deadline=None)
@given(findings, findings, st.sets(st.sampled_from(PATHS)))
def test_what_the_change_did_not_touch_is_never_new(
    head: list[Finding], base: list[Finding], touched: set[str]
) -> None:
    new = brought_in(head, base, touched)

    assert {item.path for item in new} <= touched
    inside = [item for item in head if item.path in touched]
    assert new == brought_in(inside, base, touched)


@settings(deadline=None)
@given(findings, st.sets(st.sampled_from(PATHS)))
def test_the_same_on_both_sides_is_never_new(head: list[Finding], touched: set[str]) -> None:
    assert brought_in(head, head, touched) == []


@settings(deadline=None)
@given(findings, findings, findings)
def test_more_at_the_base_never_makes_more_new(
    head: list[Finding], base: list[Finding], more: list[Finding]
) -> None:
    few, many = brought_in(head, base, PATHS), brought_in(head, base + more, PATHS)

    assert contents(many) <= contents(few)


def left_out(path: str, reason: str = "parse-error") -> Unchecked:
    return Unchecked("ruff", path, reason, "why")  # type: ignore[arg-type]  # any text stands for a reason here


@pytest.mark.parametrize(
    ("base", "touched", "same_content", "new"),
    [
        ([], None, {}, True),
        ([left_out("a.py")], None, {}, True),
        ([], {"a.py"}, {}, True),
        ([], {"b.py"}, {}, False),
        ([left_out("a.py")], {"a.py"}, {}, False),
        ([left_out("a.py", "timeout")], {"a.py"}, {}, True),
        ([left_out("b.py")], {"a.py", "b.py"}, {}, True),
        ([left_out("b.py")], {"a.py", "b.py"}, {"a.py": "b.py"}, False),
    ],
    ids=[
        "no-comparison", "no-comparison-known", "touched", "untouched", "known", "another-reason",
        "another-file", "renamed",
    ],
)  # fmt: skip
def test_when_a_change_answers_for_a_file_that_was_not_checked(
    base: list[Unchecked], touched: set[str] | None, same_content: dict[str, str], new: bool
) -> None:
    assert newly_unchecked([left_out("a.py")], base, touched, same_content) == [new]
