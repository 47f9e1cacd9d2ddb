"""Reading what git prints, byte for byte."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.adapters.git_parse import (
    find_stage,
    has_unmerged,
    parse_hidden,
    parse_hunks,
    parse_log,
    parse_numstat,
    parse_raw_diff,
    parse_stage,
    parse_status,
    parse_tree,
    path_text,
)
from gatekeeper.model.tree import Commit, Delta, Entry, Hunk, LineCount, changed_ranges
from tests.fakes.repo import Repo

A = "a" * 40
B = "b" * 40
ZERO = "0" * 40
_PATHS = st.text(st.sampled_from("ab/\t \udcff"), min_size=1, max_size=4)


def test_a_path_that_is_no_utf8_can_be_turned_back() -> None:
    text = path_text(b"caf\xe9/\xff")

    assert text.encode("utf-8", "surrogateescape") == b"caf\xe9/\xff"


class TestIndexAndTree:
    def test_modes_and_blobs(self) -> None:
        records = (f"100755 {A} 0\trun me", f"120000 {B} 0\tlink", f"160000 {A} 0\tsub", "")
        raw = "\0".join(records).encode()

        assert parse_stage(raw) == {
            "run me": Entry("100755", A),
            "link": Entry("120000", B),
            "sub": Entry("160000", A),
        }

    def test_what_status_does_not_look_at_is_named(self) -> None:
        """Assumed unchanged (a small letter) or left out of a sparse checkout (S)."""
        tags = ("H", "h", "S", "s", "M")
        raw = "".join(f"{tag} 100644 {A} {int(tag == 'M')}\tS 1{tag}\0" for tag in tags).encode()

        assert parse_hidden(raw) == ["S 1h", "S 1S", "S 1s"]
        assert list(parse_stage(raw)) == ["S 1H", "S 1h", "S 1S", "S 1s"]

    def test_a_conflict_has_no_entry(self) -> None:
        raw = b"".join(f"100644 {A} {stage}\tf\0".encode() for stage in (1, 2, 3))

        assert parse_stage(raw) == {}
        assert has_unmerged(raw)
        assert not has_unmerged(b"")

    def test_tabs_and_newlines_belong_to_the_name(self) -> None:
        assert parse_tree(f"100644 blob {A}\ta\tb\nc\0".encode()) == {"a\tb\nc": Entry("100644", A)}

    @pytest.mark.parametrize("parse", [parse_stage, parse_tree])
    def test_nothing_is_nothing(self, parse: type) -> None:
        assert parse(b"") == {}


class TestRawDiff:
    def test_added_deleted_changed(self) -> None:
        raw = (
            f":000000 100644 {ZERO} {A} A\0new\0"
            f":100644 000000 {A} {ZERO} D\0old\0"
            f":100644 120000 {A} {B} T\0turned\0"
        ).encode()

        assert list(parse_raw_diff(raw)) == [
            Delta("new", None, Entry("100644", A)),
            Delta("old", Entry("100644", A), None),
            Delta("turned", Entry("100644", A), Entry("120000", B)),
        ]


class TestStatus:
    def test_only_what_differs_from_the_index_counts_as_changed(self) -> None:
        raw = (
            f"1 M. N... 100644 100644 100644 {A} {B} staged only\0"
            f"1 .M N... 100644 100644 100644 {A} {A} edited\0"
            f"1 MD N... 100644 100644 000000 {A} {B} gone\0"
            f"1 .A N... 000000 000000 100644 {ZERO} {ZERO} intended\0"
            f"u UU N... 100644 100644 100644 100644 {A} {B} {A} in conflict\0"
            "? new one\0? 1 .M odd\0"
        ).encode()

        assert parse_status(raw) == (
            ["edited", "gone", "intended", "in conflict"],
            ["new one", "1 .M odd"],
        )

    def test_headers_are_no_files(self) -> None:
        assert parse_status(b"# stash 1\0# branch.oid x\0") == ([], [])


class TestLog:
    def test_messages_are_whole_and_parents_counted(self) -> None:
        raw = f"{A}\n{B} {B}\nsubject\n\nbody\n\0{B}\n\n\n\0".encode()

        assert parse_log(raw) == [Commit(A, 2, "subject\n\nbody"), Commit(B, 0, "")]

    def test_an_undecodable_message_is_still_a_message(self) -> None:
        assert parse_log(f"{A}\n\n".encode() + b"caf\xe9") == [Commit(A, 0, "caf\ufffd")]


class TestNumstat:
    def test_renames_count_under_the_new_name_and_binary_files_as_unknown(self) -> None:
        raw = b"\0".join((b"3\t1\ta b", b"0\t0\t", b"old", b"new", b"-\t-\tlogo.png", b""))

        assert parse_numstat(raw) == [
            LineCount("a b", 3, 1),
            LineCount("new", 0, 0),
            LineCount("logo.png", -1, -1),
        ]

    def test_tabs_and_newlines_belong_to_the_name(self) -> None:
        assert parse_numstat(b"1\t0\ttab\tnew\nline\0") == [LineCount("tab\tnew\nline", 1, 0)]


LINES = st.lists(
    st.sampled_from(
        [b"a", b"b", b"c", b"", b"+++ b/f", b"--- a/f", b"@@ -1,2 +3,4 @@", b"\\ no", b"-x", b"+y",
         b"\ttab", b"cr\r", b"diff --git a/f b/f", b"\x0c", b"\xff"]
    ),
    max_size=14,
)  # fmt: skip


def literally_new(old: list[bytes], new: list[bytes], ranges: list[tuple[int, int]]) -> bool:
    """Whether taking the ranged lines out of `new` leaves lines that `old` has, in its order."""
    marked = {number for first, last in ranges for number in range(first, last + 1)}
    rest = [line for number, line in enumerate(new, 1) if number not in marked]
    at = 0
    for line in rest:
        while at < len(old) and old[at] != line:
            at += 1
        if at == len(old):
            return False
        at += 1
    return True


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo.create(tmp_path_factory.mktemp("hunks") / "repo")


class TestHunks:
    @settings(deadline=None, max_examples=25)
    @given(old=LINES, new=LINES, other=LINES, end=st.sampled_from([b"", b"\n"]))
    def test_agrees_with_a_slow_literal_computation(
        self, scratch: Repo, old: list[bytes], new: list[bytes], other: list[bytes], end: bytes
    ) -> None:
        """Two files at once, so that losing count in one would show in the other."""
        trees = []
        for first, second in ((old, other), (new, new)):
            content = b"\n".join(first) + end
            scratch.write("f", content)
            scratch.write("g", b"\n".join(second))
            scratch.git("add", "-A")
            trees.append(scratch.git("write-tree"))
        shown = raw_diff(scratch, *trees)

        changed = changed_ranges(parse_hunks(shown))

        head_f, head_g = git_lines(b"\n".join(new) + end), git_lines(b"\n".join(new))
        assert literally_new(git_lines(b"\n".join(old) + end), head_f, changed.get("f", []))
        assert literally_new(git_lines(b"\n".join(other)), head_g, changed.get("g", []))
        total = sum(last - first + 1 for ranges in changed.values() for first, last in ranges)
        assert total == added_lines(scratch, *trees)
        assert set(changed) <= {"f", "g"}

    def test_a_deleted_file_has_no_lines_left(self) -> None:
        raw = b"--- a/gone\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n"

        assert changed_ranges(parse_hunks(raw)) == {}

    def test_both_sides_are_told(self) -> None:
        raw = (
            b"--- a/old name\t\n+++ b/new\n@@ -1,2 +1 @@\n-a\n-b\n+c\n@@ -9 +7,0 @@\n-d\n"
            b"--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
        )

        assert parse_hunks(raw) == [
            Hunk("new", 1, 1, "old name", 1, 2),
            Hunk("new", 7, 0, "old name", 9, 1),
            Hunk("", 0, 0, "gone", 1, 1),
        ]

    def test_lines_that_only_went_are_no_range(self) -> None:
        assert changed_ranges(parse_hunks(b"--- a/f\n+++ b/f\n@@ -3,2 +2,0 @@\n-one\n-two\n")) == {
            "f": []
        }

    def test_a_count_of_one_is_left_out_by_git(self) -> None:
        assert changed_ranges(parse_hunks(b"--- a/f\n+++ b/f\n@@ -3 +3 @@ def f():\n-a\n+b\n")) == {
            "f": [(3, 3)]
        }

    def test_content_that_looks_like_a_header_is_content(self) -> None:
        raw = b"--- a/f\n+++ b/f\n@@ -1,0 +1,2 @@\n+++ b/evil\n+@@ -1 +1,900 @@\n"

        assert changed_ranges(parse_hunks(raw)) == {"f": [(1, 2)]}

    def test_removed_content_that_looks_like_a_header_is_content(self) -> None:
        raw = b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n--- a/evil\n+++ b/evil\n--- a/g\n+++ b/g\n@@ -0,0 +5 @@\n+x\n"

        assert changed_ranges(parse_hunks(raw)) == {"f": [(1, 1)], "g": [(5, 5)]}

    @pytest.mark.parametrize(
        ("line", "path"),
        [
            (b"+++ b/with space\t", "with space"),
            (b'+++ "b/tab\\there"', "tab\there"),
            (b'+++ "b/new\\nline"', "new\nline"),
            (b'+++ "b/quo\\"te"', 'quo"te'),
            (b'+++ "b/back\\\\slash"', "back\\slash"),
            (b'+++ "b/\\001"', "\x01"),
            (b'+++ "b/\\303\\251"', "\u00e9"),
            ("+++ b/\u00e9".encode(), "\u00e9"),
            ('+++ "b/\u00e9\\n"'.encode(), "\u00e9\n"),
            (b"+++ b/\xff", "\udcff"),
        ],
    )
    def test_odd_names(self, line: bytes, path: str) -> None:
        assert changed_ranges(
            parse_hunks(b"--- /dev/null\n" + line + b"\n@@ -0,0 +1 @@\n+x\n")
        ) == {path: [(1, 1)]}


def git_lines(content: bytes) -> list[bytes]:
    """Lines as git counts them: the last one differs when its newline is missing."""
    *whole, rest = content.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def raw_diff(repo: Repo, old: str, new: str) -> bytes:
    return subprocess.run(
        ["git", "-c", "core.quotepath=off", "diff", "--unified=0", "--text", old, new, "--"],
        cwd=repo.root,
        check=True,
        capture_output=True,
    ).stdout


def added_lines(repo: Repo, old: str, new: str) -> int:
    shown = repo.git("diff", "--numstat", "--text", old, new, "--")
    return sum(int(line.split("\t")[0]) for line in shown.splitlines())


@given(st.lists(_PATHS, unique=True, max_size=8), _PATHS)
def test_one_path_is_found_as_in_the_whole_list(paths: list[str], other: str) -> None:
    stages = ["0", "0", "2"]
    raw = "".join(
        f"H 100644 {number:040x} {stages[number % 3]}\t{path}\0"
        for number, path in enumerate(paths)
    ).encode("utf-8", "surrogateescape")
    whole = parse_stage(raw)
    for path in [*paths, other, f"a\t{other}"]:
        assert find_stage(raw, path) == whole.get(path)
