"""The rules about the supply chain: names, locks, hashes, and code that runs when installing."""

from __future__ import annotations

from gatekeeper.explain.rules import Rule
from gatekeeper.model.finding import Severity


def _rule(rule: str, title: str, about: str, fix: str, severity: Severity) -> Rule:
    return Rule(f"dependencies/{rule}", title, about, fix, severity=severity)


SUPPLY_CHAIN: tuple[Rule, ...] = (
    _rule(
        "typosquat",
        "a name that passes for that of a well-known package",
        "The name is one slip away from that of a package which is installed far more often, and is"
        " not well known itself. Malicious packages are often called so. How sure that is, is the"
        " finding's confidence: swapped letters and characters that look alike are hardly an"
        " accident, a prefix such as `python-` often is.",
        "correct the name; if it is meant, waive the finding for that package with the reason",
        "high",
    ),
    _rule(
        "missing-hash",
        "a dependency without a hash",
        "Nothing says what its files have to be, so whoever serves them decides. pip installs"
        " nothing at all from a requirements file in which only some entries have a hash.",
        "make the file anew with hashes: `uv pip compile --generate-hashes`, or lock again",
        "medium",
    ),
    _rule(
        "lock-mismatch",
        "a lock that is not that of its manifest",
        "The manifest asks for something that the lock lacks, holds in a version that does not fit,"
        " or takes from elsewhere; or the lock holds as the project's own what no manifest asks"
        " for. What is reviewed is then not what is installed.",
        "lock anew with the tool that wrote the lock, and look at what changes",
        "medium",
    ),
    _rule(
        "lock-stale",
        "a lock that is older than its manifest",
        "The manifest has changed since: by the digest that the lock of poetry, pdm or pipenv"
        " states, or by the demands that uv's was made for. What is locked still fits.",
        "lock anew with the tool that wrote the lock",
        "low",
    ),
    _rule(
        "dependency-confusion",
        "a private name that is public as well",
        "The package comes from an index of one's own, and a public index that is asked as well has"
        " one of that name; or a package that the policy calls one's own comes from a public index."
        " Anybody can publish under a public name, with a higher version than yours.",
        "bind the name to its index, have one index serve both, or register the name",
        "high",
    ),
    _rule(
        "hash-mismatch",
        "hashes that the index does not know",
        "A hash in the lock is that of no file that the index has of this version. The lock was changed"
        " by hand, the files are not those that were published, or one was taken away since.",
        "lock anew, and find out where these hashes come from",
        "high",
    ),
    _rule(
        "yanked",
        "a version that was withdrawn",
        "Its publisher has yanked it (PEP 592): it is broken, or worse. It is still installed where"
        " it is pinned.",
        "choose another version",
        "medium",
    ),
    _rule(
        "too-new",
        "a version that has not been out for long",
        "It was uploaded fewer days ago than `scanners.dependencies.minimum_release_age_days` wants."
        " Releases by thieves of accounts are mostly found within days.",
        "wait, or take an older version; waive it where a new version repairs something urgent",
        "medium",
    ),
    _rule(
        "startup-code",
        "a package that runs code whenever Python starts",
        "A wheel has a `.pth` file with code, or a `sitecustomize` or `usercustomize`. Python runs it"
        " in every process of the environment, whether or not anybody imports the package. A few"
        " tools for tests and coverage need that; stolen releases have used it to take secrets.",
        "look at the code before anything installs this version",
        "high",
    ),
    _rule(
        "build-code",
        "a package whose build does more than to pack",
        "Only sources of it can be installed, and its setup.py reaches for the network, hides code,"
        " or starts programs; or it brings its own build backend, or npm runs a script of it.",
        "look at the code, or take a version or a package that has a wheel",
        "medium",
    ),
    _rule(
        "install-code",
        "a dependency that runs code when it is installed",
        "It has an install script of npm, or is built from source for want of a wheel."
        " That code runs on every machine that installs it, before anybody imports it.",
        "look at that code, install with `--ignore-scripts` or `--only-binary :all:` where that is"
        " possible, or take another package",
        "low",
    ),
)
