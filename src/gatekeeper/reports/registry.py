"""Every report format there is."""

from __future__ import annotations

from gatekeeper.reports.interface import Renderer
from gatekeeper.reports.json import JsonReport
from gatekeeper.reports.sarif import SarifReport
from gatekeeper.reports.text import TextReport

REPORTS: dict[str, Renderer] = {"text": TextReport(), "json": JsonReport(), "sarif": SarifReport()}
