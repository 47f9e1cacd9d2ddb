"""The history of real repositories, read by a scanner that finds lines with `bad`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatekeeper.adapters.cache import SqliteCache
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_history import GitHistory
from gatekeeper.adapters.progress import SilentProgress
from gatekeeper.config.load import load
from gatekeeper.model.finding import Finding
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline import history
from gatekeeper.pipeline.history import Asked, HistoryScan
from gatekeeper.pipeline.history_report import history_report
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.interface import Batch, Scanned
from tests.fakes.checking import Bench, Reader, Versions
from tests.fakes.repo import Repo


class Stopping(Reader):
    """Is interrupted once it has read so many files."""

    left = 3

    def scan(self, batch: Batch) -> Scanned:
        self.left -= len(batch.paths)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().scan(batch)


def reader(kind: type[Reader] = Reader) -> Reader:
    return kind(id="kingfisher", gate="secrets", suffix="", layout="flat", size_limited=False)


@dataclass
class Place:
    """A repository, and what is remembered about it between runs."""

    repo: Repo
    cache: Path
    settings: str = "preset: standard\n"

    def run(
        self, scanner: Reader | None = None, *, since: str = "", most: int = 1 << 20, jobs: int = 1
    ) -> Outcome:
        """One run; the scanner tells afterwards what it was given."""
        self.scanner = scanner or reader()
        loaded = load(lambda path: self.settings.encode() if path == "gatekeeper.yml" else None)
        means = Bench(Versions({}, {}), [self.scanner]).check().services.means
        means = msgspec.structs.replace(means, root=str(self.repo.root), config=loaded.config)
        repository = GitRepository(str(self.repo.root))
        cache = SqliteCache(str(self.cache))
        try:
            return HistoryScan(
                Asked(repository.resolve(since) if since else "", most, jobs),
                GitHistory(repository), self.scanner, loaded, means, cache, SilentProgress(),
            ).outcome()  # fmt: skip
        finally:
            means.workspaces.close()
            cache.close()

    def ran(self, scanner: Reader | None = None, **more: Any) -> Ran:
        outcome = self.run(scanner, **more)
        assert isinstance(outcome, Ran), outcome
        return outcome

    @property
    def read(self) -> int:
        """How many blobs the last run read."""
        return len(self.scanner.seen)


@pytest.fixture
def place(repo: Repo, tmp_path: Path) -> Place:
    return Place(repo, tmp_path / "results")


def shown(ran: Ran) -> list[tuple[str, int, str]]:
    """Path, line, and the line itself."""
    return [(it.path, it.line, it.message.partition(";")[0]) for it in ran.findings]


def test_what_was_deleted_is_found_where_it_came_in(place: Place) -> None:
    repo = place.repo
    repo.commit(readme="nothing\n")
    first = repo.commit(old="x\nbad one\n")
    repo.git("mv", "old", "new")
    repo.commit("renamed", new="x\ny\nbad one\n")
    repo.git("rm", "-q", "new")
    repo.commit("removed")

    (finding,) = place.ran().findings

    assert (finding.path, finding.line) == ("old", 2)
    came = finding.introduced
    assert came is not None
    assert (came.commit, came.date, came.versions, came.current) == (
        first, "2026-01-02T03:04:05+00:00", 2, False,
    )  # fmt: skip
    assert came.blob == repo.git("rev-parse", f"{first}:old")
    assert f"since commit {first[:12]} of 2026-01-02, in 2 versions, no longer in HEAD" in (
        finding.message
    )


def test_what_is_still_there_is_called_so(place: Place) -> None:
    place.repo.commit(a="bad one\n")

    (finding,) = place.ran().findings

    assert finding.introduced is not None
    assert finding.introduced.current
    assert finding.message.endswith("still in HEAD")


def test_the_second_run_reads_nothing_and_says_the_same(place: Place) -> None:
    for number in range(4):
        place.repo.commit(**{"a": f"bad {number}\n", f"b{number}": "good\n"})
    first = place.ran()
    assert place.read == 5

    again = place.ran()

    assert place.read == 0
    assert (again.findings, again.unchecked) == (first.findings, first.unchecked)
    assert len(again.findings) == 4


def test_only_what_came_in_since_is_read(place: Place) -> None:
    place.repo.commit(a="bad one\n", b="good\n")
    place.ran()
    place.repo.commit(b="bad two\n")

    ran = place.ran()

    assert place.read == 1
    assert shown(ran) == [("a", 1, "bad one"), ("b", 1, "bad two")]
    assert ran.scanned_files == 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_interrupted_run_goes_on_where_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(history, "_MOST_BLOBS", 1)
    for number in range(6):
        place.repo.commit(a=f"bad {number}\n")

    with pytest.raises(KeyboardInterrupt):
        place.run(reader(Stopping), jobs=jobs)
    before = place.read
    ran = place.ran(jobs=jobs)

    assert before == 3
    assert place.read == 3
    assert sorted(it[2] for it in shown(ran)) == [f"bad {number}" for number in range(6)]


def test_without_a_cache_everything_is_read_again(place: Place) -> None:
    place.repo.commit(a="bad one\n")
    place.ran()
    (place.cache / "results-1.sqlite3").unlink()

    assert len(place.ran().findings) == 1
    assert place.read == 1


def test_a_damaged_memory_is_no_answer(place: Place) -> None:
    place.repo.commit(a="bad one\n")
    place.ran()
    cache = SqliteCache(str(place.cache))
    rows = cache._database.execute("select key from results").fetchall()
    cache.put_many({key: b"\xc1" for (key,) in rows})
    cache.close()

    assert len(place.ran().findings) == 1
    assert place.read == 1


def test_since_leaves_out_what_was_there(place: Place) -> None:
    place.repo.commit(a="bad one\n")
    place.repo.git("tag", "v1")
    place.repo.commit(a="bad two\n")

    assert shown(place.ran(since="v1")) == [("a", 1, "bad two")]
    assert len(place.ran().findings) == 2


def test_what_no_ref_leads_to_any_more_is_not_told(place: Place) -> None:
    place.repo.commit(a="good\n")
    place.repo.branch("other")
    place.repo.commit(b="bad one\n")
    place.repo.git("checkout", "-q", "main")
    assert len(place.ran().findings) == 1

    place.repo.git("branch", "-D", "other")

    assert place.ran().findings == ()


def test_every_ref_counts(place: Place) -> None:
    repo = place.repo
    repo.commit(a="good\n")
    repo.write("a", "bad stash\n")
    repo.git("stash")
    blob = repo.git("hash-object", "-w", str(repo.write("x", "bad tag\n")))
    (repo.root / "x").unlink()
    repo.git("tag", "loose", blob)
    repo.git("notes", "add", "-m", "bad note")

    ran = place.ran()

    assert {it[2] for it in shown(ran)} == {"bad stash", "bad tag", "bad note"}
    (loose,) = (it for it in ran.findings if "bad tag" in it.message)
    assert f"in blob {blob[:12]}, which is in no commit" in loose.message


def test_what_a_merge_brings_in_is_its_own(place: Place) -> None:
    repo = place.repo
    repo.commit(a="one\n")
    repo.branch("side")
    repo.commit(a="two\n")
    repo.git("checkout", "-q", "main")
    repo.commit(a="three\n")
    repo.git("merge", "side", check=False)
    merge = repo.commit("merge", a="bad merge\n")

    (finding,) = place.ran().findings

    assert finding.introduced is not None
    assert finding.introduced.commit == merge


def test_excluded_paths_do_not_count(place: Place) -> None:
    place.settings = "preset: standard\nexclude: [old/]\n"
    place.repo.write("old/a", "bad one\n")
    place.repo.write("old/b", "bad two\n")
    place.repo.commit()
    place.repo.git("mv", "old/b", "b")
    place.repo.commit()

    assert shown(place.ran()) == [("b", 1, "bad two")]


def test_odd_names(place: Place) -> None:
    names = ("two\nlines", " blank ", "é", "-dash", "\x01one", ":colon", "bytes-\udcff")
    for name in names:
        place.repo.write(name, f"bad {names.index(name)}\n")
    place.repo.commit()

    ran = place.ran()

    assert sorted(it.path for it in ran.findings) == sorted(names)
    assert len(place.ran().findings) == len(names)


def test_what_is_too_large_is_named(place: Place) -> None:
    commit = place.repo.commit(a="bad " * 1000, b="bad one\n")

    ran = place.ran(most=100)

    (unchecked,) = ran.unchecked
    assert (unchecked.path, unchecked.reason) == ("a", "too-large")
    assert place.repo.git("rev-parse", f"{commit}:a")[:12] in unchecked.message
    assert shown(ran) == [("b", 1, "bad one")]
    assert place.ran(most=100).unchecked == ran.unchecked
    assert place.ran().unchecked == ()


def test_what_git_has_lost_is_named(place: Place) -> None:
    repo = place.repo
    commit = repo.commit(a="bad one\n", b="bad two\n")
    blob = repo.git("rev-parse", f"{commit}:a")
    (repo.root / ".git/objects" / blob[:2] / blob[2:]).unlink()

    ran = place.ran()

    assert [(it.path, it.reason, it.message) for it in ran.unchecked] == [
        ("a", "unreadable", f"blob {blob[:12]}: git has lost its content")
    ]
    assert shown(ran) == [("b", 1, "bad two")]


def test_a_shallow_clone_is_not_all(place: Place, tmp_path: Path) -> None:
    place.repo.commit(a="bad one\n")
    place.repo.commit(a="good\n")
    place.repo.git("clone", "-q", "--depth=1", f"file://{place.repo.root}", str(tmp_path / "c"))
    clone = Place(Repo(tmp_path / "c"), tmp_path / "other")

    ran = clone.ran()

    assert [(it.path, it.reason) for it in ran.unchecked] == [("", "unreadable")]
    clone.repo.git("fetch", "-q", "--unshallow")
    assert len(clone.ran().findings) == 1
    assert clone.ran().unchecked == ()


def test_a_repository_without_commits_has_no_history(place: Place) -> None:
    outcome = place.run()

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_a_scanner_that_is_off_does_not_run(place: Place) -> None:
    place.settings = "preset: standard\nscanners: {kingfisher: {enabled: false}}\n"
    place.repo.commit(a="bad one\n")

    outcome = place.run()

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "disabled"


class Refusing(Reader):
    """Says nothing usable about a batch with certain files in it."""

    def scan(self, batch: Batch) -> Scanned:
        if any("refused" in path for path in batch.paths):
            raise ToolError("tool-output-invalid", "looked at fewer files than it was given")
        return super().scan(batch)


def test_what_the_tool_passes_over_is_named_and_the_others_are_scanned(place: Place) -> None:
    for number in range(7):
        place.repo.write(f"a{number}", f"bad {number}\n")
    place.repo.write("refused", "bad archive\n")
    place.repo.commit()

    ran = place.ran(reader(Refusing))

    assert [(it.path, it.reason) for it in ran.unchecked] == [("refused", "not-reported")]
    assert len(ran.findings) == 7
    # It is tried again, and nothing else is.
    assert place.ran(reader(Refusing)).unchecked == ran.unchecked
    assert place.read == 0
    assert len(place.ran().findings) == 8


def test_a_tool_that_never_answers_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST_REFUSED", 2)
    for number in range(8):
        place.repo.write(f"refused{number}", f"bad {number}\n")
    place.repo.commit()

    outcome = place.run(reader(Refusing))

    assert isinstance(outcome, Failed)
    assert outcome.reason == "tool-output-invalid"


def test_a_tool_that_fails_is_no_clean_history(place: Place) -> None:
    place.repo.commit(a="crash\n")

    outcome = place.run()

    assert isinstance(outcome, Failed)
    assert outcome.reason == "tool-crashed"


def verdict(place: Place, outcome: Outcome, waivers: Sequence[Waiver] = ()) -> str:
    loaded = load(lambda path: place.settings.encode() if path == "gatekeeper.yml" else None)
    return history_report(
        outcome, reader(), loaded, waivers, "2026-01-02", tips=("a",), since="", tool="t",
        notes=(), seconds=0.0,
    ).verdict  # fmt: skip


def waiver(finding: Finding) -> Waiver:
    return Waiver(
        fingerprint=finding.fingerprint, rule="", paths=(), owner="me", reason="revoked",
        expires="never", source="waivers.yml:1",
    )  # fmt: skip


def test_it_is_judged_like_a_check(place: Place) -> None:
    place.repo.commit(a="bad one\n")
    found = place.ran()
    place.repo.commit(a="good\n", b="x" * 200)

    assert verdict(place, found) == "block"
    assert verdict(place, found, [waiver(found.findings[0])]) == "pass"
    assert verdict(place, place.ran(most=100), [waiver(found.findings[0])]) == "inconclusive"
    assert verdict(place, Failed("tool-crashed", "it crashed")) == "inconclusive"
