"""Which part looks at what, and how many parts a check is worth."""

from __future__ import annotations

from collections import Counter

import pytest

from gatekeeper.model.shard import Shard
from gatekeeper.pipeline.base import Wanted
from gatekeeper.pipeline.sharding import Load, count_for, loads
from tests.fakes.checking import Bench, Reader, Versions


def test_every_file_belongs_to_exactly_one_part_and_parts_are_of_like_size() -> None:
    paths = [f"folder/{number}.py" for number in range(4_000)]
    counts = Counter(index for path in paths for index in range(1, 9) if Shard(index, 8).has(path))

    assert sum(counts.values()) == len(paths)
    assert all(420 < count < 580 for count in counts.values()), counts


def test_where_a_file_belongs_never_changes() -> None:
    # Machines of different versions and platforms have to agree.
    assert [
        next(index for index in range(1, 6) if Shard(index, 5).has(path))
        for path in ("a.py", "src/b.py", "é", "x\udcff")
    ] == [4, 2, 4, 1]


def test_trees_are_spread_and_the_change_is_judged_once() -> None:
    shards = [Shard(index, 3) for index in (1, 2, 3)]

    assert [[shard.has_tree(at) for shard in shards].index(True) for at in range(5)] == [
        0, 1, 2, 0, 1,
    ]  # fmt: skip
    assert [shard.has_change for shard in shards] == [False, False, True]


@pytest.mark.parametrize(
    ("work", "workers", "expected"),
    [
        ([], 4, 1),
        ([Load(1, 20, whole=False)], 1, 1),
        ([Load(1, 600, whole=False)], 1, 11),
        ([Load(1, 600, whole=False)], 4, 3),
        ([Load(1, 100_000, whole=False)], 1, 15),  # 16 would save less than a tenth
        ([Load(1, 600, whole=True)], 8, 1),  # nothing to split
        ([Load(1, 100, whole=True, position=0), Load(1, 100, whole=True, position=1)], 1, 2),
        ([Load(70, 10, whole=False)], 1, 2),  # starting it is the most of it
    ],
)
def test_as_many_parts_as_are_worth_it(work: list[Load], workers: int, expected: int) -> None:
    assert count_for(work, workers, target=60, most=16) == expected


def test_only_what_is_not_known_yet_is_work() -> None:
    reader = Reader(rate=10.0, startup=0.5)
    tree = Reader("mypy", "types", "tree", rate=1.0)
    files = {"a.py": b"x" * (1 << 20), "b.md": b"y" * (1 << 20)}
    bench = Bench(Versions(files, {}), [reader, tree], wanted=Wanted(everything=True))

    work = loads(bench.check())

    assert work == [Load(0.5, 10.0, whole=False), Load(0.0, 1.0, whole=True)]
