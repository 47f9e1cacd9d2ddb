"""What `gatekeeper config` prints: the effective configuration, its schema, its validity."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gatekeeper.config.load import Loaded
from gatekeeper.text.names import plural, printable
from gatekeeper.text.patterns import regex

MAX_COLUMN = 40
_PLAIN = regex(r"[a-zA-Z][a-zA-Z0-9_-]*")
# Words that YAML 1.1 takes for something other than text.
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def render_show(loaded: Loaded, as_json: bool) -> str:
    """The effective configuration, each value with its origin: as YAML, or as one JSON object."""
    import msgspec

    data = _pruned(msgspec.to_builtins(loaded.config))
    if as_json:
        shown = {
            "config": data,
            "origins": loaded.origins,
            "sources": loaded.sources,
            "digest": loaded.digest,
        }
        return json.dumps(shown, indent=2) + "\n"
    rows = list(_rows(data, loaded.origins, "", ""))
    column = min(MAX_COLUMN, max(len(text) for text, _ in rows))
    return "".join(
        f"{text:<{column}}  # {printable(origin)}\n" if origin else f"{text}\n"
        for text, origin in rows
    )


def render_schema(which: str = "config") -> str:
    """The JSON Schema of the configuration, or of the `waivers` file."""
    from gatekeeper.config.jsonschema import config_schema, waiver_schema

    schema = waiver_schema() if which == "waivers" else config_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def render_valid(loaded: Loaded) -> str:
    """One line for a configuration that loaded without an error."""
    if not loaded.sources:
        return f"no configuration file; the preset {loaded.config.preset} is in force\n"
    main = printable(loaded.sources[-1])
    more = f", with {plural(len(loaded.sources) - 1, 'extended file')}" * bool(loaded.sources[1:])
    return f"{main}: valid{more}\n"


def _pruned(value: Any) -> Any:
    """`value` without empty mappings: in an override, those are the gates it does not mention."""
    if isinstance(value, Mapping):
        return {key: _pruned(inner) for key, inner in value.items() if inner != {}}
    if isinstance(value, list | tuple):
        return [_pruned(inner) for inner in value]
    return value


def _rows(
    data: Mapping[str, Any], origins: Mapping[str, str], indent: str, above: str
) -> Iterator[tuple[str, str]]:
    """Lines and their origins; a line that only opens a block has none."""
    for key, value in data.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, Mapping) and value:
            yield f"{indent}{key}:", ""
            yield from _rows(value, origins, indent + "  ", name)
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield f"{indent}{key}:", ""
            for index, item in enumerate(value):
                rows = _rows(item, origins, indent + "    ", f"{name}[{index}]")
                for number, (text, origin) in enumerate(rows):
                    dash = f"{indent}  - {text[len(indent) + 4 :]}"
                    yield (text if number else dash), origin
        else:
            yield f"{indent}{key}: {_flow(value)}", origins.get(name, "")


def _flow(value: Any) -> str:
    """A value on one line of YAML, safe to print."""
    if isinstance(value, list):
        return f"[{', '.join(_flow(item) for item in value)}]"
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
            return value
        quoted = json.dumps(value, ensure_ascii=False)
        return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
    return json.dumps(value)
