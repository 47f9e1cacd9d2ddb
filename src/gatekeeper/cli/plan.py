"""`gatekeeper plan`: what a check would do, or into how many shards to split it."""

from __future__ import annotations

import json
from argparse import Namespace

from gatekeeper.cli.session import opened
from gatekeeper.model.shard import Shard


def run_plan(options: Namespace) -> int:
    """Print the plan, or a matrix for GitHub Actions; 0."""
    with opened(options, colour=False) as check:
        if options.matrix:
            from gatekeeper.pipeline.sharding import count_for, loads

            workers = check.request.jobs
            count = count_for(loads(check), workers, options.shard_seconds, options.max_shards)
            shards = [str(Shard(index, count)) for index in range(1, count + 1)]
            print(json.dumps({"shard": shards}, separators=(",", ":")))
            return 0
        from gatekeeper.pipeline.planning import plan
        from gatekeeper.reports.plan import render_plan

        print(render_plan(plan(check)), end="")
    return 0
