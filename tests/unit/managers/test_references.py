"""Where references stand, and how they are changed without a byte of anything else."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.reference_edits import Change, edited
from gatekeeper.managers.references import References, manager_of, references

CI = ".github/workflows/ci.yml"
SHA, NEW = "b4ffde65f46336ab88eb53be808477a3936bae11", "11bd71901bbe5b1630ceea73d27597364c9af683"


def step(row: str) -> str:
    return f"jobs:\n  a:\n    steps:\n      - {row}\n        name: b\n"


def found(text: str, path: str = CI) -> References:
    return references(path, text.encode())


def change(text: str, name: str = "v4.2.1", path: str = CI, mark: str = "") -> str:
    """The text with every reference pinned."""
    here = found(text, path)
    assert here.problems == ()
    changes = {it.start: Change(NEW, name) for it in here.found}
    return edited(text.encode(), here, changes, mark).decode()


def test_files() -> None:
    assert manager_of(CI)
    assert manager_of("a/action.yaml")
    assert manager_of(".pre-commit-config.yaml")
    assert manager_of("Dockerfile") is None
    assert [it.message for it in references("Dockerfile", b"").problems] == [
        "no such file is known"
    ]


def test_every_place_where_something_is_used() -> None:
    here = found(
        "jobs:\n"
        "  a: {uses: o/r/.github/workflows/w.yml@main}\n"
        "  b:\n"
        "    container: node:20\n"
        "    steps:\n"
        f"      - uses: 'a/b@{SHA}' # v1.0.0\n"
        "      - uses: ./local\n"
        "      - uses: docker://alpine:3\n"
        "      - run: echo uses c/d@v1\n"
        "      - uses:\n"
        '          "e/f@v2"\n'
    )

    assert [(it.line, it.dependency.display, it.dependency.requirement) for it in here.found] == [
        (2, "o/r/.github/workflows/w.yml", "main"),
        (6, "a/b", SHA),
        (11, "e/f", "v2"),
    ]
    assert here.images == 2
    assert [here.text[it.start : it.end] for it in here.found] == ["main", SHA, "v2"]


def test_a_composite_action() -> None:
    here = found("runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n", "sub/action.yml")

    assert [it.dependency.name for it in here.found] == ["a/b"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("uses: a/b@v4", f"uses: a/b@{NEW} # v4.2.1"),
        ("uses: a/b@v4   ", f"uses: a/b@{NEW} # v4.2.1"),
        ("uses: 'a/b@v4'", f"uses: 'a/b@{NEW}' # v4.2.1"),
        ('"uses":   "a/b/c@v4"', f'"uses":   "a/b/c@{NEW}" # v4.2.1'),
        ("uses: a/b@v4 # v4", f"uses: a/b@{NEW} # v4.2.1"),
        ("uses: a/b@v4   #v4", f"uses: a/b@{NEW}   #v4.2.1"),
        ("uses: a/b@v4 # tag=v3", f"uses: a/b@{NEW} # tag=v4.2.1"),
        ("uses: a/b@v4 # ratchet:a/b@v4", f"uses: a/b@{NEW} # ratchet:a/b@v4.2.1"),
        ("uses: a/b@v4 # zizmor: ignore[x]", f"uses: a/b@{NEW} # v4.2.1 # zizmor: ignore[x]"),
        ("uses: a/b@v4 # v3 is broken", f"uses: a/b@{NEW} # v4.2.1 # v3 is broken"),
        ("uses: a/b@v4 # v4, see #7", f"uses: a/b@{NEW} # v4.2.1, see #7"),
        ("uses: a/b@main # main", f"uses: a/b@{NEW} # v4.2.1"),
        (f"uses: a/b@{SHA} # v4", f"uses: a/b@{NEW} # v4.2.1"),
        (f"uses: a/b@{SHA}", f"uses: a/b@{NEW} # v4.2.1"),
    ],
)
def test_the_comment_names_the_version_and_keeps_what_else_it_says(before: str, after: str) -> None:
    assert change(step(before)) == step(after)


def test_a_table_in_one_line_takes_a_comment_behind_it() -> None:
    text = "jobs:\n  a:\n    steps:\n      - {uses: a/b@v4, with: {c: d}}\n      - run: x\n"

    assert change(text) == text.replace("v4, with: {c: d}}", f"{NEW}, with: {{c: d}}}} # v4.2.1")


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + step("uses: a/b@v4 # v4").replace("\n", "\r\n")

    assert change(text) == text.replace("a/b@v4 # v4", f"a/b@{NEW} # v4.2.1")


def test_without_a_line_break_at_the_end() -> None:
    assert change("runs:\n  steps:\n  - uses: a/b@v4", path="action.yml").endswith(
        f"a/b@{NEW} # v4.2.1"
    )


def test_pre_commit() -> None:
    text = "repos:\n  - repo: local\n    hooks: []\n  - repo: https://github.com/a/b\n    rev: v1.0.0\n"
    path = ".pre-commit-config.yaml"

    once = change(text, path=path, mark="frozen: ")

    assert once == text.replace("rev: v1.0.0", f"rev: {NEW} # frozen: v4.2.1")
    assert change(once, path=path, mark="frozen: ") == once


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (step("uses: >-\n          a/b@v4"), 4, "not in one line"),
        (step("uses: é/b c@v4"), 4, "is not understood"),
        (step('uses: "a/b@v\\x34"'), 4, "not in one line"),
        ("jobs:\n  a: &a\n    steps: [{uses: a/b@v1}]\n  b: *a\n", 3, "an alias repeats this"),
        ("jobs:\n  a:\n    steps: [{uses: a/b@v1}, {uses: c/d@v2}]\n", 3, "two references"),
        (
            "x: &x {uses: a/b@v1}\njobs:\n  a:\n    steps:\n      - <<: *x\n",
            0,
            "cannot be edited",
        ),
        ("jobs:\n  a:\n    steps:\n      - uses: what is this\n", 4, "is not understood"),
        ("jobs: [\n", 0, "not valid YAML"),
        ("jobs:\n<<<<<<< HEAD\n", 2, "merge conflict"),
    ],
)
def test_what_cannot_be_edited_is_told(text: str, line: int, says: str) -> None:
    here = found(text)

    assert here.found == ()
    assert says in here.problems[0].message
    assert not line or here.problems[0].place.line == line


def test_a_comment_that_would_be_a_part_of_a_text_is_none() -> None:
    text = 'jobs:\n  a:\n    steps:\n      - {uses: a/b@v4, name: "one\n          two"}\n'
    here = found(text)

    with pytest.raises(UnreadableError, match="a comment has no place in this line"):
        edited(text.encode(), here, {here.found[0].start: Change(NEW, "v4.2.1")})


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(("uses: a/b@v4", "uses: 'c/d@main'", f'uses: "e/f@{SHA}"', "run: uses")),
        st.sampled_from(("", "  ", " # v4", " #", " # é v1.2 é", " # main", "\t# x # y")),
        _WORDS.map(lambda it: "" if not it.isprintable() else f" # {it}"),
    ),
    max_size=6,
)


@given(_ROWS, st.booleans(), st.sampled_from(("v4.2.1", "main", "")))
def test_nothing_else_changes_and_a_second_time_changes_nothing(
    rows: list[tuple[str, str, str]], windows: bool, name: str
) -> None:
    text = "jobs:\n  a:\n    steps:\n" + "".join(
        f"      - {row}{space}{more if space.startswith(' #') or not space else ''}\n"
        for row, space, more in rows
    )
    text = text.replace("\n", "\r\n") if windows else text
    here = found(text)
    assert here.problems == ()

    once = change(text, name)

    assert change(once, name) == once
    before, after = text.split("\n"), once.split("\n")
    assert len(before) == len(after)
    lines = {it.line for it in here.found}
    for number, (one, other) in enumerate(zip(before, after, strict=True), 1):
        if number in lines:
            assert other.partition("@")[0] == one.partition("@")[0]
            assert other.endswith("\r") == one.endswith("\r")
        else:
            assert other == one
    then, now = (yaml.load(it, yaml.CSafeLoader) for it in (text, once))
    for a, b in zip(then["jobs"]["a"]["steps"] or [], now["jobs"]["a"]["steps"] or [], strict=True):
        assert a.keys() == b.keys()
        assert "uses" not in b or b["uses"] == a["uses"].partition("@")[0] + f"@{NEW}"
