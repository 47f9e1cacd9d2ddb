"""The gate `tests` with real projects, a real environment and real runners."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.repo import Repo, Result

GATE = ("--gate", "tests", "--offline")
AUTO = "scanners: {tests: {command: auto}}\n"
SHOP = {
    ".gitignore": "__pycache__/\n.pytest_cache/\n*.marker\n",
    "src/shop.py": "def total(prices):\n    return sum(prices)\n",
    "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['src']\n",
    "tests/test_shop.py": """\
from shop import total


def test_total():
    assert total([1, 2]) == 3


def test_broken_for_long():
    assert total([1]) == 2
""",
}


@pytest.fixture
def shop(
    repo: Repo, cache: Path, project_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> Repo:
    """A small project with two tests, of which one fails, on a branch of its own."""
    monkeypatch.setenv("VIRTUAL_ENV", str(project_environment))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "COV_", "COVERAGE_")):
            monkeypatch.delenv(name)
    repo.commit(**SHOP, **{"gatekeeper.yml": AUTO})
    repo.branch()
    return repo


def told(result: Result, *states: str) -> list[tuple[str, str]]:
    """Rule and message of each finding."""
    return [(it["rule"], it["message"]) for it in result.findings(*states)]


def outcome(result: Result) -> dict[str, str]:
    """How the scanner ended."""
    (found,) = (it for it in result.report["outcomes"] if it["scanner"] == "tests")
    return dict(found)


def measured(result: Result) -> dict[str, float]:
    """The numbers of the report."""
    return {it["name"]: it["value"] for it in result.report["measurements"]}


OLD = ("failed", "test_broken_for_long failed: assert 1 == 2 + where 1 = total([1])")


def test_only_what_the_change_breaks_blocks(shop: Repo) -> None:
    shop.write("src/shop.py", "def total(prices):\n    return sum(prices) + len(prices) - 1\n")
    result = shop.check(*GATE)

    assert result.status == 1
    assert told(result, "new") == [
        ("failed", "test_total failed: assert 4 == 3 + where 4 = total([1, 2])")
    ]
    assert told(result, "existing") == [OLD]
    assert result.findings("new")[0]["path"] == "tests/test_shop.py"
    assert result.findings("new")[0]["line"] == 5
    assert measured(result)["tests.failed"] == 2
    assert measured(result)["tests.new"] == 1
    assert outcome(result)["message"] == "2 failed (1 new)"

    shop.write("src/shop.py", SHOP["src/shop.py"] + "\n")
    fixed = shop.gatekeeper("check", *GATE)

    assert fixed.status == 0
    assert "(1 passed, 1 failed (0 new), " in fixed.stdout


def test_nothing_runs_unless_asked_and_one_line_says_how(shop: Repo) -> None:
    shop.write("tests/test_shop.py", "open('ran.marker', 'w')\n")
    shop.write("gatekeeper.yml", "version: 1\n")

    result = shop.gatekeeper("check", *GATE)

    assert result.status == 0
    assert "pytest was found and not run; `scanners: {tests: {command: auto}}`" in result.stdout
    assert not (shop.root / "ran.marker").exists()
    shop.write("gatekeeper.yml", "scanners: {tests: {command: none}}\n")
    assert "pytest" not in shop.gatekeeper("check", *GATE).stdout


def test_the_plan_names_the_command(shop: Repo) -> None:
    plan = shop.gatekeeper("check", "--plan", *GATE)

    assert "run: python -m pytest\n" in plan.stdout


def test_a_module_that_cannot_be_imported_hides_nothing_else(shop: Repo) -> None:
    shop.write("tests/test_new.py", "import nothere\n")

    result = shop.check(*GATE)

    assert result.status == 1
    assert told(result, "new") == [
        (
            "errored",
            "tests.test_new could not be run: ModuleNotFoundError: No module named 'nothere'",
        )
    ]
    assert measured(result)["tests.passed"] == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"tests/test_shop.py": "import pytest\n"}, "no test was found"),
        (
            {"tests/test_shop.py": "import pytest\npytest.skip('x', allow_module_level=True)\n"},
            "the only test was skipped",
        ),
    ],
)
def test_no_tests_are_no_pass(shop: Repo, files: dict[str, str], said: str) -> None:
    for path, text in files.items():
        shop.write(path, text)

    result = shop.check(*GATE)

    assert result.status == 3
    assert outcome(result)["reason_code"] == "no-tests"
    assert said in outcome(result)["message"]


@pytest.mark.parametrize(
    ("conftest", "said"),
    [
        ("def pytest_sessionfinish(session):\n    session.exitstatus = 7\n", "status 7"),
        ("raise SystemError('conftest broke')\n", "conftest broke"),
        (
            "import os, signal\ndef pytest_sessionfinish():\n    os.kill(os.getpid(), signal.SIGKILL)\n",
            "signal 9",
        ),
    ],
)
def test_green_tests_that_end_badly_are_no_pass(shop: Repo, conftest: str, said: str) -> None:
    shop.write("tests/test_shop.py", "def test_fine():\n    pass\n")
    shop.write("tests/conftest.py", conftest)

    result = shop.gatekeeper("check", *GATE)

    assert result.status == 3
    assert said in " ".join(result.stdout.split())


def test_what_failed_at_the_base_is_remembered(shop: Repo) -> None:
    shop.git("checkout", "-q", "main")
    shop.write("gatekeeper.yml", "scanners: {tests: {command: auto, base: recall}}\n")
    shop.commit("recall")
    shop.git("checkout", "-qB", "feature")
    shop.write("tests/test_shop.py", SHOP["tests/test_shop.py"].replace("def test_total", "def no"))

    unknown = shop.check(*GATE)
    shop.git("stash", "-q")
    assert shop.check(*GATE, "--base", "main~1").status == 1
    shop.git("stash", "pop", "-q")
    known = shop.check(*GATE)

    assert unknown.status == 1
    assert "not known, so every failure counts as new" in unknown.report["notes"][-1]
    assert known.status == 0
    assert known.report["notes"][-1] == "tests: 1 test fewer than at the base"
    assert measured(known)["tests.fewer"] == 1


def test_reports_of_another_step_are_judged_and_nothing_is_run(shop: Repo, tmp_path: Path) -> None:
    shop.write("tests/conftest.py", "open('ran.marker', 'w')\n")
    for name, failing in (("base", "b"), ("head", "bc")):
        cases = "".join(
            f"<testcase classname='tests.test_shop' name='test_{it}'>"
            + f"<failure message='{it}'/>" * (it in failing)
            + "</testcase>"
            for it in "abc"
        )
        (tmp_path / f"{name}.xml").write_text(f"<testsuite>{cases}</testsuite>")
    head, base = str(tmp_path / "head.xml"), str(tmp_path / "base.xml")

    result = shop.check(*GATE, "--junit", head, "--junit-base", base)

    assert result.status == 1
    assert told(result, "new") == [("failed", "test_c failed: c")]
    assert told(result, "existing") == [("failed", "test_b failed: b")]
    assert not (shop.root / "ran.marker").exists()
    (tmp_path / "head.xml").write_text("<testsuite><testcase name='a'>")
    assert shop.check(*GATE, "--junit", head).status == 3


def test_credentials_stay_here_unless_the_tests_need_them(shop: Repo) -> None:
    shop.write(
        "tests/test_shop.py",
        "import os\ndef test_environment():\n"
        "    assert 'SHOP_TOKEN' not in os.environ\n    assert os.environ['SHOP_NAME'] == 'x'\n",
    )
    env = {"SHOP_TOKEN": "t", "SHOP_NAME": "x"}

    assert shop.check(*GATE, env=env).status == 0
    shop.write("gatekeeper.yml", "scanners: {tests: {command: auto, pass_env: [SHOP_TOKEN]}}\n")
    assert shop.check(*GATE, env=env).status == 1


def test_a_test_that_passes_at_last_is_flaky(shop: Repo) -> None:
    shop.write("gatekeeper.yml", "scanners: {tests: {command: auto, reruns: 2}}\n")
    shop.write(
        "tests/test_shop.py",
        "import pathlib\ndef test_moody():\n    file = pathlib.Path('mood.marker')\n"
        "    seen = file.exists()\n    file.touch()\n    assert seen\n",
    )

    result = shop.check(*GATE)

    assert result.status == 0
    assert told(result) == [
        (
            "flaky",
            "test_moody failed, and passed when it was run again: assert False",
        )
    ]
    assert outcome(result)["message"] == "1 flaky"


def test_what_is_staged_is_what_is_tested(shop: Repo) -> None:
    shop.write("src/shop.py", "def total(prices):\n    return 0\n")
    shop.git("add", "-A")
    shop.write("src/shop.py", SHOP["src/shop.py"])

    result = shop.check("--staged", "--stage", "ci", *GATE)

    assert result.status == 1
    assert [message.partition(" ")[0] for _, message in told(result, "new")] == ["test_total"]


def test_a_copy_that_tries_the_working_trees_code_proves_nothing(
    shop: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(shop.root / "src"))
    shop.git("mv", "src", "lib")
    shop.write("pyproject.toml", "[tool.pytest.ini_options]\n")
    monkeypatch.setenv("PYTHONPATH", str(shop.root / "lib"))
    shop.commit("moved")
    shop.git("checkout", "-qB", "main")
    shop.git("checkout", "-qB", "feature")
    shop.write("lib/shop.py", "def total(prices):\n    return 9\n")

    result = shop.check(*GATE)

    assert result.status == 1
    assert len(told(result, "new")) == 2
    assert "from the working tree" in result.report["notes"][-1]


def test_unittest_needs_nothing_installed(shop: Repo) -> None:
    case = "import sys, unittest\nsys.path.insert(0, 'src')\nfrom shop import total\n"
    case += (
        "class TestShop(unittest.TestCase):\n    def test_{}(self):\n        self.assertEqual({})\n"
    )
    shop.git("rm", "-q", "pyproject.toml")
    shop.write(
        "gatekeeper.yml", "scanners: {tests: {command: python -m unittest discover tests}}\n"
    )
    shop.write("tests/test_shop.py", case.format("old", "total([]), 1"))
    shop.commit("unittest")
    shop.git("checkout", "-qB", "main")
    shop.git("checkout", "-qB", "feature")
    shop.write("tests/test_more.py", case.format("more", "total([2]), 1"))

    result = shop.check(*GATE)

    assert result.status == 1
    assert told(result, "new") == [("failed", "TestShop::test_more failed: AssertionError: 2 != 1")]
    assert told(result, "existing") == [
        ("failed", "TestShop::test_old failed: AssertionError: 0 != 1")
    ]
    assert result.findings("new")[0]["line"] == 6


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        ("exit 0", 0, "1 passed"),
        ("echo it broke; exit 3", 1, "it ended with status 3; its last words: it broke"),
        ("kill -9 $$", 3, "signal 9"),
    ],
)
def test_a_command_that_only_ends(shop: Repo, script: str, status: int, said: str) -> None:
    shop.write("gatekeeper.yml", f"scanners: {{tests: {{command: [sh, -c, '{script}']}}}}\n")

    result = shop.gatekeeper("check", *GATE)

    assert result.status == status
    assert said in " ".join(result.stdout.split())


def test_a_report_from_before_is_not_taken_for_this_run(shop: Repo) -> None:
    shop.write("old.xml", "<testsuite><testcase name='a'/></testsuite>")
    shop.write(
        "gatekeeper.yml", "scanners: {tests: {command: [sh, -c, 'exit 0'], junit: [old.xml]}}\n"
    )

    result = shop.check(*GATE)

    assert result.status == 3
    assert "has not written old.xml" in outcome(result)["message"]


def test_files_that_change_while_the_tests_run_leave_a_doubt(shop: Repo) -> None:
    shop.write(
        "tests/test_shop.py", "def test_writes():\n    open('src/shop.py', 'a').write('#')\n"
    )

    result = shop.gatekeeper("check", *GATE)

    assert result.status == 3
    assert "1 file changed while the tests ran: src/shop.py" in result.stdout
