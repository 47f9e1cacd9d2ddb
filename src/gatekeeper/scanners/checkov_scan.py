"""What checkov is asked, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.checkov_files import (
    KINDS,
    Found,
    Kind,
    address,
    charts_of,
    expected,
    kind_of,
    may_be,
    needs_look,
)
from gatekeeper.scanners.checkov_output import Answer, answer, finding, helm_answer
from gatekeeper.scanners.checkov_settings import CheckovSettings, checkov_settings
from gatekeeper.scanners.checkov_severity import named, severity_of
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Prepared,
    RawFinding,
    RawUnchecked,
    Scanned,
)
from gatekeeper.scanners.output import expect_status
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import plural, printable

_NOWHERE = "http://127.0.0.1:9"
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    # Hidden folders hold infrastructure code as well.
    "CKV_IGNORE_HIDDEN_DIRECTORIES": "False",
    "CKV_IGNORED_DIRECTORIES": "",
    "CHECKOV_PARALLELIZATION_TYPE": "none",
    "CHECKOV_CREATE_SCA_IMAGE_REPORTS_FOR_IR": "False",
    "CKV_GITHUB_CONFIG_FETCH_DATA": "False",
    "CKV_GITLAB_CONFIG_FETCH_DATA": "False",
    "CHECKOV_HELM_ALLOWED_REMOTE_REPOS": "none",
    "HTTP_PROXY": _NOWHERE,
    "HTTPS_PROXY": _NOWHERE,
    "ALL_PROXY": _NOWHERE,
    "NO_PROXY": "",
}
_HELM = (
    "helm rendered nothing from it: is `helm` there, and are the chart's dependencies in charts/?"
)


class _Options(Struct, frozen=True):
    """What to look at, and what to leave out."""

    settings: CheckovSettings
    frameworks: frozenset[str]


def prepare(context: Context) -> Prepared | Skipped:
    """What there is for checkov, and how it is to look at it."""
    settings = checkov_settings(context.snapshot)
    own = context.config.scanners.checkov
    wanted = [it for it in own.frameworks if it not in settings.skipped_frameworks]
    only = settings.frameworks
    frameworks = frozenset(it for it in wanted if not only or it in only or "all" in only)
    kinds = _kinds(context.snapshot, settings)
    if not any(kind in frameworks for kind in kinds.values()):
        return Skipped("no-matching-files", "no infrastructure code")
    there = context.snapshot.entries()
    severities = (f"{check}={level}" for check, level in named(own.severities).items())
    return Prepared(
        selects=lambda path: path in kinds or (path not in there and may_be(path)),
        digest=digest(
            *settings.checks, "-", *settings.skipped, "-", *settings.paths, "-",
            *sorted(frameworks), "-", *severities,
        ),
        options=_Options(settings, frameworks),
    )  # fmt: skip


def scan(batch: Batch) -> Scanned:
    """What checkov says about the batch, and what it passed over."""
    options: _Options = batch.prepared.options
    charts = charts_of(batch.paths)
    kinds = {path: kind_of(path, batch.read(path), charts) for path in batch.paths}
    frameworks = [it for it in KINDS if it in options.frameworks and it in kinds.values()]
    if not frameworks:
        return Scanned()
    findings: list[RawFinding] = []
    unchecked: list[RawUnchecked] = []
    for told, kinds_told in _answers(batch, frameworks, kinds, options.settings):
        findings += _findings(told, batch, options.settings)
        unchecked += [
            it
            for path, kind in kinds.items()
            if kind in kinds_told and not options.settings.leaves_out(path)
            if (it := _unchecked(path, cast("Kind", kind), batch.read(path), told))
        ]
    return Scanned(findings, unchecked)


def _kinds(snapshot: Snapshot, settings: CheckovSettings) -> dict[str, Found]:
    """What there is for checkov in this version, by path."""
    entries = snapshot.entries()
    charts = charts_of(entries)
    regular = [path for path, entry in entries.items() if entry.regular]
    kinds = {path: kind_of(path, b"", charts) for path in regular if not needs_look(path)}
    looked = [path for path in regular if needs_look(path)]
    for path, content in _contents(snapshot, looked):
        # One that cannot be read is selected, so that it is told as not checked.
        kinds[path] = "kubernetes" if content is None else kind_of(path, content, charts)
    return {path: kind for path, kind in kinds.items() if kind and not settings.leaves_out(path)}


def _contents(snapshot: Snapshot, paths: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    if snapshot.kind != "worktree":
        yield from snapshot.read_many(paths)
        return
    for path in paths:
        try:
            yield path, snapshot.read(path)
        except (OSError, KeyError):
            yield path, None


def _answers(
    batch: Batch, frameworks: Sequence[Kind], kinds: Mapping[str, Found], settings: CheckovSettings
) -> Iterator[tuple[Answer, Sequence[Kind]]]:
    """What checkov says, and about which kinds: charts are asked about by themselves."""
    plain = [kind for kind in frameworks if kind != "helm"]
    if plain:
        done = _run(batch, plain, settings, ".", "--output", "cyclonedx_json")
        yield answer(done, batch.paths, batch.cwd), plain
    if "helm" in frameworks:
        templates = [path for path, kind in kinds.items() if kind == "helm"]
        # It replaces the folder in paths, which has to be more than a dot for that.
        yield (
            helm_answer(_run(batch, ["helm"], settings, batch.cwd), templates, batch.cwd),
            ["helm"],
        )


def _run(
    batch: Batch, frameworks: Sequence[Kind], settings: CheckovSettings, folder: str, *lists: str
) -> Completed:
    more: list[str] = []
    if settings.checks:
        more += ["--check", ",".join(settings.checks)]
    if settings.skipped:
        more += ["--skip-check", ",".join(settings.skipped)]
    done = batch.run(
        "--directory", folder, "--output", "json", *lists, "--compact",
        "--framework", *frameworks, "--skip-download", "--skip-results-upload",
        "--download-external-modules", "false", *more, env=_ENVIRONMENT,
    )  # fmt: skip
    # 1: something failed; 2: it crashed.
    expect_status(done, (0, 1), "checkov")
    return done


def _findings(told: Answer, batch: Batch, settings: CheckovSettings) -> list[RawFinding]:
    own = named(batch.config.scanners.checkov.severities)
    found: dict[tuple[object, ...], RawFinding] = {}
    for item in told.findings:
        it = finding(item, severity_of(item.record.check_id, own))
        key = (it.path, it.rule, it.line, it.end_line, it.message, item.hidden)
        found.setdefault(key, it)
    return [it for it in found.values() if not settings.leaves_out(it.path)]


def _unchecked(path: str, kind: Kind, content: bytes, told: Answer) -> RawUnchecked | None:
    """Why a file was not checked, or not all of it; None when checkov has seen everything."""
    from gatekeeper.managers.reading import UnreadableError

    if (kind, path) in told.broken:
        return RawUnchecked(path, "parse-error", f"checkov cannot parse it as {kind}")
    try:
        wanted = expected(kind, path, content)
    except UnreadableError as error:
        return RawUnchecked(path, "parse-error", printable(error.message)[:300], line=error.line)
    missing = _missing(kind, wanted, told.seen.get(path, frozenset()))
    return RawUnchecked(path, "not-reported", printable(missing)[:300]) if missing else None


def _missing(kind: Kind, wanted: frozenset[str], seen: frozenset[str]) -> str:
    """What checkov ought to have seen, in words; empty when it has seen all of it."""
    if kind == "helm":
        return "" if seen else _HELM
    if kind == "dockerfile":
        return "" if seen else "checkov passed over it"
    left = sorted(wanted - (frozenset(map(address, seen)) if kind == "terraform" else seen))
    if not left:
        return ""
    if not left[0]:
        return "checkov passes over what has no name"
    return f"checkov passed over {plural(len(left), 'resource')}, such as {left[0]}"
