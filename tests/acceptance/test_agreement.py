"""The matcher, pip-audit, `uv audit` and OSV's rules say the same of a small set of advisories."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import agreement
from tests.fakes.advisories import affected, archive, record

RECORDS = [
    record("PYSEC-1", affected("sparrow", ("introduced", "0"), ("fixed", "1.4"), ("introduced", "2.0"),
                               ("last_affected", "2.2"), versions=["1.0", "2.1"]),
           aliases=["CVE-2026-1"]),
    record("GHSA-1", affected("Sparrow", ("introduced", "1!0"), ("fixed", "1!1.0rc2"))),
    record("PYSEC-2", affected("heron", versions=["1.0", "0.9.post1"])),
    record("PYSEC-3", affected("heron", ("introduced", "0")), withdrawn="2026-01-01T00:00:00Z"),
    record("PYSEC-4", affected("odd", ("introduced", "1.0"), ("fixed", "2019-09-12"))),
]  # fmt: skip


@pytest.mark.slow
def test_all_agree_or_it_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = agreement.main([str(archive(tmp_path / "all.zip", RECORDS)), "--pairs", "30"])

    said = capsys.readouterr().out
    assert status == 0, said
    assert "0 disagreements with OSV's rules" in said
    # Both kinds: pip-audit cannot read that fix, and uv calls affected what nobody can tell.
    assert "pip-audit ends in a traceback: the fix '2019-09-12'" in said
    assert "ours is open: PYSEC-4 ends at a version" in said


def test_a_disagreement_without_explanation_is_one() -> None:
    pair = agreement.Pair("demo", "1.0")
    theirs = {pair: frozenset({frozenset({"A", "B"}), frozenset({"C"})})}
    mine = {pair: frozenset({frozenset({"B"}), frozenset({"D"})})}

    (it,) = agreement.compare("somebody", theirs, mine)

    assert (it.theirs, it.ours, it.why) == ("C", "D", "")
    assert agreement.compare("somebody", theirs, theirs) == []
