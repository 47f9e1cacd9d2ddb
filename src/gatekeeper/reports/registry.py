"""Every report format there is. A format's code is imported when it is asked for, not before."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.reports.interface import Renderer


def _text() -> Renderer:
    from gatekeeper.reports.text import TextReport

    return TextReport()


def _json() -> Renderer:
    from gatekeeper.reports.json import JsonReport

    return JsonReport()


def _sarif() -> Renderer:
    from gatekeeper.reports.sarif import SarifReport

    return SarifReport()


def _html() -> Renderer:
    from gatekeeper.reports.html import HtmlReport

    return HtmlReport()


def _markdown() -> Renderer:
    from gatekeeper.reports.markdown import MarkdownReport

    return MarkdownReport()


def _github() -> Renderer:
    from gatekeeper.reports.github import GithubReport

    return GithubReport()


def _junit() -> Renderer:
    from gatekeeper.reports.junit import JunitReport

    return JunitReport()


def _comment() -> Renderer:
    from gatekeeper.reports.comment import CommentReport

    return CommentReport()


REPORTS: dict[str, Callable[[], Renderer]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "html": _html,
    "markdown": _markdown,
    "github": _github,
    "junit": _junit,
    "comment": _comment,
}
