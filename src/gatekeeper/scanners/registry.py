"""Every scanner there is, by gate. A gate that nobody asks for costs no start-up time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from gatekeeper.model.policy import GATE_IDS, GateId
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import Scanner

S = TypeVar("S", Scanner, ChangeScanner)


def scanners(gates: Collection[GateId] = GATE_IDS) -> dict[str, Scanner]:
    """The scanners of these gates that look at files, by id, in the order reports name them."""
    return _made(_SCANNERS, gates)


def change_scanners(gates: Collection[GateId] = GATE_IDS) -> dict[str, ChangeScanner]:
    """The scanners of these gates that judge the change as a whole, by id, in that order too."""
    return _made(_CHANGE_SCANNERS, gates)


def _made(
    makers: Mapping[GateId, Callable[[], tuple[S, ...]]], gates: Collection[GateId]
) -> dict[str, S]:
    chosen = (make() for gate, make in makers.items() if gate in gates)
    return {scanner.id: scanner for made in chosen for scanner in made}


def _lint() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.ruff import Ruff
    from gatekeeper.scanners.vulture import Vulture

    return (Ruff(), Vulture())


def _format() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.ruff_format import RuffFormat

    return (RuffFormat(),)


def _types() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.basedpyright import Basedpyright
    from gatekeeper.scanners.mypy import Mypy
    from gatekeeper.scanners.pyrefly import Pyrefly
    from gatekeeper.scanners.pyright import Pyright
    from gatekeeper.scanners.ty import Ty

    return (Mypy(), Pyright(), Basedpyright(), Ty(), Pyrefly())


def _sast() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.bandit import Bandit
    from gatekeeper.scanners.semgrep import Semgrep

    return (Bandit(), Semgrep())


def _secrets() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.kingfisher import Kingfisher

    return (Kingfisher(),)


def _workflows() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.workflow_schema import WorkflowSchema
    from gatekeeper.scanners.zizmor import Zizmor

    return (Zizmor(), WorkflowSchema())


def _iac() -> tuple[Scanner, ...]:
    from gatekeeper.scanners.checkov import Checkov
    from gatekeeper.scanners.hadolint import Hadolint

    return (Hadolint(), Checkov())


def _tests() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.tests import Tests

    return (Tests(),)


def _coverage() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.coverage import Coverage

    return (Coverage(),)


def _dependencies() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.action_pins import ActionPins
    from gatekeeper.scanners.dependencies import Dependencies

    return (Dependencies(), ActionPins())


def _licenses() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.licenses import Licenses

    return (Licenses(),)


def _commits() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.commits import Commits

    return (Commits(),)


def _size() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.size import Size

    return (Size(),)


def _external() -> tuple[ChangeScanner, ...]:
    from gatekeeper.scanners.sarif import Sarif

    return (Sarif(),)


_SCANNERS: dict[GateId, Callable[[], tuple[Scanner, ...]]] = {
    "lint": _lint,
    "format": _format,
    "types": _types,
    "sast": _sast,
    "secrets": _secrets,
    "workflows": _workflows,
    "iac": _iac,
}
_CHANGE_SCANNERS: dict[GateId, Callable[[], tuple[ChangeScanner, ...]]] = {
    "tests": _tests,
    "coverage": _coverage,
    "dependencies": _dependencies,
    "licenses": _licenses,
    "commits": _commits,
    "size": _size,
    "external": _external,
}
