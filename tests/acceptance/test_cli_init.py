"""`gatekeeper init`: looks, writes what fits, overwrites nothing unasked, does nothing twice."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.cli import arguments_setup
from gatekeeper.setup import starter
from gatekeeper.setup.origin import Origin
from tests.fakes.inside import ask
from tests.fakes.repo import Repo

WORKFLOW = ".github/workflows/gatekeeper.yml"
HOOKS = ".pre-commit-config.yaml"
MADE = ("gatekeeper.yml", WORKFLOW, HOOKS)


def tree(repo: Repo) -> dict[str, tuple[bytes, int]]:
    """Every file outside .git, with its content and time of change."""
    return {
        str(path.relative_to(repo.root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(repo.root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(repo.root).parts
    }


def loaded(repo: Repo, path: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((repo.root / path).read_text(encoding="utf-8"))
    return data


def test_an_ordinary_project_gets_all_it_needs(repo: Repo) -> None:
    repo.commit(**{"pkg/__init__.py": "", "pyproject.toml": "[tool.ruff]\n[tool.mypy]\n"})

    result = ask(repo, "init")

    assert result.status == 0, result.stderr
    assert "default branch  main" in result.stdout
    assert "packages: pkg" in result.stdout
    assert "ruff (pyproject.toml), mypy (pyproject.toml)" in result.stdout
    assert loaded(repo, "gatekeeper.yml") == {"version": 1, "preset": "standard"}
    assert loaded(repo, HOOKS)["repos"][0]["hooks"] == [{"id": "gatekeeper"}]
    assert ask(repo, "config", "validate").status == 0
    head = (repo.root / "gatekeeper.yml").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("# yaml-language-server: $schema=https://")


def test_it_ends_with_the_commands_to_type_next(repo: Repo) -> None:
    said = ask(repo, "init").stdout

    commands = said[said.index("Next:") :]
    assert "gatekeeper check" in commands
    assert "pre-commit install" in commands
    assert f"git add gatekeeper.yml {WORKFLOW} {HOOKS}" in commands


@pytest.mark.parametrize(
    ("lock", "how"),
    [({}, ".venv/bin/pip install mypy ty"), ({"uv.lock": "version = 1\n"}, "uv sync")],
)
def test_a_type_checker_that_is_set_up_and_not_there_is_told(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, lock: dict[str, str], how: str
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    repo.commit(**{"a.py": "", "pyproject.toml": "[tool.mypy]\n[tool.ty]\n", **lock})

    (told,) = [it for it in ask(repo, "init").stdout.splitlines() if "inconclusive" in it]

    assert "mypy and ty are set up here and not in the project's environment" in told
    assert f"until they are: `{how}`" in told
    (repo.root / ".venv/bin").mkdir(parents=True)
    for name in ("mypy", "ty"):
        repo.write(f".venv/bin/{name}", "#!/bin/sh\n").chmod(0o755)
    assert "inconclusive" not in ask(repo, "init").stdout


def test_what_it_writes_passes_its_own_gates(
    repo: Repo, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    # Only a build knows its commit; this runs from the source.
    built = Origin(commit="c" * 40, released=True)
    monkeypatch.setattr("gatekeeper.cli.init.origin", lambda: built)
    ask(repo, "init")

    result = repo.check("--all", "--gate", "workflows", "--gate", "secrets")

    assert [it["message"] for it in result.findings() if it["blocks"]] == []


def test_a_second_run_changes_nothing(repo: Repo) -> None:
    repo.commit(**{"a.py": "x = 1\n", HOOKS: "repos: []\n"})
    ask(repo, "init")
    before = tree(repo)

    result = ask(repo, "init")

    assert result.status == 0
    assert "Nothing to do" in result.stdout
    assert tree(repo) == before


def test_a_dry_run_shows_everything_and_writes_nothing(repo: Repo) -> None:
    repo.commit(**{HOOKS: "repos:\n- repo: https://example.org/x\n  rev: v1\n  hooks: [{id: x}]\n"})
    before = tree(repo)

    result = ask(repo, "init", "--dry-run")

    assert result.status == 0
    assert "+++ b/gatekeeper.yml" in result.stdout
    assert "+- repo: https://github.com/org/gatekeeper" in result.stdout
    assert "would create" in result.stdout
    assert tree(repo) == before


def test_the_default_branch_is_found_and_written_where_it_counts(repo: Repo) -> None:
    repo.commit()
    repo.git("branch", "-m", "release/next")

    ask(repo, "init")

    workflow = (repo.root / WORKFLOW).read_text(encoding="utf-8")
    assert "branches: [release/next]" in workflow
    assert loaded(repo, "gatekeeper.yml")["base"] == "origin/release/next"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": "[tool.black]\n"}, {"format": {"enabled": False}}),
        ({"pyproject.toml": "[tool.black]\n[tool.ruff.format]\n"}, None),
        ({"setup.cfg": "[yapf]\n"}, {"format": {"enabled": False}}),
        ({"pyproject.toml": "[tool.commitizen]\n"}, {"commits": {"enabled": True}}),
        ({"commitlint.config.js": "x"}, {"commits": {"enabled": True}}),
        ({"pyproject.toml": "[tool.ruff]\n[tool.pytest.ini_options]\n"}, None),
    ],
)
def test_what_the_project_uses_decides_about_gates(
    repo: Repo, files: dict[str, str], expected: object
) -> None:
    repo.commit(**files)

    ask(repo, "init")

    assert loaded(repo, "gatekeeper.yml").get("gates") == expected
    hooks = (repo.root / HOOKS).read_text(encoding="utf-8")
    assert ("gatekeeper-commit-msg" in hooks) is ("commits" in str(expected))


def test_rules_of_the_repository_are_used(repo: Repo) -> None:
    repo.commit(**{".semgrep/own.yml": "rules: []\n", "a.py": "x = 1\n"})

    ask(repo, "init")

    assert loaded(repo, "gatekeeper.yml")["scanners"] == {"semgrep": {"rules": [".semgrep/"]}}


def test_leaving_other_peoples_code_out_is_only_suggested(repo: Repo) -> None:
    repo.commit(**{"src/p/_vendor/a.py": "x = 1\n", "src/p/__init__.py": ""})

    ask(repo, "init")

    text = (repo.root / "gatekeeper.yml").read_text(encoding="utf-8")
    assert "#   - /src/p/_vendor/\n" in text
    assert "exclude" not in loaded(repo, "gatekeeper.yml")


def test_a_broken_pyproject_is_told_and_nothing_else_suffers(repo: Repo) -> None:
    repo.commit(**{"pyproject.toml": "[tool.ruff\n"})

    result = ask(repo, "init")

    assert result.status == 0
    assert "pyproject.toml cannot be read" in result.stdout
    assert (repo.root / "gatekeeper.yml").exists()


def test_a_configuration_of_yours_is_kept(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "preset: strict # ours\n"})

    result = ask(repo, "init")

    assert result.status == 0
    assert "gatekeeper.yml (it is yours)" in result.stdout
    assert (repo.root / "gatekeeper.yml").read_text(encoding="utf-8") == "preset: strict # ours\n"


@pytest.mark.parametrize("name", [".github/gatekeeper.yml", "pyproject.toml"])
def test_no_second_configuration_is_written(repo: Repo, name: str) -> None:
    text = "[tool.gatekeeper]\npreset = 'strict'\n" if name.endswith("toml") else "version: 1\n"
    repo.commit(**{name: text})

    result = ask(repo, "init")
    refused = ask(repo, "init", "--preset", "relaxed")

    assert result.status == 0
    assert not (repo.root / "gatekeeper.yml").exists()
    assert refused.status == 2
    assert name in refused.stderr


@pytest.mark.parametrize(
    ("path", "arguments"), [("gatekeeper.yml", ("--preset", "strict")), (WORKFLOW, ())]
)
def test_a_file_that_says_something_else_is_shown_and_left(
    repo: Repo, path: str, arguments: tuple[str, ...]
) -> None:
    repo.commit(**{path: "# ours\nversion: 1\n"})

    result = ask(repo, "init", *arguments)

    assert result.status == 1
    assert f"--- a/{path}" in result.stdout
    assert "-# ours" in result.stdout
    assert f"Left as it is: {path}" in result.stdout
    assert "--force" in result.stdout
    assert (repo.root / path).read_text(encoding="utf-8") == "# ours\nversion: 1\n"
    assert (repo.root / HOOKS).exists(), "what stands in nobody's way is written"


def test_force_overwrites_after_showing(repo: Repo) -> None:
    repo.commit(**{WORKFLOW: "name: ours\n"})

    result = ask(repo, "init", "--force")

    assert result.status == 0
    assert "-name: ours" in result.stdout
    assert loaded(repo, WORKFLOW)["name"] == "gatekeeper"


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_it_asks(repo: Repo, answer: str, status: int) -> None:
    repo.commit(**{WORKFLOW: "name: ours\n"})

    child = pexpect.spawn(sys.executable, ["-m", "gatekeeper", "init"], cwd=str(repo.root),
                          env={**os.environ}, encoding="utf-8", timeout=30)  # fmt: skip
    child.expect("-name: ours")
    child.expect(r"Overwrite \S+\? \[y/N\]")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == status
    assert (loaded(repo, WORKFLOW)["name"] == "gatekeeper") is (answer == "y")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (".github", "elsewhere"),
        (".github/workflows", "elsewhere"),
        (WORKFLOW, "elsewhere/file.yml"),
        ("gatekeeper.yml", "elsewhere/file.yml"),
        (HOOKS, "elsewhere/file.yml"),
    ],
)
def test_nothing_is_written_through_a_symlink(
    repo: Repo, tmp_path: Path, link: str, target: str
) -> None:
    repo.commit()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file.yml").write_text("version: 1\n", encoding="utf-8")
    place = repo.root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(tmp_path / target)

    result = ask(repo, "init", "--force")

    assert result.status == 2
    assert "symlink" in result.stderr
    assert sorted(it.name for it in elsewhere.iterdir()) == ["file.yml"]
    assert (elsewhere / "file.yml").read_text(encoding="utf-8") == "version: 1\n"
    assert not (repo.root / "gatekeeper.yml").is_file() or link == "gatekeeper.yml"


def test_when_one_file_cannot_be_written_none_is(repo: Repo) -> None:
    repo.commit()
    repo.write(".github/workflows", "a file where a folder should be\n")
    before = tree(repo)

    result = ask(repo, "init")

    assert result.status == 2
    assert tree(repo) == before


def test_outside_a_repository_it_says_what_to_do(tmp_path: Path) -> None:
    result = ask(Repo(tmp_path), "init")

    assert result.status == 2
    assert "git init" in result.stderr


def test_a_pre_commit_file_that_nothing_can_be_added_to_does_not_stop_the_rest(repo: Repo) -> None:
    repo.commit(**{HOOKS: "x: &a {id: y}\nrepos: [{repo: local, hooks: [{<<: *a}]}]\n"})

    result = ask(repo, "init")

    assert result.status == 1
    assert (repo.root / "gatekeeper.yml").exists()
    assert "- repo: https://github.com/org/gatekeeper" in result.stdout


def test_unknown_words_are_refused_with_the_nearest(repo: Repo) -> None:
    result = ask(repo, "init", "--preset", "strickt")

    assert result.status == 2
    assert "did you mean 'strict'" in result.stderr


def test_hooks_of_git_are_installed_instead_of_a_pre_commit_file(repo: Repo) -> None:
    repo.commit()

    result = ask(repo, "init", "--hooks")

    assert result.status == 0, result.stderr
    assert "installed git hooks: pre-commit, commit-msg, pre-push" in result.stdout
    assert not (repo.root / HOOKS).exists()
    assert "pre-commit install" not in result.stdout
    assert repo.git("config", "core.hooksPath")
    again = ask(repo, "init", "--hooks")
    assert "kept      git hooks" in again.stdout
    assert "Nothing to do" in again.stdout


def test_hooks_of_somebody_else_are_left(repo: Repo) -> None:
    repo.commit()
    repo.git("config", "core.hooksPath", ".husky")

    result = ask(repo, "init", "--hooks")

    assert result.status == 2
    assert "--chain" in result.stderr
    assert repo.git("config", "core.hooksPath") == ".husky"
    assert tree(repo) == {}


def test_where_hooks_of_git_are_in_force_no_pre_commit_file_is_made(repo: Repo) -> None:
    repo.commit()
    ask(repo, "init", "--hooks")
    before = tree(repo)

    assert ask(repo, "init").status == 0
    assert tree(repo) == before


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": "[tool.mypy]\n"}, ".venv/bin/pip install --quiet -e . mypy"),
        ({"mypy.ini": "[mypy]\n", "requirements.txt": ""}, "--quiet -r requirements.txt mypy"),
        ({"pyproject.toml": "[tool.ty]\n[tool.mypy]\n", "uv.lock": ""}, "uv sync --locked"),
    ],
)
def test_a_type_checker_finds_the_project_installed(
    repo: Repo, cache: Path, files: dict[str, str], expected: str
) -> None:
    repo.commit(**files)

    ask(repo, "init")

    steps = loaded(repo, WORKFLOW)["jobs"]["gatekeeper"]["steps"]
    assert expected in steps[-2]["run"]
    assert steps[-1]["uses"].startswith("org/gatekeeper@")
    found = ask(repo, "check", "--all", "--gate", "workflows", "--format", "json").findings()
    assert all("pinned" in it["message"] for it in found if it["blocks"])
    rows = ask(repo, "doctor", env={"UV_OFFLINE": "1"}).stdout
    assert "nothing is installed before gatekeeper" not in rows


_FILES = {
    "gatekeeper.yml": ["version: 1\n", "preset: strict # ours\n", "gates: [\n", ""],
    ".github/gatekeeper.yml": ["version: 1\n"],
    WORKFLOW: ["name: ours\n", ""],
    HOOKS: ["", "repos: []\n", "repos:\n- repo: local\n  hooks: []", "repos: 3\n", "{", "a: 1\r\n"],
    "pyproject.toml": ["", "[tool.black]\n", "[tool.gatekeeper]\npreset = 'relaxed'\n", "[", "[tool.mypy]\n"],
    "setup.cfg": ["[mypy]\n", "\xff"],
    "pkg/__init__.py": [""],
    "src/_vendor/a.py": ["x = 1\n"],
    ".mega-linter.yml": ["ENABLE: [PYTHON]\nFILTER_REGEX_EXCLUDE: '^docs/'\n", "a: ["],
    "commitlint.config.js": [""],
}  # fmt: skip
_START = st.fixed_dictionaries({}, optional={
    path: st.sampled_from(contents) for path, contents in _FILES.items()
})  # fmt: skip
_OPTIONS = st.lists(
    st.sampled_from(["--force", "--preset=strict", "--from=megalinter", "--from=pre-commit"]),
    unique=True, max_size=2,
)  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(start=_START, options=_OPTIONS)
def test_whatever_was_there_a_second_run_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, start: dict[str, str], options: list[str]
) -> None:
    repo = Repo.create(tmp_path_factory.mktemp("start") / "repo")
    for path, text in start.items():
        repo.write(path, text.encode("latin-1"))
    before = tree(repo)

    first = ask(repo, "init", *options)
    after = tree(repo)
    second = ask(repo, "init", *options)

    assert first.status in (0, 1, 2), first.stderr
    assert second.status == first.status
    assert tree(repo) == after
    if first.status == 2:
        assert after == before
    if "--force" not in options:
        allowed = {HOOKS}
        assert {path for path in before if after[path] != before[path]} <= allowed


STARTERS = {
    "forks": ".github/workflows/gatekeeper-forks.yml",
    "bot": ".github/workflows/gatekeeper-bot.yml",
    "audit": ".github/workflows/gatekeeper-audit.yml",
}


@pytest.mark.parametrize(
    ("extras", "comments"),
    [(["comments"], True), (["forks"], True), (["bot"], True), (["audit"], False),
     (["audit", "bot", "forks", "bot"], True)],
)  # fmt: skip
def test_more_workflows_are_written_when_asked_for(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, extras: list[str], comments: bool
) -> None:
    built = Origin(commit="c" * 40, released=True, repository="platform/gatekeeper")
    monkeypatch.setattr("gatekeeper.cli.init.origin", lambda: built)
    repo.commit(**{"a.py": "x = 1\n"})

    result = ask(repo, "init", *(f"--with={it}" for it in extras))

    assert result.status == 0, result.stderr
    jobs = loaded(repo, WORKFLOW)["jobs"]
    assert ("comment" in jobs) == comments
    assert {it for it, path in STARTERS.items() if (repo.root / path).exists()} == set(extras) - {
        "comments"
    }
    for name in set(extras) - {"comments"}:
        text = (repo.root / STARTERS[name]).read_text(encoding="utf-8")
        assert f"platform/gatekeeper/actions/setup@{'c' * 40}" in text
        assert "org/gatekeeper" not in text
        assert "Copy this" not in text
    before = tree(repo)
    assert "Nothing to do" in ask(repo, "init", *(f"--with={it}" for it in extras)).stdout
    assert "Nothing to do" in ask(repo, "init").stdout, "a run without it takes nothing away"
    assert tree(repo) == before


def test_what_it_writes_besides_satisfies_the_doctor(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Origin(commit="c" * 40, released=True)
    monkeypatch.setattr("gatekeeper.cli.init.origin", lambda: built)
    repo.commit(**{"a.py": "x = 1\n"})
    ask(repo, "init", "--with=forks", "--with=bot", "--with=audit")
    repo.commit("set up")

    said = ask(repo, "doctor").stdout

    workflows = said[said.index("\nworkflows\n") :]
    workflows = workflows[: workflows.index("\n\n")] if "\n\n" in workflows else workflows
    assert "FAIL" not in workflows, workflows
    assert "warn" not in workflows, workflows


def test_comments_take_the_place_of_the_workflow_without_them(repo: Repo) -> None:
    ask(repo, "init")
    before = (repo.root / WORKFLOW).read_bytes()

    refused = ask(repo, "init", "--with", "comments")

    assert refused.status == 1
    assert "gatekeeper init --with comments --force" in refused.stdout
    assert (repo.root / WORKFLOW).read_bytes() == before
    assert ask(repo, "init", "--with", "comments", "--force").status == 0
    assert "comment" in loaded(repo, WORKFLOW)["jobs"]


def test_one_more_workflow_takes_nothing_away(repo: Repo) -> None:
    ask(repo, "init", "--with", "bot")
    before = tree(repo)

    result = ask(repo, "init", "--with", "audit")

    assert result.status == 0, result.stdout
    assert before.items() <= tree(repo).items()
    assert (repo.root / STARTERS["audit"]).exists()


def test_the_words_are_those_of_the_starters(repo: Repo) -> None:
    assert set(arguments_setup.EXTRAS) == set(starter.EXTRAS)
    assert "bot" in ask(repo, "init", "--with", "bots").stderr
