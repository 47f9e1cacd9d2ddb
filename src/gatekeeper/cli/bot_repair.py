"""Safe fixes of a hostile change, by tools that run nothing of it.

Ruff has no plugins, and reads its settings from the default branch here: neither a path nor a
setting nor a file of the change decides what is started. All tools come from the locks that we ship.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from gatekeeper.adapters.scratch import scratch
from gatekeeper.bot.answer import Fixed
from gatekeeper.bot.fix import SUFFIXES, plain_path
from gatekeeper.cli.session import opened
from gatekeeper.pipeline.fix import FixRun
from gatekeeper.ports.repository import Snapshot

# They take text and give text. A fixer that could run what it reads does not belong here.
HARMLESS = ("ruff", "ruff-format")
_SETTINGS = (".toml", ".yml", ".yaml")
_MOST_SETTINGS = 2_000
_MOST_BYTES = 1024 * 1024


def repair(
    trusted: Snapshot, config: str, before: Mapping[str, bytes], after: Mapping[str, bytes],
    others: Sequence[str],
) -> list[Fixed]:  # fmt: skip
    """What the tools make of the files in `after`: only for problems that `before` does not have.

    `trusted` has the settings, `others` are the names that stand around. Raises GatekeeperError.
    """
    settings = _settings(trusted)
    # Sorting imports depends on which names there are, and on nothing in them.
    names = {it: b"" for it in others if it.endswith(SUFFIXES) and plain_path(it)}
    around = {path: it for path, it in names.items() if not _in_the_way(path, settings)}
    base = {path: it for path, it in before.items() if plain_path(path)}
    head = {path: it for path, it in after.items() if plain_path(path)}
    common = {**{it: b for it, b in around.items() if it not in base}, **settings}
    options = Namespace(
        all=False, base="HEAD", staged=False, head="", sarif_in=[], sarif_base=[], junit=[],
        junit_base=[], coverage=[], coverage_base=[], config=config, gate=["lint", "format"],
        offline=False, no_cache=True, stage="ci", paths=[],
    )  # fmt: skip
    with (
        scratch({**common, **base}, {**common, **head}) as repository,
        opened(options, colour=False, repository=repository, only=HARMLESS) as check,
    ):
        report = check.run()
        run = FixRun(check.runs, check.versions.head, check.services.means, check.policy)
        return [Fixed(it.path, it.after, it.by) for it in run.collect(report).files]


def _settings(trusted: Snapshot) -> dict[str, bytes]:
    found = {}
    for path, entry in trusted.entries().items():
        if entry.regular and path.endswith(_SETTINGS) and plain_path(path):
            content = trusted.read(path)
            if len(content) <= _MOST_BYTES:
                found[path] = content
        if len(found) >= _MOST_SETTINGS:
            break
    return found


def _in_the_way(path: str, settings: Mapping[str, bytes]) -> bool:
    """Whether a folder of one is a file of the other: they come from different commits."""
    return any(it.startswith(f"{path}/") or path.startswith(f"{it}/") for it in settings)
