"""What bandit and semgrep both find is one finding, from the command line to the waiver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.repo import Repo

CODE = "import hashlib\n\n\ndef sign(message):\n    return hashlib.md5(message).hexdigest(){}\n"
SETTINGS = "preset: standard\n"


@pytest.fixture
def started(repo: Repo, cache: Path) -> Repo:
    """A branch that brings in a weakness which two scanners know."""
    repo.write("gatekeeper.yml", SETTINGS)
    repo.commit("settings")
    repo.branch()
    repo.write("app.py", CODE.format(""))
    return repo


def found(repo: Repo) -> list[dict[str, Any]]:
    return repo.gatekeeper("check", "--gate", "sast", "--format", "json").findings()


def names(item: dict[str, Any]) -> tuple[str, ...]:
    rules = [item, *item["also_found_by"]]
    return tuple(f"{it['scanner']}/{it['rule']}" for it in rules)


def test_one_finding_leads_and_names_the_other(started: Repo) -> None:
    (one,) = found(started)

    assert sorted(names(one)) == ["bandit/B324", "semgrep/weak-hash"]
    assert (one["state"], one["blocks"], one["line"]) == ("new", True, 5)
    text = started.gatekeeper("check", "--gate", "sast").stdout
    assert "also found by" in text
    assert "sast  1 new problem" in " ".join(text.split()).replace("BLOCK sast", "sast ")


def test_an_ignore_for_one_tool_leaves_what_the_other_found(started: Repo) -> None:
    started.write("app.py", CODE.format("  # nosec B324 - not for security"))
    states = {names(it): (it["state"], it["blocks"]) for it in found(started)}
    assert states == {
        ("bandit/B324",): ("suppressed", False),
        ("semgrep/weak-hash",): ("new", True),
    }

    started.write("app.py", CODE.format("  # nosec B324 # nosemgrep: weak-hash - not for security"))
    (both,) = found(started)
    assert both["state"] == "suppressed"
    assert sorted(names(both)) == ["bandit/B324", "semgrep/weak-hash"]


def test_a_waiver_of_the_fingerprint_that_is_shown_covers_both(started: Repo) -> None:
    (one,) = found(started)
    for item in (one, *one["also_found_by"]):
        started.write(
            ".gatekeeper/waivers.yml",
            f"waivers:\n  - fingerprint: {item['fingerprint']}\n    owner: '@team'\n"
            "    reason: the signature is checked elsewhere\n    expires: never\n",
        )
        (waived,) = found(started)
        assert (waived["state"], waived["blocks"]) == ("waived", False)


def test_explain_knows_it_by_either_fingerprint(started: Repo) -> None:
    (one,) = found(started)

    for item in (one, *one["also_found_by"]):
        told = started.gatekeeper("explain", item["fingerprint"][:16]).stdout
        assert f"also found by {names(one)[1]}" in told
