"""The gate `coverage` as people meet it: real repositories, real coverage.py, real diff-cover."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.covering import check, coverage, measured, places, run_diff_cover, write
from tests.fakes.repo import Repo, Result

pytestmark = pytest.mark.usefixtures("cache", "uncovered")

IGNORED = ".coverage*\n!.coveragerc\ncoverage.xml\n*.info\n__pycache__/\n*.egg-info/\nbuild/\n"
SHOP = "def used():\n    return 1\n"
MORE = SHOP + "\n\ndef unused():\n    return max(\n        1,\n        2,\n    )\n"
RUN = "import sys\nsys.path.insert(0, 'src')\nfrom shop import lib\nlib.used()\n"
UNCOVERED = [("src/shop/lib.py", 6, 9)]


def settings(**options: object) -> str:
    return json.dumps({"version": 1, "scanners": {"coverage": options}})


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """A package in `src`, and a branch that adds a function nobody calls."""
    files = {
        ".gitignore": IGNORED, "run.py": RUN, "src/shop/__init__.py": "", "src/shop/lib.py": SHOP,
        ".coveragerc": "[run]\nbranch = true\nsource = src\n",
    }  # fmt: skip
    write(repo, files)
    repo.commit("base")
    repo.branch()
    repo.write("src/shop/lib.py", MORE)
    return repo


def gate(result: Result) -> tuple[str, str]:
    (verdict,) = result.report["gates"]
    return verdict["verdict"], verdict["message"]


def why(result: Result) -> str:
    (outcome,) = result.report["outcomes"]
    return f"{outcome['message']} {outcome['remedy']}"


class TestThresholds:
    def test_diff_cover_passes_what_we_block(self, shop: Repo) -> None:
        """The measured fact: a continuation line, and a file that nothing imports."""
        coverage(shop, "run", "run.py")
        shop.commit("more")
        shop.git("branch", "-f", "main")
        shop.write("src/shop/lib.py", MORE.replace("        2,", "        3,"))
        shop.write("src/shop/new.py", "X = 1\n")
        (shop.root / ".coveragerc").unlink()
        shop.commit("change")
        coverage(shop, "run", "--branch", "run.py")
        coverage(shop, "xml", "-q")

        theirs = run_diff_cover(shop, "coverage.xml", "--fail-under=100")
        shop.write("gatekeeper.yml", settings(diff=100))
        ours = check(shop)

        assert theirs.returncode == 0
        assert ours.status == 1
        (finding,) = [it for it in ours.findings("new") if it["rule"].endswith("diff-below")]
        assert "src/shop/lib.py:6-9, src/shop/new.py:1" in finding["message"]

    def test_uncovered_lines_are_shown_and_only_the_threshold_blocks(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")

        free = check(shop)
        shop.write("gatekeeper.yml", settings(diff=50.1))
        demanding = check(shop)
        shop.write("gatekeeper.yml", settings(diff=50))
        content = check(shop)

        assert [it.status for it in (free, demanding, content)] == [0, 1, 0]
        assert places(free) == places(content) == UNCOVERED
        text = shop.gatekeeper("check", "--gate", "coverage", "--base", "main").stdout
        assert "75.00% covered, 50.00% of 2 changed statements" in " ".join(text.split())

    def test_strict_blocks_every_uncovered_line(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("gatekeeper.yml", '{"version": 1, "preset": "strict"}')

        result = check(shop, "--coverage", ".coverage")

        assert check(shop).status == 0, "data that nobody named may be of a part of the tests"
        assert result.status == 1
        assert [it["rule"].rpartition("/")[2] for it in result.findings("new")] == ["uncovered"]

    def test_paths_have_demands_of_their_own(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        demand = {"paths": ["src/shop/"], "total": 90}
        shop.write("gatekeeper.yml", settings(total=10, paths=[demand]))

        result = check(shop)

        assert result.status == 1
        assert "in src/shop/" in result.findings("new")[0]["message"]

    def test_a_pattern_that_matches_nothing_is_a_mistake(self, shop: Repo) -> None:
        shop.write("gatekeeper.yml", settings(paths=[{"paths": [""], "total": 90}]))

        result = check(shop)

        assert result.status == 2
        assert "scanners.coverage.paths" in result.stderr

    def test_the_total_is_coverage_py_s_own(self, shop: Repo) -> None:
        shop.write(
            "src/shop/lib.py",
            "def f(a):\n    if a:\n        return 1\n    return 2\n\n\ndef used():\n    f(0)\n",
        )
        coverage(shop, "run", "run.py")
        total = float(coverage(shop, "report", "--format=total", "--precision=2"))

        assert measured(check(shop))["total"] == int(total * 100) / 100


class TestRatchet:
    def test_the_total_may_not_drop_below_what_was_remembered(self, shop: Repo) -> None:
        shop.git("stash", "-q")
        shop.git("checkout", "-q", "main")
        coverage(shop, "run", "run.py")
        assert shop.check("--gate", "coverage").status == 0
        shop.git("checkout", "-q", "feature")
        shop.git("stash", "pop", "-q")
        coverage(shop, "run", "run.py")
        shop.write("gatekeeper.yml", settings(drop=0.5))

        result = check(shop)

        assert result.status == 1
        (finding,) = [it for it in result.findings("new") if it["rule"].endswith("dropped")]
        assert "drops from 100.00% to 75.00%, by 25 points" in finding["message"]

    def test_an_unknown_base_makes_it_inconclusive_with_what_to_do(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("gatekeeper.yml", settings(drop=0))

        result = check(shop)

        assert result.status == 3
        assert "--coverage-base" in gate(result)[1]

    def test_data_of_the_base_is_read_against_the_base_s_own_sources(
        self, shop: Repo, tmp_path: Path
    ) -> None:
        shop.git("stash", "-q")
        coverage(shop, "run", "run.py")
        shutil.move(shop.root / ".coverage", tmp_path / "base.coverage")
        shop.git("stash", "pop", "-q")
        coverage(shop, "run", "run.py")

        result = check(shop, "--coverage-base", str(tmp_path / "base.coverage"))

        assert measured(result)["base"] == 100


class TestFreshness:
    def test_data_that_is_older_than_the_sources_says_nothing(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("gatekeeper.yml", settings(diff=10))
        later = os.stat(shop.root / ".coverage").st_mtime + 5
        os.utime(shop.root / "src/shop/lib.py", (later, later))

        result = check(shop)

        assert result.status == 3
        assert ".coverage is older than 1 file it is about: src/shop/lib.py" in why(result)
        assert "run the tests with coverage first" in why(result)

    def test_without_a_demand_it_is_passed_over(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        later = os.stat(shop.root / ".coverage").st_mtime + 5
        os.utime(shop.root / "src/shop/lib.py", (later, later))

        result = check(shop)

        assert result.status == 0
        assert "no usable coverage data" in why(result)

    def test_executed_lines_without_code_give_another_version_away(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("src/shop/lib.py", "# shorter\nx = 1\n")
        shop.commit("shorter")

        result = check(shop, "--coverage", ".coverage")

        assert result.status == 3
        assert "line 1 of src/shop/lib.py, where no code is" in why(result)

    def test_data_that_is_committed_is_of_an_earlier_version(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.git("add", "-f", ".coverage")
        shop.commit("more")

        assert gate(check(shop))[1] == "no coverage data"
        assert places(check(shop, "--coverage", ".coverage")) == UNCOVERED

    def test_no_data_and_a_demand(self, shop: Repo) -> None:
        shop.write("gatekeeper.yml", settings(total=1))

        result = check(shop)

        assert result.status == 3
        assert "there is no coverage data" in why(result)

    def test_no_data_and_no_demand(self, shop: Repo) -> None:
        result = check(shop)

        assert result.status == 0
        assert gate(result)[1] == "no coverage data"


class TestPaths:
    def test_a_report_of_another_checkout(self, shop: Repo, tmp_path: Path) -> None:
        other = tmp_path / "runner" / "work" / "shop" / "shop"
        shutil.copytree(shop.root, other)
        coverage(Repo(other), "run", "run.py")
        coverage(Repo(other), "xml", "-q", "-o", str(tmp_path / "coverage.xml"))

        for report in (other / ".coverage", tmp_path / "coverage.xml"):
            result = check(shop, "--coverage", str(report))

            assert places(result) == UNCOVERED, report

    def test_an_installed_copy(self, shop: Repo, tmp_path: Path) -> None:
        installed = tmp_path / "env" / "lib" / "python3.11" / "site-packages"
        shutil.copytree(shop.root / "src" / "shop", installed / "shop")
        shop.write(".coveragerc", "[run]\nbranch = true\nsource = shop\n")
        shop.write("run.py", RUN.replace("'src'", repr(str(installed))))
        coverage(shop, "run", "run.py")

        assert places(check(shop)) == UNCOVERED

    def test_paths_of_the_settings_and_relative_files(self, shop: Repo, tmp_path: Path) -> None:
        elsewhere = tmp_path / "image" / "code"
        shutil.copytree(shop.root / "src", elsewhere)
        shop.write(".coveragerc", f"[run]\nbranch = true\n[paths]\nall =\n  src\n  {elsewhere}\n")
        shop.write("run.py", RUN.replace("'src'", repr(str(elsewhere))))
        coverage(shop, "run", "run.py")
        assert places(check(shop)) == UNCOVERED

        shop.write(".coveragerc", "[run]\nrelative_files = true\n")
        shop.write("run.py", RUN)
        coverage(shop, "run", "run.py")
        assert places(check(shop)) == UNCOVERED

    def test_a_subproject_with_settings_of_its_own(self, repo: Repo) -> None:
        for name in ("backend", "frontend"):
            write(repo, {f"{name}/app/__init__.py": "", f"{name}/app/lib.py": SHOP,
                         f"{name}/run.py": "from app import lib\nlib.used()\n"})  # fmt: skip
        repo.write(
            "backend/pyproject.toml",
            '[tool.coverage.run]\nrelative_files = true\nsource = ["app"]\n',
        )
        repo.write(".gitignore", IGNORED)
        repo.commit("base")
        repo.branch()
        repo.write("backend/app/lib.py", MORE)
        repo.write("backend/app/new.py", "X = 1\n")
        repo.write("backend/tool.py", "X = 1\n")
        coverage(repo, "run", "run.py", cwd="backend")
        expected = [("backend/app/lib.py", 6, 9), ("backend/app/new.py", 1, 1)]

        assert places(check(repo, "--coverage", "backend/.coverage")) == expected
        coverage(repo, "xml", "-q", cwd="backend")
        assert places(check(repo, "--coverage", "backend/coverage.xml"))[:1] == expected[:1]

    def test_parallel_data_need_not_be_combined(self, shop: Repo) -> None:
        shop.write("other.py", RUN.replace("lib.used", "lib.unused"))
        coverage(shop, "run", "-p", "run.py")
        coverage(shop, "run", "-p", "other.py")

        result = check(shop)

        assert places(result) == []
        assert measured(result)["diff"] == 100
        assert len(list(shop.root.glob(".coverage.*"))) == 2

    def test_data_with_and_without_branches_is_put_together(
        self, shop: Repo, tmp_path: Path
    ) -> None:
        shop.write("other.py", RUN.replace("lib.used", "lib.unused"))
        coverage(shop, "run", "--rcfile=/dev/null", "--source=src", "other.py")
        shutil.move(shop.root / ".coverage", tmp_path / "lines.coverage")
        coverage(shop, "run", "run.py")

        result = check(shop, "--coverage", ".coverage", str(tmp_path / "lines.coverage"))

        assert places(result) == []

    def test_contexts_change_nothing(self, shop: Repo) -> None:
        coverage(shop, "run", "--context=one", "run.py")
        coverage(shop, "run", "--append", "--context=two", "run.py")

        assert places(check(shop)) == UNCOVERED


class TestSettingsOfTheProject:
    def test_omitted_files_are_said_not_to_be_measured(self, shop: Repo) -> None:
        shop.write(
            ".coveragerc", "[run]\nsource = src\nomit = */new.py\n[report]\nomit = */lib.py\n"
        )
        shop.write("src/shop/new.py", "X = 1\n")
        shop.write("src/shop/other.py", "X = 1\n")
        coverage(shop, "run", "run.py")

        result = check(shop)

        assert places(result) == [("src/shop/other.py", 1, 1)]
        notes = " ".join(result.report["notes"])
        assert "1 changed line of src/shop/new.py is not measured: [run] omit names it" in notes
        assert "7 changed lines of src/shop/lib.py are not measured: [report] omit" in notes

    def test_exclusions_of_the_settings_count(self, shop: Repo) -> None:
        shop.write(".coveragerc", "[run]\nsource = src\n[report]\nexclude_also = def unused\n")
        coverage(shop, "run", "run.py")

        result = check(shop)

        assert (places(result), places(result, "excluded")) == ([], [])
        assert measured(result)["changed_excluded"] == 2

    def test_a_comment_of_the_project_s_own_is_shown_like_a_pragma(self, shop: Repo) -> None:
        shop.write(".coveragerc", "[run]\nsource = src\n[report]\nexclude_also = nocov\n")
        shop.write("src/shop/lib.py", MORE.replace("def unused():", "def unused():  # nocov"))
        coverage(shop, "run", "run.py")

        assert places(check(shop), "excluded") == [("src/shop/lib.py", 5, 5)]

    def test_broken_settings_are_named(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write(".coveragerc", "[run\n")

        result = check(shop, "--coverage", ".coverage")

        assert result.status == 3
        assert ".coveragerc" in why(result)

    def test_a_plugin_is_never_loaded_and_its_files_are_not_checked(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("evil.py", "raise SystemExit('loaded')\n")
        shop.write(".coveragerc", "[run]\nsource = src\nplugins = evil\n")
        with sqlite3.connect(shop.root / ".coverage") as data:
            (number,) = data.execute("select id from file where path like '%lib.py'").fetchone()
            data.execute("insert into tracer (file_id, tracer) values (?, 'evil.E')", (number,))

        result = check(shop)

        assert result.status == 3
        assert "measured by the plugin evil.E, which is not loaded" in gate(result)[1]


class TestReports:
    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            (".coverage", b"SQLite format 3\0 and then not", ".coverage"),
            (".coverage", b"nonsense", ".coverage"),
            ("coverage.xml", b"<coverage>", "coverage.xml:1: "),
            ("lcov.info", b"SF:a\nDA:1,x\n", "lcov.info:2: "),
            ("report.json", b"{}", "report.json is in no format that is known"),
        ],
    )
    def test_what_cannot_be_read(self, shop: Repo, name: str, content: bytes, told: str) -> None:
        shop.write(name, content)

        result = check(shop, "--coverage", name)

        assert result.status == 3
        assert told in why(result)
        assert "Traceback" not in result.stdout + result.stderr

    def test_a_report_that_is_not_there(self, shop: Repo) -> None:
        result = check(shop, "--coverage", ".coverage.gone")

        assert result.status == 3
        assert ".coverage.gone: no such file" in why(result)

    def test_of_several_formats_the_data_itself_goes_first(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.write("coverage.xml", "<broken")

        assert places(check(shop)) == UNCOVERED

    def test_the_project_s_own_coverage_goes_first(self, shop: Repo, tmp_path: Path) -> None:
        coverage(shop, "run", "run.py")
        environment = tmp_path / "env"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        packages = environment / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"
        (packages / "coverage").mkdir()
        (packages / "coverage" / "__init__.py").write_text(
            "__version__ = '6.0'\nversion_info = (6, 0)\n"
        )
        (packages / "coverage" / "exceptions.py").write_text(
            "class CoverageException(Exception): ...\n"
        )

        result = check(shop, "--coverage", ".coverage", VIRTUAL_ENV=str(environment))

        assert "coverage.py 6.0 is older than 7.6" in why(result)
        shop.write("gatekeeper.yml", '{"version": 1, "tools": {"coverage": {"from": "locked"}}}')
        assert places(check(shop, VIRTUAL_ENV=str(environment))) == UNCOVERED

    def test_staged_changes_are_judged_when_they_are_what_was_measured(self, shop: Repo) -> None:
        coverage(shop, "run", "run.py")
        shop.git("add", "-A")
        staged = ("--staged", "--stage", "ci", "--coverage", ".coverage")

        same = shop.check("--gate", "coverage", *staged)
        shop.write("src/shop/lib.py", MORE + "x = 1\n")
        other = shop.check("--gate", "coverage", *staged)

        assert places(same) == UNCOVERED
        assert other.status == 3
        assert "staged otherwise" in why(other)
