"""Only new problems block, with every scanner that looks at files, and with the real tools.

A finding is new when the multiset of fingerprints at head has more of it than the one at the base.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.samples import SAMPLES, Sample
from tests.fakes.repo import Repo, Result

Files = Mapping[str, str | None]


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.scanner)
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


@pytest.fixture(scope="module")
def results(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests here: what many of them have in common is scanned once."""
    folder = tmp_path_factory.mktemp("results")
    for name in ("tools", "home"):
        (folder / name).symlink_to(tools / name)
    return folder


@pytest.fixture
def cache(results: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(results))
    return results


def put(repo: Repo, files: Files) -> None:
    """Write files and commit; None deletes."""
    for path, content in files.items():
        if content is None:
            (repo.root / path).unlink()
        else:
            repo.write(path, content)
    repo.commit()


def start(repo: Repo, sample: Sample, files: Files) -> None:
    """The default branch holds these files; what comes next happens on a branch."""
    put(repo, {**sample.support(), **files})
    repo.branch()


def check(repo: Repo, sample: Sample, *arguments: str) -> Result:
    return repo.check("--gate", sample.gate, *arguments)


def states(result: Result, sample: Sample) -> dict[str, int]:
    """How many of the scanner's findings are in which state; the scanner must have done its work."""
    status = {item["scanner"]: item["status"] for item in result.report["outcomes"]}
    assert status[sample.scanner] == "ran", result.report["outcomes"]
    found = [item for item in result.findings() if item["scanner"] == sample.scanner]
    return dict(Counter(item["state"] for item in found))


def paths(result: Result, state: str) -> list[str]:
    return sorted(item["path"] for item in result.findings(state))


def expect(result: Result, sample: Sample, *, new: int = 0, existing: int = 0) -> None:
    """Exactly so many findings, and the exit status that follows from them."""
    wanted = {"new": new, "existing": existing}
    assert states(result, sample) == {state: count for state, count in wanted.items() if count}
    assert result.status == (1 if new else 0), result.stderr
    assert result.report["verdict"] == ("block" if new else "pass")


def judge(repo: Repo, sample: Sample, before: Files, after: Files) -> Result:
    """The verdict on a branch that makes `after` out of `before`."""
    start(repo, sample, before)
    put(repo, after)
    return check(repo, sample)


def test_a_problem_whose_lines_shift_stays_old(repo: Repo, cache: Path, sample: Sample) -> None:
    before = sample.file(sample.clean, sample.bad, sample.clean, sample.long)
    after = sample.file(
        sample.clean, sample.clean, sample.clean, sample.bad,
        sample.clean, sample.clean, sample.long, sample.clean,
    )  # fmt: skip

    result = judge(repo, sample, {sample.path: before}, {sample.path: after})

    expect(result, sample, existing=2)


def test_a_renamed_file_brings_nothing_new(repo: Repo, cache: Path, sample: Sample) -> None:
    content = sample.file(sample.clean, sample.bad, sample.clean, sample.long)

    result = judge(repo, sample, {sample.path: content}, {sample.path: None, sample.other: content})

    expect(result, sample, existing=2)
    assert set(paths(result, "existing")) == {sample.other}


def test_a_file_renamed_and_edited_brings_only_the_edit(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    before = sample.file(sample.clean, sample.bad)
    after = sample.file(sample.clean, sample.clean, sample.bad, sample.clean, sample.changed)

    result = judge(repo, sample, {sample.path: before}, {sample.path: None, sample.other: after})

    expect(result, sample, new=1, existing=1)


def test_a_block_indented_further_stays_old(repo: Repo, cache: Path, sample: Sample) -> None:
    pieces = (sample.bad, sample.clean, sample.long)

    result = judge(
        repo,
        sample,
        {sample.path: sample.file(*pieces)},
        {sample.path: sample.file(*pieces, deep=True)},
    )

    expect(result, sample, existing=2)


def test_code_moved_to_another_file_stays_old(repo: Repo, cache: Path, sample: Sample) -> None:
    result = judge(
        repo,
        sample,
        {
            sample.path: sample.file(sample.clean, sample.bad, sample.clean),
            sample.other: sample.file(sample.clean),
        },
        {
            sample.path: sample.file(sample.clean, sample.clean),
            sample.other: sample.file(sample.clean, sample.clean, sample.bad),
        },
    )

    expect(result, sample, existing=1)
    assert paths(result, "existing") == [sample.other]


def test_code_copied_to_another_file_is_new_there(repo: Repo, cache: Path, sample: Sample) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.file(sample.clean, sample.bad)},
        {
            sample.path: sample.file(sample.bad, sample.clean),
            sample.other: sample.file(sample.clean, sample.bad),
        },
    )

    expect(result, sample, new=1, existing=1)


def test_the_same_problem_once_more_in_a_file_is_one_new_problem(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.file(sample.clean, sample.bad, sample.clean)},
        {sample.path: sample.file(sample.bad, sample.clean, sample.bad, sample.clean)},
    )

    expect(result, sample, new=1, existing=1)


def test_another_argument_makes_it_new(repo: Repo, cache: Path, sample: Sample) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.file(sample.clean, sample.bad, sample.clean)},
        {sample.path: sample.file(sample.clean, sample.changed, sample.clean)},
    )

    expect(result, sample, new=1)


def test_another_argument_on_a_later_line_makes_it_new(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.file(sample.clean, sample.bad, sample.clean, sample.long)},
        {sample.path: sample.file(sample.clean, sample.bad, sample.clean, sample.long_changed)},
    )

    expect(result, sample, new=1, existing=1)


def test_deleted_here_and_added_there_stays_old(repo: Repo, cache: Path, sample: Sample) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.file(sample.bad, sample.clean, sample.clean, sample.changed)},
        {sample.path: sample.file(sample.changed, sample.clean, sample.clean, sample.bad)},
    )

    expect(result, sample, existing=2)


def test_a_base_that_does_not_parse_excuses_nothing(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    result = judge(
        repo,
        sample,
        {sample.path: sample.unparseable},
        {sample.path: sample.file(sample.clean, sample.bad)},
    )

    expect(result, sample, new=1)


def test_what_stood_in_a_base_that_does_not_parse_was_never_judged(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    good = sample.file(sample.clean, sample.bad)

    result = judge(repo, sample, {sample.path: sample.unparseable + good}, {sample.path: good})

    # Only a tool that found it in the broken file, too, may call it old.
    known = int(sample.tolerant)
    expect(result, sample, new=1 - known, existing=known)


@pytest.mark.parametrize(
    "sample", [it for it in SAMPLES if it.unparseable], ids=lambda it: it.scanner
)
def test_a_file_that_no_longer_parses_never_passes(repo: Repo, cache: Path, sample: Sample) -> None:
    good = sample.file(sample.clean)

    result = judge(repo, sample, {sample.path: good}, {sample.path: sample.unparseable + good})

    assert result.status in (1, 3), result.stderr
    assert result.report["verdict"] in ("block", "inconclusive")


def test_a_merge_of_the_default_branch_brings_nothing_of_its_own(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    gap = [sample.clean] * 8
    start(repo, sample, {sample.path: sample.file(*gap)})
    put(repo, {sample.path: sample.file(sample.bad, *gap)})
    repo.git("checkout", "-q", "main")
    put(
        repo,
        {
            sample.path: sample.file(*gap, sample.changed),
            sample.other: sample.file(sample.clean, sample.long),
        },
    )
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "--no-edit", "main")

    result = check(repo, sample)

    expect(result, sample, new=1, existing=2)
    assert paths(result, "new") == [sample.path]


def test_a_rebase_changes_nothing_about_what_is_new(
    repo: Repo, cache: Path, sample: Sample
) -> None:
    gap = [sample.clean] * 8
    start(repo, sample, {sample.path: sample.file(*gap)})
    put(repo, {sample.path: sample.file(sample.bad, *gap)})
    put(repo, {"notes.txt": "a second commit\n"})
    repo.git("checkout", "-q", "main")
    put(
        repo,
        {
            sample.path: sample.file(*gap, sample.bad),
            sample.other: sample.file(sample.clean, sample.long),
        },
    )
    repo.git("checkout", "-q", "feature")
    repo.git("rebase", "-q", "main")

    result = check(repo, sample)

    expect(result, sample, new=1, existing=2)
    (new,) = result.findings("new")
    (old,) = (item for item in result.findings("existing") if item["path"] == sample.path)
    assert new["fingerprint"] == old["fingerprint"]
    assert new["line"] < old["line"]


def test_in_the_first_commit_everything_is_new(repo: Repo, cache: Path, sample: Sample) -> None:
    put(
        repo,
        {
            **sample.support(),
            sample.path: sample.file(sample.bad, sample.clean, sample.bad),
            sample.other: sample.file(sample.long),
        },
    )

    expect(check(repo, sample), sample, new=3)


@pytest.fixture
def shallow(repo: Repo, sample: Sample, tmp_path: Path) -> Repo:
    """A clone that holds nothing but the last of a branch's three commits."""
    start(repo, sample, {sample.path: sample.file(sample.clean, sample.bad)})
    put(repo, {sample.path: sample.file(sample.clean, sample.bad, sample.clean, sample.changed)})
    put(repo, {sample.other: sample.file(sample.clean)})
    put(repo, {"notes.txt": "a third commit\n"})
    repo.git("checkout", "-q", "main")
    put(repo, {"notes.txt": "the default branch goes on\n"})
    clone = tmp_path / "clone"
    repo.git(
        "clone", "-q", "--depth=1", "--branch=feature", repo.root.as_uri(), str(clone)
    )  # fmt: skip
    return Repo(clone)


def test_a_shallow_clone_fetches_the_base(shallow: Repo, cache: Path, sample: Sample) -> None:
    expect(check(shallow, sample), sample, new=1, existing=1)


def test_a_shallow_clone_that_cannot_fetch_the_base_never_passes(
    shallow: Repo, repo: Repo, cache: Path, sample: Sample
) -> None:
    def expect_inconclusive(*arguments: str) -> None:
        result = check(shallow, sample, *arguments)
        assert result.status == 3, result.stderr
        assert result.report["verdict"] == "inconclusive"
        assert [gate["reason_code"] for gate in result.report["gates"]] == ["base-unavailable"]
        assert result.findings() == []

    expect_inconclusive("--offline", "--base", "main")

    # One more commit does not say where the branch began either.
    shallow.git("fetch", "-q", "--depth=2", "origin", "feature")
    expect_inconclusive("--offline")

    shutil.rmtree(repo.root)
    expect_inconclusive()


def test_submodules_and_links_are_not_followed(
    repo: Repo, cache: Path, sample: Sample, tmp_path: Path
) -> None:
    bad = sample.file(sample.clean, sample.bad)
    name = Path(sample.path).name
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / name).write_text(bad)
    library = Repo.create(tmp_path / "library")
    put(library, {sample.path: bad, "action.yml": bad, "bad.py": bad})
    nested = {"nested/" + sample.path: bad}

    start(repo, sample, {sample.other: sample.file(sample.clean)})
    repo.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.root), "sub"
    )
    (repo.root / "folder").symlink_to(outside)
    (repo.root / sample.path).parent.mkdir(parents=True, exist_ok=True)
    (repo.root / sample.path).symlink_to(outside / name)
    (repo.root / Path(sample.other).parent / ("loop" + name)).symlink_to("loop" + name)
    repo.commit("links and a submodule")
    put(Repo.create(repo.root / "nested"), nested)

    expect(check(repo, sample), sample)

    put(repo, {sample.other: bad})
    result = check(repo, sample)
    expect(result, sample, new=1)
    assert paths(result, "new") == [sample.other]


def test_a_file_replaced_by_a_link_to_its_own_copy_outside_is_gone(
    repo: Repo, cache: Path, sample: Sample, tmp_path: Path
) -> None:
    bad = sample.file(sample.clean, sample.bad)
    outside = tmp_path / "outside"
    outside.write_text(bad)
    start(repo, sample, {sample.path: bad, sample.other: sample.file(sample.clean, sample.changed)})
    (repo.root / sample.path).unlink()
    (repo.root / sample.path).symlink_to(outside)

    result = check(repo, sample)

    expect(result, sample, existing=1)
    assert paths(result, "existing") == [sample.other]


MISTAKES = {
    "in-the-next-step": ("      - runs: echo misspelt\n", ""),
    "in-the-same-step": ("", "        nam: another\n"),
    "in-the-job": ("    timeout: 5\n", ""),
}


@pytest.mark.parametrize("where", MISTAKES)
def test_a_job_with_a_mistake_may_not_get_another(repo: Repo, cache: Path, where: str) -> None:
    """To the tool that checks the schema, all mistakes of a job are one."""
    (sample,) = (it for it in SAMPLES if it.scanner == "workflow-schema")
    before = sample.file("- uses: actions/cache@v4", "- run: echo clean", sample.bad)
    more, inside = MISTAKES[where]
    above, steps, below = before.partition("    steps:\n")
    job = more if where == "in-the-job" else ""
    step = more if where == "in-the-next-step" else ""

    result = judge(
        repo,
        sample,
        {sample.path: before},
        {sample.path: above + job + steps + below + inside + step},
    )

    expect(result, sample, new=1, existing=0 if inside else 1)
