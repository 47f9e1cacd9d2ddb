"""`gatekeeper report --from-run`: tell what a run without rights has judged, and believe none of it."""

from __future__ import annotations

from argparse import Namespace

from gatekeeper.cli.report_place import Place
from gatekeeper.errors import ArtifactError, UsageError
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.bridge import collect, judging, tell_unusable
from gatekeeper.publish.run import Target
from gatekeeper.publish.subject import Told

# What the run itself says, or what it was about: neither is for the one who calls to say.
_ELSEWHERE = ("reports", "pull", "commit")


def check_run_options(options: Namespace) -> None:
    """Raises UsageError for options that do not go together."""
    for name in _ELSEWHERE:
        if options.from_run and getattr(options, name):
            shown = "report" if name == "reports" else name
            raise UsageError(
                f"--{shown} does not go together with --from-run",
                remedy="the run's artifact has the report, and GitHub knows what it is about",
            )


def fetch(
    options: Namespace, place: Place, forge: Forge, targets: list[Target]
) -> tuple[Told, ...] | str:
    """What the run says, with `place` turned to its pull request; or why nobody is to be told.

    Raises ArtifactError for a report that cannot be used, after the pull request was told so.
    """
    found = judging(forge, options.from_run)
    if isinstance(found, str):
        return found
    place.turn_to(found.run, found.pull.number)
    try:
        reports = collect(forge, found.run, options.artifact)
    except ArtifactError as error:
        if "comment" in targets and not options.dry_run:
            tell_unusable(forge, place.subject, error)
        raise
    return tuple(Told(it, place.sources) for it in reports)
