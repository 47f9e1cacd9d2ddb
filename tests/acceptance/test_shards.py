"""`check --shard`, `merge` and `plan --matrix`, with the real tools."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.fakes.repo import Repo

VARIABLE = re.compile(
    r'("(?:seconds|cached_files|scanned_files)": )[0-9.]+|\b[0-9.]+ s\b|(?<= )cached(?=\))'
)
BAD = "import hashlib, os, sys\nl = eval('1')\nassert l == None\nhashlib.md5(l)\n"
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n"


def fill(repo: Repo) -> None:
    """Problems for several scanners, on a branch and before; some of them only moved."""
    for path in ("one.py", "pkg/two.py", "ünïcode dir/three.py", "gone.py"):
        repo.write(path, BAD)
    repo.write("odd\nname\x1b[31m.py", BAD)
    repo.commit("old")
    repo.branch()
    repo.git("mv", "gone.py", "pkg/arrived.py")
    for path in ("four.py", "pkg/five.py"):
        repo.write(path, BAD)
    repo.write("broken.py", "def (:\n")
    repo.write(b"bytes-\xff.py".decode("utf-8", "surrogateescape"), BAD)
    repo.write(".github/workflows/ci.yml", WORKFLOW)
    repo.commit("new")


def shards(repo: Repo, folder: Path, count: int, *arguments: str) -> list[str]:
    files = [str(folder / f"{count}-{index}.json") for index in range(1, count + 1)]
    for index, path in enumerate(files, start=1):
        done = repo.gatekeeper(
            "check", "--shard", f"{index}/{count}", *arguments, "--format", "partial",
            "--output", path,
        )  # fmt: skip
        assert (done.status, done.stdout) == (0, ""), done.stderr
    return files


def reports(repo: Repo, folder: Path, *arguments: str) -> list[str]:
    """What the command says in every form, without how long it took."""
    folder.mkdir()
    outputs = [
        part for form in ("json", "sarif")
        for part in ("--format", form, "--output", str(folder / f"all.{form}"))
    ]  # fmt: skip
    done = repo.gatekeeper(*arguments, *outputs)
    assert done.status == 1, done.stderr
    files = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    assert len(files) == 2
    return [VARIABLE.sub(r"\1", text) for text in (done.stdout, *files)]


@pytest.mark.parametrize(("arguments", "counts"), [((), (2, 5)), (("--all",), (3,))])
def test_shards_give_the_reports_of_one_run(
    repo: Repo, cache: Path, tmp_path: Path, arguments: tuple[str, ...], counts: tuple[int, ...]
) -> None:
    fill(repo)
    whole = reports(repo, tmp_path / "whole", "check", *arguments)
    for count in counts:
        given = shards(repo, tmp_path, count, *arguments)

        merged = reports(repo, tmp_path / f"by {count}", "merge", *reversed(given), *arguments)

        assert merged == whole, count


def test_a_missing_shard_is_no_pass(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})
    first, second = shards(repo, tmp_path, 2, "--gate", "lint")

    done = repo.gatekeeper("merge", first, "--gate", "lint")

    assert (done.status, done.stdout) == (3, "")
    assert "no result of shard 2/2" in done.stderr
    assert repo.gatekeeper("merge", first, second, "--gate", "lint").status == 0
    assert "was asked something else" in repo.gatekeeper("merge", first, second).stderr
    assert repo.gatekeeper("merge", first, str(tmp_path / "nowhere")).status == 3


def test_a_shard_of_another_commit_is_refused(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})
    (only,) = shards(repo, tmp_path, 1, "--gate", "lint")
    repo.commit("two", **{"a.py": "x = 2\n"})

    done = repo.gatekeeper("merge", only, "--gate", "lint")

    assert done.status == 3
    assert "shard 1/1 looked at other files" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_matrix_is_for_from_json(repo: Repo, cache: Path) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})

    small = repo.gatekeeper("plan", "--matrix", "--gate", "lint")
    split = repo.gatekeeper("plan", "--matrix", "--max-shards", "1", "--gate", "lint")

    assert (small.status, small.stdout) == (0, '{"shard":["1/1"]}\n')
    assert json.loads(split.stdout) == {"shard": ["1/1"]}
    assert "ruff" in repo.gatekeeper("plan", "--gate", "lint").stdout


def test_a_large_repository_is_worth_several_shards(repo: Repo, cache: Path) -> None:
    for number in range(30):
        repo.write(f"pkg/m{number}.py", f"VALUE_{number} = 1\n" * 20_000)
    repo.commit("large")

    done = repo.gatekeeper("plan", "--matrix", "--shard-seconds", "2", "--jobs", "1", "--all")

    found = json.loads(done.stdout)["shard"]
    assert 2 <= len(found) <= 16
    assert found == [f"{index}/{len(found)}" for index in range(1, len(found) + 1)]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/999", "-1/2", "1/2/3", "１/２", ""])
def test_shards_that_do_not_exist(repo: Repo, text: str) -> None:
    done = repo.gatekeeper("check", f"--shard={text}")

    assert done.status == 2
    assert "--shard takes I/N" in done.stderr


def test_a_shard_has_no_report(repo: Repo) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})

    done = repo.gatekeeper("check", "--shard", "1/2", "--format", "json")

    assert done.status == 2
    assert "a shard judges nothing" in done.stderr


def test_a_result_without_bounds_is_not_read(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(200 << 20)

    done = repo.gatekeeper("merge", str(huge))

    assert done.status == 3
    assert "larger than 128 MiB" in done.stderr
