"""`gatekeeper config`, `tools` and `cache`."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from gatekeeper.scanners.tools import TOOLS
from tests.fakes.repo import Repo
from tests.fakes.tool import stand_in

UNREACHABLE = {
    "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
    "UV_HTTP_RETRIES": "0",
    "UV_NO_CACHE": "1",
}


def test_config_show_prints_what_is_in_force_and_where_it_comes_from(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\ngates:\n  lint:\n    block_from: high\n"})

    result = repo.gatekeeper("config", "show")

    assert result.status == 0
    shown = yaml.safe_load(result.stdout)
    assert shown["gates"]["lint"]["block_from"] == "high"
    assert shown["gates"]["sast"]["block_from"] == "medium"
    lines = [line for line in result.stdout.splitlines() if "block_from: high" in line]
    assert lines[0].endswith("# gatekeeper.yml:4")
    assert "# preset standard" in result.stdout


def test_what_config_show_prints_is_a_configuration_with_the_same_effect(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\npreset: strict\nexclude: ['gen/', '*.min.js']\n"})
    shown = repo.gatekeeper("config", "show").stdout

    before = json.loads(repo.gatekeeper("config", "show", "--json").stdout)
    repo.write("gatekeeper.yml", shown)
    after = json.loads(repo.gatekeeper("config", "show", "--json").stdout)

    assert after["config"] == before["config"]
    assert after["digest"] == before["digest"]


def test_config_show_works_without_a_file(repo: Repo) -> None:
    shown = json.loads(repo.gatekeeper("config", "show", "--json").stdout)

    assert shown["sources"] == []
    assert shown["config"]["preset"] == "standard"


@pytest.mark.parametrize(("option", "document"), [((), {"version": 1}),
                                                  (("--waivers",), {"waivers": []})])  # fmt: skip
def test_config_schema_is_a_schema_that_accepts_the_smallest_file(
    repo: Repo, option: tuple[str, ...], document: object
) -> None:
    schema = json.loads(repo.gatekeeper("config", "schema", *option).stdout)

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"gate": {}}, schema)


def test_config_validate_says_what_is_valid(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\n"})

    result = repo.gatekeeper("config", "validate")

    assert result.status == 0
    assert result.stdout == "gatekeeper.yml: valid\nwaivers: 0 waivers, all valid\n"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("gatekeeper.yml", "version: 1\nscaners: {}\n", "gatekeeper.yml:2"),
        ("gatekeeper.yml", "version: 1\nscaners: {}\n", "scanners"),
        ("gatekeeper.yml", "version: [\n", "gatekeeper.yml:"),
        ("gatekeeper.yaml", "version: 1\n", "rename it to gatekeeper.yml"),
        (".gatekeeper/waivers.yml", "waivers:\n  - rule: ruff/F401\n", "waivers.yml:2"),
        (".gatekeeper/waivers.yaml", "waivers: []\n", "rename it"),
    ],
)
def test_config_validate_names_the_place_of_a_mistake(
    repo: Repo, path: str, text: str, said: str
) -> None:
    repo.write(path, text)

    result = repo.gatekeeper("config", "validate")

    assert result.status == 2
    assert said in result.stderr


def test_tools_list_names_every_tool_once(repo: Repo, cache: Path) -> None:
    repo.commit()

    result = repo.gatekeeper("tools", "list")
    rows = json.loads(repo.gatekeeper("tools", "list", "--json").stdout)

    assert [line.split()[0] for line in result.stdout.splitlines()] == list(TOOLS)
    assert [row["id"] for row in rows] == list(TOOLS)
    ruff = next(row for row in rows if row["id"] == "ruff")
    assert (ruff["source"], ruff["installed"]) == ("locked", True)
    assert os.access(ruff["path"], os.X_OK)


def test_tools_list_tells_where_a_tool_is_configured_to_come_from(
    repo: Repo, tmp_path: Path
) -> None:
    tool = stand_in(repo, tmp_path)

    rows = json.loads(repo.gatekeeper("tools", "list", "--json").stdout)

    ruff = next(row for row in rows if row["id"] == "ruff")
    assert (ruff["source"], ruff["path"], ruff["installed"]) == ("path", str(tool), True)


def test_tools_install_is_content_with_what_is_there(repo: Repo, cache: Path) -> None:
    repo.commit()

    result = repo.gatekeeper("tools", "install", "--offline", "ruff", "zizmor")

    assert result.status == 0, result.stderr
    assert [line.partition(" ")[0] for line in result.stdout.splitlines()] == ["ruff", "zizmor"]


def test_tools_install_without_an_index_says_so(repo: Repo) -> None:
    repo.commit()

    result = repo.gatekeeper("tools", "install", "ruff", env=UNREACHABLE)

    assert result.status == 3
    assert "ruff could not be installed" in result.stdout
    assert "1 of the tools could not be installed" in result.stderr


def test_a_check_offline_without_the_tool_is_no_pass(repo: Repo) -> None:
    repo.commit(**{"a.py": "x = 1\n"})

    result = repo.check("--gate", "lint", "--offline", env=UNREACHABLE)

    assert result.status == 3
    outcome = result.report["outcomes"][0]
    assert (outcome["status"], outcome["reason_code"]) == ("failed", "tool-not-installed")
    assert "gatekeeper tools install ruff" in outcome["remedy"]


def test_tools_lock_without_an_index_leaves_everything_as_it_was(repo: Repo) -> None:
    lock = repo.write(".gatekeeper/locks/ruff.txt", "ruff==0.0.1 \\\n    --hash=sha256:0\n")

    result = repo.gatekeeper("tools", "lock", "ruff", env=UNREACHABLE)

    assert result.status == 3
    assert "ruff could not be resolved" in result.stderr
    assert "index" in result.stderr
    assert lock.read_text() == "ruff==0.0.1 \\\n    --hash=sha256:0\n"
    assert os.listdir(lock.parent) == ["ruff.txt"]


def test_cache_info_tells_where_it_is_and_what_it_holds(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "x = 1\n"})

    before = repo.gatekeeper("cache", "info").stdout
    repo.check("--gate", "lint")
    after = repo.gatekeeper("cache", "info").stdout

    assert str(cache) in before
    assert "none yet" in before
    assert "result" in after.splitlines()[1]
    assert "none yet" not in after


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that shares nothing with other tests: it is going to be emptied."""
    folder = tmp_path / "own-cache"
    for name, age in (("ruff-fresh", 1), ("ruff-old", 60)):
        marker = folder / "tools" / name / ".complete"
        marker.parent.mkdir(parents=True)
        marker.touch()
        day = time.time() - age * 86_400
        os.utime(marker, (day, day))
    (folder / "tools" / "ruff-broken").mkdir()
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(folder))
    return folder


def test_cache_prune_keeps_what_was_used_lately(repo: Repo, own_cache: Path) -> None:
    result = repo.gatekeeper("cache", "prune")

    assert result.status == 0
    assert "2 environments removed" in result.stdout
    assert os.listdir(own_cache / "tools") == ["ruff-fresh"]


def test_cache_prune_all_forgets_everything_and_the_next_check_still_works(
    repo: Repo, own_cache: Path, tmp_path: Path
) -> None:
    stand_in(repo, tmp_path)
    assert repo.check("--gate", "lint").status == 0

    result = repo.gatekeeper("cache", "prune", "--all")

    assert result.status == 0
    assert os.listdir(own_cache / "tools") == []
    assert not (own_cache / "home").exists()
    outcome = repo.check("--gate", "lint").report["outcomes"][0]
    assert (outcome["cached_files"], outcome["scanned_files"]) == (0, 1)


def test_cache_commands_need_no_cache(repo: Repo, tmp_path: Path) -> None:
    for action in (("info",), ("prune",), ("prune", "--all")):
        result = repo.gatekeeper("cache", *action)
        assert (result.status, result.stderr) == (0, "")
