"""The configuration as types; the JSON Schema and every error message come from here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gatekeeper.config.action_pin_options import ActionPinsOptions
from gatekeeper.config.advisory_options import AdvisoryOptions
from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.config.iac_options import CheckovOptions
from gatekeeper.config.issue_options import IssueOptions
from gatekeeper.config.license_options import LicensesOptions
from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.config.suite_options import CoverageOptions, TestsOptions
from gatekeeper.model.finding import Confidence, Severity
from gatekeeper.model.policy import BlockOn, OnInconclusive
from gatekeeper.model.tool import ToolSource

PresetName = Literal["relaxed", "standard", "strict"]
Patterns = Annotated[tuple[str, ...], Meta(description="Path patterns, written as in .gitignore.")]


class GateConfig(Struct, forbid_unknown_fields=True, frozen=True):
    """When a gate blocks. What is left out comes from the preset."""

    enabled: Annotated[bool | UnsetType, Meta(description="Whether the gate is judged at all.")] = (
        UNSET
    )
    block_from: Annotated[
        Severity | UnsetType, Meta(description="Lowest severity that blocks.")
    ] = UNSET
    confidence: Annotated[
        Confidence | UnsetType, Meta(description="Lowest confidence that blocks.")
    ] = UNSET
    on: Annotated[
        BlockOn | UnsetType,
        Meta(description="`new`: only problems the change brings in; `all`: existing ones too."),
    ] = UNSET
    inconclusive: Annotated[
        OnInconclusive | UnsetType,
        Meta(description="What the gate says when something it needs could not be checked."),
    ] = UNSET
    require_reason: Annotated[
        bool | UnsetType,
        Meta(description="Block new inline ignores that give no reason."),
    ] = UNSET


class Gates(Struct, forbid_unknown_fields=True, frozen=True):
    """One entry per gate."""

    lint: GateConfig = GateConfig()
    format: GateConfig = GateConfig()
    types: GateConfig = GateConfig()
    tests: GateConfig = GateConfig()
    coverage: GateConfig = GateConfig()
    sast: GateConfig = GateConfig()
    secrets: GateConfig = GateConfig()
    dependencies: GateConfig = GateConfig()
    licenses: GateConfig = GateConfig()
    workflows: GateConfig = GateConfig()
    iac: GateConfig = GateConfig()
    commits: GateConfig = GateConfig()
    size: GateConfig = GateConfig()
    external: GateConfig = GateConfig()


class Override(Struct, forbid_unknown_fields=True, frozen=True):
    """Other demands for some paths; of several that match, the last one wins."""

    paths: Annotated[Patterns, Meta(min_length=1)]
    gates: Gates


class Switch(Struct, forbid_unknown_fields=True, frozen=True):
    """A scanner that can only be switched on or off."""

    enabled: bool = True


class SemgrepOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Static analysis with Semgrep, always offline."""

    enabled: bool = True
    builtin_rules: Annotated[bool, Meta(description="Run the rules that ship with gatekeeper.")] = (
        True
    )
    rules: Annotated[
        tuple[str, ...], Meta(description="Rule files or folders inside the repository.")
    ] = ()
    exclude_rules: Annotated[
        tuple[str, ...], Meta(description="Ids of rules not to run, as reports show them.")
    ] = ()
    timeout: Annotated[int, Meta(ge=1, le=600, description="Seconds for one rule on one file.")] = (
        20
    )


class KingfisherOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Secret detection with Kingfisher; credentials are never tried out."""

    enabled: bool = True
    exclude_rules: Annotated[
        tuple[str, ...], Meta(description="Ids of rules not to run, as reports show them.")
    ] = ()


class ZizmorOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Security audit of GitHub workflows and actions with zizmor, always offline."""

    enabled: bool = True
    persona: Annotated[
        Literal["regular", "pedantic", "auditor"], Meta(description="How much zizmor reports.")
    ] = "regular"


class CommitsOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Conventional Commits; judged only when the gate `commits` is enabled."""

    enabled: bool = True
    types: Annotated[
        tuple[str, ...], Meta(description="Allowed types.", min_length=1)
    ] = (
        "build", "chore", "ci", "docs", "feat", "fix",
        "perf", "refactor", "revert", "style", "test",
    )  # fmt: skip
    scopes: Annotated[tuple[str, ...], Meta(description="Allowed scopes; empty allows any.")] = ()
    require_scope: Annotated[bool, Meta(description="Whether every header names a scope.")] = False
    max_subject_length: Annotated[
        int, Meta(ge=10, le=500, description="Characters in the first line.")
    ] = 72


class SizeOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """How large a change may be; judged only when the gate `size` is enabled."""

    enabled: bool = True
    max_changed_lines: Annotated[int, Meta(ge=1, description="Added plus deleted lines.")] = 800
    max_changed_files: Annotated[int, Meta(ge=1, description="Files a change may touch.")] = 50
    exclude: Annotated[Patterns, Meta(description="Paths that do not count.")] = (
        "*.lock",
        "*-lock.json",
        "*-lock.yaml",
        "*.snap",
        "*.svg",
    )


class Scanners(Struct, forbid_unknown_fields=True, frozen=True, rename="kebab"):
    """One entry per scanner."""

    ruff: Switch = Switch()
    vulture: Switch = Switch()
    ruff_format: Switch = Switch()
    mypy: Switch = Switch()
    pyright: Switch = Switch()
    basedpyright: Switch = Switch()
    ty: Switch = Switch()
    pyrefly: Switch = Switch()
    tests: TestsOptions = TestsOptions()
    coverage: CoverageOptions = CoverageOptions()
    bandit: Switch = Switch()
    semgrep: SemgrepOptions = SemgrepOptions()
    kingfisher: KingfisherOptions = KingfisherOptions()
    dependencies: DependenciesOptions = DependenciesOptions()
    action_pins: ActionPinsOptions = ActionPinsOptions()
    licenses: LicensesOptions = LicensesOptions()
    zizmor: ZizmorOptions = ZizmorOptions()
    workflow_schema: Switch = Switch()
    hadolint: Switch = Switch()
    checkov: CheckovOptions = CheckovOptions()
    commits: CommitsOptions = CommitsOptions()
    size: SizeOptions = SizeOptions()
    sarif: Switch = Switch()


class ToolConfig(Struct, forbid_unknown_fields=True, frozen=True, rename={"source": "from"}):
    """Where a tool comes from."""

    source: Annotated[
        ToolSource | UnsetType,
        Meta(
            description="`locked`: gatekeeper's own hash-locked copy; `project`: the project's"
            " environment; `path`: the program named by `path`."
        ),
    ] = UNSET
    path: Annotated[str, Meta(description="Program to start, with `from: path`.")] = ""


class Tools(Struct, forbid_unknown_fields=True, frozen=True, rename="kebab"):
    """One entry per tool."""

    ruff: ToolConfig = ToolConfig()
    vulture: ToolConfig = ToolConfig()
    mypy: ToolConfig = ToolConfig()
    pyright: ToolConfig = ToolConfig()
    basedpyright: ToolConfig = ToolConfig()
    ty: ToolConfig = ToolConfig()
    pyrefly: ToolConfig = ToolConfig()
    bandit: ToolConfig = ToolConfig()
    semgrep: ToolConfig = ToolConfig()
    kingfisher: ToolConfig = ToolConfig()
    zizmor: ToolConfig = ToolConfig()
    check_jsonschema: ToolConfig = ToolConfig()
    hadolint: ToolConfig = ToolConfig()
    checkov: ToolConfig = ToolConfig()
    coverage: ToolConfig = ToolConfig()
    pip_audit: ToolConfig = ToolConfig()
    safety: ToolConfig = ToolConfig()


class Limits(Struct, forbid_unknown_fields=True, frozen=True):
    """Bounds that keep one odd file or one stuck tool from holding everything up."""

    max_file_mb: Annotated[
        int,
        Meta(
            ge=1,
            le=1024,
            description="Larger files are reported as not checked (except for secrets).",
        ),
    ] = 5
    tool_timeout: Annotated[
        int, Meta(ge=1, le=86_400, description="Seconds after which a tool is stopped.")
    ] = 900


class WaiverRules(Struct, forbid_unknown_fields=True, frozen=True):
    """What a waiver may be."""

    allow_never: Annotated[bool, Meta(description="Whether `expires: never` is accepted.")] = True
    max_findings: Annotated[
        int, Meta(ge=1, description="A waiver that covers more findings is called too broad.")
    ] = 20


class Config(Struct, forbid_unknown_fields=True, frozen=True):
    """gatekeeper's configuration: gatekeeper.yml, .github/gatekeeper.yml or [tool.gatekeeper]."""

    version: Annotated[Literal[1], Meta(description="Version of this format.")] = 1
    preset: Annotated[PresetName, Meta(description="Where to start from.")] = "standard"
    extends: Annotated[
        tuple[str, ...],
        Meta(
            description="Other configuration files in the repository; later ones win over earlier."
        ),
    ] = ()
    base: Annotated[
        str, Meta(description="Branch or commit to compare with, instead of the default branch.")
    ] = ""
    exclude: Annotated[Patterns, Meta(description="Files that no scanner looks at.")] = ()
    gates: Gates = Gates()
    overrides: tuple[Override, ...] = ()
    scanners: Scanners = Scanners()
    tools: Tools = Tools()
    advisories: AdvisoryOptions = AdvisoryOptions()
    limits: Limits = Limits()
    waivers: WaiverRules = WaiverRules()
    pull_requests: PullRequestOptions = PullRequestOptions()
    issues: IssueOptions = IssueOptions()
