"""The waiver file: findings that somebody accepts, with a reason and until a day."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gatekeeper.config.documents import Document, Path, decode, key_name, parse_yaml
from gatekeeper.config.load import Read
from gatekeeper.config.schema import WaiverRules
from gatekeeper.config.validate import validate
from gatekeeper.errors import ConfigError
from gatekeeper.model.waiver import Waiver
from gatekeeper.text.patterns import regex

WAIVER_FILE = ".gatekeeper/waivers.yml"
MISSPELT = ".gatekeeper/waivers.yaml"
MAX_YEARS = 10
MIN_REASON = 10
# Without it `$` would let a line break through.
_END = r"$(?!\n)"
_WORD = regex(r"[^\W\d_]{2,}")


class WaiverEntry(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One accepted problem, named by rule or by fingerprint."""

    rule: Annotated[
        Annotated[str, Meta(pattern=r"^[^\s/*?]+(/[^\s/*?]+)+" + _END)] | UnsetType,
        Meta(
            description="`scanner/rule`, as reports show it; no wildcards.", examples=["ruff/S105"]
        ),
    ] = UNSET
    fingerprint: Annotated[
        Annotated[str, Meta(pattern="^[0-9a-f]{32}" + _END)] | UnsetType,
        Meta(
            description="One finding's fingerprint: 32 hex digits, lower case.",
            examples=["0123456789abcdef0123456789abcdef"],
        ),
    ] = UNSET
    paths: Annotated[
        Annotated[
            tuple[str, ...],
            Meta(min_length=1, description="Only in files that match, written as in .gitignore."),
        ]
        | UnsetType,
        Meta(examples=[["tests/"]]),
    ] = UNSET
    package: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z-]+:[^\s@]+" + _END)] | UnsetType,
        Meta(
            description="Only about this dependency, as `ecosystem:name`.",
            examples=["pypi:django"],
        ),
    ] = UNSET
    versions: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType,
        Meta(
            description="Only these versions of `package`: comparisons that all hold.",
            examples=[">=4.2, <4.2.9"],
        ),
    ] = UNSET
    owner: Annotated[
        str, Meta(min_length=1, description="Who accepts it.", examples=["@security-team"])
    ]
    reason: Annotated[
        str, Meta(min_length=MIN_REASON, description="Why that is acceptable, in words.")
    ]
    expires: Annotated[
        str,
        Meta(
            pattern=r"^(never|[0-9]{4}-[0-9]{2}-[0-9]{2})" + _END,
            description="The last day on which it counts, or `never`.",
            examples=["2030-12-31", "never"],
        ),
    ]


# What the types cannot say is said in JSON Schema beside them.
_Entry = Annotated[
    WaiverEntry,
    Meta(extra_json_schema={"oneOf": [{"required": ["rule"]}, {"required": ["fingerprint"]}]}),
]


class WaiverFile(Struct, forbid_unknown_fields=True, frozen=True):
    """gatekeeper's waivers: .gatekeeper/waivers.yml."""

    waivers: Annotated[tuple[_Entry, ...], Meta(description="Accepted problems.")]
    version: Annotated[Literal[1], Meta(description="Version of this format.")] = 1


def load_waivers(read: Read, rules: WaiverRules, today: str) -> tuple[Waiver, ...]:
    """All waivers of this version, expired ones too; none when there is no file.

    `today` is an ISO date. Errors: ConfigError with file, line and key.
    """
    content = read(WAIVER_FILE)
    if content is None:
        if read(MISSPELT) is not None:
            remedy = f"rename it to {WAIVER_FILE}"
            raise ConfigError("this name is not read", where=MISSPELT, remedy=remedy)
        return ()
    document = parse_yaml(WAIVER_FILE, decode(WAIVER_FILE, content))
    entries = validate(document, WaiverFile).waivers
    return tuple(
        _waiver(document, index, entry, rules, today) for index, entry in enumerate(entries)
    )


def _waiver(
    document: Document, index: int, entry: WaiverEntry, rules: WaiverRules, today: str
) -> Waiver:
    path: Path = ("waivers", index)
    if (entry.rule is UNSET) == (entry.fingerprint is UNSET):
        found = "neither" if entry.rule is UNSET else "both"
        message = f"expected either `rule` or `fingerprint`, found {found}"
        raise _error(document, path, message)
    if not entry.owner.strip():
        raise _error(document, (*path, "owner"), "nobody is named", "name a person or a team")
    if len(entry.reason.strip()) < MIN_REASON or not _in_words(entry.reason):
        message = f"expected a reason in words, found {entry.reason!r}"
        raise _error(document, (*path, "reason"), message, "say why the problem is acceptable")
    _check_expiry(document, (*path, "expires"), entry.expires, rules, today)
    _check_package(document, path, entry)
    return Waiver(
        owner=entry.owner.strip(),
        reason=entry.reason.strip(),
        expires=entry.expires,
        rule=entry.rule or "",
        fingerprint=entry.fingerprint or "",
        paths=_paths(document, (*path, "paths"), entry.paths),
        source=document.where(path),
        package=entry.package or "",
        versions=entry.versions or "",
    )


def _check_package(document: Document, path: Path, entry: WaiverEntry) -> None:
    if entry.versions is UNSET:
        return
    if entry.package is UNSET:
        message = "versions of which package?"
        raise _error(document, (*path, "versions"), message, "add `package: ecosystem:name`")
    from gatekeeper.text.spans import comparisons

    try:
        comparisons(entry.versions)
    except ValueError as error:
        remedy = "write comparisons, such as `>=1.0, <2.0`"
        raise _error(document, (*path, "versions"), str(error), remedy) from None


def _in_words(reason: str) -> bool:
    """Two words or more, or one in a script that may not put blanks between words."""
    words = _WORD.findall(reason)
    return len(words) > 1 or (bool(words) and not words[0].isascii())


def _check_expiry(
    document: Document, path: Path, expires: str, rules: WaiverRules, today: str
) -> None:
    from datetime import date

    if expires == "never":
        if not rules.allow_never:
            message = "`never` is not allowed here (`waivers.allow_never` is false)"
            raise _error(document, path, message, "give the last day on which it counts")
        return
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        message = f"{expires} is not in the calendar"
        raise _error(document, path, message, "dates are YYYY-MM-DD") from None
    now = date.fromisoformat(today)
    if (day.year - MAX_YEARS, day.month, day.day) > (now.year, now.month, now.day):
        message = f"{expires} is more than {MAX_YEARS} years away"
        remedy = "write `never` when it is for good" if rules.allow_never else "choose a nearer day"
        raise _error(document, path, message, remedy)


def _paths(document: Document, path: Path, paths: tuple[str, ...] | UnsetType) -> tuple[str, ...]:
    from gatekeeper.config.checks import patterns_problem

    # Without paths every file is covered.
    if paths is UNSET:
        return ()
    if found := patterns_problem(paths):
        raise _error(document, (*path, found[0]), found[1], "patterns are written as in .gitignore")
    return paths


def _error(document: Document, path: Path, message: str, remedy: str = "") -> ConfigError:
    from gatekeeper.text.names import printable

    return ConfigError(
        printable(f"{key_name(path)}: {message}"), where=document.where(path), remedy=remedy
    )
