"""The figures of the rule pack are what they are called."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from benchmarks.sast import __main__ as command
from benchmarks.sast import packages, table
from benchmarks.sast.classes import classes_of
from benchmarks.sast.corpus import measured, scores
from benchmarks.sast.packages import PackageError, unpacked
from benchmarks.sast.scan import Found, ScanFailedError, Scanners
from benchmarks.sast.score import Rates, by_part, hits, mean, rates
from tests.corpus.model import Case


def case(name: str, vulnerable: bool, weakness: str = "sql", steps: str = "") -> Case:
    return Case(f"{weakness}-{name}", weakness, vulnerable, "", {"steps": steps}, "view")


def found(path: str, *cwes: int, rule: str = "own") -> Found:
    return Found(path, 3, 3, rule, "high", frozenset(cwes))


CASES = [case("a", True), case("b", True, steps="dict+try"), case("c", False, steps="dict")]


def test_a_finding_counts_for_a_case_in_its_file_when_its_weakness_is_the_class() -> None:
    findings = [found("sql/a.py", 89), found("sql/b.py", 79), found("xss/c.py", 89)]

    assert hits(CASES, findings) == {"sql-a"}


def test_rates_tell_true_from_false_cases() -> None:
    score = rates(CASES, frozenset({"sql-a", "sql-c"}))["sql"]

    assert (score.tpr, score.fpr, score.youden) == (0.5, 1.0, -0.5)


def test_every_class_weighs_the_same_in_the_mean() -> None:
    assert mean([Rates(10, 10, 10, 0), Rates(1000, 0, 1000, 0)]) == 0.5


def test_a_case_counts_for_each_of_its_steps() -> None:
    assert by_part(CASES, frozenset({"sql-b", "sql-c"}), "steps") == {
        "dict": (1, 1, 1, 1),
        "try": (1, 1, 0, 0),
    }


@pytest.mark.parametrize(
    ("finding", "classes"),
    [
        (found("x.py", 502), {"deserialisation"}),
        (found("x.py", 20, rule="B506"), {"deserialisation"}),
        (found("x.py", 78, rule="B602"), {"os-command", "llm-output"}),
        (found("x.py", 78, rule="B404"), set()),
        (found("x.py", 400, rule="B113"), set()),
        (found("x.py", 12345), set()),
    ],
)
def test_what_a_finding_speaks_about(finding: Found, classes: set[str]) -> None:
    assert classes_of(finding) == classes


def test_the_table_has_a_row_per_class_and_the_means() -> None:
    one = {"sql": Rates(40, 30, 40, 10)}
    shown = {"pack": one, "bandit": {"sql": Rates(40, 10, 40, 10)}, "together": one}

    text = table.text(shown)
    told = table.data(shown, "dev")

    assert "sql" in text
    assert "0.75   0.25  +0.50" in text
    assert told["mean"] == {"pack": 0.5, "bandit": 0.0, "together": 0.5}
    assert told["classes"]["sql"]["pack"]["found"] == 30


def test_nobody_is_shown_what_is_in_the_held_back_half(capsys: pytest.CaptureFixture[str]) -> None:
    for option in (["--misses"], ["--by", "sink"]):
        with pytest.raises(SystemExit):
            command.main(["--half", "held-back", *option])

    assert "only rates are shown" in capsys.readouterr().err


@pytest.mark.slow
def test_both_scanners_over_a_few_cases(tools: Path) -> None:
    made, called = measured("dev", Scanners(str(tools)), 4, ["os-command", "temp-files"])

    result = scores(made, called)

    assert result["bandit"]["temp-files"].found > 0
    assert result["pack"]["os-command"].true_cases == 4
    assert called["together"] == called["pack"] | called["bandit"]


@pytest.mark.slow
def test_a_file_that_semgrep_did_not_look_at_is_an_error(tools: Path, tmp_path: Path) -> None:
    (tmp_path / "there.py").write_text("a = 1\n")

    with pytest.raises(ScanFailedError, match="semgrep"):
        Scanners(str(tools)).pack(tmp_path, ["there.py", "gone.py"])


def wheel(folder: Path, names: dict[str, str]) -> Path:
    path = folder / "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as box:
        for name, text in names.items():
            box.writestr(name, text)
    return path


def test_only_python_that_ships_is_taken_out_of_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = wheel(
        tmp_path,
        {
            "demo/app.py": "a = 1\n",
            "demo/template.py": "{{ not_python }\n",
            "demo/tests/test_app.py": "b = 1\n",
            "demo/data.json": "{}",
            "../outside.py": "c = 1\n",
        },
    )
    monkeypatch.setattr(packages, "_downloaded", lambda package, folder: archive)
    target = tmp_path / "out"

    assert unpacked("demo==1.0", target) == ["demo/app.py"]
    assert not (tmp_path / "outside.py").exists()


@pytest.mark.parametrize("package", ["demo", "demo>=1", "--index-url=x", "demo==1 other==2"])
def test_a_package_is_named_with_its_version(tmp_path: Path, package: str) -> None:
    with pytest.raises(PackageError, match="name==version"):
        unpacked(package, tmp_path)


def test_the_sample_is_the_same_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = wheel(tmp_path, {"demo/app.py": "\n".join(f"line_{n} = {n}" for n in range(50))})
    monkeypatch.setattr(packages, "_downloaded", lambda package, folder: archive)

    class Some:
        def pack(self, folder: Path, paths: list[str], *, one_in: int) -> list[Found]:
            assert one_in == 0
            return [
                Found("demo==1.0/demo/app.py", n, n, "rule-a", "high", frozenset())
                for n in range(1, 40)
            ]

    first, second = (
        packages.report(["demo==1.0"], Some(), 3, "seed")  # type: ignore[arg-type] # it has all that is used
        for _ in range(2)
    )

    assert first == second
    assert "demo==1.0: 39 findings in 50 lines, 780.00 per 1,000" in first
    assert first.count("demo/app.py:") == 3
