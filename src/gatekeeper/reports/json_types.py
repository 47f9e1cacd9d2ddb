"""The JSON report as types: its schema, and what reads it back, come from here."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.account import AccountStatus, Imported
from gatekeeper.model.advice import AdviceKind, AdviceProof
from gatekeeper.model.dependency import Ecosystem, Scope
from gatekeeper.model.finding import Confidence, Severity, State, UncheckedReason
from gatekeeper.model.outcome import FailReason, SkipReason
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import GateReason, VerdictWord, WaiverProblem

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class GateDoc(Struct, frozen=True, kw_only=True):
    """One gate's verdict and the fingerprints that block it."""

    id: GateId
    verdict: VerdictWord
    reason_code: GateReason
    message: str
    blocking: tuple[str, ...]


class OutcomeDoc(Struct, frozen=True, kw_only=True):
    """How one scanner ended. `seconds`, `cached_files` and `scanned_files` differ between runs."""

    scanner: str
    gate: GateId
    status: Literal["ran", "skipped", "failed"]
    reason_code: Literal["ok"] | SkipReason | FailReason
    message: str
    remedy: str
    seconds: float
    cached_files: int
    scanned_files: int
    tool_version: str


class SuppressionDoc(Struct, frozen=True):
    """An inline ignore."""

    directive: str
    reason: str


class WaiverDoc(Struct, frozen=True, kw_only=True):
    """A waiver."""

    target: str
    paths: tuple[str, ...]
    owner: str
    reason: str
    expires: str
    source: str


class AlsoDoc(Struct, frozen=True, kw_only=True):
    """What another scanner found: the same weakness at the same place."""

    scanner: str
    rule: str
    severity: Severity
    confidence: Confidence
    line: int
    message: str
    fingerprint: str
    help_url: str


class IntroducedDoc(Struct, frozen=True, kw_only=True):
    """The first appearance in the history. `versions`: how many blobs; `current`: one is in HEAD."""

    commit: str
    author_date: str
    blob: str
    versions: int
    current: bool


class FindingDoc(Struct, frozen=True, kw_only=True):
    """One finding. Lines and columns count from 1; 0 is unknown.

    `fresh`: the change brought it in, whatever became of it. `sensitive`: excerpts have to hide
    what stands there.
    """

    scanner: str
    gate: GateId
    rule: str
    severity: Severity
    confidence: Confidence
    path: str
    line: int
    end_line: int
    column: int
    message: str
    fingerprint: str
    state: State
    blocks: bool
    cwe: tuple[str, ...]
    help_url: str
    subject: str
    suppression: SuppressionDoc | None
    waiver: WaiverDoc | None
    also_found_by: tuple[AlsoDoc, ...]
    fresh: bool
    sensitive: bool
    introduced: IntroducedDoc | None = None


class UncheckedDoc(Struct, frozen=True, kw_only=True):
    """A file that a scanner could not judge. `new`: the change has to answer for it."""

    scanner: str
    gate: GateId
    path: str
    line: int
    subject: str
    reason_code: UncheckedReason
    message: str
    new: bool


class StepDoc(Struct, frozen=True, kw_only=True):
    """A package, and the version to go to; empty where nobody knows which."""

    name: str
    version: str


class AdviceDoc(Struct, frozen=True, kw_only=True):
    """The smallest change that removes all known vulnerabilities of a dependency.

    `kind` is `lock` (the lock alone takes the version), `raise` (the manifest asks for the versions
    from now on), `parent` (the same, and nobody knows yet which version), `override` (force the
    version), `remove`, or `none`. `steps` go together. `fixed` is the version of the vulnerable
    package that it leads to. `proof`: a `resolver` found versions that fit together, the `ranges`
    in the file allow it, or nobody has tried it (`advisories`); `untried` says why not.
    """

    kind: AdviceKind
    steps: tuple[StepDoc, ...]
    fixed: str
    path: str
    proof: AdviceProof
    untried: str
    command: str
    message: str


class DependencyDoc(Struct, frozen=True, kw_only=True):
    """One dependency at one place. `via` leads to it from what the project asks for itself."""

    scanner: str
    ecosystem: Ecosystem
    name: str
    version: str
    path: str
    line: int
    status: AccountStatus
    reason_code: str
    message: str
    direct: bool | None
    scope: Scope
    via: tuple[str, ...]
    vulnerabilities: tuple[str, ...]
    fixed: str
    imported: Imported
    advice: AdviceDoc | None = None


class MeasurementDoc(Struct, frozen=True, kw_only=True):
    """A number."""

    scanner: str
    name: str
    value: float
    unit: str


class WaiverNoteDoc(Struct, frozen=True, kw_only=True):
    """A waiver that needs attention."""

    waiver: WaiverDoc
    problem: WaiverProblem
    message: str


class ComparisonDoc(Struct, frozen=True, kw_only=True):
    """What was compared with what."""

    head: str
    base: str
    why: str
    changed_files: int


class DigestsDoc(Struct, frozen=True, kw_only=True):
    """Identity of everything the verdict rests on."""

    tree: str
    base: str
    policy: str
    tools: str


class SuggestionDoc(Struct, frozen=True, kw_only=True):
    """Lines as a tool would safely have them, with the scanners that said so."""

    path: str
    line: int
    end_line: int
    text: str
    removes: bool
    by: tuple[str, ...]


class ReportDoc(Struct, frozen=True, kw_only=True):
    """The same inputs give the same bytes, but for `seconds`, `cached_files`, `scanned_files`."""

    schema_version: Literal["1.0"]
    gatekeeper_version: str
    verdict: VerdictWord
    stage: str
    comparison: ComparisonDoc
    gates: tuple[GateDoc, ...]
    outcomes: tuple[OutcomeDoc, ...]
    findings: tuple[FindingDoc, ...]
    unchecked: tuple[UncheckedDoc, ...]
    dependencies: tuple[DependencyDoc, ...]
    measurements: tuple[MeasurementDoc, ...]
    waivers_used: tuple[WaiverDoc, ...]
    waiver_notes: tuple[WaiverNoteDoc, ...]
    notes: tuple[str, ...]
    digests: DigestsDoc
    seconds: float
    project: str
    suggestions: tuple[SuggestionDoc, ...]
