"""SARIF for code scanning: one file per tool, with all results and not only those of the change.

A partial upload would make every alert that it leaves out look fixed.
"""

from __future__ import annotations

from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Upload
from gatekeeper.model.outcome import Ran
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.subject import Done, Subject, Told
from gatekeeper.reports.sarif import SarifReport
from gatekeeper.text.names import plural

_TARGET = "sarif"


def publish(forge: Forge, subject: Subject, told: tuple[Told, ...]) -> Done:
    """Upload every tool's results. Raises ForgeError; no code scanning is none, and said once."""
    count = 0
    for it in told:
        # One that failed has no results to show, and would make all of its alerts look fixed.
        ran = {each.scanner for each in it.report.outcomes if isinstance(each.outcome, Ran)}
        for part in SarifReport().parts(it.report, it.sources):
            tool = part.name.removesuffix(".sarif")
            if tool not in ran:
                continue
            upload = Upload(subject.checked or subject.commit, subject.ref, part.text, tool)
            try:
                forge.upload_sarif(upload)
            except ForgeError as error:
                if error.kind == "unavailable" and "code scanning" in error.message:
                    return Done(_TARGET, f"{error.message}: {error.remedy}")
                raise
            count += 1
    return Done(_TARGET, f"the results of {plural(count, 'tool')} uploaded", bool(count))
