"""What the configuration and the waivers of a repository change about the verdict."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.repo import Repo, Result
from tests.fakes.tool import stand_in

UNUSED = "import os\n"
UNCLEAR = "l = 1\n"
ASSERTED = "def check(one: object) -> None:\n    assert one\n"
LINT = ("--gate", "lint")
DAY = dt.timedelta(days=1)


@pytest.fixture
def started(repo: Repo, cache: Path) -> Repo:
    """On a branch, so that whatever is committed next is new."""
    repo.commit(**{"README.md": "hello\n"})
    repo.branch()
    return repo


def configured(repo: Repo, text: str, **files: str) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\n" + textwrap.dedent(text), **files})


def waiver(**more: Any) -> str:
    entry = {
        "rule": "ruff/F401",
        "paths": ["a.py"],
        "owner": "@team",
        "reason": "kept for the plugins that import it",
        "expires": "never",
        **more,
    }
    rows = "".join(f"    {name}: {value!r}\n" for name, value in entry.items() if value)
    return f"version: 1\nwaivers:\n  -\n{rows}"


def waived(repo: Repo, *arguments: str, **more: Any) -> Result:
    """The verdict on an unused import in a.py with this waiver."""
    repo.write(".gatekeeper/waivers.yml", waiver(**more))
    repo.commit(**{"a.py": UNUSED})
    return repo.check(*LINT, *arguments)


def notes(result: Result) -> list[str]:
    return [note["problem"] for note in result.report["waiver_notes"]]


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def test_a_waived_problem_does_not_block_and_is_still_told(started: Repo) -> None:
    result = waived(started, expires=str(today()))

    assert result.status == 0
    (found,) = result.findings()
    assert (found["state"], found["blocks"]) == ("waived", False)
    assert found["waiver"]["owner"] == "@team"
    assert found["waiver"]["source"] == ".gatekeeper/waivers.yml:4"
    assert [used["target"] for used in result.report["waivers_used"]] == ["ruff/F401"]


def test_a_waiver_for_one_fingerprint(started: Repo) -> None:
    started.commit(**{"a.py": UNUSED})
    (found,) = started.check(*LINT).findings()

    result = waived(started, rule="", fingerprint=found["fingerprint"])

    assert [item["state"] for item in result.findings()] == ["waived"]


def test_a_waiver_for_good(started: Repo) -> None:
    assert waived(started, expires="never").status == 0
    assert "never expires" in started.gatekeeper("check", *LINT).stdout


def test_a_waiver_for_good_can_be_forbidden(started: Repo) -> None:
    configured(started, "waivers: {allow_never: false}\n")

    result = waived(started, expires="never")

    assert result.status == 2
    assert "waivers.yml:8" in result.stderr


def test_an_expired_waiver_blocks_again_and_says_why(started: Repo) -> None:
    result = waived(started, expires=str(today() - DAY))

    assert result.status == 1
    assert notes(result) == ["expired"]
    assert "no longer covers 1 finding" in started.gatekeeper("check", *LINT).stdout


def test_a_waiver_that_covers_nothing_is_unused(repo: Repo, tmp_path: Path) -> None:
    stand_in(repo, tmp_path, more="gates: {format: {enabled: false}, types: {enabled: false}, "
             "sast: {enabled: false}, secrets: {enabled: false}, workflows: {enabled: false}, "
             "external: {enabled: false}}\n")  # fmt: skip
    repo.write(".gatekeeper/waivers.yml", waiver())
    repo.commit()

    result = repo.check()

    assert result.status == 0
    assert notes(result) == ["unused"]


def test_unless_only_a_part_was_looked_at(started: Repo) -> None:
    assert notes(waived(started, "README.md")) == []


def test_a_waiver_for_a_rule_everywhere_is_too_broad(started: Repo) -> None:
    result = waived(started, paths=None)

    assert result.status == 0
    assert notes(result) == ["too-broad"]


def test_so_is_one_that_covers_more_than_it_was_meant_to(started: Repo) -> None:
    configured(started, "waivers: {max_findings: 1}\n", **{"a.py": "import os\nimport sys\n"})
    started.write(".gatekeeper/waivers.yml", waiver())

    result = started.check(*LINT)

    assert result.status == 0
    assert notes(result) == ["too-broad"]


RULES = """\
rules:
  - id: dangerous
    languages: [python]
    severity: ERROR
    message: never call this
    metadata: {confidence: HIGH}
    pattern: dangerous(...)
"""
WORKFLOW = """\
name: ci
on: push
permissions: {{}}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{{{ github.event.issue.title }}}}  # zizmor: ignore[template-injection]{why}
"""
IGNORED = {
    "ruff": ("lint", "a.py", "import os  # noqa: F401{why}\n"),
    "bandit": ("sast", "b.py", 'total = eval("1")  # nosec B307{why}\n'),
    "semgrep": (
        "sast",
        "c.py",
        "from lib import dangerous\n\ndangerous(1)  # nosemgrep: dangerous{why}\n",
    ),
    "zizmor": ("workflows", ".github/workflows/ci.yml", WORKFLOW),
}
DEMANDING = """\
scanners: {semgrep: {builtin_rules: false, rules: [rules]}}
gates:
  lint: {require_reason: true}
  sast: {require_reason: true}
  workflows: {require_reason: true}
"""


def ignore_everything(repo: Repo, why: str) -> Result:
    """The verdict on one inline ignore for each of the four tools."""
    for _, path, text in IGNORED.values():
        repo.write(path, text.format(why=why))
    repo.commit()
    return repo.check("--gate", "lint", "--gate", "sast", "--gate", "workflows")


def suppressed(result: Result) -> dict[str, tuple[str, bool]]:
    """Per scanner, the reason of its one ignored finding and whether it blocks."""
    found = result.findings("suppressed")
    told = {it["scanner"]: (it["suppression"]["reason"], it["blocks"]) for it in found}
    assert len(told) == len(found)
    return told


def test_inline_ignores_are_counted_and_do_not_block(started: Repo) -> None:
    configured(started, DEMANDING.partition("gates:")[0], **{"rules/own.yml": RULES})

    result = ignore_everything(started, "")

    assert suppressed(result) == dict.fromkeys(IGNORED, ("", False))
    assert result.status == 0
    assert "1 ignored inline" in started.gatekeeper("check", *LINT).stdout


def test_where_reasons_are_required_one_without_blocks(started: Repo) -> None:
    configured(started, DEMANDING, **{"rules/own.yml": RULES})

    result = ignore_everything(started, "")

    assert result.status == 1
    assert suppressed(result) == dict.fromkeys(IGNORED, ("", True))
    assert {gate["reason_code"] for gate in result.report["gates"]} == {
        "suppression-without-reason"
    }
    assert "without a reason" in started.gatekeeper("check", *LINT).stdout


def test_and_one_with_a_reason_does_not(started: Repo) -> None:
    configured(started, DEMANDING, **{"rules/own.yml": RULES})

    result = ignore_everything(started, "  # kept for plugins")

    assert result.status == 0
    assert suppressed(result) == dict.fromkeys(IGNORED, ("kept for plugins", False))


def test_nor_does_one_that_was_there_before(repo: Repo, cache: Path) -> None:
    configured(repo, DEMANDING, **{"a.py": "import os  # noqa: F401\n", "rules/own.yml": RULES})
    repo.branch()
    repo.commit(**{"a.py": "import os  # noqa: F401\n\nprint(1)\n"})

    result = repo.check(*LINT)

    assert result.status == 0
    assert suppressed(result) == {"ruff": ("", False)}


def test_an_override_changes_the_demands_for_some_paths(started: Repo) -> None:
    configured(
        started,
        """\
        overrides:
          - paths: [tests/]
            gates: {lint: {enabled: false}}
          - paths: [tests/strict/]
            gates: {lint: {enabled: true, block_from: low}}
        """,
    )
    for path in ("app/a.py", "tests/b.py", "tests/strict/c.py"):
        started.write(path, UNUSED)
    started.commit()

    result = started.check(*LINT)

    assert {item["path"]: item["blocks"] for item in result.findings()} == {
        "app/a.py": True, "tests/b.py": False, "tests/strict/c.py": True,
    }  # fmt: skip


def test_later_files_win_over_those_they_extend(started: Repo) -> None:
    started.commit(
        **{
            "company.yml": "version: 1\ngates: {lint: {block_from: critical, on: all}}\n",
            "team.yml": "version: 1\nextends: [company.yml]\ngates: {lint: {block_from: high}}\n",
            "a.py": UNUSED,
        }
    )
    configured(started, "extends: [team.yml]\n")

    assert started.check(*LINT).status == 0
    configured(started, "extends: [team.yml]\ngates: {lint: {block_from: medium}}\n")
    assert started.check(*LINT).status == 1
    shown = started.gatekeeper("config", "show").stdout
    assert "# company.yml:2" in shown


@pytest.mark.parametrize(
    ("preset", "unused", "unclear", "asserted"),
    [
        ("relaxed", True, False, False),
        ("standard", True, True, False),
        ("strict", True, True, True),
    ],
)
def test_presets_ask_for_more_or_less(
    started: Repo, preset: str, unused: bool, unclear: bool, asserted: bool
) -> None:
    configured(
        started,
        f"preset: {preset}\nscanners: {{semgrep: {{enabled: false}}}}\n",
        **{
            "a.py": UNUSED,
            "b.py": UNCLEAR,
            "c.py": ASSERTED,
            "ruff.toml": "lint.select = ['E', 'F']\n",
        },
    )

    found = started.check("--gate", "lint", "--gate", "sast").findings()

    blocks = {f"{item['scanner']}/{item['rule']}": item["blocks"] for item in found}
    assert blocks == {"ruff/F401": unused, "ruff/E741": unclear, "bandit/B101": asserted}


@pytest.mark.parametrize(
    ("doubt", "status", "verdict", "reason"),
    [
        ("inconclusive", 3, "inconclusive", "scanner-failed"),
        ("block", 1, "block", "scanner-failed"),
        ("warn", 0, "pass", "warned"),
    ],
)
def test_the_policy_says_what_doubt_means(
    repo: Repo, tmp_path: Path, doubt: str, status: int, verdict: str, reason: str
) -> None:
    stand_in(repo, tmp_path, "exit 3\n", more=f"gates: {{lint: {{inconclusive: {doubt}}}}}\n")

    result = repo.check(*LINT)

    assert result.status == status
    (gate,) = result.report["gates"]
    assert (gate["verdict"], gate["reason_code"]) == (verdict, reason)
    assert "Not checked" in repo.gatekeeper("check", *LINT).stdout


def test_what_is_excluded_is_not_looked_at(started: Repo) -> None:
    configured(started, "exclude: [gen/]\n")
    started.write("gen/a.py", UNUSED)
    started.commit()

    assert started.check(*LINT).findings() == []


def test_a_scanner_can_be_switched_off(started: Repo) -> None:
    configured(started, "scanners: {ruff: {enabled: false}}\n", **{"a.py": UNUSED})

    result = started.check(*LINT)

    assert result.status == 0
    outcome = result.report["outcomes"][0]
    assert (outcome["status"], outcome["reason_code"]) == ("skipped", "disabled")
