"""SPDX licence expressions: read, and judged against a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Answer = Literal["allowed", "review", "denied"]
_ORDER: tuple[Answer, ...] = ("allowed", "review", "denied")
_DEEPEST = 50


class ExpressionError(Exception):
    """What is no expression."""


def canonical(text: str) -> str:
    """The expression as SPDX writes it. Errors: ExpressionError."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return canonicalize_license_expression(text)
    except InvalidLicenseExpression as error:
        raise ExpressionError(str(error)) from None


def judge(expression: str, answer_of: Callable[[str], Answer]) -> Answer:
    """The answer for a whole expression: the best of a choice, the worst of what all applies.

    `answer_of` is asked for single licences, `GPL-2.0-only WITH Classpath-exception-2.0` being one.
    Errors: ExpressionError.
    """
    tokens = expression.replace("(", " ( ").replace(")", " ) ").split()
    reader = _Reader(tokens, answer_of)
    found = reader.either(0)
    if reader.rest:
        raise ExpressionError(f"{reader.rest[0]!r} is not expected there")
    return found


class _Reader:
    """Recursive descent: OR binds weakest, then AND, then WITH."""

    def __init__(self, tokens: list[str], answer_of: Callable[[str], Answer]) -> None:
        self.rest = tokens
        self._answer_of = answer_of

    def either(self, depth: int) -> Answer:
        answers = [self._all(depth)]
        while self._take("OR"):
            answers.append(self._all(depth))
        return min(answers, key=_ORDER.index)

    def _all(self, depth: int) -> Answer:
        answers = [self._one(depth)]
        while self._take("AND"):
            answers.append(self._one(depth))
        return max(answers, key=_ORDER.index)

    def _one(self, depth: int) -> Answer:
        if depth > _DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        if self._take("("):
            found = self.either(depth + 1)
            if not self._take(")"):
                raise ExpressionError("a bracket is not closed")
            return found
        name = self._name()
        if self._take("WITH"):
            name = f"{name} WITH {self._name()}"
        return self._answer_of(name)

    def _name(self) -> str:
        if not self.rest or self.rest[0] in ("(", ")") or self.rest[0].upper() in _WORDS:
            raise ExpressionError("a licence is missing")
        return self.rest.pop(0)

    def _take(self, word: str) -> bool:
        if self.rest and self.rest[0].upper() == word:
            self.rest.pop(0)
            return True
        return False


_WORDS = ("OR", "AND", "WITH")
