"""`gatekeeper config show`: what is in force, and where each value comes from."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.cli.config import render_schema, render_show, render_valid
from gatekeeper.config.documents import parse_yaml
from gatekeeper.config.load import Loaded, load

TEXT = """\
extends: [ci/base.yml]
gates:
  lint:
    block_from: high
overrides:
  - paths: [tests/]
    gates:
      lint: {on: all}
"""


def loaded(text: str) -> Loaded:
    files = {"gatekeeper.yml": text, "ci/base.yml": "limits: {max_file_mb: 7}"}
    return load(lambda path: files[path].encode() if path in files else None)


def origin(shown: str, row: str) -> str:
    return next(line.split("  # ")[1] for line in shown.splitlines() if line.startswith(row))


def test_each_value_names_its_origin() -> None:
    shown = render_show(loaded(TEXT), False)
    assert origin(shown, "    block_from: high") == "gatekeeper.yml:4"
    assert origin(shown, "    confidence: low") == "preset standard"
    assert origin(shown, "  max_file_mb: 7") == "ci/base.yml:1"
    assert origin(shown, "  tool_timeout: 900") == "default"
    assert origin(shown, '  - paths: ["tests/"]') == "gatekeeper.yml:6"
    assert origin(shown, "        on: all") == "gatekeeper.yml:8"


def test_origins_are_aligned() -> None:
    shown = render_show(loaded("version: 1"), False).splitlines()
    columns = [line.index("  # ") for line in shown if "  # " in line and len(line) < 60]
    assert len(set(columns)) == 1


def test_json_holds_the_same() -> None:
    result = loaded(TEXT)
    shown = json.loads(render_show(result, True))
    assert shown["config"] == parse_yaml("f", render_show(result, False)).data
    assert shown["origins"]["gates.lint.block_from"] == "gatekeeper.yml:4"
    assert shown["sources"] == ["ci/base.yml", "gatekeeper.yml"]
    assert shown["digest"] == result.digest


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"])).map(lambda text: f"x{text}")
        | st.sampled_from(
            ["on", "null", "1", "a: b", "- a", "2030-01-01", "~", "*a", '"', "\\", "\t\n\x1b"]
        ),
        min_size=1,
    )
)
def test_what_is_shown_can_be_loaded_again(patterns: list[str]) -> None:
    data: dict[str, Any] = {"scanners": {"semgrep": {"rules": patterns}}}
    shown = render_show(loaded(json.dumps(data, ensure_ascii=False)), False)
    assert all(char.isprintable() or char == "\n" for char in shown)
    again = loaded(shown)
    assert list(again.config.scanners.semgrep.rules) == patterns
    assert msgspec.to_builtins(again.config) == msgspec.to_builtins(loaded(shown).config)


def test_an_override_shows_only_the_gates_it_mentions() -> None:
    shown = parse_yaml("f", render_show(loaded(TEXT), False)).data
    assert shown["overrides"] == [{"paths": ["tests/"], "gates": {"lint": {"on": "all"}}}]


def test_validate_says_what_is_in_force() -> None:
    assert render_valid(loaded(TEXT)) == "gatekeeper.yml: valid, with 1 extended file\n"
    assert render_valid(loaded("version: 1")) == "gatekeeper.yml: valid\n"
    assert "preset standard" in render_valid(load(lambda _: None))


def test_schemas_are_json() -> None:
    assert json.loads(render_schema())["title"] == "gatekeeper configuration"
    assert json.loads(render_schema("waivers"))["title"] == "gatekeeper waivers"
