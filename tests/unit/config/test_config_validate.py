"""Errors in the configuration: file, line, key, what was expected and found, and the next step."""

from __future__ import annotations

import pytest
from msgspec import Struct

from gatekeeper.config.documents import parse_toml_section, parse_yaml
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.config.validate import validate
from gatekeeper.errors import ConfigError


def refused(text: str, shape: type = Config) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        validate(parse_yaml("gatekeeper.yml", text), shape)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        (
            "gates:\n  lint:\n    block_from: hihg\n",
            3,
            "gates.lint.block_from: expected one of the known values, found 'hihg'",
            "did you mean 'high'? known: critical, high, info, low, medium",
        ),
        (
            "version: 1\ngates:\n  lynt: {}\n",
            3,
            "gates.lynt: unknown key",
            "did you mean 'lint'? known: commits, coverage, dependencies, external,",
        ),
        (
            "gates:\n  lint:\n    blok_from: high\n",
            3,
            "gates.lint.blok_from: unknown key",
            "did you mean 'block_from'?",
        ),
        (
            "scanners:\n  ruff_format:\n    enabled: false\n",
            2,
            "scanners.ruff_format: unknown key",
            "did you mean 'ruff-format'?",
        ),
        (
            "tools:\n  ruff:\n    source: project\n",
            3,
            "tools.ruff.source: unknown key",
            "known: from, path",
        ),
        (
            "tools:\n  ruff:\n    from: projekt\n",
            3,
            "tools.ruff.from: expected one of the known values, found 'projekt'",
            "did you mean 'project'? known: locked, path, project",
        ),
        ("preset: 3\n", 1, "preset: expected one of the known values, found 3", "known: relaxed"),
        ("version: 2\n", 1, "version: expected 1, found 2", "write 1"),
        ("version: '1'\n", 1, "version: expected 1, found '1'", "write 1"),
        (
            "limits:\n  max_file_mb: 0\n",
            2,
            "limits.max_file_mb: expected a whole number >= 1, found 0",
            "",
        ),
        (
            "limits:\n  max_file_mb: '5'\n",
            2,
            "limits.max_file_mb: expected a whole number, found '5'",
            "",
        ),
        (
            "gates:\n  lint:\n    enabled: 1\n",
            3,
            "gates.lint.enabled: expected true or false, found 1",
            "",
        ),
        (
            "exclude:\n  - a\n  - no\n",
            3,
            "exclude[1]: expected text, found false",
            "put quotes around it",
        ),
        ("exclude: docs\n", 1, "exclude: expected a list, found 'docs'", "write it as a list"),
        ("gates:\nbase: x\n", 1, "gates: expected keys and values, found nothing", ""),
        (
            "overrides:\n  - paths: [a]\n    gates: {}\n  - gates: {}\n",
            4,
            "overrides[1]: the key `paths` is missing",
            "",
        ),
        (
            "overrides:\n  - paths: []\n    gates: {}\n",
            2,
            "overrides[0].paths: expected a list with at least 1 value, found an empty list",
            "",
        ),
        (
            "overrides:\n  - paths: [a]\n    gates:\n      lint: {on: old}\n",
            4,
            "overrides[0].gates.lint.on: expected one of the known values, found 'old'",
            "known: all, new",
        ),
    ],
)
def test_the_error_says_where_what_and_what_next(
    text: str, line: int, message: str, remedy: str
) -> None:
    error = refused(text)
    assert (error.where, error.message) == (f"gatekeeper.yml:{line}", message)
    assert error.remedy.startswith(remedy)


def test_the_names_come_from_the_types() -> None:
    known = refused("scanners: {x: {}}").remedy.split("known: ")[1].split(", ")
    assert known == sorted(name.replace("_", "-") for name in Scanners.__struct_fields__)


def test_a_key_that_imitates_an_error_is_named_as_it_is() -> None:
    error = refused("gates: {}\n'x` - at `$.gates`': 1\n")
    assert error.where == "gatekeeper.yml:2"
    assert error.message.endswith("unknown key")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in str(refused('"a\\e[2J": 1\n'))
    assert "\x1b" not in str(refused('preset: "a\\e[2J"\n'))


def test_long_names_are_cut() -> None:
    assert len(str(refused("preset: '" + "x" * 10_000 + "'"))) < 300
    assert len(str(refused("? " + "x" * 10_000 + "\n: 1"))) < 300


def test_a_table_in_pyproject() -> None:
    text = '[tool.gatekeeper.gates.lint]\non = "al"\n'
    document = parse_toml_section("pyproject.toml", text)
    assert document is not None
    with pytest.raises(ConfigError) as caught:
        validate(document, Config)
    assert caught.value.where == "pyproject.toml:2"
    assert "did you mean 'all'?" in caught.value.remedy


class Free(Struct):
    """A mapping with free keys, which msgspec calls `[...]` in its messages."""

    groups: dict[str, dict[str, list[int]]]


def test_the_key_in_a_free_mapping_is_found() -> None:
    error = refused("groups:\n  a:\n    x: [1]\n  b:\n    y: [1]\n    z: [1,\n      '2']\n", Free)
    assert error.where == "gatekeeper.yml:7"
    assert error.message == "groups.b.z[1]: expected a whole number, found '2'"


def test_what_is_valid_comes_back_typed() -> None:
    config = validate(parse_yaml("f", "exclude: [a]\ngates: {lint: {on: all}}"), Config)
    assert config.exclude == ("a",)
    assert config.gates.lint.on == "all"
