"""JSON Schema for editors, generated from the types that the loader itself uses."""

from __future__ import annotations

from typing import Any


def config_schema() -> dict[str, Any]:
    """The schema of gatekeeper.yml."""
    from gatekeeper.config.schema import Config

    return _schema(Config, "gatekeeper-config-1.schema.json", "gatekeeper configuration")


def waiver_schema() -> dict[str, Any]:
    """The schema of .gatekeeper/waivers.yml."""
    from gatekeeper.config.waivers import WaiverFile

    return _schema(WaiverFile, "gatekeeper-waivers-1.schema.json", "gatekeeper waivers")


def _schema(shape: type, name: str, title: str) -> dict[str, Any]:
    """The order is the types' own, with the definitions by name: equal types, equal text."""
    import msgspec

    (root,), parts = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": name,
        "title": title,
        **root,
        "$defs": dict(sorted(parts.items())),
    }
    # Plain JSON all through: defaults come as tuples.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    return plain
