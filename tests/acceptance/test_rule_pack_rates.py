"""What the rule pack finds, and does not find, in code that its authors never saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sast.corpus import measured, scores
from benchmarks.sast.scan import Scanners
from benchmarks.sast.score import mean
from tests.corpus.weaknesses import CWES

# As `python -m benchmarks.sast --half held-back` has it.
PER_LABEL = 40
# All of them take minutes; the benchmark has them.
COMPARED = 5


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_pack_tells_vulnerable_from_safe_code_in_every_class(tools: Path) -> None:
    made, called = measured("held-back", Scanners(str(tools)), PER_LABEL, one_in=COMPARED)

    rates = scores(made, called)["pack"]

    assert set(rates) == set(CWES)
    assert mean(rates.values()) >= 0.7
    # The rates and not the cases: who reads this must not learn what is in the held-back half.
    assert {name: rate.youden for name, rate in rates.items() if rate.youden < 0.4} == {}
