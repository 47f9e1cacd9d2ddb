"""Which commit messages are Conventional Commits, and what is said about the others."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.config.schema import CommitsOptions, Config, Scanners
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import Commit
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.commits import Commits, problems
from gatekeeper.scanners.interface import RawFinding
from tests.fakes.changes import FakeChange, scanned

DATA = Path(__file__).parents[2] / "data" / "commits"
SCANNER: ChangeScanner = Commits()
DEFAULT = CommitsOptions()


def rules(message: str, options: CommitsOptions = DEFAULT) -> list[str]:
    return [rule for rule, _ in problems(message, options)]


def scan(
    message: str, *, parents: int = 1, commit: str = "0123456789abcdef" * 2
) -> list[RawFinding]:
    change = FakeChange(history=[Commit(commit, parents, message)])
    return list(scanned(SCANNER, change).new)


@pytest.mark.parametrize(
    "message",
    [
        "feat: add parcels",
        "feat(api): add parcels",
        "feat!: drop fax",
        "feat(api)!: drop fax",
        "Feat: types are not case-sensitive",
        "fix: end with a period.",
        "fix: x\n\nbody\n\nReviewed-by: Z\nRefs: #123\n",
        "feat: x\n\nBREAKING CHANGE: the fax endpoint is gone",
        "feat: x\n\nBREAKING-CHANGE: the fax endpoint is gone",
        "feat: x\r\n\r\nbody\r\n",
        "\n\nfix: git passes over blank lines before the header",
        "docs: quote a colon: twice",
        "fix(a:b): colons in scopes",
        "docs: x\n\nThis explains how to write the\nBREAKING CHANGE footer.",
        "docs: x\n\nBuild: a word that is not breaking",
        'Revert "whatever it was"\n\nThis reverts commit 64a415b.',
        'Revert "feat: parcels" (#12)',
        'Reapply "feat: parcels"',
    ],
)
def test_accepts(message: str) -> None:
    assert rules(message) == []


@pytest.mark.parametrize(
    ("message", "broken"),
    [
        ("", ["header"]),
        ("Update readme", ["header"]),
        ("feat:", ["header"]),
        ("feat: ", ["header"]),
        ("feat:add", ["header"]),
        ("feat:  add", ["header"]),
        (": add", ["header"]),
        ("feat (api): add", ["header"]),
        ("feat(api: add", ["header"]),
        ("feat(a(b)): add", ["header"]),
        ("new feature: add", ["header"]),
        ("feet: add", ["type"]),
        ("feat(): add", ["scope"]),
        ("feat( ): add", ["scope"]),
        ("feat: " + "x" * 67, ["subject-length"]),
        ("feat: x\nbody", ["body-separator"]),
        ("feat: x\n\nbreaking change: gone", ["breaking-footer"]),
        ("feat: x\n\nBreaking-Change: gone", ["breaking-footer"]),
        ("feat: x\n\nBREAKING CHANGES: gone", ["breaking-footer"]),
        ("feat: x\n\nBREAKING: gone", ["breaking-footer"]),
        ("feat: x\n\nBRAEKING CHANGE: gone", ["breaking-footer"]),
        ("feat: x\n\nBREAKING CHANGE gone", ["breaking-footer"]),
        ("feat: x\n\nBREAKING CHANGE:gone", ["breaking-footer"]),
        ("feat: x\n\nBREAKING CHANGE:", ["breaking-footer"]),
        ("feat: x\n\nBREAKING CHANGE #12", ["breaking-footer"]),
        ("fixup! feat: x", ["autosquash"]),
        ("squash! feat: x", ["autosquash"]),
        ("amend! feat: x", ["autosquash"]),
        ("feet(): x\nbody", ["type", "scope", "body-separator"]),
        ("Revert the last change", ["header"]),
    ],
)
def test_each_broken_rule_is_told_once(message: str, broken: list[str]) -> None:
    assert rules(message) == broken


@pytest.mark.parametrize(
    ("message", "options", "broken"),
    [
        ("feat: x", CommitsOptions(require_scope=True), ["scope"]),
        ("feat(x): x", CommitsOptions(require_scope=True), []),
        ("feat: x", CommitsOptions(scopes=("api",)), []),
        ("feat(api): x", CommitsOptions(scopes=("api",)), []),
        ("feat(app): x", CommitsOptions(scopes=("api",)), ["scope"]),
        ("wip: x", CommitsOptions(types=("wip",)), []),
        ("feat: x", CommitsOptions(types=("wip",)), ["type"]),
        ("feat: 1234", CommitsOptions(max_subject_length=10), []),
        ("feat: 12345", CommitsOptions(max_subject_length=10), ["subject-length"]),
    ],
)
def test_options(message: str, options: CommitsOptions, broken: list[str]) -> None:
    assert rules(message, options) == broken


def test_merge_commits_are_accepted_whatever_they_say() -> None:
    assert scan("Merge branch 'side'", parents=2) == []
    assert scan("Merge branch 'side'", parents=1) != []


def test_message_names_the_commit_what_was_expected_and_the_nearest_name() -> None:
    (finding,) = scan("feet: accept parcels")
    assert finding.message.startswith("commit 0123456789ab 'feet: accept parcels': ")
    assert "did you mean 'feat'?" in finding.message
    assert (finding.path, finding.line, finding.severity) == ("", 0, "medium")


def test_a_rebase_keeps_the_identity() -> None:
    (before,) = scan("feet: accept parcels\n\nbody", commit="a" * 40)
    (after,) = scan("feet: accept parcels\n\nother body", commit="b" * 40)
    assert before.anchor == after.anchor == "feet: accept parcels"
    assert "aaaaaaaaaaaa" not in before.anchor


def test_hostile_text_cannot_reach_a_terminal() -> None:
    (finding,) = scan("\x1b[2Jfeat\u202e: \x07")
    assert finding.message.isprintable()


def test_a_huge_message_is_told_shortly() -> None:
    findings = scan("x" * 1_000_000 + "\n" + "bxxxxxxxx: y\n" * 200_000)
    assert all(len(finding.message) < 300 for finding in findings)


def test_nothing_to_judge_without_commits() -> None:
    skipped = SCANNER.prepare(FakeChange())
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "nothing-changed"
    assert SCANNER.prepare(FakeChange(history=[Commit("a" * 40, 1, "x")])) is None


def test_a_real_history() -> None:
    """Written by git: a root, a merge, a fixup, a revert and two careless messages."""
    history = msgspec.json.decode(
        (DATA / "history.json").read_bytes(), type=list[dict[str, object]]
    )
    change = FakeChange(
        config=Config(scanners=Scanners()),
        history=[msgspec.convert((x["id"], x["parents"], x["message"]), Commit) for x in history],
    )
    found = [(finding.rule, finding.anchor) for finding in scanned(SCANNER, change).new]
    assert found == [
        ("autosquash", "fixup! docs: say how to order"),
        ("header", "Update readme"),
        ("type", "feet: accept parcels"),
        ("body-separator", "feet: accept parcels"),
        ("breaking-footer", "feet: accept parcels"),
    ]


@given(st.text())
def test_no_text_makes_it_raise(message: str) -> None:
    for finding in scan(message):
        assert finding.message.isprintable()
        assert finding.anchor


@given(
    st.lists(
        st.sampled_from(
            ["feat", "(", ")", "!", ":", " ", "\n", "\r\n", "\n\n", "BREAKING", "breaking",
             "CHANGE", "-", "#", "x", '"', "Revert", "fixup!", "\x00", "\ud800"]
        )
    ).map("".join)
)  # fmt: skip
def test_no_text_shaped_like_a_commit_makes_it_raise(message: str) -> None:
    assert len(rules(message)) == len(set(rules(message)))
    assert all(finding.message.isprintable() for finding in scan(message))


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)


@given(
    kind=st.sampled_from(DEFAULT.types),
    scope=st.none() | WORDS.filter(lambda word: not set(word) & set("()")),
    breaking=st.booleans(),
    description=WORDS,
    body=st.none() | WORDS.map(lambda word: "The body says " + word),
)
def test_every_valid_header_is_accepted(
    kind: str, scope: str | None, breaking: bool, description: str, body: str | None
) -> None:
    header = (
        f"{kind}{'' if scope is None else f'({scope})'}{'!' if breaking else ''}: {description}"
    )
    message = header if body is None else f"{header}\n\n{body}"
    assert [rule for rule in rules(message) if rule != "subject-length"] == []
    assert rules(message, CommitsOptions(max_subject_length=500)) == []
