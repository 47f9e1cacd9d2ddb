"""`gatekeeper doctor`: everything that is not as it should be, with what to do; offline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.doctor.result import AREAS
from gatekeeper.version import VERSION
from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.inside import ask
from tests.fakes.repo import Repo

SHA = "3d3c42e5aac5ba805825da76410c181273ba90b1"
OFFLINE = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
RUFF_HOOK = """\
repos:
- repo: https://github.com/astral-sh/ruff-pre-commit
  rev: v0.1.2
  hooks: [{id: ruff}]
"""
WORKFLOW = f"""\
name: gate
on:
  pull_request:
  merge_group:
jobs:
  gate:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@{SHA} # v7.0.1
        with:
          fetch-depth: 0
      - uses: org/gatekeeper@{SHA} # v{VERSION}
"""


def checks(repo: Repo, *arguments: str) -> list[dict[str, Any]]:
    result = ask(repo, "doctor", "--format", "json", *arguments, env=OFFLINE)
    found = json.loads(result.stdout)
    assert result.status == (found["state"] == "fail")
    rows: list[dict[str, Any]] = found["checks"]
    return rows


def named(rows: list[dict[str, Any]], area: str, *states: str) -> Iterator[dict[str, Any]]:
    return (it for it in rows if it["area"] == area and it["state"] in (states or ("warn", "fail")))


def workflow(repo: Repo, text: str) -> list[dict[str, Any]]:
    """What is said about a repository with this workflow."""
    repo.commit(**{".github/workflows/gate.yml": text})
    return list(named(checks(repo), "workflows"))


def test_after_init_nothing_fails(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    ask(repo, "init")
    repo.commit()

    result = ask(repo, "doctor", env=OFFLINE)

    assert result.status == 0, result.stdout
    assert [area for area in AREAS if f"{area}\n" not in result.stdout] == []
    assert "pre-commit install" in result.stdout
    assert "required check" in result.stdout


def test_it_needs_no_tools_and_no_network(repo: Repo) -> None:
    repo.commit()

    rows = checks(repo)

    assert "not installed yet" in next(it["message"] for it in rows if it["name"] == "ruff")


def test_a_good_workflow_gives_no_warning(repo: Repo) -> None:
    assert workflow(repo, WORKFLOW) == []


@pytest.mark.parametrize(
    ("old", "new", "said", "remedy"),
    [
        (f"org/gatekeeper@{SHA} # v{VERSION}", f"org/gatekeeper@v{VERSION}", "can be moved", f"<commit> # v{VERSION}"),
        (f"gatekeeper@{SHA} # v{VERSION}", f"gatekeeper@{SHA} # v0.0.9", "CI runs gatekeeper 0.0.9", VERSION),
        (f"checkout@{SHA} # v7.0.1", "checkout@v7", "actions/checkout@v7", "`gatekeeper pin` does"),
        ("  merge_group:\n", "", "no `merge_group` trigger", "merge_group:"),
        ("    permissions:\n      contents: read\n", "", "no `permissions:`", "contents: read"),
        ("        with:\n          fetch-depth: 0\n", "", "fetches one commit", "fetch-depth: 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_workflow(
    repo: Repo, old: str, new: str, said: str, remedy: str
) -> None:
    assert old in WORKFLOW

    (found,) = workflow(repo, WORKFLOW.replace(old, new))

    assert said in found["message"]
    assert remedy in found["remedy"]
    assert found["name"].startswith(".github/workflows/gate.yml:")


@pytest.mark.parametrize(
    ("uses", "to", "right"),
    [
        ("github/codeql-action/upload-sarif", "", "security-events"),
        ("org/gatekeeper/actions/comment", "", "pull-requests"),
        ("org/gatekeeper/actions/comment", "review", "pull-requests"),
        ("org/gatekeeper/actions/comment", "check", "checks"),
        ("org/gatekeeper/actions/comment", "sarif", "security-events"),
        ("org/gatekeeper/actions/comment", "issues", "issues"),
    ],
)
def test_a_missing_right_fails_with_the_lines_to_add(
    repo: Repo, uses: str, to: str, right: str
) -> None:
    given = f"        with:\n          to: {to}\n" if to else ""
    step = f"      - uses: {uses}@{SHA} # v{VERSION}\n{given}"

    (found,) = workflow(repo, WORKFLOW + step)

    assert found["state"] == "fail"
    assert f"`{right}: write` is missing" in found["message"]
    assert f"permissions:\n    {right}: write" in found["remedy"]
    granted = WORKFLOW.replace("contents: read", f"contents: read\n      {right}: write")
    assert workflow(repo, granted + step) == []


def test_rights_of_the_whole_workflow_count(repo: Repo) -> None:
    step = f"      - uses: github/codeql-action/upload-sarif@{SHA}\n"
    own = "    permissions:\n      contents: read\n"
    text = WORKFLOW.replace(own, "").replace("jobs:", "permissions: write-all\njobs:") + step

    assert workflow(repo, text) == []


def test_a_workflow_that_cannot_be_read_is_named_with_its_line(repo: Repo) -> None:
    found = workflow(repo, "on: push\njobs: [\n")

    assert "cannot be read" in found[0]["message"]
    assert found[0]["name"] == ".github/workflows/gate.yml:3"


def test_a_repository_without_anything(repo: Repo) -> None:
    repo.commit()

    rows = checks(repo)

    assert "gatekeeper init" in next(named(rows, "workflows"))["remedy"]
    assert "gatekeeper init" in next(named(rows, "hooks"))["remedy"]


@pytest.mark.parametrize("rev", ["v0.0.7", f"{SHA}  # frozen: v0.0.7"])
def test_hooks_of_another_version_are_drift(repo: Repo, rev: str) -> None:
    ask(repo, "init")
    path = repo.root / ".pre-commit-config.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"v{VERSION}", rev), encoding="utf-8")

    first = next(named(checks(repo), "hooks"))

    assert f"hooks run gatekeeper 0.0.7, here it is {VERSION}" in first["message"]
    assert first["name"] == ".pre-commit-config.yaml:2"


def test_hooks_by_tag_may_become_something_else(repo: Repo) -> None:
    ask(repo, "init")
    path = repo.root / ".pre-commit-config.yaml"
    tagged = path.read_text(encoding="utf-8")
    path.write_text(tagged.replace(f"v{VERSION}", f"{SHA}  # frozen: v{VERSION}"), encoding="utf-8")

    pinned = [it["message"] for it in checks(repo) if it["area"] == "hooks"]
    path.write_text(tagged, encoding="utf-8")
    moving = [it["message"] for it in named(checks(repo), "hooks", "warn")]

    assert f"gatekeeper at {SHA[:12]} (v{VERSION})" in pinned
    assert f"v{VERSION} is a tag or branch, which can be moved to other code" in moving
    assert not [it for it in pinned if "can be moved" in it]


def test_native_hooks_are_seen(repo: Repo) -> None:
    repo.commit()
    ask(repo, "init", "--hooks")

    assert "own are in force" in next(named(checks(repo), "hooks", "ok"))["message"]


@pytest.mark.parametrize(
    ("path", "text", "where"),
    [
        (".pre-commit-config.yaml", RUFF_HOOK, ".pre-commit-config.yaml:3"),
        ("uv.lock", 'version = 1\n[[package]]\nname = "ruff"\nversion = "0.1.2"\n', "uv.lock"),
    ],
)  # fmt: skip
def test_a_tool_pinned_elsewhere_at_another_version_is_drift(
    repo: Repo, path: str, text: str, where: str
) -> None:
    repo.commit(**{path: text})

    (found,) = named(checks(repo), "tools")

    assert found["name"] == where
    assert "ruff is 0.1.2 there" in found["message"]


def test_a_lock_of_the_repository_that_differs_is_named(repo: Repo) -> None:
    pin = "ruff==0.1.2 --hash=sha256:" + "0" * 64 + "\n"
    repo.commit(**{".gatekeeper/locks/ruff.txt": pin})

    (found,) = named(checks(repo), "tools")

    assert "0.1.2, from .gatekeeper/locks" in found["message"]


def test_a_project_tool_that_is_not_there_fails(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    repo.commit(**{"pyproject.toml": "[tool.pyright]\n"})

    (found,) = named(checks(repo), "tools", "fail")

    assert found["name"] == "pyright"
    assert "install pyright" in found["remedy"]


def test_a_configuration_that_does_not_load_fails_and_the_rest_is_told(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\nscaners: {}\n"})

    rows = checks(repo)

    (found,) = named(rows, "configuration", "fail")
    assert found["name"] == "gatekeeper.yml:2"
    assert list(named(rows, "machine", "ok"))


def test_waivers_that_need_somebody(repo: Repo, cache: Path) -> None:
    entry = "  - rule: ruff/{}\n    paths: [a.py]\n    owner: '@team'\n    reason: kept for now\n    expires: {}\n"
    text = "waivers:\n" + entry.format("F401", "2020-01-01") + entry.format("F811", "never")
    repo.commit(**{".gatekeeper/waivers.yml": text, "a.py": "x = 1\n"})

    (expired,) = named(checks(repo), "waivers")
    assert "expired on 2020-01-01" in expired["message"]
    assert "@team" in expired["remedy"]

    assert ask(repo, "check").status == 0
    assert any("covered nothing" in it["message"] for it in named(checks(repo), "waivers"))


def test_a_waiver_that_ends_soon(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    from gatekeeper.adapters.clock import SystemClock

    repo.commit(**{".gatekeeper/waivers.yml": "waivers:\n  - rule: ruff/F401\n    paths: [a.py]\n"
                   "    owner: '@team'\n    reason: kept for now\n    expires: 2030-01-10\n"})  # fmt: skip
    monkeypatch.setattr(SystemClock, "today", lambda self: "2030-01-01")

    (found,) = named(checks(repo), "waivers")

    assert found["message"] == "ends on 2030-01-10"


def test_a_shallow_clone_is_told_how_to_get_the_rest(repo: Repo, tmp_path: Path) -> None:
    for _ in range(3):
        repo.commit()
    repo.branch()
    repo.commit()
    shallow = Repo(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.root}", str(shallow.root))

    found = list(named(checks(shallow), "base"))

    assert any("shallow" in it["message"] for it in found)
    assert any("fetch-depth: 0" in it["remedy"] for it in found)


def test_a_cache_that_cannot_be_written_fails(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    repo.commit()

    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(blocked / "cache"))

    (found,) = named(checks(repo), "machine")

    assert found["state"] == "fail"
    assert "cannot be written" in found["message"]
    assert "GATEKEEPER_CACHE_DIR" in found["remedy"]


def test_nothing_is_changed(repo: Repo) -> None:
    repo.commit(**{"a.py": "x = 1\n"})

    ask(repo, "doctor")

    assert repo.git("status", "--porcelain", "--ignored") == ""


def test_escape_sequences_do_not_get_through(repo: Repo) -> None:
    name = ".github/workflows/x\x1b[2J.yml"
    repo.commit(**{name: "on: push\njobs: {a: {steps: [{uses: 'a/b@\\e[2J'}]}}\n"})

    result = ask(repo, "doctor")

    assert "\x1b" not in result.stdout


def test_a_type_checker_without_the_project_is_foreseen(repo: Repo) -> None:
    repo.write("mypy.ini", "[mypy]\n")

    (found,) = workflow(repo, WORKFLOW)

    assert "nothing is installed before gatekeeper, so mypy cannot run" in found["message"]


def test_a_snapshot_that_is_missing_or_old_is_told(repo: Repo, cache: Path) -> None:
    (missing,) = named(checks(repo), "advisories")
    assert missing["remedy"] == "run `gatekeeper advisories sync`"

    snapshot(cache, record("PYSEC-1", affected("demo"), modified="2020-01-01T00:00:00Z"))
    (old,) = named(checks(repo), "advisories")
    assert old["message"] == "PyPI: older than advisories.max_age_days (7)"

    repo.write("gatekeeper.yml", "advisories: {max_age_days: 3650}\n")
    (fine,) = named(checks(repo), "advisories", "ok")
    assert fine["message"] == "PyPI of 2020-01-01"

    repo.write("gatekeeper.yml", "advisories: {source: live}\n")
    (live,) = named(checks(repo), "advisories", "ok")
    assert "api.osv.dev" in live["message"]

    repo.write("gatekeeper.yml", "gates: {dependencies: {enabled: false}}\n")
    assert list(named(checks(repo), "advisories", "ok", "warn", "fail")) == []


def test_a_job_that_only_comments_is_no_gate(repo: Repo) -> None:
    told = f"""  comment:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@{SHA} # v7
      - uses: org/gatekeeper/actions/setup@{SHA} # v{VERSION}
      - uses: org/gatekeeper/actions/comment@{SHA} # v{VERSION}
"""
    assert workflow(repo, WORKFLOW + told) == []


BOT = f"""\
name: gatekeeper bot
on:
  issue_comment:
    types: [created, edited]
jobs:
  bot:
    runs-on: ubuntu-latest
    permissions:
      actions: write
      contents: write
      pull-requests: write
    steps:
      - uses: actions/checkout@{SHA} # v7
      - uses: org/gatekeeper/actions/setup@{SHA} # v{VERSION}
      - uses: org/gatekeeper/actions/bot@{SHA} # v{VERSION}
"""
FORKS = f"""\
name: gatekeeper forks
on:
  workflow_run:
    workflows: [gate]
    types: [completed]
jobs:
  comment:
    runs-on: ubuntu-latest
    permissions:
      actions: read
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@{SHA} # v7
      - uses: org/gatekeeper/actions/setup@{SHA} # v{VERSION}
      - uses: org/gatekeeper/actions/comment@{SHA} # v{VERSION}
        with:
          from-run: ${{{{ github.event.workflow_run.id }}}}
"""


def beside(repo: Repo, text: str, **files: str) -> list[dict[str, Any]]:
    """What is said of a workflow beside the one that judges."""
    repo.commit("beside", **{".github/workflows/beside.yml": text, **files})
    return workflow(repo, WORKFLOW)


@pytest.mark.parametrize("text", [BOT, FORKS])
def test_workflows_beside_the_gate_are_fine_as_they_are_shown(repo: Repo, text: str) -> None:
    assert beside(repo, text) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (BOT, "actions: write"),
        (BOT, "contents: write"),
        (BOT, "pull-requests: write"),
        (FORKS, "actions: read"),
        (FORKS, "pull-requests: write"),
    ],
)
def test_a_right_that_they_lack_is_named_with_the_lines_to_add(
    repo: Repo, text: str, right: str
) -> None:
    (found,) = beside(repo, text.replace(f"      {right}\n", ""))

    assert found["state"] == "fail"
    assert f"`{right}` is missing" in found["message"]
    assert f"permissions:\n    {right} #" in found["remedy"]


def test_commands_that_are_off_need_no_right(repo: Repo) -> None:
    off = "pull_requests: {commands: {rerun: nobody, fix: nobody, waive: nobody}}\n"
    text = BOT.replace("      contents: write\n", "").replace("actions: write", "actions: read")

    (first, _) = beside(repo, text)
    assert "or in gatekeeper.yml: `pull_requests: {commands: {rerun: nobody}}`" in first["remedy"]
    assert beside(repo, text, **{"gatekeeper.yml": off}) == []


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        (BOT, "refs/pull/${{ github.event.issue.number }}/head"),
        (FORKS, "${{ github.event.workflow_run.head_sha }}"),
        (FORKS, "${{ github.event.workflow_run.head_branch }}"),
    ],
)
def test_the_change_is_not_to_be_checked_out_where_there_are_rights(
    repo: Repo, text: str, ref: str
) -> None:
    checkout = f"      - uses: actions/checkout@{SHA} # v7\n"

    (found,) = beside(repo, text.replace(checkout, f"{checkout}        with: {{ref: '{ref}'}}\n"))

    assert found["state"] == "fail"
    assert "it checks the change out, with a token that may write" in found["message"]


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (BOT, "issue_comment", "issues", "it needs the event `issue_comment`"),
        (FORKS, "workflow_run:\n    workflows: [gate]\n    types: [completed]", "push:",
         "it needs the event `workflow_run`"),
        (FORKS, "[gate]", "[gatekeeper]", "it waits for runs of 'gatekeeper', and no workflow has"),
    ],
)  # fmt: skip
def test_a_workflow_that_nothing_starts_is_told(
    repo: Repo, text: str, old: str, new: str, said: str
) -> None:
    (found,) = beside(repo, text.replace(old, new))

    assert found["state"] == "warn"
    assert said in found["message"]
