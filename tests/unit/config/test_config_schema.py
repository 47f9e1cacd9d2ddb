"""The JSON Schema says what the loader says, and the checked-in files are up to date."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given, settings
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
from gatekeeper.model.finding import CONFIDENCES, SEVERITIES

ROOT = Path(__file__).resolve().parents[3]
CONFIG = Draft202012Validator(config_schema())
WAIVERS = Draft202012Validator(waiver_schema())

# Right data, of which one place is then changed. No floats: 5.0 is a whole number to JSON Schema,
# and is none in YAML.
ODD: tuple[Any, ...] = (None, True, False, 0, -1, 1, "", "x", "5", [], [1], ["a"], {}, {"x": 1})
_one = st.sampled_from


def _map(names: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=names)


@st.composite
def _near(draw: st.DrawFn, right: st.SearchStrategy[Any]) -> Any:
    """`right`, or the same with one value replaced, one key added or one key gone."""
    data = copy.deepcopy(draw(right))
    places: list[tuple[Any, Any]] = []
    pending = [data]
    while pending:
        here = pending.pop()
        for key in here if isinstance(here, dict) else range(len(here)):
            places.append((here, key))
            if isinstance(here[key], dict | list):
                pending.append(here[key])
    change = draw(_one(["none", "replace", "add", "remove"]))
    if places and change != "none":
        here, key = draw(_one(places))
        if change == "remove":
            del here[key]
        elif change == "add" and isinstance(here, dict):
            here[draw(_one(["x", "", f"{key}s", "on"]))] = draw(_one(ODD))
        else:
            here[key] = draw(_one(ODD) | _one(["critical", "all", "never", 601, ["feat"], "a/b\n"]))
    return data


_gate = _map(
    {
        "enabled": st.booleans(),
        "block_from": _one(SEVERITIES),
        "confidence": _one(CONFIDENCES),
        "on": _one(["new", "all"]),
        "inconclusive": _one(["inconclusive", "block", "warn"]),
        "require_reason": st.booleans(),
    }
)
_gates = _map({"lint": _gate, "types": _gate})
_override = st.fixed_dictionaries(
    {"paths": st.lists(st.just("a"), min_size=1, max_size=2), "gates": _gates}
)
_config = _map(
    {
        "version": st.just(1),
        "preset": _one(list(PRESETS)),
        "exclude": st.lists(st.just("a"), max_size=2),
        "gates": _gates,
        "overrides": st.lists(_override, max_size=2),
        "scanners": _map(
            {
                "ruff-format": _map({"enabled": st.booleans()}),
                "semgrep": _map({"timeout": st.integers(1, 600), "rules": _one([[], ["a"]])}),
                "commits": _map({"types": _one([["feat"], ["fix", "docs"]])}),
            }
        ),
        "tools": _map({"ruff": _map({"from": _one(["locked", "project"]), "path": st.just("")})}),
        "limits": _map({"max_file_mb": st.integers(1, 1024)}),
    }
)


@settings(deadline=None)
@given(_near(_config))
def test_the_schema_accepts_what_the_loader_accepts(data: Any) -> None:
    try:
        validate(Document("f", data), Config)
        accepted = True
    except ConfigError:
        accepted = False
    assert CONFIG.is_valid(data) == accepted


_rest = {
    "owner": st.just("me"),
    "reason": st.just("a reason that is long enough"),
    "expires": _one(["never", "2030-01-01"]),
}
_waiver = st.fixed_dictionaries(
    {"rule": _one(["ruff/S105", "a/b/c"]), **_rest}, optional={"paths": st.just(["a"])}
) | st.fixed_dictionaries({"fingerprint": st.just("0a" * 16), **_rest})
_waivers = st.fixed_dictionaries({"waivers": st.lists(_waiver, min_size=1, max_size=2)})


@settings(deadline=None)
@given(_near(_waivers))
def test_the_schema_accepts_the_waivers_that_the_loader_accepts(data: dict[str, Any]) -> None:
    import yaml

    content = yaml.safe_dump(data).encode()
    # What a schema does not say is whether a pattern means anything.
    assume("['']" not in repr(data) and "['', " not in repr(data))
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


def test_a_stale_document_is_named(
    generate: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents = (("a/one.txt", lambda: "1"), ("two.txt", lambda: "2"))
    monkeypatch.setattr(generate, "GENERATED", documents)
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
