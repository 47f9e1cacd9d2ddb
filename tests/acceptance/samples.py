"""For every scanner that looks at files: how to write down a problem it finds, in all variants.

A file is made of pieces, each either a problem or clean, in the syntax the scanner reads. Secrets
are put together here, at run time: no file of this repository holds one.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent, indent

from gatekeeper.model.policy import GateId

_WORKFLOW = """\
name: ci
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
"""
_POLICY = """\
version: 1
preset: strict
gates: {secrets: {on: new}}
scanners:
  sarif: {enabled: false}
"""
_RULES = """\
rules:
  - id: dangerous
    languages: [python]
    severity: ERROR
    message: never call this
    metadata: {confidence: HIGH}
    pattern: dangerous(...)
"""


def _python(*pieces: str, deep: bool = False) -> str:
    text = "".join(f"{piece}\n" for piece in pieces)
    return "if True:\n" + indent(text, "    ") if deep else text


def _workflow(*pieces: str, deep: bool = False) -> str:
    steps = "".join(f"{piece}\n" for piece in pieces)
    return _WORKFLOW + indent(steps, " " * (10 if deep else 6))


@dataclass(frozen=True)
class Sample:
    """A scanner, where it looks, and pieces of a file.

    `bad` is one problem. `changed` is the same with another argument. `long` is one problem over
    several lines and `long_changed` the same with another argument on a later line than the first.
    `file` puts pieces together; `deep` nests or indents all of them further. `unparseable` is the
    start of a file that the scanner's tool cannot read; empty when it reads anything. `tolerant`:
    the tool finds problems in such a file all the same, where it understands it.
    """

    scanner: str
    gate: GateId
    paths: tuple[str, str]
    clean: str
    bad: str
    changed: str
    long: str
    long_changed: str
    file: Callable[..., str]
    unparseable: str
    tolerant: bool = False
    options: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """Where the file goes."""
        return self.paths[0]

    @property
    def other(self) -> str:
        """Where another of its kind goes."""
        return self.paths[1]

    def support(self) -> dict[str, str]:
        """Settings of a repository where this scanner alone runs and all that it finds blocks."""
        others = "".join(
            f"  {other.scanner}: {{enabled: false}}\n"
            for other in SAMPLES
            if other.gate == self.gate and other.scanner != self.scanner
        )
        return {"gatekeeper.yml": f"{_POLICY}{others}{self.options}", **dict(self.settings)}


def _text(piece: str) -> str:
    return dedent(piece).strip("\n")


def _random(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=length))


def _token(seed: int) -> str:
    return "gh" + "p_" + _random(seed, 36)


def private_key(seed: int) -> str:
    """What looks like a key in PEM form; all such keys have the same first line."""
    body = _random(seed, 64 * 12)
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    mark = "RSA PRIVATE" + " KEY-----"
    return "\n".join([f"-----BEGIN {mark}", *lines, f"-----END {mark}"])


def _checkout(depth: int) -> str:
    return _text(f"""
        - uses: actions/checkout@{"0123456789abcdef" * 2}01234567
          with:
            ref: main
            fetch-depth: {depth}
        """)


def _schema_step(command: str) -> str:
    return _text(f"""
        - name: misspelt
          runs: |
            echo first
            {command}
        """)


_MODULES = ("app/one.py", "lib/two.py")
_WORKFLOWS = (".github/workflows/one.yml", ".github/workflows/two.yml")

SAMPLES = (
    # The place is the variable's name, on the first line of the statement.
    Sample(
        scanner="ruff",
        gate="lint",
        paths=_MODULES,
        clean="count = 1",
        bad="l = max(1, 2)",
        changed="l = max(1, 3)",
        long="l = max(\n    1,\n    2,\n)",
        long_changed="l = max(\n    1,\n    3,\n)",
        file=_python,
        unparseable="count = (\n",
        settings=(("ruff.toml", 'lint.select = ["E741"]\n'),),
    ),
    Sample(
        scanner="ruff-format",
        gate="format",
        paths=_MODULES,
        clean="count = 1",
        bad="total = max(1,2)",
        changed="total = max(1,3)",
        long="total = max( 1,\n    2)",
        long_changed="total = max( 1,\n    3)",
        file=_python,
        unparseable="count = (\n",
    ),
    Sample(
        scanner="bandit",
        gate="sast",
        paths=_MODULES,
        clean="count = 1",
        bad='total = eval("1", {})',
        changed='total = eval("2", {})',
        long='total = eval(\n    "1",\n    {"a": 1},\n)',
        long_changed='total = eval(\n    "1",\n    {"a": 2},\n)',
        file=_python,
        unparseable="count = (\n",
    ),
    Sample(
        scanner="semgrep",
        gate="sast",
        paths=_MODULES,
        clean="count = 1",
        bad="dangerous(1)",
        changed="dangerous(2)",
        long="dangerous(\n    1,\n    2,\n)",
        long_changed="dangerous(\n    1,\n    3,\n)",
        file=_python,
        # Semgrep parses only what may match.
        unparseable="dangerous = (\n",
        tolerant=True,
        options="  semgrep: {builtin_rules: false, rules: [rules]}\n",
        settings=(("rules/own.yml", _RULES),),
    ),
    Sample(
        scanner="kingfisher",
        gate="secrets",
        paths=_MODULES,
        clean="count = 1",
        bad=f'token = "{_token(1)}"',
        changed=f'token = "{_token(2)}"',
        long=f'key = """\n{private_key(1)}\n"""',
        long_changed=f'key = """\n{private_key(2)}\n"""',
        file=_python,
        unparseable="",
        tolerant=True,
    ),
    Sample(
        scanner="zizmor",
        gate="workflows",
        paths=_WORKFLOWS,
        clean="- run: echo clean",
        bad="- run: echo ${{ github.event.issue.title }}",
        changed="- run: echo ${{ github.event.issue.body }}",
        long=_checkout(0),
        long_changed=_checkout(1),
        file=_workflow,
        unparseable="jobs: [\n",
    ),
    # To the tool, all mistakes of a job are one error.
    Sample(
        scanner="workflow-schema",
        gate="workflows",
        paths=_WORKFLOWS,
        clean="- run: echo clean",
        bad="- runs: echo misspelt",
        changed="- runs: echo otherwise",
        long=_schema_step("echo second"),
        long_changed=_schema_step("echo third"),
        file=_workflow,
        unparseable="jobs: [\n",
    ),
)
