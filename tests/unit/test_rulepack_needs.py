"""What a rule's own text says about the files that it can match."""

from __future__ import annotations

from typing import Any

import pytest

from rulepack.needs import need_of


def rule(regex: str) -> dict[str, Any]:
    condition = {"metavariable-regex": {"metavariable": "$USE", "regex": regex}}
    return {"patterns": [{"pattern": "$X.$USE(...)"}, condition]}


@pytest.mark.parametrize(
    ("regex", "need"),
    [
        ("^run$", ".run()"),
        # Soft keywords are names everywhere else: `re.match` is a call like others.
        ("^(search|match|case)$", {"any": [".search()", ".match()", ".case()"]}),
        ("^(get|set)_(?:a|b)$", {"any": [".get_a()", ".get_b()", ".set_a()", ".set_b()"]}),
        # One choice that need not be in the file takes the need away, and not the choice.
        ("^(run|True)$", None),
        ("^(run|1)$", None),
        ("^(run|)$", None),
        ("^(run|st(op)?)$", None),
        ("^ru.$", None),
    ],
)
def test_a_choice_of_names(regex: str, need: object) -> None:
    assert need_of(rule(regex)) == need
