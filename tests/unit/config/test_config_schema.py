"""The JSON Schema says what the loader says, and the checked-in files are up to date."""

from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gatekeeper.config.documents import Document
from gatekeeper.config.jsonschema import config_schema, waiver_schema
from gatekeeper.config.load import load
from gatekeeper.config.presets import PRESETS
from gatekeeper.config.schema import Config, WaiverRules
from gatekeeper.config.validate import validate
from gatekeeper.config.waivers import load_waivers
from gatekeeper.errors import ConfigError

ROOT = Path(__file__).resolve().parents[3]
CONFIG = Draft202012Validator(config_schema())
WAIVERS = Draft202012Validator(waiver_schema())

# Mostly right values, and some that are nearly right. No floats: 5.0 is a whole number to JSON
# Schema, and is none in YAML.
_odd = st.sampled_from([None, True, False, 0, -1, 1, "", "x", "5", [], [1], ["a"], {}, {"x": 1}])


def _one(*good: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(good) | st.sampled_from(good) | st.sampled_from(good) | _odd


def _map(names: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    known = st.fixed_dictionaries({}, optional=names)
    extra = st.dictionaries(st.sampled_from(["x", "", "blok", *names]), _odd, max_size=1)
    return known | known | st.tuples(known, extra).map(lambda pair: pair[0] | pair[1]) | _odd


_gate = _map(
    {
        "enabled": _one(True, False),
        "block_from": _one("info", "low", "medium", "high", "critical", "hihg"),
        "confidence": _one("low", "high", "critical"),
        "on": _one("new", "all", "old"),
        "inconclusive": _one("inconclusive", "block", "warn"),
        "require_reason": _one(True),
    }
)
_gates = _map({"lint": _gate, "types": _gate})
_config = _map(
    {
        "version": _one(1, 2),
        "preset": _one(*PRESETS, "lax"),
        "exclude": _one(["a"], ["a", "b"], ["a", 1]),
        "gates": _gates,
        "overrides": st.lists(_map({"paths": _one(["a"]), "gates": _gates}), max_size=2) | _odd,
        "scanners": _map(
            {
                "ruff-format": _map({"enabled": _one(True)}),
                "semgrep": _map({"timeout": _one(1, 600, 601, 0), "rules": _one([], ["a"])}),
                "commits": _map({"types": _one(["feat"], [])}),
            }
        ),
        "tools": _map({"ruff": _map({"from": _one("locked", "project"), "path": _one("")})}),
        "limits": _map({"max_file_mb": _one(1, 1024, 1025)}),
    }
)


@given(_config)
def test_the_schema_accepts_what_the_loader_accepts(data: Any) -> None:
    try:
        validate(Document("f", data), Config)
        accepted = True
    except ConfigError:
        accepted = False
    assert CONFIG.is_valid(data) == accepted


_text = "a reason that is long enough"
_waiver = _map(
    {
        "rule": _one("ruff/S105", "S105", "ruff/*", "a/b\n"),
        "fingerprint": _one("0" * 32, "0" * 31, "g" * 32),
        "paths": _one(["a"], []),
        "owner": _one("me"),
        "reason": _one(_text, "short"),
        "expires": _one("never", "2030-01-01", "tomorrow", "2030-01-01\n"),
    }
)
_complete = st.fixed_dictionaries(
    {
        "owner": st.just("me"),
        "reason": st.just(_text),
        "expires": st.sampled_from(["never", "2030-01-01"]),
    },
    optional={"rule": st.just("ruff/S105"), "fingerprint": st.just("0" * 32)},
)


@given(st.fixed_dictionaries({"waivers": st.lists(_waiver | _complete, max_size=2)}))
def test_the_schema_accepts_the_waivers_that_the_loader_accepts(data: dict[str, Any]) -> None:
    import yaml

    content = yaml.safe_dump(data).encode()
    if any(isinstance(entry, dict) and "paths" in entry for entry in data["waivers"]):
        # Empty patterns and the like are beyond what a schema says.
        return
    try:
        load_waivers(
            lambda path: content if path.endswith(".yml") else None, WaiverRules(), "2026-01-01"
        )
        accepted = True
    except ConfigError:
        accepted = False
    assert WAIVERS.is_valid(data) == accepted


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_valid_layers(preset: str) -> None:
    CONFIG.validate(PRESETS[preset])


def test_dates_in_yaml_are_text_to_the_schema() -> None:
    assert not WAIVERS.is_valid({"waivers": [{"expires": datetime.date(2030, 1, 1)}]})


@pytest.mark.parametrize("schema", [config_schema(), waiver_schema()])
def test_the_schema_itself(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "://" not in schema["$id"]
    assert schema["title"]
    assert all(part.get("description") for part in schema["$defs"].values())


@pytest.fixture
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_checked_in_schemas_are_up_to_date(generate: ModuleType) -> None:
    assert [name for name in generate.stale() if name.startswith("docs/schemas/")] == []


def test_a_stale_document_is_named(
    generate: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.GENERATED = (("a/one.txt", lambda: "1"), ("two.txt", lambda: "2"))
    (tmp_path / "two.txt").write_text("2")
    assert generate.stale(tmp_path) == ["a/one.txt"]
    assert generate.write(tmp_path) == ["a/one.txt"]
    assert generate.stale(tmp_path) == []
    assert generate.main(["--check"]) == 1
    assert "a/one.txt differs" in capsys.readouterr().err


def test_the_loader_works_on_the_schemas_defaults() -> None:
    """Defaults are written in two places in effect, the types and the schema: they agree."""
    defaults = {
        name: part["default"]
        for name, part in config_schema()["$defs"]["Config"]["properties"].items()
    }
    CONFIG.validate(defaults)
    assert validate(Document("f", defaults), Config) == Config()
    assert load(lambda _: None).config.limits == Config().limits
