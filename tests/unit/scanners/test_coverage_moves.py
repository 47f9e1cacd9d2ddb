"""Which added lines were only moved."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.scanners.coverage_moves import LEAST_CHARACTERS, Run, moved, renamed_whole

BLOCK = ("def orders(total):", "    rate = taxes(total)", "    return total * rate")


def run(path: str, start: int, *lines: str) -> Run:
    return Run(path, start, lines)


def test_a_block_that_stood_elsewhere_was_moved() -> None:
    assert moved([run("b.py", 10, *BLOCK)], [run("a.py", 3, *BLOCK)]) == {"b.py": {10, 11, 12}}


def test_only_what_is_the_same_counts_as_moved() -> None:
    added = run("b.py", 10, "import x", *BLOCK, "new()")

    assert moved([added], [run("a.py", 3, "old()", *BLOCK)]) == {"b.py": {11, 12, 13}}


def test_another_indentation_is_a_change() -> None:
    inside = run("b.py", 1, *(f"    {line}" for line in BLOCK))

    assert moved([inside], [run("a.py", 1, *BLOCK)]) == {}


def test_a_copy_is_new() -> None:
    added = [run("a.py", 1, *BLOCK), run("b.py", 1, *BLOCK)]

    assert moved(added, [run("c.py", 1, *BLOCK)]) == {"a.py": {1, 2, 3}}
    assert moved(added, []) == {}


def test_two_lines_are_too_few() -> None:
    assert moved([run("b.py", 1, *BLOCK[:2])], [run("a.py", 1, *BLOCK)]) == {}


def test_three_lines_that_say_nothing_are_too_little() -> None:
    closing = ("    )", "", "    return x")

    assert sum(it.isalnum() for it in "".join(closing)) < LEAST_CHARACTERS
    assert moved([run("b.py", 1, *closing)], [run("a.py", 1, *closing)]) == {}


def test_prose_is_not_where_code_comes_from() -> None:
    assert moved([run("b.py", 1, *BLOCK)], [run("README.md", 1, *BLOCK)]) == {}


def test_the_longest_run_is_taken() -> None:
    gone = [run("a.py", 1, *BLOCK), run("c.py", 1, *BLOCK, "    # more of it")]

    found = moved([run("b.py", 1, *BLOCK, "    # more of it")], gone)

    assert found == {"b.py": {1, 2, 3, 4}}


def test_a_whole_file_was_moved_however_short() -> None:
    assert renamed_whole({"b": "1", "c": "1", "d": "2"}, {"a": "1"}) == {"b"}


def test_many_equal_lines_take_no_time() -> None:
    many = tuple(f"    {it % 3}," for it in range(30_000))

    assert len(moved([run("b.py", 1, *many)], [run("a.py", 1, *many)])["b.py"]) == 30_000


LINES = st.lists(
    st.sampled_from(["alpha beta gamma", "delta epsilon", ")", "", "x = 1"]), max_size=9
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=4))
def test_no_line_accounts_for_two(added: list[list[str]], deleted: list[list[str]]) -> None:
    found = moved(
        [Run("a.py", 100 * index, tuple(it)) for index, it in enumerate(added)],
        [Run("b.py", 100 * index, tuple(it)) for index, it in enumerate(deleted)],
    )

    gone = [line for lines in deleted for line in lines]
    for number in found.get("a.py", ()):
        gone.remove(added[number // 100][number % 100])


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_blocks_in_another_order_are_all_moved(seed: int) -> None:
    """As long as no two start alike: else the longest run decides, and may cut another short."""
    random = Random(seed)
    blocks = [
        tuple(f"statement_{number}_{line} = value" for line in range(random.randint(3, 6)))
        for number in range(5)
    ]
    shuffled = random.sample(blocks, len(blocks))
    added = [Run("a.py", 1 + 10 * index, block) for index, block in enumerate(shuffled)]
    deleted = [Run("b.py", 1, tuple(line for block in blocks for line in block))]

    assert sum(map(len, moved(added, deleted).values())) == sum(map(len, blocks))
