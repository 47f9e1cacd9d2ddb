"""Finding, merging and resolving the configuration of the version under check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from gatekeeper.config.documents import Document, decode, parse_toml_section, parse_yaml
from gatekeeper.config.merge import Layers, merge
from gatekeeper.config.schema import Config
from gatekeeper.config.validate import validate
from gatekeeper.errors import ConfigError
from gatekeeper.model.policy import GATE_IDS, GatePolicy, PathPolicy, Policy

Read = Callable[[str], bytes | None]
PYPROJECT = "pyproject.toml"
CANDIDATES = ("gatekeeper.yml", ".github/gatekeeper.yml", PYPROJECT)
MISSPELT = ("gatekeeper.yaml", ".github/gatekeeper.yaml")
MAX_EXTENDS = 16


class Loaded(Struct, frozen=True):
    """The effective configuration and where it comes from.

    `origins` maps dotted keys to `file:line`, `preset <name>` or `default`. `sources` are the
    files that were read, weakest first. `digest` changes when the effective configuration does.
    """

    config: Config
    policy: Policy
    origins: dict[str, str]
    sources: list[str]
    digest: str


def find(read: Read) -> str:
    """The configuration file of this version, the empty string when there is none.

    Errors: ConfigError when there are two, or one with a name that would be overlooked.
    """
    for name in MISSPELT:
        if read(name) is not None:
            right = name.removesuffix(".yaml") + ".yml"
            raise ConfigError("this name is not read", where=name, remedy=f"rename it to {right}")
    found = [
        name
        for name in CANDIDATES
        if (content := read(name)) is not None
        and (name != PYPROJECT or _section(content) is not None)
    ]
    if len(found) > 1:
        raise ConfigError(
            f"two configurations: {' and '.join(found)}", where=found[1], remedy="keep one of them"
        )
    return found[0] if found else ""


def load(read: Read, explicit: str = "") -> Loaded:
    """The configuration in force: preset < extended files in order < the file itself.

    `read` gives a file of the version under check, None when it is absent. With `explicit`
    nothing else is looked for. Without any file the preset `standard` is in force.
    Errors: ConfigError with file, line and key.
    """
    name = explicit or find(read)
    documents = _Reader(read).layers(name, ()) if name else ()
    preset: str = "standard"
    for document in documents:
        preset = document.data.get("preset", preset)
    layers = Layers(preset, documents)
    data = layers.merged()
    config = msgspec.convert(data, Config)
    # Loaded late: the checks need pathspec as soon as there is a pattern.
    from gatekeeper.config.checks import check

    check(config, layers)
    return Loaded(
        config=config,
        policy=_policy(data),
        origins=layers.origins(msgspec.to_builtins(config)),
        sources=[document.name for document in documents],
        digest=_digest(config),
    )


class _Reader:
    """Documents with what they extend; each file is read once, however often it is named."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.known: dict[str, tuple[Document, ...]] = {}

    def layers(self, name: str, above: tuple[str, ...], where: str = "") -> tuple[Document, ...]:
        """`name` and all that it extends, weakest first, each file once: where it is strongest."""
        if name in above:
            chain = " → ".join((*above[above.index(name) :], name))
            raise ConfigError(f"extends: files extend each other: {chain}", where=where)
        if len(above) > MAX_EXTENDS:
            raise ConfigError(f"extends: more than {MAX_EXTENDS} files deep", where=where)
        if name not in self.known:
            document, extended = self.document(name, where)
            below: list[Document] = []
            for index, other in enumerate(extended):
                place = document.where(("extends", index))
                below += self.layers(_inside(other, place), (*above, name), place)
            ordered = {id(one): one for one in reversed([*below, document])}
            self.known[name] = tuple(reversed(ordered.values()))
        return self.known[name]

    def document(self, name: str, where: str) -> tuple[Document, tuple[str, ...]]:
        content = self.read(name)
        if content is None:
            message = f"extends: there is no file {name!r}" if where else "there is no such file"
            raise ConfigError(message, where=where or name)
        text = decode(name, content)
        if not name.endswith(".toml"):
            document = parse_yaml(name, text)
        elif (section := parse_toml_section(name, text)) is not None:
            document = section
        else:
            raise ConfigError("there is no table [tool.gatekeeper]", where=name)
        return document, validate(document, Config).extends


def _section(content: bytes) -> Document | None:
    """gatekeeper's table in pyproject.toml. Most projects have none, and then need no parser."""
    if b"gatekeeper" not in content:
        return None
    return parse_toml_section(PYPROJECT, decode(PYPROJECT, content))


def _inside(name: str, where: str) -> str:
    """`name` without detours. Errors: ConfigError when it may lead out of the repository."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith(("/", "~")) or ".." in parts or "\\" in name or "\0" in name or not parts:
        raise ConfigError(
            f"extends: {name!r} is no path inside the repository",
            where=where,
            remedy="paths are relative to the repository root, without `..`",
        )
    return "/".join(parts)


def _policy(data: Mapping[str, Any]) -> Policy:
    """Every gate resolved; an override starts from the gate's own policy."""
    gates = data["gates"]
    return Policy(
        gates={gate: msgspec.convert(gates[gate], GatePolicy) for gate in GATE_IDS},
        overrides=tuple(
            PathPolicy(
                patterns=tuple(override["paths"]),
                gate=gate,
                policy=msgspec.convert(merge(gates[gate], override["gates"][gate]), GatePolicy),
            )
            for override in data.get("overrides", ())
            for gate in GATE_IDS
            if gate in override["gates"]
        ),
    )


def _digest(config: Config) -> str:
    from gatekeeper.text.fingerprint import digest

    return digest(msgspec.json.encode(config, order="deterministic").decode())
