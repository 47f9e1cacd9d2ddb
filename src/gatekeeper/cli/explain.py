"""`gatekeeper explain`: what a word of a report means, and what to do about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from gatekeeper import wiring
from gatekeeper.adapters.clock import SystemClock
from gatekeeper.cli.setting import load_setting
from gatekeeper.cli.width import columns
from gatekeeper.explain import topic as topics
from gatekeeper.explain.page import Page
from gatekeeper.explain.topic import MOST_SHOWN, Knowledge
from gatekeeper.pipeline.last import recall
from gatekeeper.text.names import plural


def run_explain(options: Namespace) -> int:
    """Print what is known about a topic; 0, or 2 when nothing is."""
    repository = wiring.open_repository()
    setting = load_setting(repository.root, repository.worktree(), options.config)
    cache = wiring.open_cache(use=True)
    try:
        reports = tuple(recall(cache, repository.root))
    finally:
        cache.close()
    box = wiring.toolbox(repository.root, setting.loaded.config, offline=True)
    known = Knowledge(
        setting.loaded,
        reports,
        wiring.scanner_gates(),
        box,
        wiring.installed_tool(box, repository.root),
        repository.root,
    )
    width = max(40, min(columns(100), 100))
    page = Page(known, SystemClock().today(), width)
    print("\n".join(answer(options.topic, known, page)))
    return 0


def answer(topic: str, known: Knowledge, page: Page) -> Iterator[str]:
    """Lines about a topic. Raises UsageError when nothing is known by that name."""
    if (meanings := topics.words(topic)) or topic in known.gates:
        yield from page.word(topic, meanings)
        return
    if hits := topics.findings(topic, known):
        if len(hits) == 1:
            name = f"{hits[0].finding.scanner}/{hits[0].finding.rule}"
            yield from page.finding(hits[0], topics.rule(name, known))
            return
        for judged in hits[:MOST_SHOWN]:
            yield from page.brief(judged)
            yield ""
        if len(hits) > MOST_SHOWN:
            yield f"and {plural(len(hits) - MOST_SHOWN, 'more finding')}"
        yield (
            "Tell one apart by its fingerprint: gatekeeper explain "
            + (hits[0].finding.fingerprint[:12])
        )
        return
    rule = topics.rule(topic, known)
    if rule is None or not rule.known:
        raise topics.unknown(topic, known)
    yield from page.rule(rule)
