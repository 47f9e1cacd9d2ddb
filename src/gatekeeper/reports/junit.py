"""JUnit XML, for whatever shows test results: a suite per gate, a failed case per problem that blocks.

It keeps to the schema of Jenkins' xUnit plugin, which is the strictest in wide use.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET  # nosec B405 - writes only

from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import GateVerdict, Judged, Report
from gatekeeper.reports.excerpt import excerpt, secret_lines
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.overview import (
    IDLE,
    Counts,
    also_by,
    compared,
    count_by_gate,
    one_line,
    place,
    rule_of,
)
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

# What XML 1.0 has no way to say, not even escaped; U+FFFE and U+FFFF count as printable nowhere,
# but a parser must not depend on this Python's idea of that.
_NOT_XML = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitReport:
    """One document, whole or in a folder."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return _Document(report, sources).text()

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper.junit.xml", self.whole(report, sources, Style()))]


def xml_text(text: str) -> str:
    """Text on one line that XML 1.0 can hold."""
    return _NOT_XML.sub("\ufffd", printable(text))


class _Document:
    def __init__(self, report: Report, sources: Sources) -> None:
        self._report = report
        self._sources = sources
        self._secrets = secret_lines(report)

    def text(self) -> str:
        report = self._report
        root = ET.Element("testsuites", name="gatekeeper", time=f"{report.seconds:.3f}")
        counts = count_by_gate(report)
        for gate in report.gates:
            root.append(self._suite(gate, counts[gate.id]))
        for name in ("tests", "failures", "errors"):
            root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
        ET.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'

    def _suite(self, gate: GateVerdict, counts: Counts) -> ET.Element:
        ran = [it for it in self._report.outcomes if it.gate == gate.id]
        seconds = sum(it.outcome.seconds for it in ran if isinstance(it.outcome, Ran | Failed))
        suite = ET.Element("testsuite", name=f"gatekeeper.{gate.id}", time=f"{seconds:.3f}")
        properties = ET.SubElement(suite, "properties")
        for name, text in (
            ("verdict", gate.verdict),
            ("reason", gate.reason_code),
            ("message", gate.message),
            ("compared", compared(self._report)),
            ("findings.new", str(counts.new)),
            ("findings.existing", str(counts.existing)),
            ("findings.waived", str(counts.waived)),
            ("findings.ignored", str(counts.suppressed)),
        ):
            ET.SubElement(properties, "property", name=name, value=xml_text(text))
        cases = [self._problem(gate, self._report.findings[at]) for at in gate.blocking]
        cases += self._not_checked(gate)
        if not cases:
            cases.append(self._verdict(gate))
        suite.extend(cases)
        suite.set("tests", str(len(cases)))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
        return suite

    def _problem(self, gate: GateVerdict, judged: Judged) -> ET.Element:
        finding = judged.finding
        where, rule = place(finding), rule_of(finding)
        case = _case(gate, f"{where} {rule}")
        message = one_line(finding.message)
        failure = ET.SubElement(
            case, "failure", type=finding.severity, message=xml_text(message or rule)
        )
        lines = [f"{where}: {finding.severity} {rule}", message]
        lines += [
            f"{number:>5} > {text}"
            for number, text, _ in excerpt(finding, self._sources, self._secrets)
        ]
        if also := also_by(judged):
            lines.append(f"also found by {also}")
        lines.append(f"fingerprint {finding.fingerprint}")
        failure.text = "\n".join(map(xml_text, lines))
        return case

    def _not_checked(self, gate: GateVerdict) -> list[ET.Element]:
        """What keeps the gate from a pass without being a finding. A gate that passes all the same,
        because the policy says so, has none."""
        cases: list[ET.Element] = []
        if gate.verdict == "pass":
            return cases
        for item in self._report.outcomes:
            if item.gate == gate.id and isinstance(item.outcome, Failed):
                case = _case(gate, f"{item.scanner} not checked")
                failed = item.outcome
                error = ET.SubElement(
                    case, "error", type=failed.reason, message=xml_text(failed.message)
                )
                error.text = xml_text(failed.remedy)
                cases.append(case)
        for unchecked in self._report.unchecked:
            if unchecked.gate == gate.id and unchecked.new:
                it = unchecked.unchecked
                case = _case(gate, f"{it.path} not checked by {it.scanner}")
                ET.SubElement(case, "error", type=it.reason, message=xml_text(it.message))
                cases.append(case)
        return cases

    @staticmethod
    def _verdict(gate: GateVerdict) -> ET.Element:
        case = _case(gate, gate.id)
        message = xml_text(gate.message)
        if gate.verdict != "pass":
            ET.SubElement(case, "error", type=gate.reason_code, message=message)
        elif gate.reason_code in IDLE:
            ET.SubElement(case, "skipped", message=message)
        return case


def _case(gate: GateVerdict, name: str) -> ET.Element:
    return ET.Element(
        "testcase", classname=f"gatekeeper.{gate.id}", name=xml_text(name), time="0.000"
    )
