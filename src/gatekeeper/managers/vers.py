"""Version ranges as package addresses write them (`vers:pypi/>=1.0|<2.0`)."""

from __future__ import annotations

from urllib.parse import unquote

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.text.patterns import regex

_RANGE = regex(r"vers:([a-z][a-z0-9.+-]*)/(.+)")
_CONSTRAINT = regex(r"(<=|>=|!=|<|>|=)?([^<>=!~^|,\s*]+)")
_SCHEMES: dict[Ecosystem, frozenset[str]] = {
    "pypi": frozenset({"pypi"}),
    "npm": frozenset({"npm", "semver"}),
    "github-actions": frozenset({"githubactions", "github", "semver"}),
}
_MOST = 200


def read_vers(text: str, ecosystem: Ecosystem, line: int = 0) -> tuple[str, ...]:
    """Spans of which one has to hold, as in `>=1.0, <2.0`; none when every version is meant.

    Raises UnreadableError for what is no range of that ecosystem, or could be read in two ways.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise UnreadableError(
            f"{text[:120]!r} is no version range", line, "write it as in `vers:pypi/>=1.0|<2.0`"
        )
    if match[1] not in _SCHEMES.get(ecosystem, ()):
        raise UnreadableError(
            f"{text[:120]!r} is a range of {match[1]!r}, and the package is one of {ecosystem}",
            line,
        )
    if match[2].strip() == "*":
        return ()
    constraints = [_constraint(part, text, line) for part in match[2].split("|")]
    if len(constraints) > _MOST:
        raise UnreadableError(f"the range has more than {_MOST} parts", line)
    return _spans(constraints, text, line)


def _constraint(part: str, whole: str, line: int) -> tuple[str, str]:
    match = _CONSTRAINT.fullmatch(unquote(part).strip())
    if match is None:
        raise UnreadableError(f"{part[:60]!r} in {whole[:120]!r} is no comparison", line)
    return match[1] or "=", match[2]


def _spans(constraints: list[tuple[str, str]], whole: str, line: int) -> tuple[str, ...]:
    exact = [f"=={version}" for operator, version in constraints if operator == "="]
    without = [f"!={version}" for operator, version in constraints if operator == "!="]
    bounds = [it for it in constraints if it[0] not in ("=", "!=")]
    spans: list[list[str]] = []
    for operator, version in bounds:
        upper = operator.startswith("<")
        opened = bool(spans) and len(spans[-1]) == 1 and spans[-1][0].startswith(">")
        if upper and opened:
            spans[-1].append(f"{operator}{version}")
        elif (upper and spans) or (not upper and opened):
            raise UnreadableError(
                f"the bounds in {whole[:120]!r} do not alternate", line, "put them in order"
            )
        else:
            spans.append([f"{operator}{version}"])
    if without and not spans and not exact:
        spans.append([])
    return (*exact, *(", ".join((*span, *without)) for span in spans))
