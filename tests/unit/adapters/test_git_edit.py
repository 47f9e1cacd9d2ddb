"""Fixes go into the index, and into the working tree only where nothing unstaged is in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_edit import GitEditor
from gatekeeper.errors import RepositoryError
from gatekeeper.model.tree import Entry
from tests.fakes.repo import Repo


def always(there: bytes, merged: bytes) -> bool:
    return True


class Staged:
    """One file, staged with some content and lying in the working tree with another."""

    def __init__(self, repo: Repo, path: str = "a.txt") -> None:
        self.repo = repo
        self.path = path

    def fix(
        self, staged: bytes, there: bytes, fixed: bytes,
        accept: Callable[[bytes, bytes], bool] = always,
    ) -> str:  # fmt: skip
        self.repo.write(self.path, staged)
        self.repo.git("add", self.path)
        self.repo.write(self.path, there)
        repository = GitRepository(str(self.repo.root))
        entries = repository.index().entries()
        editor = GitEditor(repository)
        new, refused = editor.stage(entries, {self.path: fixed})
        assert refused == {}
        return editor.follow(self.path, entries[self.path], new[self.path], accept)

    @property
    def index(self) -> bytes:
        return GitRepository(str(self.repo.root)).index().read(self.path)

    @property
    def there(self) -> bytes:
        return (self.repo.root / self.path).read_bytes()


@pytest.fixture
def file(repo: Repo) -> Staged:
    return Staged(repo)


KEEP, CHANGE, DELETE, INSERT = "keep", "change", "delete", "insert"
DOING = st.sampled_from((KEEP, KEEP, KEEP, CHANGE, DELETE, INSERT))


def edited(who: str, doing: Sequence[str]) -> list[list[bytes]]:
    """What becomes of each line; no line is like any other."""
    return [
        {
            KEEP: [b"line %d\n" % number],
            CHANGE: [b"%s changed %d\n" % (who.encode(), number)],
            DELETE: [],
            INSERT: [b"line %d\n" % number, b"%s added %d\n" % (who.encode(), number)],
        }[what]
        for number, what in enumerate(doing)
    ]


def joined(parts: Sequence[Sequence[bytes]]) -> bytes:
    return b"".join(line for part in parts for line in part)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(both=st.lists(st.tuples(DOING, DOING), min_size=1, max_size=14))
def test_what_is_not_staged_stays_as_it_is(file: Staged, both: list[tuple[str, str]]) -> None:
    fixes, mine = [one for one, _ in both], [other for _, other in both]
    original = edited("", [KEEP] * len(both))
    by_tool, by_me = edited("fix", fixes), edited("mine", mine)
    together = joined(
        [
            theirs if own == line else own
            for line, theirs, own in zip(original, by_tool, by_me, strict=True)
        ]
    )
    before, fixed, there = joined(original), joined(by_tool), joined(by_me)

    why = file.fix(before, there, fixed)

    assert file.index == fixed
    if why:
        assert file.there == there
        near = [
            number
            for number, what in enumerate(mine)
            if what != KEEP and set(fixes[max(number - 1, 0) : number + 2]) != {KEEP}
        ]
        assert near, "nothing was in the way"
    else:
        assert file.there == together


def test_a_file_with_nothing_unstaged_says_what_is_staged(file: Staged) -> None:
    assert file.fix(b"one\n", b"one\n", b"two\n") == ""
    assert (file.index, file.there) == (b"two\n", b"two\n")
    assert file.repo.git("status", "--porcelain") == "A  a.txt"


def test_a_change_in_the_same_place_wins_in_the_working_tree(file: Staged) -> None:
    why = file.fix(b"one\n", b"mine\n", b"two\n")

    assert why == "has changes that are not staged in the same place"
    assert (file.index, file.there) == (b"two\n", b"mine\n")


def test_the_last_word_is_with_whoever_asked(file: Staged) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def refuse(there: bytes, merged: bytes) -> bool:
        seen.append((there, merged))
        return False

    why = file.fix(b"1\n2\n3\n4\n5\n", b"1\n2\n3\n4\nmine\n", b"fixed\n2\n3\n4\n5\n", refuse)

    assert why == "has changes that are not staged and do not go with it"
    assert seen == [(b"1\n2\n3\n4\nmine\n", b"fixed\n2\n3\n4\nmine\n")]
    assert file.there == b"1\n2\n3\n4\nmine\n"


def test_line_endings_are_those_of_the_working_tree(file: Staged) -> None:
    file.repo.commit(**{".gitattributes": "*.txt text eol=crlf\n"})

    assert file.fix(b"one\r\nsame\r\n", b"one\r\nsame\r\n", b"two\nsame\n") == ""

    assert (file.index, file.there) == (b"two\nsame\n", b"two\r\nsame\r\n")
    assert file.repo.git("status", "--porcelain") == "A  a.txt"


def test_a_file_that_is_gone_from_the_working_tree_stays_gone(file: Staged) -> None:
    file.repo.write("a.txt", "one\n")
    file.repo.git("add", "a.txt")
    (file.repo.root / "a.txt").unlink()
    repository = GitRepository(str(file.repo.root))
    entries = repository.index().entries()
    new, _ = GitEditor(repository).stage(entries, {"a.txt": b"two\n"})

    why = GitEditor(repository).follow("a.txt", entries["a.txt"], new["a.txt"], always)

    assert why == "is not there"
    assert file.repo.git("status", "--porcelain") == "AD a.txt"


def test_a_link_in_its_place_is_not_followed(file: Staged, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"one\n")
    file.repo.write("a.txt", "one\n")
    file.repo.git("add", "a.txt")
    repository = GitRepository(str(file.repo.root))
    entries = repository.index().entries()
    new, _ = GitEditor(repository).stage(entries, {"a.txt": b"two\n"})
    (file.repo.root / "a.txt").unlink()
    (file.repo.root / "a.txt").symlink_to(outside)

    why = GitEditor(repository).follow("a.txt", entries["a.txt"], new["a.txt"], always)

    assert why == "is reached through a link"
    assert outside.read_bytes() == b"one\n"


def test_what_was_staged_anew_is_not_overwritten(repo: Repo) -> None:
    repo.write("a.txt", "one\n")
    repo.write("b.txt", "one\n")
    repo.git("add", "-A")
    repository = GitRepository(str(repo.root))
    entries = repository.index().entries()
    repo.write("a.txt", "newer\n")
    repo.git("add", "-A")

    staged, refused = GitEditor(repository).stage(
        entries, {"a.txt": b"fixed\n", "b.txt": b"fixed\n", "c.txt": b"fixed\n"}
    )

    assert set(staged) == {"b.txt"}
    assert set(refused) == {"a.txt", "c.txt"}
    assert repo.git("show", ":a.txt") == "newer"


def test_modes_and_odd_names_are_kept(repo: Repo) -> None:
    name = "od d\n\u00e9\udcff.txt"
    repo.write(name, "one\n").chmod(0o755)
    repo.git("add", "-A")
    repository = GitRepository(str(repo.root))
    entries = repository.index().entries()

    staged, _ = GitEditor(repository).stage(entries, {name: b"two\n"})

    assert staged[name].mode == "100755"
    assert GitRepository(str(repo.root)).index().entries() == staged


def test_nothing_is_staged_while_another_git_command_holds_the_index(repo: Repo) -> None:
    repo.write("a.txt", "one\n")
    repo.git("add", "-A")
    repository = GitRepository(str(repo.root))
    entries: dict[str, Entry] = repository.index().entries()
    repo.write(".git/index.lock", "")

    with pytest.raises(RepositoryError, match=r"index\.lock"):
        GitEditor(repository).stage(entries, {"a.txt": b"two\n"})

    assert repo.git("show", ":a.txt") == "one"


def test_a_difference_is_unified_and_names_no_file(repo: Repo) -> None:
    editor = GitEditor(GitRepository(str(repo.root)))

    assert editor.diff(b"one\ntwo\n", b"one\n2") == (
        "@@ -1,2 +1,2 @@\n one\n-two\n+2\n\\ No newline at end of file\n"
    )
    assert editor.diff(b"same\n", b"same\n") == ""
