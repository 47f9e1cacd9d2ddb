"""The harness computes what it says. Nothing here looks at how long anything took."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from benchmarks import cases, run
from benchmarks.measure import BrokenRunError, Command, Row, Sample, bound, interleave, table


def test_a_row_compares_medians_and_not_means() -> None:
    row = Row(3, "unchanged / cold", 0.5, ours=[1.0, 2.0, 90.0], yardstick=[4.0, 4.0, 1000.0])

    assert row.value == 0.5
    assert row.met
    assert "| 3 " in table([row])
    assert "2 s (1–90)" in table([row])


def test_a_row_without_yardstick_is_the_median_itself() -> None:
    row = Row(6, "peak memory", 150, ours=[151.0, 149.0, 160.0], unit="MB")

    assert row.value == 151.0
    assert not row.met


def test_the_bound_is_the_slowest_tool_or_all_of_their_cpu() -> None:
    slow = [Sample(5.0, cpu=5.0), Sample(1.0, cpu=1.0)]
    other = [Sample(1.0, cpu=1.0), Sample(1.0, cpu=2.0)]

    assert bound([slow, other], cores=2) == [5.0, 1.5]


def test_subjects_take_turns_and_the_warming_round_does_not_count() -> None:
    order: list[str] = []

    def subject(name: str) -> Sample:
        order.append(name)
        return Sample(float(len(order)))

    samples = interleave({name: partial(subject, name) for name in "ab"}, rounds=1)

    assert "".join(order) == "ab" * 6
    assert [sample.seconds for sample in samples["a"]] == [3.0, 5.0, 7.0, 9.0, 11.0]


def test_a_run_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(BrokenRunError, match="ended with 3: told why"):
        Command(["sh", "-c", "echo told why >&2; exit 3"], tmp_path, {})()


def test_start_up_end_to_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--only", "1", "--runs", "5"]) == 0

    shown = capsys.readouterr().out
    assert "gatekeeper --version / python -c pass" in shown
    assert "5 rounds" in shown


def test_only_differing_findings_fail(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def differ(*_: object) -> cases.Result:
        raise cases.FindingsDifferError("they differ")

    monkeypatch.setitem(run.OTHERS, 1, differ)

    assert run.main(["--only", "1"]) == 1
    assert "they differ" in capsys.readouterr().err
