"""The part of SARIF 2.1.0 that is used, as types.

Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01".
Optional members may be null, too, because many serialisers write what is absent that way.
Property bags are free-form, so their values are typed only where they are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from msgspec import Struct, field

T = TypeVar("T")
Level = Literal["none", "note", "warning", "error"]
Kind = Literal["notApplicable", "pass", "fail", "review", "open", "informational"]
BaselineState = Literal["new", "unchanged", "updated", "absent"]
Status = Literal["accepted", "underReview", "rejected"]


class Bag(Struct):
    """The well-known properties of rules and results, as GitHub's code scanning defines them."""

    security_severity: Any = field(default=None, name="security-severity")
    precision: Any = None
    tags: Any = None


class Text(Struct):
    """A `multiformatMessageString` object."""

    text: str | None = None
    markdown: str | None = None


class Message(Text):
    """A `message` object: words, or the id of words that the rule keeps."""

    id: str | None = None
    arguments: list[str] | None = None


class Component(Struct):
    """A `toolComponentReference`: names the driver, an extension or a taxonomy."""

    name: str | None = None
    index: int | None = None
    guid: str | None = None


class Reference(Struct, rename="camel"):
    """A `reportingDescriptorReference`: names a rule or a taxon."""

    id: str | None = None
    index: int | None = None
    tool_component: Component | None = None


class Relationship(Struct):
    """Ties a rule to, for example, a taxon."""

    target: Reference


class RuleConfiguration(Struct):
    """How a rule reports when the result does not say."""

    level: Level | None = None


class Rule(Struct, rename="camel"):
    """A `reportingDescriptor`: a rule or a taxon."""

    id: str | None = None
    short_description: Text | None = None
    full_description: Text | None = None
    message_strings: dict[str, Text] | None = None
    default_configuration: RuleConfiguration | None = None
    help_uri: str | None = None
    relationships: list[Relationship] | None = None
    properties: Bag | None = None


class ToolComponent(Struct, rename="camel"):
    """The tool's driver, one of its extensions, or a taxonomy."""

    name: str
    guid: str | None = None
    rules: list[Rule] | None = None
    taxa: list[Rule] | None = None
    global_message_strings: dict[str, Text] | None = None


class Tool(Struct):
    """Who found it."""

    driver: ToolComponent
    extensions: list[ToolComponent] | None = None


class ArtifactLocation(Struct, rename="camel"):
    """A file: `uri`, relative to `uri_base_id`; or the index of one of the run's artifacts."""

    uri: str | None = None
    uri_base_id: str | None = None
    index: int | None = None


class Artifact(Struct):
    """A file the tool knows of."""

    location: ArtifactLocation | None = None


class Region(Struct, rename="camel"):
    """Lines and columns count from 1."""

    start_line: int | None = None
    end_line: int | None = None
    start_column: int | None = None


class PhysicalLocation(Struct, rename="camel"):
    """A place in a file."""

    artifact_location: ArtifactLocation | None = None
    region: Region | None = None


class Location(Struct, rename="camel"):
    """Where a result was found."""

    physical_location: PhysicalLocation | None = None


class SuppressionRecord(Struct):
    """A `suppression` object; without a status it counts as accepted."""

    status: Status | None = None
    justification: str | None = None


class Result(Struct, rename="camel"):
    """One thing the tool has to say."""

    message: Message
    rule_id: str | None = None
    rule_index: int | None = None
    rule: Reference | None = None
    kind: Kind | None = None
    level: Level | None = None
    locations: list[Location] | None = None
    partial_fingerprints: dict[str, str] | None = None
    suppressions: list[SuppressionRecord] | None = None
    baseline_state: BaselineState | None = None
    taxa: list[Reference] | None = None
    properties: Bag | None = None


class Invocation(Struct, rename="camel"):
    """One start of the tool, and whether it went well."""

    execution_successful: bool | None = None


class Run(Struct, rename="camel"):
    """One run of one tool."""

    tool: Tool
    invocations: list[Invocation] | None = None
    original_uri_base_ids: dict[str, ArtifactLocation] | None = None
    artifacts: list[Artifact] | None = None
    taxonomies: list[ToolComponent] | None = None
    results: list[Result] | None = None


def item(items: Sequence[T] | None, index: int | None) -> T | None:
    """The item at an index that was told, if there is one."""
    return items[index] if items and index is not None and 0 <= index < len(items) else None
