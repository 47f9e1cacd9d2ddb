"""Case 10: what the rules that ship with gatekeeper cost, beside a single rule."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.measure import Command, Row, Sample, interleave, seconds, spread
from benchmarks.repositories import generated
from benchmarks.sandbox import Sandbox

FEWEST = 1_000
ONE_RULE = """\
rules:
  - id: compared-with-itself
    languages: [python]
    severity: INFO
    message: both sides are the same
    pattern: $X == $X
"""
PACK = "scanners:\n  bandit: {enabled: false}\n"
ONE = f"{PACK}  semgrep: {{rules: [one-rule.yml], builtin_rules: false}}\n"


def rule_pack(sandbox: Sandbox, repository: Path, runs: int) -> tuple[list[Row], list[str]]:
    """Cold checks of one gate, in a given repository with enough files or in a generated one."""
    count = len(_python(sandbox, repository))
    if count < FEWEST:
        repository = generated(sandbox, "files-2000", 2_000)
        count = len(_python(sandbox, repository))
    (repository / "one-rule.yml").write_text(ONE_RULE)
    checks: dict[str, Command] = {}
    for name, text in (("pack", PACK), ("one", ONE)):
        config = sandbox.root / f"{name}.yml"
        config.write_text(text)
        checks[name] = sandbox.check(
            repository, "--all", "--stage", "ci", "--gate=sast", "--config", str(config)
        )

    def cold(check: Command) -> Sample:
        sandbox.forget_results()
        return check()

    samples = interleave({name: partial(cold, it) for name, it in checks.items()}, runs)
    (repository / "one-rule.yml").unlink()
    ours, one = samples["pack"], samples["one"]
    note = (
        f"{count:,} Python files: CPU {spread([it.cpu for it in ours], 's')} with our rules,"
        f" {spread([it.cpu for it in one], 's')} with one"
    )
    row = Row(10, "cold sast, our rules / one rule", 3, seconds(ours), seconds(one))
    return [row], [note]


def _python(sandbox: Sandbox, repository: Path) -> list[str]:
    return sandbox.git(repository, "ls-files", "--", "*.py").splitlines()
