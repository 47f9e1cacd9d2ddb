"""The rules that are gatekeeper's own: what they mean and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.explain.own_supply_chain import SUPPLY_CHAIN
from gatekeeper.explain.rules import Rule
from gatekeeper.model.finding import Severity

_CONVENTION = "https://www.conventionalcommits.org/en/v1.0.0/"
_REWORD = "git commit --amend rewrites the last message, git rebase -i older ones"
_TYPES = "https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax"


def _commit(rule: str, about: str, fix: str = _REWORD) -> Rule:
    return Rule(f"commits/{rule}", "", about, fix, _CONVENTION, severity="medium")


def _size(rule: str, about: str, setting: str) -> Rule:
    fix = f"split the change up, or raise scanners.size.{setting} in gatekeeper.yml"
    return Rule(f"size/{rule}", "", about, fix, severity="medium")


def _coverage(rule: str, about: str, fix: str, severity: Severity = "high") -> Rule:
    return Rule(f"coverage/{rule}", "", about, fix, severity=severity)


def _license(rule: str, title: str, about: str, severity: Severity) -> Rule:
    fix = (
        "take another package, put the licence on a list of scanners.licenses, or write an"
        " exception with a reason there"
    )
    return Rule(f"licenses/{rule}", title, about, fix, severity=severity)


def _vex(rule: str, title: str, about: str, severity: Severity) -> Rule:
    fix = "correct the statement, make the document anew, or remove what no longer holds"
    return Rule(f"dependencies/vex-{rule}", title, about, fix, severity=severity)


def _pin(rule: str, title: str, about: str, severity: Severity) -> Rule:
    fix = (
        "look at what the commit does before it runs again; write the tag instead of the commit, and"
        " `gatekeeper pin` writes the tag's commit"
    )
    return Rule(f"action-pins/{rule}", title, about, fix, severity=severity)


def _ignored(scanner: str) -> Rule:
    return Rule(
        f"{scanner}/ignored",
        "an inline ignore",
        f"{scanner} does not tell what its inline ignores hide, so the comments themselves are"
        " listed. They block only where the gate says `require_reason: true` and they give none.",
        "write the reason behind the directive, or remove it",
    )


OWN: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "ruff-format/unformatted",
            "not laid out as the formatter would",
            "ruff's formatter would write these lines otherwise.",
            "ruff format PATH",
            "https://docs.astral.sh/ruff/formatter/",
            "# fmt: skip",
            "low",
        ),
        Rule(
            "workflow-schema/schema",
            "GitHub would refuse this file",
            "The workflow or action does not keep to GitHub's schema: a key is misspelt, missing,"
            " or of the wrong kind. GitHub then runs nothing, often without telling anybody.",
            "the message names the key and what is expected",
            _TYPES,
            severity="high",
        ),
        _pin(
            "impostor-commit",
            "a commit that is not the repository's own",
            "The commit lies on no branch and no tag of the action's repository. GitHub hands out the"
            " commits of forks under the name of the repository that was forked, so anybody can have"
            " made it.",
            "high",
        ),
        _pin(
            "version-mismatch",
            "a commit that is not the version its comment claims",
            "The commit belongs to the action's repository, and no tag of the version in the comment"
            " leads to it: somebody wrote the wrong one, or the tag was moved since.",
            "medium",
        ),
        _license(
            "denied",
            "a licence that the project does not want",
            "`scanners.licenses.deny` names the licence of this dependency.",
            "high",
        ),
        _license(
            "needs-review",
            "a licence that somebody has to look at",
            "No list of `scanners.licenses` allows or denies the licence of this dependency.",
            "medium",
        ),
        _license(
            "unknown",
            "a licence that nobody can tell",
            "Neither the lock file nor the installed package says under which licence it is, in"
            " words that SPDX knows.",
            "medium",
        ),
        _vex(
            "invalid",
            "a statement about exploitability that says nothing",
            "A document of `scanners.dependencies.vex` is missing, is neither OpenVEX nor CycloneDX,"
            " or a statement in it is not as the format wants it. It hides nothing.",
            "medium",
        ),
        _vex(
            "unmatched",
            "a statement about exploitability that fits nothing",
            "No dependency has that vulnerability, or not in that version: the package was updated"
            " or removed, or a name is misspelt.",
            "info",
        ),
        _vex(
            "refused",
            "a statement about exploitability that does not count",
            "It is older than `scanners.dependencies.vex_max_age_days` allows, does not say of when"
            " it is, or is about a malicious package, which always blocks.",
            "low",
        ),
        *SUPPLY_CHAIN,
        _commit("header", "The first line is not `type(scope)!: description`."),
        _commit("type", "The type is not one of scanners.commits.types."),
        _commit("scope", "The scope is empty, missing, or not one of scanners.commits.scopes."),
        _commit("subject-length", "The first line is too long to be read in lists of commits."),
        _commit("body-separator", "The line after the first has to be blank: tools take the first"
                " line for the subject."),
        _commit("breaking-footer", "A footer means `BREAKING CHANGE: description` and is written"
                " otherwise, so programs that make releases do not see it."),
        _commit("autosquash", "A `fixup!`, `squash!` or `amend!` commit is still there.",
                "git rebase -i --autosquash BASE"),
        _size("too-many-lines", "A change with so many lines is hardly reviewed well.",
              "max_changed_lines"),
        _size("too-many-files", "A change over so many files is hardly reviewed well.",
              "max_changed_files"),
        _coverage("diff-below", "Less of the statements that the change touches ran than"
                  " scanners.coverage.diff demands.", "test what `coverage/uncovered` names"),
        _coverage("total-below", "Less of all the code ran than scanners.coverage.total demands.",
                  "test more of it, or lower the demand on purpose"),
        _coverage("dropped", "The total is further below the base's than scanners.coverage.drop"
                  " allows.", "test what the change adds"),
        _coverage("uncovered", "The tests never ran these changed statements.",
                  "add a test that runs them", "low"),
        _coverage("partial-branch", "A changed line ran, and some way on from it was never taken.",
                  "add a test that takes the other way", "low"),
        _coverage("excluded", "The change takes code out of the measurement.",
                  "say in the review why it cannot be tested", "info"),
        *map(_ignored, ("mypy", "pyright", "basedpyright", "ty", "pyrefly", "vulture")),
    )
}  # fmt: skip
