"""`gatekeeper merge`: one verdict from the results of all shards."""

from __future__ import annotations

import os
from argparse import Namespace

from gatekeeper.cli.check import EXIT
from gatekeeper.cli.output import Output, write_reports
from gatekeeper.cli.session import opened
from gatekeeper.errors import MergeError, UsageError
from gatekeeper.model.partial import Partial
from gatekeeper.model.shard import MOST_SHARDS
from gatekeeper.pipeline.merge import MOST_BYTES, decode_partial, merge
from gatekeeper.reports.interface import Sources
from gatekeeper.text.names import printable


def run_merge(options: Namespace) -> int:
    """Judge what the shards found; the exit status of the verdict."""
    if len(options.files) > MOST_SHARDS:
        raise UsageError(f"there are at most {MOST_SHARDS} shards, not {len(options.files)}")
    output = Output.of(options)
    partials = [(printable(path), read_partial(path)) for path in options.files]
    with opened(options, colour=output.colour) as check:
        report = merge(check, partials)
    write_reports(report, Sources(check.versions.head), output)
    return EXIT[report.verdict]


def read_partial(path: str) -> Partial:
    """The result of a shard. Raises MergeError."""
    name = printable(path)
    try:
        with open(path, "rb") as file:
            # A pipe has no size to ask for beforehand.
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MergeError(
            f"the result of a shard cannot be read: {error.strerror or error}",
            where=name,
            remedy="the job of that shard may have failed: look at it",
        ) from None
    if len(data) > MOST_BYTES:
        raise MergeError(f"larger than {MOST_BYTES >> 20} MiB", where=name)
    return decode_partial(data, os.path.basename(name))
