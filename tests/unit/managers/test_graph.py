"""Who brought it in: paths, scopes, groups."""

from __future__ import annotations

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.graph import Graph, Paths, merged
from gatekeeper.model.dependency import Dependency, Inventory, Place


def dependency(name: str, line: int = 1) -> Dependency:
    return Dependency(ecosystem="pypi", name=name, version="1", place=Place("lock", line))


def key(name: str) -> str:
    return dependency(name).key


def settled(edges: dict[str, str], roots: dict[str, str]) -> Inventory:
    """`edges` name the children of each letter; `roots` what each group asks for."""
    graph = Graph()
    for parent, children in edges.items():
        for child in children:
            graph.edge(key(parent), key(child))
    for group, names in roots.items():
        for name in names:
            graph.root(key(name), "dev" if group else "runtime", group)
    everything = sorted({*edges, *"".join(edges.values()), *"".join(roots.values())})
    return Inventory("m", "lock", graph.settle(dependency(it) for it in everything))


def way(inventory: Inventory, name: str) -> str:
    return "".join(it.name for it in Paths(inventory).to(key(name)))


def test_the_shortest_way_from_something_direct() -> None:
    inventory = settled({"a": "b", "b": "c", "c": "d", "x": "c"}, {"": "ax"})

    assert [way(inventory, it) for it in "abcdx"] == ["a", "ab", "xc", "xcd", "x"]
    assert way(inventory, "z") == ""


def test_without_roots_ways_begin_where_nobody_asks() -> None:
    inventory = settled({"a": "b", "b": "c"}, {})

    assert [it.direct for it in inventory.dependencies] == [True, None, None]
    assert way(inventory, "c") == "abc"


def test_circles_come_to_an_end() -> None:
    inventory = settled({"a": "b", "b": "a", "c": "c"}, {"": "a"})

    assert way(inventory, "b") == "ab"
    assert way(inventory, "c") == "c"


def test_the_strongest_scope_counts_and_all_groups() -> None:
    inventory = settled({"a": "c", "b": "c"}, {"": "a", "dev": "b", "docs": "bc"})

    told = {it.name: (it.direct, it.scope, it.groups) for it in inventory.dependencies}
    assert told == {
        "a": (True, "runtime", ()),
        "b": (True, "dev", ("dev", "docs")),
        "c": (True, "runtime", ("dev", "docs")),
    }


def test_markers_of_all_who_ask_are_joined() -> None:
    graph = Graph()
    graph.edge(key("a"), key("c"), "x")
    graph.edge(key("b"), key("c"), "y")
    graph.edge(key("a"), key("d"), "x")
    graph.edge(key("b"), key("d"))
    found = {it.name: it.marker for it in graph.settle(map(dependency, "abcd"))}

    assert found == {"a": "", "b": "", "c": "(x) or (y)", "d": ""}


def test_two_of_a_kind_are_merged_at_the_first_place() -> None:
    (it,) = merged([dependency("a", 3), dependency("a", 9)])

    assert it.place.line == 3


@given(st.dictionaries(st.sampled_from("abcdef"), st.text("abcdef", max_size=4)),
       st.text("abcdef", min_size=1, max_size=3))  # fmt: skip
def test_a_way_is_made_of_edges_and_none_is_shorter(edges: dict[str, str], roots: str) -> None:
    inventory = settled(edges, {"": roots})

    distances = dict.fromkeys(roots, 1)
    for _ in "abcdef":
        for parent, children in edges.items():
            for child in children:
                if parent in distances:
                    near = distances[parent] + 1
                    distances[child] = min(distances.get(child, near), near)
    for it in inventory.dependencies:
        path = way(inventory, it.name)
        assert path.endswith(it.name)
        assert all(b in edges[a] for a, b in pairwise(path))
        assert len(path) == distances.get(it.name, 1)


def test_what_a_parent_asks_for_is_kept_beside_it() -> None:
    graph = Graph()
    graph.edge(key("a"), key("c"), demand="<2")
    graph.edge(key("a"), key("c"), demand="<2")
    graph.edge(key("b"), key("c"))

    (it,) = graph.settle([dependency("c")])

    assert dict(zip(it.parents, it.demands, strict=True)) == {key("a"): "<2", key("b"): ""}


def test_one_that_asks_in_two_ways_tells_nothing() -> None:
    graph = Graph()
    graph.edge(key("a"), key("c"), demand="<2")
    graph.edge(key("a"), key("c"), demand="<3")

    (it,) = graph.settle([dependency("c")])

    assert (it.parents, it.demands) == ((key("a"),), ())


def test_what_is_merged_keeps_what_each_parent_asks_for() -> None:
    one = msgspec.structs.replace(dependency("c"), parents=("x",), demands=("<2",))
    other = msgspec.structs.replace(dependency("c"), parents=("y", "z"), demands=("<3", "*"))
    bare = msgspec.structs.replace(dependency("c"), parents=("w",))

    (both,) = merged([one, other])
    (some,) = merged([bare, one])

    assert (both.parents, both.demands) == (("x", "y", "z"), ("<2", "<3", "*"))
    assert (some.parents, some.demands) == (("w", "x"), ("", "<2"))
