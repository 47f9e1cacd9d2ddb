"""Answers that GitHub's description allows: what a test cares about, and the rest filled in."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.contract import Contract

_MOMENT = "2026-01-02T03:04:05Z"


class Shapes:
    """Makes objects by the names of their schemas."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def make(self, name: str, /, **given: Any) -> dict[str, Any]:
        """An object of the schema `name`, with these values."""
        made: dict[str, Any] = self._fill(self._contract.resolved(name), given)
        return made

    def _fill(self, schema: Any, given: Any = None, name: str = "") -> Any:
        schema = self._contract._resolved(schema)
        if not isinstance(schema, dict):
            return None
        for key in ("allOf", "oneOf", "anyOf"):
            if key in schema and "properties" not in schema:
                options = [self._contract._resolved(it) for it in schema[key]]
                if given is None and any(it.get("type") == "null" for it in options):
                    return None
                solid = [it for it in options if it.get("type") != "null"]
                if key == "allOf":
                    merged: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
                    for it in solid:
                        merged["properties"] |= it.get("properties", {})
                        merged["required"] += it.get("required", [])
                    return self._fill(merged, given, name)
                return self._fill(solid[0], given, name)
        if "properties" in schema or schema.get("type") == "object":
            return self._object(schema, given or {})
        return self._value(schema, name)

    def _object(self, schema: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        made = dict(given)
        for name in schema.get("required", ()):
            if name not in made:
                made[name] = self._fill(schema.get("properties", {}).get(name, {}), None, name)
        return made

    @staticmethod
    def _value(schema: dict[str, Any], name: str) -> Any:
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if kind == "string":
            formats = {
                "uri": "https://github.example/x",
                "date-time": _MOMENT,
                "date": "2026-01-02",
            }
            return formats.get(schema.get("format", ""), name)
        return {"integer": 1, "number": 1, "boolean": False, "array": []}.get(str(kind))
