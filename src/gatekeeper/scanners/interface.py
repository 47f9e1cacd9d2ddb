"""What a scanner is.

A scanner finds; it never decides what blocks, never starts a process itself and never prints.
To add one, read docs/adding-a-scanner.md; the conformance tests name whatever is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct

from gatekeeper.config.schema import Config
from gatekeeper.model.finding import (
    Confidence,
    Measurement,
    Severity,
    Suppression,
    UncheckedReason,
)
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.process import Completed
from gatekeeper.ports.repository import Snapshot

ScanScope = Literal["file", "tree"]
Layout = Literal["tree", "copy", "flat"]


class RawFinding(Struct, frozen=True, kw_only=True):
    """A problem as the tool tells it. `rule` is the tool's own id, without the scanner's.

    Lines and columns count from 1, 0 is unknown. `anchor` replaces the text of the lines as the
    content that identifies the finding. `subject` is `ecosystem:name@version` of a dependency.
    """

    path: str
    rule: str
    message: str
    severity: Severity
    confidence: Confidence = "high"
    line: int = 0
    end_line: int = 0
    column: int = 0
    cwe: tuple[str, ...] = ()
    help_url: str = ""
    suppression: Suppression | None = None
    sensitive: bool = False
    anchor: str = ""
    subject: str = ""


class RawUnchecked(Struct, frozen=True):
    """A file, or the `subject` in it, that the tool was given and did not judge."""

    path: str
    reason: UncheckedReason
    message: str
    subject: str = ""
    line: int = 0


class Scanned(Struct, frozen=True):
    """What a scanner says about its batch.

    Every path of the batch that is not in `unchecked` counts as checked, so a scanner must make
    sure that the tool really looked at it.
    """

    findings: Sequence[RawFinding] = ()
    unchecked: Sequence[RawUnchecked] = ()
    measurements: Sequence[Measurement] = ()


class Context(Struct, frozen=True):
    """What a scanner may know before it runs. Configuration files are read from `snapshot`."""

    snapshot: Snapshot
    config: Config
    root: str
    environment: str = ""


def _everything_as_is(paths: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    return (), ()


def _no_file_digest(path: str) -> str:
    return ""


class Prepared(Struct, frozen=True):
    """What a scanner will look at, and all that can change its answer.

    `digest` covers the effective configuration, rules and options; `file_digest` what else
    matters for one path; neither covers the tool, the path or the content, which the engine adds.
    `support` names, for a batch laid out elsewhere, configuration files to lay out beside it and
    paths to stand in for as empty files.
    """

    selects: Callable[[str], bool]
    digest: str
    options: Any = None
    file_digest: Callable[[str], str] = _no_file_digest
    support: Callable[[Sequence[str]], tuple[Sequence[str], Sequence[str]]] = _everything_as_is


class Batch(Protocol):
    """Files to scan: `paths`, relative to `cwd`, exist there as regular files.

    `run` starts the scanner's own tool in `cwd`; see Processes.run for its errors.
    `tool_version` is that tool's exact version, empty unless gatekeeper locked it.
    """

    @property
    def cwd(self) -> str: ...

    @property
    def paths(self) -> Sequence[str]: ...

    @property
    def prepared(self) -> Prepared: ...

    @property
    def config(self) -> Config: ...

    @property
    def tool_version(self) -> str: ...

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed: ...

    def read(self, path: str) -> bytes: ...


class Scanner(Protocol):
    """Looks at files with a tool.

    `scope`: `file` when the answer for a file depends on nothing but that file and `Prepared`;
    `tree` when any file may change the answer for any other. `layout`: `tree` keeps folders,
    and is the working tree itself where it can be; `copy` never is, for tools that look at more
    than they are given; `flat` gives every file a harmless name. `stage` is the earliest stage it runs in.
    `revision` must grow whenever the same tool output would be read differently.
    `size_limited` scanners are spared files above limits.max_file_mb, which are reported instead.
    `startup` and `rate` are rough seconds to start and per megabyte, to plan the first run.
    `scan` raises ToolError when the tool gave no usable answer.
    """

    id: str
    gate: GateId
    stage: Stage
    scope: ScanScope
    layout: Layout
    tool: ToolSpec
    size_limited: bool
    revision: int
    startup: float
    rate: float

    def prepare(self, context: Context) -> Prepared | Skipped: ...

    def scan(self, batch: Batch) -> Scanned: ...


@runtime_checkable
class Fixer(Protocol):
    """What a scanner offers beside, whose tool can repair what it finds.

    `fix` has the tool rewrite the files of the batch where they lie: always copies in a temporary
    folder, named by their own paths. Only fixes that the tool itself calls safe: the program means
    the same afterwards. Settings of the project may leave fixes out and never add unsafe ones. A
    file that the tool cannot fix stays as it is. Nothing but the content of the batch's files is
    taken over. `leave` names rules, as in RawFinding, whose problems in these files are all old: a
    tool that can choose leaves them alone. Raises ToolError when the tool did not do its work.
    """

    def fix(self, batch: Batch, leave: Collection[str]) -> None: ...
