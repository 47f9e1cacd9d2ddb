"""Which scanners run, over which files, and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.config.schema import Config
from gatekeeper.errors import UsageError
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GATE_IDS, STAGES, GateId, Policy, Stage
from gatekeeper.model.shard import Shard
from gatekeeper.model.tree import Entry
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import Prepared, Scanner
from gatekeeper.text.globs import matches


class Scope(Struct, frozen=True):
    """Which files count. `changed` None: all of them. `prefixes` empty: the whole repository.

    `shard` says which of them are looked at here; the others count, and are looked at elsewhere.
    """

    prefixes: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    changed: frozenset[str] | None = None
    shard: Shard = Shard()

    def covers(self, path: str) -> bool:
        """Whether a path counts at all."""
        return (
            (not self.prefixes or below(path, self.prefixes))
            and not matches(self.exclude, path)
            and (self.changed is None or path in self.changed)
        )


def chosen_gates(loaded: Loaded, asked: Sequence[GateId]) -> tuple[GateId, ...]:
    """The gates to judge: those asked for, by default all that are on. Errors: UsageError."""
    enabled = {gate for gate, policy in loaded.policy.gates.items() if policy.enabled} | {
        it.gate for it in loaded.policy.overrides if it.policy.enabled
    }
    if off := [gate for gate in asked if gate not in enabled]:
        raise UsageError(
            f"gate {off[0]} is off, so it has no verdict",
            remedy=f"set gates.{off[0]}.enabled: true in gatekeeper.yml",
        )
    return tuple(gate for gate in GATE_IDS if gate in enabled and (not asked or gate in asked))


def below(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether `path` is one of the files or lies in one of the folders."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def skip_reason(
    scanner: Scanner | ChangeScanner, config: Config, policy: Policy, stage: Stage
) -> Skipped | None:
    """Why a scanner does not run, as far as policy and stage are concerned."""
    if not policy.gates[scanner.gate].enabled and not any(
        override.gate == scanner.gate and override.policy.enabled for override in policy.overrides
    ):
        return Skipped("disabled", f"gate {scanner.gate} is off")
    options = getattr(config.scanners, scanner.id.replace("-", "_"))
    if not options.enabled:
        return Skipped("disabled", f"scanner {scanner.id} is off")
    if STAGES.index(scanner.stage) > STAGES.index(stage):
        return Skipped("not-in-stage", f"runs from stage {scanner.stage} on")
    return None


def files_for(
    scanner: Scanner, prepared: Prepared, entries: dict[str, Entry], scope: Scope
) -> list[str]:
    """The paths a scanner looks at. A whole-tree scanner looks at all it selects."""
    in_scope: Callable[[str], bool] = (
        scope.covers if scanner.scope == "file" else lambda path: not matches(scope.exclude, path)
    )
    return [
        path
        for path, entry in entries.items()
        if entry.regular and prepared.selects(path) and in_scope(path)
    ]
