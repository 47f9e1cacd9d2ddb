"""Whether a licence is allowed, has to be looked at, or is denied."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from gatekeeper.config.license_options import LicensesOptions
from gatekeeper.licenses.expression import Answer, ExpressionError, judge
from gatekeeper.licenses.metadata import spelled

_ANSWERS: dict[str, Answer] = {"allow": "allowed", "review": "review", "deny": "denied"}


def answer(options: LicensesOptions, package: str, license_text: str) -> Answer:
    """For one package (`ecosystem:name`) and what it says its licence is; empty when it says nothing."""
    expression = spelled(license_text) if license_text else ""
    for exception in options.exceptions:
        if exception.package == package and (
            not exception.license or exception.license == expression or not expression
        ):
            return "allowed"
    if not expression:
        return _ANSWERS[options.unknown]

    def of(name: str) -> Answer:
        if _listed(options.deny, name):
            return "denied"
        if _listed(options.allow, name):
            return "allowed"
        return "review" if _listed(options.review, name) else _ANSWERS[options.otherwise]

    try:
        return judge(expression, of)
    except ExpressionError:
        return _ANSWERS[options.unknown]


def _listed(names: Iterable[str], name: str) -> bool:
    """By the whole name; a licence with an exception is not the licence without."""
    return any(fnmatchcase(name.lower(), listed.lower()) for listed in names)
