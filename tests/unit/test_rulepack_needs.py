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
        ("^(run|st(op)?)$", {"any": [".run()", ".st()", ".stop()"]}),
        ("^(full)?match$", {"any": [".match()", ".fullmatch()"]}),
        # The name of a module in front of it is no part of the name.
        (r"^(re\.)?match$", ".match()"),
        ("^ru.$", None),
        ("^run?$", None),
    ],
)
def test_a_choice_of_names(regex: str, need: object) -> None:
    assert need_of(rule(regex)) == need


def text(regex: str) -> dict[str, Any]:
    condition = {"metavariable-regex": {"metavariable": "$TEXT", "regex": regex}}
    return {"patterns": [{"pattern": 'open("$TEXT")'}, condition]}


@pytest.mark.parametrize(
    ("regex", "look"),
    [
        ("^(/tmp|/var/tmp)", {"regex": "(/tmp|/var/tmp)"}),
        ("^(QUERY|HTTP_.*)$", {"regex": "(QUERY|HTTP_)"}),
        # Letters of either case, and every line.
        ("^(?i)sha-?1$", {"regex": "(?i)sha-?1"}),
        ("(?i)md5", "~md5"),
        # Where something stands in the text says nothing about the file.
        (r"^(?!test)name", None),
        (r"\bname\b", None),
        (r"name$|^other", None),
        # The text may write it otherwise, and what repeats can take long.
        (r"\\\\name", None),
        ("(name)+", None),
        # Nearly every file has one.
        ("[wax]", None),
    ],
)
def test_a_text_that_an_expression_tells(regex: str, look: object) -> None:
    wanted = "open()" if look is None else {"all": ["open()", look]}

    assert need_of(text(regex)) == wanted


def test_a_value_that_is_propagated_need_not_be_in_the_file() -> None:
    rule = text("^/tmp")
    rule["patterns"][1]["metavariable-regex"]["constant-propagation"] = True

    assert need_of(rule) == "open()"


def test_a_name_behind_that_of_a_module_is_an_attribute() -> None:
    condition = {"metavariable-regex": {"metavariable": "$PARSE", "regex": r"^(\w+\.)?parse$"}}

    need = need_of({"patterns": [{"pattern": "$PARSE(...)"}, condition]})

    assert need == {"any": ["parse()", ".parse()"]}
