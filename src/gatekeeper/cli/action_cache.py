"""What the action keeps for the next run, by way of actions/cache."""

from __future__ import annotations

import os

import msgspec
from msgspec import Struct

from gatekeeper.adapters.advisory_file import open_snapshot
from gatekeeper.adapters.bootstrap import (
    advisory_path,
    installed_tools,
    result_path,
    stamp,
    state_file,
    tool_paths,
)
from gatekeeper.adapters.cache import SqliteCache
from gatekeeper.adapters.runner import Runner
from gatekeeper.ports.advisories import AdvisoriesError
from gatekeeper.text.fingerprint import digest

# Every run stores a copy of its own, and all of a repository share 10 GB.
RESULTS_LIMIT = 100 * 1024 * 1024


class State(Struct, frozen=True):
    """What `locate` and `install` left for the end of the job. See adapters/bootstrap.py."""

    save: bool = False
    cache: str = ""
    program: str = ""
    tools: str = ""
    results: str = ""
    restored: tuple[str, ...] = ()
    advisories: str = ""
    snapshot: str = ""


def keep(runner: Runner) -> None:
    """Set what actions/cache/save is to do. Raises OSError, ValueError, RunnerError.

    Tools are saved when others are installed than were restored, results always: the first run
    of a branch would otherwise start with what the last one knew. Advisories are saved when they
    are others than were restored, and a damaged snapshot never is.
    """
    with open(state_file(runner), "rb") as file:
        state = msgspec.json.decode(file.read(1 << 20), type=State)
    tools = installed_tools(state.cache)
    results = result_path(state.cache)
    if os.path.exists(results):
        cache = SqliteCache(state.cache)
        cache.prune(RESULTS_LIMIT)
        cache.close()
    save_tools = state.save and tuple(tools) != state.restored
    save_results = state.save and os.path.exists(results)
    runner.output("save-tools", "true" if save_tools else "false")
    runner.output("tools-path", "\n".join((state.program, *tool_paths(state.cache))))
    runner.output("tools-key", f"{state.tools}{digest(*tools)}")
    runner.output("save-results", "true" if save_results else "false")
    runner.output("results-path", results)
    runner.output("results-key", state.results)
    advisories = _new_advisories(state) if state.save else ""
    runner.output("save-advisories", "true" if advisories else "false")
    runner.output("advisories-path", advisory_path(state.cache))
    runner.output("advisories-key", f"{state.advisories}{advisories or 'none'}")


def _new_advisories(state: State) -> str:
    """What names the snapshot, when it came into place in this job; else empty."""
    if stamp(state.cache) in ("", state.snapshot):
        return ""
    try:
        file = open_snapshot(advisory_path(state.cache))
    except AdvisoriesError:
        return ""
    file.close()
    return file.digest.removeprefix("sha256:")[:32]
