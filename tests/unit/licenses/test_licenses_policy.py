"""Licences: read from metadata, judged as expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.config.license_options import LicenseException, LicensesOptions
from gatekeeper.licenses.expression import Answer, ExpressionError, judge
from gatekeeper.licenses.metadata import declared, of_fields, spelled
from gatekeeper.licenses.policy import answer

ANSWERS: tuple[Answer, ...] = ("allowed", "review", "denied")


def of(name: str) -> Answer:
    return ANSWERS["ard".index(name)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a", "allowed"),
        ("a OR d", "allowed"),
        ("a AND d", "denied"),
        ("a and r", "review"),
        ("d OR a AND r", "review"),
        ("(d OR a) AND a", "allowed"),
        ("((d))", "denied"),
    ],
)
def test_choices_take_the_best_and_sums_the_worst(expression: str, expected: Answer) -> None:
    assert judge(expression, of) == expected


@pytest.mark.parametrize(
    "text", ["", "a OR", "OR a", "(a", "a)", "a b", "a WITH", "a WITH (b)", "()", "(" * 60 + "a"]
)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        judge(text, of)


_EXPRESSIONS = st.recursive(
    st.sampled_from("ard"),
    lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), inner, inner).map(
        lambda it: f"({it[1]} {it[0]} {it[2]})"
    ),
    max_leaves=8,
)


@given(_EXPRESSIONS)
def test_it_is_what_a_boolean_reading_says(expression: str) -> None:
    for limit, words in ((0, "a"), (1, "ar")):
        words_of = expression.replace("(", " ( ").replace(")", " ) ").split()
        python = " ".join(
            {"AND": "and", "OR": "or", "(": "(", ")": ")"}.get(it, str(it in words))
            for it in words_of
        )
        holds = bool(eval(python, {"__builtins__": {}}))
        assert (ANSWERS.index(judge(expression, of)) <= limit) is holds


class TestMetadata:
    def test_the_expression_of_pep_639_goes_first(self) -> None:
        text = (
            "Metadata-Version: 2.4\nName: x\nLicense-Expression: mit OR apache-2.0\n"
            "License: GPL\n\nLicense-Expression: AGPL-3.0-only\n"
        )

        assert declared(text).expression == "MIT OR Apache-2.0"

    @pytest.mark.parametrize(
        ("text", "expression"),
        [
            ("MIT License", "MIT"),
            ("  the  MIT license ", "MIT"),
            ("BSD-3-Clause", "BSD-3-Clause"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("BSD", ""),
            ("see LICENSE", ""),
        ],
    )
    def test_usual_spellings(self, text: str, expression: str) -> None:
        assert spelled(text) == expression
        assert of_fields("", text, []).expression == expression

    def test_classifiers_when_there_is_only_one(self) -> None:
        mit = "License :: OSI Approved :: MIT License"
        gpl = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"

        assert of_fields("", "", [mit]).expression == "MIT"
        assert of_fields("", "UNKNOWN", ["Topic :: Software", mit]).expression == "MIT"
        both = of_fields("", "", [mit, gpl])
        assert (both.expression, both.said) == (
            "", "MIT License, GNU General Public License v3 (GPLv3)",
        )  # fmt: skip
        assert of_fields("", "", ["License :: OSI Approved"]).said == ""

    def test_a_whole_licence_text_is_no_name(self) -> None:
        found = of_fields("", "MIT License\n\nPermission is hereby granted", [])

        assert (found.expression, found.said) == ("", "MIT License")

    def test_an_expression_that_is_none(self) -> None:
        assert of_fields("MIT or later maybe", "MIT", []).expression == ""


class TestPolicy:
    OPTIONS = LicensesOptions(
        allow=("MIT", "Apache-*", "GPL-2.0-only WITH Classpath-exception-2.0"),
        review=("MPL-*",),
        deny=("GPL-*", "AGPL-*"),
        exceptions=(
            LicenseException("pypi:special", "bought from its authors", "AGPL-3.0-only"),
            LicenseException("pypi:odd", "its README says public domain"),
        ),
    )

    @pytest.mark.parametrize(
        ("package", "said", "expected"),
        [
            ("pypi:x", "MIT", "allowed"),
            ("pypi:x", "Apache License 2.0", "allowed"),
            ("pypi:x", "GPL-3.0-only", "denied"),
            ("pypi:x", "MIT OR GPL-3.0-only", "allowed"),
            ("pypi:x", "MIT AND GPL-3.0-only", "denied"),
            ("pypi:x", "MPL-2.0", "review"),
            ("pypi:x", "Zlib", "review"),
            ("pypi:x", "", "review"),
            ("pypi:x", "whatever", "review"),
            ("pypi:special", "AGPL-3.0-only", "allowed"),
            ("pypi:special", "GPL-3.0-only", "denied"),
            ("pypi:odd", "", "allowed"),
            ("pypi:odd", "GPL-3.0-only", "allowed"),
        ],
    )
    def test_lists_and_exceptions(self, package: str, said: str, expected: Answer) -> None:
        assert answer(self.OPTIONS, package, said) == expected

    def test_a_denied_pattern_goes_before_an_allowed_one(self) -> None:
        said = "GPL-2.0-only WITH Classpath-exception-2.0"

        assert answer(self.OPTIONS, "pypi:x", said) == "denied"
        assert answer(LicensesOptions(allow=(said,)), "pypi:x", said) == "allowed"
        assert answer(LicensesOptions(allow=("GPL-2.0-only",)), "pypi:x", said) == "review"

    def test_what_no_list_names_and_nobody_can_tell(self) -> None:
        options = LicensesOptions(deny=("AGPL-*",), otherwise="allow", unknown="deny")

        assert answer(options, "pypi:x", "Zlib") == "allowed"
        assert answer(options, "pypi:x", "") == "denied"
