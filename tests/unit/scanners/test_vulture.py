"""What vulture's answers mean, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.config.schema import Config
from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.vulture import CODES, Vulture
from tests.fakes.scanning import FakeBatch, FakeSnapshot, context_of, ready, really

RECORDED = Path(__file__).parents[2] / "data" / "vulture"
MODULE = b"""\
import os


def used(first, second):
    return first
    print(second)


def hidden():  # noqa: V103 - called by the plugin
    pass


def unused():
    total = 1


class Box:
    size = 1

    def method(self):
        self.attribute = 1

    @property
    def shown(self):
        return 1


if False:
    print(1)
"""
PROJECT = {
    "pyproject.toml": b"[tool.vulture]\n",
    "app/module.py": MODULE,
    "app/broken.py": b"def f(:\n",
    "app/latin.py": b"name = '\xff'\n",
    "app/empty.py": b"",
    "tests/test_it.py": b"from app.module import used\n\nused(1, second=2)\n",
}


def answer(done: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of one answer of vulture."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(Vulture(), tree), [done])
    scanned = Vulture().scan(batch)
    batch.finish()
    assert (batch.runs, batch.envs) == ([(".",)], [{"PYTHONWARNINGS": "ignore"}])
    return scanned


def recorded() -> Scanned:
    out, err = ((RECORDED / f"module.{it}").read_bytes() for it in ("out", "err"))
    return answer(Completed(3, out, err.decode()))


def test_what_nothing_uses_becomes_findings() -> None:
    found = {(it.rule, it.line, it.confidence) for it in recorded().findings if not it.suppression}

    assert found == {
        ("unused-import", 1, "high"),
        ("unreachable-code", 6, "high"),
        ("unused-function", 13, "low"),
        ("unused-variable", 14, "low"),
        ("unused-class", 17, "low"),
        ("unused-variable", 18, "low"),
        ("unused-method", 20, "low"),
        ("unused-attribute", 21, "low"),
        ("unused-property", 23, "low"),
        ("unreachable-code", 28, "high"),
    }
    assert {rule for rule, _, _ in found} == {*CODES}
    assert {it.severity for it in recorded().findings} == {"low", "info"}


def test_what_comments_hide_is_listed_with_the_reason() -> None:
    (hidden,) = (it for it in recorded().findings if it.suppression)

    assert (hidden.path, hidden.rule, hidden.line) == ("app/module.py", "ignored", 9)
    assert hidden.message == "`# noqa: V103` hides V103"
    assert hidden.suppression == Suppression("noqa: V103", "called by the plugin")


def test_files_that_it_cannot_read_are_not_checked() -> None:
    assert {(it.path, it.reason, it.line) for it in recorded().unchecked} == {
        ("app/broken.py", "parse-error", 1),
        ("app/latin.py", "undecodable", 0),
    }


def test_the_real_vulture_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    real = really(tools, tmp_path, Vulture(), PROJECT)

    assert real.findings == recorded().findings
    assert {*real.unchecked} == {*recorded().unchecked}


def test_files_that_are_left_out_still_use_things() -> None:
    # The batch is what the policy leaves.
    prepared = ready(Vulture(), PROJECT)

    beside, _ = prepared.support(["app/module.py"])

    assert {*beside} == PROJECT.keys() - {"app/module.py"}


def test_findings_elsewhere_are_not_the_projects() -> None:
    done = Completed(3, b"build/made.py:1: unused import 'os' (90% confidence)\n", "")

    assert answer(done, {"pyproject.toml": b"[tool.vulture]\n", "a.py": b""}).findings == []


def test_sizes_are_no_part_of_the_message() -> None:
    done = Completed(3, b"a.py:1: unused class 'A' (60% confidence, 12 lines)\n", "")

    (finding,) = answer(done, {"pyproject.toml": b"[tool.vulture]\n", "a.py": b""}).findings

    assert finding.message == "unused class 'A'"


@pytest.mark.parametrize("setting", ["verbose", "make_whitelist"])
def test_settings_that_change_what_is_printed_are_refused(setting: str) -> None:
    files = {"pyproject.toml": f"[tool.vulture]\n{setting} = true\n".encode(), "a.py": b""}

    with pytest.raises(ToolError, match=setting) as caught:
        ready(Vulture(), files)

    assert caught.value.reason == "tool-misconfigured"


@pytest.mark.parametrize(
    ("settings", "said"),
    [(b"[tool.vulture]\nnonsense = 1\n", "nonsense"), (b"[tool.vulture]\nx = = 1\n", "TOML")],
)
def test_settings_that_it_does_not_know_are_refused(
    settings: bytes, said: str, tools: Path, tmp_path: Path
) -> None:
    files = {"pyproject.toml": settings, "a.py": b"import os\n"}

    with pytest.raises(ToolError, match=said) as caught:
        really(tools, tmp_path, Vulture(), files)

    assert caught.value.reason == "tool-misconfigured"


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(3, b"something else\n", ""), "tool-output-invalid"),
        (Completed(1, b"", "Traceback (most recent call last):\nRecursionError: deep"), "tool-"),
        (Completed(-9, b"", ""), "tool-"),
    ],
)
def test_half_an_answer_is_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done)

    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"pyproject.toml": b"[tool.vulture]\n"}, "no-matching-files"),
        ({"a.py": b""}, "not-configured"),
        ({"a.py": b"", "pyproject.toml": b"[tool.ruff]\n"}, "not-configured"),
        ({"a.py": b"", "sub/pyproject.toml": b"[tool.vulture]\n"}, "not-configured"),
    ],
)
def test_it_runs_where_the_project_wants_it(files: dict[str, bytes], reason: str) -> None:
    skipped = Vulture().prepare(context_of(FakeSnapshot(files), Config()))

    assert isinstance(skipped, Skipped)
    assert skipped.reason == reason
