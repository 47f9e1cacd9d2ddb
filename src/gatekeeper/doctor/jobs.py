"""The jobs of a workflow, as far as anything is looked for in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from gatekeeper.config.documents import Document
from gatekeeper.text.patterns import regex

VERSIONED = regex(r"#\s*v?(\d+(?:\.\d+)*)")
_RUNS = regex(r"(?:^|[\s;&|/])gatekeeper\s+(?:check|merge|plan)\b")
_BY_DEFAULT = "comment\nreview"
# Parts of ours that judge no change.
_BESIDES = (
    "/actions/setup", "/actions/comment", "/actions/bot", "/actions/audit", "/workflows/audit.yml",
)  # fmt: skip


class Use(Struct, frozen=True):
    """One `uses:`: what is called, at which version, the comment behind it, and its input `to`.

    `reads_run`: it tells what another run has kept.
    """

    action: str
    ref: str
    comment: str
    where: str
    targets: tuple[str, ...] = ()
    reads_run: bool = False


class Job(Struct, frozen=True):
    """A job of a workflow. `alone`: before gatekeeper nothing but a checkout is done. `permissions` is
    None where neither it nor the workflow says. `refs` are what its checkouts ask for by name.
    """

    workflow: str
    name: str
    where: str
    uses: tuple[Use, ...]
    depth: str | None
    runs: bool
    alone: bool
    permissions: dict[str, str] | str | None
    refs: tuple[str, ...] = ()

    @property
    def gate(self) -> bool:
        """Whether it runs gatekeeper, and is not only told by it."""
        return self.runs or any(
            ours(use.action) and not use.action.endswith(_BESIDES) for use in self.uses
        )


def ours(action: str) -> bool:
    """Whoever owns the copy: organisations keep their own, and servers without github.com have to."""
    return action.split("/")[1:2] == ["gatekeeper"]


def jobs_of(document: Document, rows: Sequence[str]) -> Iterator[Job]:
    """All jobs of one workflow; `rows` are its lines."""
    jobs = document.data.get("jobs")
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        if not isinstance(job, dict):
            continue
        steps = job.get("steps")
        steps = [it for it in steps if isinstance(it, dict)] if isinstance(steps, list) else []
        places: list[tuple[Any, tuple[str | int, ...], Any]] = [
            (it.get("uses"), ("jobs", name, "steps", at, "uses"), it.get("with"))
            for at, it in enumerate(steps)
        ]
        places.append((job.get("uses"), ("jobs", name, "uses"), None))
        uses = tuple(
            _use(str(text), document.where(path), rows[document.line(path) - 1], given)
            for text, path, given in places if text
        )  # fmt: skip
        checkout = next(
            (it for it in steps if str(it.get("uses", "")).startswith("actions/checkout@")), None
        )
        options = checkout.get("with") if checkout else None
        depth = str(options.get("fetch-depth", "1")) if isinstance(options, dict) else "1"
        rights = job.get("permissions", document.data.get("permissions"))
        yield Job(
            document.name,
            name,
            document.where(("jobs", name)),
            uses,
            depth if checkout else None,
            any(_RUNS.search(str(it.get("run", ""))) for it in steps),
            all(ours(use.action) or use.action == "actions/checkout" for use in uses)
            and not any(it.get("run") for it in steps),
            {key: str(value) for key, value in rights.items()} if isinstance(rights, dict)
            else None if rights is None else str(rights),
            tuple(_refs(steps)),
        )  # fmt: skip


def _refs(steps: Sequence[dict[str, Any]]) -> Iterator[str]:
    for it in steps:
        given = it.get("with")
        if str(it.get("uses", "")).startswith("actions/checkout@") and isinstance(given, dict):
            yield str(given.get("ref", ""))


def _use(text: str, where: str, row: str, given: Any) -> Use:
    action, _, ref = text.partition("@")
    asked = given.get("to", _BY_DEFAULT) if isinstance(given, dict) else _BY_DEFAULT
    told = ours(action) and action.endswith("/actions/comment")
    comment = row.partition(text)[2]
    found = VERSIONED.search(comment)
    targets = tuple(str(asked).split()) if told else ()
    reads_run = told and isinstance(given, dict) and bool(given.get("from-run"))
    return Use(action, ref, found[1] if found else "", where, targets, reads_run)
