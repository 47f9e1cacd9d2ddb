"""`gatekeeper bot`: commands in comments. Everything that decides is the default branch's."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from gatekeeper import wiring
from gatekeeper.adapters.clock import SystemClock
from gatekeeper.adapters.git import GitRepository
from gatekeeper.bot.answer import Fixed, Means
from gatekeeper.bot.run import Ended, obey
from gatekeeper.cli.report_place import Place
from gatekeeper.cli.setting import Setting, load_setting
from gatekeeper.config.waivers import WAIVER_FILE, load_waivers
from gatekeeper.errors import UsageError
from gatekeeper.model.verdict import Judged
from gatekeeper.model.waiver import Waiver
from gatekeeper.text.names import printable

_WIDTH = 100


def run_bot(options: Namespace) -> int:
    """Obey and answer; 0, 2 when the workflow or the token has to change, 3 when it failed now."""
    ended = obey_comment(options)
    print("\n".join(map(printable, ended.text.split("\n"))))
    if ended.error is None:
        return 0
    shown = "\n".join(map(printable, str(ended.error).split("\n")))
    print(f"gatekeeper: {shown}", file=sys.stderr)
    return ended.error.exit_status


def obey_comment(options: Namespace, token: str | None = None) -> Ended:
    """Do what the comment asks for. Raises GatekeeperError when it cannot even begin."""
    place = Place(options, token, judged=False)
    comment = options.comment or place.origin.comment
    if not comment:
        raise UsageError(
            "nobody says which comment is meant",
            remedy="start the workflow with `on: issue_comment`, or give --comment ID",
        )
    repository = wiring.open_repository()
    setting = load_setting(repository.root, repository.worktree(), options.config)
    forge = place.forge()
    try:
        return obey(
            forge, comment, _means(options, place, repository, setting), dry_run=options.dry_run
        )
    finally:
        forge.close()


def _means(options: Namespace, place: Place, repository: GitRepository, setting: Setting) -> Means:
    config = setting.loaded.config
    today = SystemClock().today()

    def repair(
        before: dict[str, bytes], after: dict[str, bytes], others: Sequence[str]
    ) -> list[Fixed]:
        from gatekeeper.cli.bot_repair import repair as repaired

        return repaired(repository.worktree(), options.config, before, after, others)

    def waivers(content: bytes) -> tuple[Waiver, ...]:
        return load_waivers(
            lambda path: content if path == WAIVER_FILE else None, config.waivers, today
        )

    return Means(
        options=config.pull_requests.commands,
        owners=place.look.owners,
        explain=lambda topic, findings: _explained(repository, setting, topic, findings),
        repair=repair,
        waivers=waivers,
        artifact=options.artifact,
        today=today,
    )


def _explained(
    repository: GitRepository, setting: Setting, topic: str, findings: Sequence[Judged]
) -> str:
    """What `gatekeeper explain` prints, of these findings and no others."""
    from gatekeeper.cli.explain import answer
    from gatekeeper.explain.page import Page
    from gatekeeper.explain.topic import Knowledge
    from gatekeeper.pipeline.last import LastReport

    today = SystemClock().today()
    box = wiring.toolbox(repository.root, setting.loaded.config, offline=True)
    report = LastReport("inconclusive", "ci", "", tuple(findings), (), today)
    known = Knowledge(
        setting.loaded,
        (report,) if findings else (),
        wiring.scanner_gates(),
        box,
        wiring.installed_tool(box, repository.root),
        repository.root,
    )
    return "\n".join(answer(topic, known, Page(known, today, _WIDTH)))
