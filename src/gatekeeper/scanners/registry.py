"""Every scanner there is, in the order reports name them."""

from __future__ import annotations

from gatekeeper.scanners.bandit import Bandit
from gatekeeper.scanners.basedpyright import Basedpyright
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.commits import Commits
from gatekeeper.scanners.coverage import Coverage
from gatekeeper.scanners.dependencies import Dependencies
from gatekeeper.scanners.interface import Scanner
from gatekeeper.scanners.kingfisher import Kingfisher
from gatekeeper.scanners.licenses import Licenses
from gatekeeper.scanners.mypy import Mypy
from gatekeeper.scanners.pyrefly import Pyrefly
from gatekeeper.scanners.pyright import Pyright
from gatekeeper.scanners.ruff import Ruff
from gatekeeper.scanners.ruff_format import RuffFormat
from gatekeeper.scanners.sarif import Sarif
from gatekeeper.scanners.semgrep import Semgrep
from gatekeeper.scanners.size import Size
from gatekeeper.scanners.tests import Tests
from gatekeeper.scanners.ty import Ty
from gatekeeper.scanners.workflow_schema import WorkflowSchema
from gatekeeper.scanners.zizmor import Zizmor

SCANNERS: dict[str, Scanner] = {
    scanner.id: scanner
    for scanner in (
        Ruff(),
        RuffFormat(),
        Mypy(),
        Pyright(),
        Basedpyright(),
        Ty(),
        Pyrefly(),
        Bandit(),
        Semgrep(),
        Kingfisher(),
        Zizmor(),
        WorkflowSchema(),
    )
}
CHANGE_SCANNERS: dict[str, ChangeScanner] = {
    scanner.id: scanner
    for scanner in (Tests(), Coverage(), Dependencies(), Licenses(), Commits(), Size(), Sarif())
}
