"""Which configuration is in force: where it is found, what wins, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatekeeper.config.load import Loaded, find, load
from gatekeeper.config.presets import PRESETS
from gatekeeper.errors import ConfigError
from gatekeeper.model.policy import GATE_IDS, GatePolicy


def loaded(files: dict[str, str], explicit: str = "") -> Loaded:
    return load(lambda path: files[path].encode() if path in files else None, explicit)


def effective(text: str, **more: str) -> Loaded:
    return loaded({"gatekeeper.yml": text, **{f"{key}.yml": value for key, value in more.items()}})


def refused(files: dict[str, str], explicit: str = "") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        loaded(files, explicit)
    return caught.value


class TestFind:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("gatekeeper.yml", "version: 1"),
            (".github/gatekeeper.yml", "version: 1"),
            ("pyproject.toml", "[tool.gatekeeper]"),
        ],
    )
    def test_each_place(self, name: str, text: str) -> None:
        assert find(lambda path: text.encode() if path == name else None) == name
        assert loaded({name: text}).sources == [name]

    def test_none_is_the_standard_preset(self) -> None:
        none = loaded({"pyproject.toml": "[project]\nname = 'gatekeeper-user'\n"})
        assert none.sources == []
        assert none.config.preset == "standard"
        assert none.origins["gates.lint.on"] == "preset standard"
        assert none.origins["limits.max_file_mb"] == "default"

    def test_two_at_once(self) -> None:
        error = refused({"gatekeeper.yml": "version: 1", "pyproject.toml": "[tool.gatekeeper]"})
        assert "gatekeeper.yml and pyproject.toml" in error.message

    @pytest.mark.parametrize("name", ["gatekeeper.yaml", ".github/gatekeeper.yaml"])
    def test_a_name_that_would_be_overlooked(self, name: str) -> None:
        error = refused({name: "version: 1"})
        assert error.where == name
        assert name.replace(".yaml", ".yml") in error.remedy

    def test_an_explicit_file_is_the_only_one(self) -> None:
        files = {"gatekeeper.yml": "[", ".github/gatekeeper.yml": "[", "x/y.yml": "preset: strict"}
        assert loaded(files, "x/y.yml").sources == ["x/y.yml"]

    def test_an_explicit_file_that_is_not_there(self) -> None:
        assert refused({"gatekeeper.yml": "version: 1"}, "other.yml").where == "other.yml"

    def test_an_explicit_pyproject_without_the_table(self) -> None:
        assert "[tool.gatekeeper]" in refused({"a.toml": ""}, "a.toml").message

    @pytest.mark.usefixtures("uncovered")
    def test_without_a_file_no_parser_is_imported(self) -> None:
        code = (
            "import sys; from gatekeeper.config.load import load; load(lambda path: None);"
            "print(sorted({'yaml', 'tomllib', 'difflib', 'pathspec'} & sys.modules.keys()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], check=False, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


class TestLayers:
    def test_the_preset_lies_below_the_file(self) -> None:
        result = effective("preset: strict\ngates:\n  lint:\n    block_from: high\n")
        assert result.policy.gates["lint"] == GatePolicy(
            enabled=True,
            block_from="high",
            confidence="low",
            on="new",
            inconclusive="inconclusive",
            require_reason=True,
        )
        assert result.origins["gates.lint.block_from"] == "gatekeeper.yml:4"
        assert result.origins["gates.lint.require_reason"] == "preset strict"

    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_preset_decides_everything(self, preset: str) -> None:
        assert effective(f"preset: {preset}").policy.gates.keys() == set(GATE_IDS)

    def test_later_extended_files_win_and_the_file_itself_wins_over_them(self) -> None:
        result = effective(
            "extends: [a.yml, b.yml]\nlimits: {tool_timeout: 3}\n",
            a="limits: {tool_timeout: 1, max_file_mb: 1}\nbase: a\n",
            b="limits: {tool_timeout: 2, max_file_mb: 2}\n",
        )
        assert result.config.limits.tool_timeout == 3
        assert result.config.limits.max_file_mb == 2
        assert result.config.base == "a"
        assert result.sources == ["a.yml", "b.yml", "gatekeeper.yml"]
        assert result.origins["limits.tool_timeout"] == "gatekeeper.yml:2"
        assert result.origins["limits.max_file_mb"] == "b.yml:1"
        assert result.origins["base"] == "a.yml:2"

    def test_lists_replace(self) -> None:
        result = effective("extends: [a.yml]\nexclude: [x]", a="exclude: [y, z]")
        assert result.config.exclude == ("x",)

    def test_the_outermost_preset_wins(self) -> None:
        assert effective("extends: [a.yml]", a="preset: strict").config.preset == "strict"
        both = effective("extends: [a.yml]\npreset: relaxed", a="preset: strict")
        assert both.config.preset == "relaxed"
        assert both.origins["gates.lint.block_from"] == "preset relaxed"

    def test_extending_is_recursive_and_from_the_root(self) -> None:
        files = {
            ".github/gatekeeper.yml": "extends: [./ci//a.yml]",
            "ci/a.yml": "extends: [ci/b.yml]",
            "ci/b.yml": "base: b",
        }
        result = loaded(files)
        assert result.sources == ["ci/b.yml", "ci/a.yml", ".github/gatekeeper.yml"]
        assert result.config.base == "b"

    def test_a_file_that_is_extended_twice_counts_where_it_is_strongest(self) -> None:
        result = effective(
            "extends: [a.yml, b.yml, a.yml]", a="base: a", b="extends: [a.yml]\nbase: b"
        )
        assert result.sources == ["b.yml", "a.yml", "gatekeeper.yml"]
        assert result.config.base == "a"

    def test_many_paths_to_one_file_cost_nothing(self) -> None:
        files = {"gatekeeper.yml": "extends: [0.yml, 0.yml]", "14.yml": "base: x"}
        files |= {f"{i}.yml": f"extends: [{i + 1}.yml, {i + 1}.yml]" for i in range(14)}
        assert len(loaded(files).sources) == 16

    def test_a_cycle(self) -> None:
        error = refused(
            {"gatekeeper.yml": "base: x\nextends: [a.yml]", "a.yml": "extends:\n- gatekeeper.yml"}
        )
        assert error.where == "a.yml:2"
        assert "gatekeeper.yml → a.yml → gatekeeper.yml" in error.message

    @pytest.mark.parametrize("path", ["/etc/x.yml", "../x.yml", "a/../../x.yml", "~/x", "", "."])
    def test_paths_stay_inside_the_repository(self, path: str) -> None:
        error = refused({"gatekeeper.yml": f"extends:\n  - a.yml\n  - '{path}'\n", "a.yml": "{}"})
        assert error.where == "gatekeeper.yml:3"

    def test_a_chain_has_an_end(self) -> None:
        files = {f"{i}.yml": f"extends: [{i + 1}.yml]" for i in range(1000)}
        assert "more than 16 files deep" in refused(files, "0.yml").message

    def test_tables_can_be_extended_too(self) -> None:
        files = {"gatekeeper.yml": "extends: [ci/a.toml]", "ci/a.toml": "tool.gatekeeper.base='x'"}
        assert loaded(files).origins["base"] == "ci/a.toml:1"

    def test_a_missing_extended_file(self) -> None:
        error = refused({"gatekeeper.yml": "extends:\n  - a.yml\n"})
        assert (error.where, "'a.yml'" in error.message) == ("gatekeeper.yml:2", True)

    def test_an_error_points_at_the_layer_that_has_it(self) -> None:
        error = refused({"gatekeeper.yml": "extends: [a.yml]\nbase: x", "a.yml": "\nbase: 1"})
        assert error.where == "a.yml:2"


class TestOverrides:
    TEXT = """\
gates:
  lint:
    block_from: high
overrides:
  - paths: [tests/, docs/]
    gates:
      lint:
        on: all
      secrets: {}
  - paths: [tests/slow/]
    gates:
      types:
        enabled: false
"""

    def test_they_start_from_the_gates_own_policy(self) -> None:
        policy = effective(self.TEXT).policy
        lint = next(one for one in policy.overrides if one.gate == "lint")
        assert lint.patterns == ("tests/", "docs/")
        assert (lint.policy.on, lint.policy.block_from) == ("all", "high")
        assert policy.gates["lint"].on == "new"

    def test_only_gates_that_are_mentioned_appear(self) -> None:
        overrides = effective(self.TEXT).policy.overrides
        assert [(one.patterns[0], one.gate) for one in overrides] == [
            ("tests/", "lint"),
            ("tests/", "secrets"),
            ("tests/slow/", "types"),
        ]

    def test_their_origins(self) -> None:
        origins = effective(self.TEXT).origins
        assert origins["overrides[0].gates.lint.on"] == "gatekeeper.yml:8"
        assert origins["overrides[1].paths"] == "gatekeeper.yml:10"


class TestContradictions:
    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            (
                "gates:\n" + "".join(f"  {gate}: {{enabled: false}}\n" for gate in GATE_IDS),
                1,
                "all gates are disabled",
            ),
            ("tools:\n  ruff:\n    from: path\n", 3, "tools.ruff.from"),
            ("tools:\n  ruff:\n    path: bin/ruff\n", 3, "tools.ruff.path"),
            ("tools:\n  ruff: {from: project, path: x}\n", 2, "tools.ruff.path"),
            ("tools:\n  check-jsonschema:\n    from: path\n", 3, "tools.check-jsonschema.from"),
            ("overrides:\n  - paths:\n      - a\n      - ''\n    gates: {}\n", 4, "paths[1]"),
            ("overrides:\n  - paths: ['#a']\n    gates: {}\n", 2, "comment"),
            ("overrides:\n  - paths: ['!a']\n    gates: {}\n", 2, "take away"),
            ("overrides:\n  - paths: ['!']\n    gates: {}\n", 2, "matches nothing"),
            ("overrides:\n  - paths: ['[z-a]']\n    gates: {}\n", 2, "no valid pattern"),
            ("overrides:\n  - paths: ['a\\']\n    gates: {}\n", 2, "no valid pattern"),
            ("scanners:\n  size:\n    exclude: [' ']\n", 3, "scanners.size.exclude[0]"),
            ("base: x\nexclude: ['/']\n", 2, "exclude[0]"),
            ("base: x\nexclude: [docs, '*']\n", 2, "every file is excluded"),
            ("scanners:\n  tests: {command: 'a \"b'}\n", 2, "scanners.tests.command: this is no"),
            ("scanners:\n  tests: {command: ' '}\n", 2, "scanners.tests.command: this is no"),
            ("scanners:\n  tests: {command: ['']}\n", 2, "scanners.tests.command: this is no"),
            ("scanners:\n  tests:\n    junit: [../x.xml]\n", 3, "scanners.tests.junit[0]"),
            ("scanners:\n  coverage:\n    reports: [/x]\n", 3, "scanners.coverage.reports[0]"),
            ("advisories:\n  url: http://mirror.example\n", 2, "advisories.url: without https"),
            ("advisories: {api: ''}\n", 1, "advisories.api: an address begins with https://"),
            ("advisories:\n  kev: file:///x\n", 2, "advisories.kev: an address begins with"),
            ("exclude: ['**']\n", 1, "every file is excluded"),
            ("exclude: ['**/*']\n", 1, "every file is excluded"),
            ("exclude: ['/*']\n", 1, "every file is excluded"),
        ],
    )
    def test_they_are_errors(self, text: str, line: int, words: str) -> None:
        error = refused({"gatekeeper.yml": text})
        assert error.where == f"gatekeeper.yml:{line}"
        assert words in error.message

    @pytest.mark.parametrize(
        "text",
        [
            "exclude: ['*', '!/src/']",
            "exclude: ['*.md', 'docs/**']",
            "tools: {ruff: {from: path, path: bin/ruff}}",
            "scanners: {size: {exclude: []}}",
            "gates: {lint: {enabled: false}}",
            "advisories: {url: 'http://127.0.0.1:8000/osv', kev: '', epss: ''}",
        ],
    )
    def test_what_only_looks_like_one_is_fine(self, text: str) -> None:
        effective(text)

    def test_halves_from_two_files_make_a_whole(self) -> None:
        result = effective(
            "extends: [a.yml]\ntools: {ruff: {from: path}}", a="tools: {ruff: {path: bin/ruff}}"
        )
        assert result.config.tools.ruff.path == "bin/ruff"


class TestDigest:
    def test_it_follows_the_effect_and_not_the_text(self) -> None:
        plain = loaded({}).digest
        assert effective("version: 1  # same").digest == plain
        assert effective("gates: {lint: {block_from: low}}").digest == plain
        assert loaded({"pyproject.toml": "[tool.gatekeeper]\nversion = 1"}).digest == plain
        assert effective("gates: {lint: {block_from: high}}").digest != plain
        assert len(plain) == 32
