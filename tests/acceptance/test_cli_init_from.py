"""`gatekeeper init --from`: what has a counterpart is carried over, what has none is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.inside import ask
from tests.fakes.repo import Repo, Result

DATA = Path(__file__).parents[1] / "data" / "init"
PLACES = {
    "megalinter": (".mega-linter.yml", "mega-linter.yml"),
    "super-linter": (".github/workflows/lint.yml", "super-linter.yml"),
    "pre-commit": (".pre-commit-config.yaml", "pre-commit-config.yaml"),
}


def sections(result: Result) -> dict[str, dict[str, str]]:
    """The table: by section, each setting with what became of it."""
    found: dict[str, dict[str, str]] = {}
    title = last = ""
    for line in result.stdout.splitlines():
        if line.startswith(("Carried over", "Nothing to set", "Not carried over")):
            title = line.split(" (")[0].split(":")[0]
            found[title] = {}
        elif not line.startswith("  ") or line.startswith("  gatekeeper"):
            title = ""
        elif title and line[2] != " ":
            last, _, note = line.strip().partition("  ")
            found[title][last] = note.strip()
        elif title:
            found[title][last] += " " + line.strip()
    return found


def carried(repo: Repo, source: str, text: str = "") -> tuple[dict[str, Any], Result]:
    """What gatekeeper.yml then says, and what was printed."""
    place, sample = PLACES[source]
    content = text or (DATA / sample).read_text(encoding="utf-8")
    repo.commit(**{place: content, "a.py": "x = 1\n"})
    result = ask(repo, "init", "--from", source)
    assert result.status == 0, result.stderr
    assert ask(repo, "config", "validate").status == 0
    loaded = yaml.safe_load((repo.root / "gatekeeper.yml").read_text(encoding="utf-8"))
    return loaded, result


def test_megalinter(repo: Repo) -> None:
    config, result = carried(repo, "megalinter")

    assert config == {
        "version": 1,
        "preset": "standard",
        "base": "origin/master",
        "exclude": ["/docs/_build/", "/vendor/", "*.min.js"],
        "overrides": [{"paths": ["/migrations/"], "gates": {"lint": {"enabled": False}}}],
        "scanners": {
            name: {"enabled": False}
            for name in ("bandit", "checkov", "hadolint", "workflow-schema", "zizmor")
        },
    }
    table = sections(result)
    assert (
        "bandit is off [.mega-linter.yml:16]"
        in table["Carried over"]["DISABLE_LINTERS: PYTHON_BANDIT"]
    )
    lost = table["Not carried over"]
    assert "Markdown" in lost["ENABLE: MARKDOWN"]
    assert "(?!src)" in lost["PYTHON_BLACK_FILTER_REGEX_EXCLUDE"]
    assert "override would silence them all" in lost["REPOSITORY_SEMGREP_FILTER_REGEX_EXCLUDE"]
    assert "SOMETHING_NEW" in lost


def test_super_linter(repo: Repo) -> None:
    config, result = carried(repo, "super-linter")

    assert config["exclude"] == ["vendor/", "third_party/"]
    assert config["scanners"] == {
        name: {"enabled": False}
        for name in ("checkov", "hadolint", "mypy", "workflow-schema", "zizmor")
    }
    table = sections(result)
    assert "scanner kingfisher" in table["Carried over"]["VALIDATE_GITLEAKS: true"]
    assert "[.github/workflows/lint.yml:31]" in table["Not carried over"]["VALIDATE_MARKDOWN: true"]


def test_super_linter_with_false_alone_runs_all_others(repo: Repo) -> None:
    text = (
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
        "    - uses: super-linter/super-linter/slim@v8\n"
        "      env: {VALIDATE_PYTHON_MYPY: false, VALIDATE_ALL_CODEBASE: true}\n"
    )
    config, result = carried(repo, "super-linter", text)

    assert config["scanners"] == {"mypy": {"enabled": False}}
    assert "on: all" in sections(result)["Not carried over"]["VALIDATE_ALL_CODEBASE"]


def test_pre_commit(repo: Repo) -> None:
    repo.write("pyproject.toml", "[tool.black]\nline-length = 100\n")
    config, result = carried(repo, "pre-commit")

    assert config["exclude"] == ["/docs/_build/", "/tests/data/**/*.json"]
    assert config["gates"] == {"commits": {"enabled": True}}
    assert config["overrides"] == [
        {"paths": ["/migrations/"], "gates": {"format": {"enabled": False}}},
        {"paths": ["/tests/**/*.pem"], "gates": {"secrets": {"enabled": False}}},
    ]
    table = sections(result)
    assert "line-length = 100" in table["Carried over"]["black"]
    assert "select I" in table["Nothing to set"]["isort"]
    lost = table["Not carried over"]
    assert "any character" in lost["flake8: exclude"]
    assert {"check-yaml", "our-own-check", "mypy: files", "fail_fast"} <= set(lost)
    hooks = (repo.root / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    sample = (DATA / "pre-commit-config.yaml").read_text(encoding="utf-8")
    assert hooks.startswith(sample)


@pytest.mark.parametrize("source", PLACES)
def test_every_setting_is_accounted_for(repo: Repo, source: str) -> None:
    _, result = carried(repo, source)
    place, sample = PLACES[source]
    said = {row.partition(":")[0] for rows in sections(result).values() for row in rows}
    data = yaml.safe_load((DATA / sample).read_text(encoding="utf-8"))
    if source == "megalinter":
        wanted = set(data)
    elif source == "super-linter":
        wanted = set(data["jobs"]["build"]["steps"][1]["env"])
    else:
        wanted = {hook["id"] for repo_ in data["repos"] for hook in repo_["hooks"]}

    assert wanted <= said
    assert place in result.stdout


@pytest.mark.parametrize("source", PLACES)
def test_carrying_over_twice_changes_nothing(repo: Repo, source: str) -> None:
    carried(repo, source)
    before = (repo.root / "gatekeeper.yml").read_bytes()

    again = ask(repo, "init", "--from", source)

    assert again.status == 0
    assert "Nothing to do" in again.stdout
    assert (repo.root / "gatekeeper.yml").read_bytes() == before


@pytest.mark.parametrize("source", PLACES)
def test_nothing_to_carry_over_is_said(repo: Repo, source: str) -> None:
    repo.commit()

    result = ask(repo, "init", "--from", source)

    assert result.status == 2
    assert f"no settings of {source}" in result.stderr
    assert not (repo.root / "gatekeeper.yml").exists()


@pytest.mark.parametrize("source", PLACES)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [\n", 2),
        ("a: 1\nb: &x [*x]\n", 2),
        ("a: !!python/object:os.system {}\n", 1),
        ("- a\n", 1),
        ("a: 1\na: 2\n", 2),
        ("a: \x01\n", 1),
        ("x: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n"
            for i in range(9)), 0),
    ],
)  # fmt: skip
def test_hostile_settings_are_named_with_their_line(
    repo: Repo, source: str, text: str, line: int
) -> None:
    place = PLACES[source][0]
    repo.commit(**{place: text})

    result = ask(repo, "init", "--from", source)

    assert result.status == 2
    assert result.stderr.startswith(f"gatekeeper: {place}:{line or ''}")
    assert not (repo.root / "gatekeeper.yml").exists()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("megalinter", "ENABLE: {a: b}\nDISABLE_LINTERS: 3\nFILTER_REGEX_EXCLUDE: [1]\n"),
        ("pre-commit", "repos: 3\nexclude: {a: b}\nfail_fast: [1]\n"),
        ("pre-commit", "repos:\n- 1\n- {hooks: 1}\n- {hooks: [1, {}, {id: [x]}, {id: ruff, exclude: 3}]}\n"),
    ],
)  # fmt: skip
def test_settings_of_the_wrong_kind_are_no_crash(repo: Repo, source: str, text: str) -> None:
    repo.commit(**{PLACES[source][0]: text})

    assert ask(repo, "init", "--from", source).status in (0, 1)


def test_what_is_carried_over_is_what_is_in_force(repo: Repo) -> None:
    carried(repo, "megalinter")

    shown = json.loads(ask(repo, "config", "show", "--json").stdout)

    assert shown["config"]["scanners"]["bandit"]["enabled"] is False
    assert shown["config"]["scanners"]["ruff"]["enabled"] is True
