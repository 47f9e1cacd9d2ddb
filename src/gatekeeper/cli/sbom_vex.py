"""`gatekeeper sbom vex`: what is known of vulnerabilities, and what was said about them."""

from __future__ import annotations

import sys
from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.output import write_text
from gatekeeper.cli.sbom import bill_of
from gatekeeper.cli.session import opened
from gatekeeper.errors import BillError
from gatekeeper.model.outcome import Failed
from gatekeeper.model.verdict import Report
from gatekeeper.text.names import plural


def run_vex(options: Namespace) -> int:
    """Audit everything, and write a statement about each vulnerability; 0.

    Nothing is written when the audit could not be done.
    """
    from gatekeeper.bom.cyclonedx import cyclonedx
    from gatekeeper.bom.exploitability import stated
    from gatekeeper.bom.openvex import openvex
    from gatekeeper.reports.accounts import accounts_of

    bill = bill_of(options, wiring.open_repository())
    report = _audited(options)
    accounts = accounts_of(report)
    waivers = {
        (it.finding.subject, it.finding.rule): it.waiver
        for it in report.findings
        if it.finding.scanner == "dependencies" and it.waiver
    }
    said = stated(accounts, waivers, bill.created)
    if options.format == "cyclonedx":
        write_text(cyclonedx(bill, said), options.output)
    elif said:
        author = options.author or bill.name
        statements = (it.statement for it in said)
        write_text(openvex(statements, author=author, created=bill.created), options.output)
    else:
        print(
            "gatekeeper: no vulnerability is known, and OpenVEX has no document without a"
            " statement: nothing was written",
            file=sys.stderr,
        )
    if left := sum(it.status == "not-checked" for it in accounts):
        named = plural(left, "dependency")
        print(
            f"gatekeeper: {named} could not be checked, so nothing is said about them:"
            " `gatekeeper audit --list` has the reasons",
            file=sys.stderr,
        )
    return 0


def _audited(options: Namespace) -> Report:
    asked = ["audit", "--all", *(["--offline"] if options.offline else [])]
    asked += [f"--{it}={getattr(options, it)}" for it in ("head", "config") if getattr(options, it)]
    audit = parser("audit").parse_args([*asked, "--", *options.paths])
    audit.gate = ["dependencies"]
    with opened(audit, colour=False) as check:
        report = check.run()
    for it in report.outcomes:
        if it.scanner == "dependencies" and isinstance(it.outcome, Failed):
            raise BillError(
                f"nothing is known about vulnerabilities: {it.outcome.message}",
                remedy=it.outcome.remedy,
            )
    return report
