"""Conventional Commits 1.0.0 (https://www.conventionalcommits.org/en/v1.0.0/) over the change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gatekeeper.config.schema import CommitsOptions
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.tree import Commit
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import did_you_mean, plural, printable
from gatekeeper.text.patterns import regex

_FORM = "type(scope)!: description"
# The parts exclude each other's delimiters, so there is one way to match and no backtracking.
_HEADER = regex(r"(?P<type>[^\s():!]+)(?:\((?P<scope>[^()]*)\))?!?: \S.*", re.DOTALL)
_BREAKING = ("BREAKING CHANGE", "BREAKING-CHANGE")
_AUTOSQUASH = ("fixup! ", "squash! ", "amend! ")
_REVERTS = ('Revert "', 'Reapply "')
# Footers stand at the end, so a message of a million lines costs no more than a long one.
_FOOTER_LINES = 500
_LONGEST_TOKEN = 24


def lines_of(message: str) -> list[str]:
    """The message's lines from its header on; git passes over leading blank lines, too."""
    return [line.removesuffix("\r") for line in message.lstrip("\r\n").split("\n")]


def problems(message: str, options: CommitsOptions) -> Iterator[tuple[str, str]]:
    """The rules a commit message breaks, each once: the rule, and what was expected instead."""
    lines = lines_of(message)
    header = lines[0]
    if header.startswith(_AUTOSQUASH):
        word = header.partition(" ")[0]
        yield (
            "autosquash",
            f"{word} commits must be squashed before merging: git rebase --autosquash",
        )
        return
    if header.startswith(_REVERTS) and header.count('"') > 1:
        return
    match = _HEADER.fullmatch(header)
    if match is None:
        yield "header", f"{_why_no_header(header)}; expected {_FORM}"
    else:
        if problem := _type_problem(match["type"], options.types):
            yield "type", problem
        if problem := _scope_problem(match["scope"], options):
            yield "scope", problem
    if len(header) > options.max_subject_length:
        length = plural(len(header), "character")
        expected = f"expected at most {options.max_subject_length}"
        yield "subject-length", f"the first line has {length}, {expected}"
    if len(lines) > 1 and lines[1].strip():
        yield "body-separator", "expected a blank line between the first line and the body"
    if problem := _footer_problem(lines):
        yield "breaking-footer", problem


def _why_no_header(header: str) -> str:
    before, colon, after = header.partition(":")
    if not header.strip():
        return "the message is empty"
    if not colon:
        return "the first line has no type and colon"
    if not after.strip():
        return "the first line has no description"
    if before.strip() and (not after.startswith(" ") or after[1:2].isspace()):
        return "the colon is not followed by exactly one space"
    return "what stands before the colon is not a type with an optional (scope) and !"


def _type_problem(word: str, types: Sequence[str]) -> str:
    # The specification makes nothing case-sensitive but BREAKING CHANGE.
    if word.lower() in {known.lower() for known in types}:
        return ""
    return f"the type {_quoted(word)} is not allowed; {did_you_mean(word.lower(), types)}"


def _scope_problem(scope: str | None, options: CommitsOptions) -> str:
    if scope is None:
        if not options.require_scope:
            return ""
        return f"there is no scope, expected {_FORM}{_known(options.scopes)}"
    if not scope.strip():
        return f"the scope is empty, expected a name in the parentheses{_known(options.scopes)}"
    if not options.scopes or scope.lower() in {known.lower() for known in options.scopes}:
        return ""
    hint = did_you_mean(scope.lower(), options.scopes)
    return f"the scope {_quoted(scope)} is not allowed; {hint}"


def _known(scopes: Sequence[str]) -> str:
    return f"; {did_you_mean('', scopes)}" if scopes else ""


def _footer_problem(lines: Sequence[str]) -> str:
    """What is wrong with the first footer that means to announce a breaking change."""
    first = max(1, len(lines) - _FOOTER_LINES)
    for number in range(first, len(lines)):
        line = lines[number]
        token, colon, value = line[: _LONGEST_TOKEN + 1].partition(":")
        if line.startswith(_BREAKING) and token in _BREAKING and colon:
            if not value.startswith(" ") or not line[len(token) + 1 :].strip():
                return f"{token} needs a colon, a space and a description on the same line"
        elif line.startswith(_BREAKING) and not lines[number - 1].strip():
            # Only where a footer can start: wrapped prose may well begin with these words.
            return (
                f"{_quoted(line)} announces a breaking change,"
                " expected the form 'BREAKING CHANGE: description'"
            )
        elif colon and _means_breaking(token):
            return (
                f"the footer {_quoted(token)} is not recognised,"
                " expected 'BREAKING CHANGE' in capitals"
            )
    return ""


def _means_breaking(token: str) -> bool:
    """Whether a token that is not BREAKING CHANGE was surely meant to be."""
    if token[:1] not in ("b", "B") or token in _BREAKING:
        return False
    from difflib import SequenceMatcher

    word = token.lower().replace("-", " ").replace("_", " ").strip()
    return word == "breaking" or SequenceMatcher(None, "breaking change", word).ratio() >= 0.8


def _quoted(text: str, limit: int = 60) -> str:
    return f"'{text}'" if len(text) <= limit else f"'{text[:limit]}\u2026'"


def _finding(message: str, rule: str, text: str) -> RawFinding:
    return RawFinding(
        path="",
        rule=rule,
        message=printable(text),
        severity="medium",
        # Not the id: the finding stays the same when the commit is rebased.
        anchor=lines_of(message)[0] or "empty message",
    )


def draft_findings(message: str, options: CommitsOptions) -> list[RawFinding]:
    """What is wrong with a message before there is a commit.

    A commit that waits for `git rebase --autosquash` is as it should be at this point.
    """
    return [
        _finding(message, rule, problem)
        for rule, problem in problems(message, options)
        if rule != "autosquash"
    ]


def _commit_finding(commit: Commit, rule: str, problem: str) -> RawFinding:
    header = _quoted(lines_of(commit.message)[0])
    return _finding(commit.message, rule, f"commit {commit.id[:12]} {header}: {problem}")


class Commits:
    """Commit messages that are not Conventional Commits; merges and git's reverts are accepted."""

    id = "commits"
    gate: GateId = "commits"
    stage: Stage = "ci"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        if change.commits():
            return None
        return Skipped("nothing-changed", "the change has no commits")

    def plan(self, change: Change) -> str:
        return f"read {plural(len(change.commits()), 'commit message')}"

    def scan(self, change: Change) -> ChangeScanned:
        options = change.config.scanners.commits
        return ChangeScanned(
            new=[
                _commit_finding(commit, rule, problem)
                for commit in change.commits()
                if commit.parents <= 1
                for rule, problem in problems(commit.message, options)
            ]
        )
