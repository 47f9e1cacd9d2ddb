"""Layers: merging is predictable, however the layers are grouped."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.config.merge import leaves, merge

# Layers of one shape, as validation guarantees: below each name always the same kind of value.
_plain = st.integers() | st.lists(st.integers(), max_size=2)
_layer = st.fixed_dictionaries(
    {},
    optional={
        "a": _plain,
        "m": st.fixed_dictionaries(
            {}, optional={"b": _plain, "n": st.dictionaries(st.sampled_from("xyz"), _plain)}
        ),
    },
)


@settings(deadline=None)
@given(_layer, _layer, _layer)
def test_the_grouping_of_layers_does_not_matter(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@settings(deadline=None)
@given(_layer)
def test_a_layer_over_itself_or_nothing_is_itself(layer: dict[str, Any]) -> None:
    assert merge(layer, layer) == merge({}, layer) == merge(layer, {}) == layer


@settings(deadline=None)
@given(_layer, _layer, _layer)
def test_only_the_strongest_place_of_a_repeated_layer_counts(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    twice = merge(merge(merge(one, two), three), two)
    assert twice == merge(merge(one, three), two)


@settings(deadline=None)
@given(_layer, _layer)
def test_arguments_are_left_alone(one: dict[str, Any], two: dict[str, Any]) -> None:
    before = copy.deepcopy((one, two))
    merge(one, two)
    assert (one, two) == before


@settings(deadline=None)
@given(_layer, _layer)
def test_every_value_comes_from_the_strongest_layer_that_has_it(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    def at(data: Any, path: tuple[str | int, ...]) -> Any:
        for part in path:
            data = data[part]
        return data

    merged = merge(one, two)
    strong = set(leaves(two))
    assert set(leaves(merged)) == strong | set(leaves(one))
    for path in leaves(merged):
        assert at(merged, path) == at(two if path in strong else one, path)
