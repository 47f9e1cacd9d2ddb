"""The table that spares starting Kingfisher, held against the Kingfisher that is locked."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from random import Random

import msgspec
import pytest

from gatekeeper.adapters.tool_locks import locked_version
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.scanners.kingfisher_literals import Listed, table
from gatekeeper.scanners.kingfisher_pattern import parse
from gatekeeper.scanners.kingfisher_proof import TABLE, Proof, Table, _is_plain
from gatekeeper.scanners.tools import KINGFISHER
from tests.fakes.matching import altered, encoded, matching, surrounded

_AS_THE_SCANNER = (
    "scan", "--no-validate", "--no-update-check", "--redact", "--no-dedup", "--quiet",
    "--format", "json", "--git-history", "none", "--jobs", "1", "--max-file-size", "0",
)  # fmt: skip
# Rules of our own with Kingfisher's patterns, without its filters: whatever matches is told.
_UNFILTERED = ("--load-builtins=false", "--confidence", "low", "--no-ignore")
_EACH = 6


class Locked:
    """The installed program."""

    def __init__(self, folder: Path, home: Path) -> None:
        box = ToolEnvironments(str(folder), str(folder), {}, {}, offline=True)
        self.program = box.executable(KINGFISHER)
        self.version = locked_version(box.lock_text(KINGFISHER), KINGFISHER.package)
        self.home = home
        self.listing = self.run(home, "rules", "list", "--format", "json", "--quiet")
        self.rules = msgspec.json.decode(self.listing, type=list[Listed])

    def run(self, cwd: Path, *arguments: str) -> bytes:
        done = subprocess.run(
            [self.program, *arguments], cwd=cwd, env={"HOME": str(self.home)},
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=240,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.stdout

    def scan(self, folder: Path, *more: str) -> tuple[set[tuple[str, str]], int]:
        """File names with the rules that matched there, and how many rules were applied."""
        said = json.loads(self.run(folder, *_AS_THE_SCANNER, *more, ".").split(b"\n", 1)[0])
        found = {
            (Path(each["finding"]["path"]).name, each["rule"]["id"]) for each in said["findings"]
        }
        return found, said["metadata"]["summary"]["rules_applied"]


@pytest.fixture(scope="module")
def locked(tools: Path) -> Locked:
    # At home with the tools, Kingfisher keeps what it compiles.
    return Locked(tools, tools / "home")


@pytest.fixture(scope="module")
def corpus(locked: Locked, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files that match, or nearly match, each of the rules; `encoded-` ones in disguise."""
    chance = Random(488)
    made: dict[str, bytes] = {}
    for number, rule in enumerate(locked.rules):
        tree = parse(rule.pattern)
        for turn in range(_EACH):
            text = surrounded(altered(matching(tree, chance), chance), chance)
            made[f"plain-{number}-{turn}.txt"] = text
        made[f"encoded-{number}.txt"] = encoded(matching(tree, chance), chance)
    return made


@pytest.fixture(scope="module")
def laid_out(corpus: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name, content in corpus.items():
        (folder / name).write_bytes(content)
    return folder


def shipped() -> bytes:
    return files("gatekeeper.scanners").joinpath(TABLE).read_bytes()


def test_the_table_is_that_of_the_locked_version(locked: Locked) -> None:
    known = msgspec.json.decode(shipped(), type=Table)
    remedy = "write the table anew: see gatekeeper/scanners/kingfisher_literals.py"
    assert locked.version in locked.run(locked.home, "--version").decode()
    assert known.version == locked.version, remedy
    assert [rule.id for rule in known.rules] == [rule.id for rule in locked.rules], remedy
    assert table(locked.version, locked.listing) == shipped(), remedy


def test_something_is_certain_about_every_rule() -> None:
    """One rule of which nothing is would leave no file proved."""
    for rule in msgspec.json.decode(shipped(), type=Table).rules:
        assert rule.literals or rule.stretches, rule.id


def test_python_agrees_about_the_patterns_it_can_read(
    locked: Locked, corpus: dict[str, bytes]
) -> None:
    """Python's parser is not ours: both must see the same rules."""
    proof = Proof(msgspec.json.decode(shipped(), type=Table).rules)
    read = matched = 0
    for number, rule in enumerate(locked.rules):
        try:
            pattern = re.compile(rule.pattern.encode())
        except (re.error, FutureWarning):
            continue
        read += 1
        for turn in range(_EACH):
            text = corpus[f"plain-{number}-{turn}.txt"]
            if pattern.search(text):
                matched += 1
                assert rule.id in proof.suspects(text), (rule.id, text)
    assert read > 300
    assert matched > 600


@pytest.mark.slow
def test_nothing_that_kingfisher_finds_is_proved_away(
    locked: Locked, corpus: dict[str, bytes], laid_out: Path
) -> None:
    found, applied = locked.scan(laid_out)
    assert applied == len(locked.rules), "rules that are not listed"
    assert len({rule for _, rule in found}) > 300
    _expect_suspected(found, corpus)


@pytest.mark.slow
def test_nothing_that_a_pattern_matches_is_proved_away(
    locked: Locked, corpus: dict[str, bytes], laid_out: Path, tmp_path: Path
) -> None:
    """Filters such as entropy keep most made-up matches from being found: so without them."""
    own = tmp_path / "rules.yml"
    # JSON is YAML.
    own.write_text(json.dumps({"rules": [_unfiltered(rule) for rule in locked.rules]}))
    found, applied = locked.scan(laid_out, *_UNFILTERED, "--rules-path", str(own))
    assert applied == len(locked.rules)
    assert len({rule for _, rule in found}) > 0.95 * len(locked.rules)
    _expect_suspected({(name, rule.removeprefix("own.")) for name, rule in found}, corpus)


def _unfiltered(rule: Listed) -> dict[str, object]:
    return {
        "name": rule.id, "id": f"own.{rule.id}", "pattern": rule.pattern, "min_entropy": 0.0,
        "confidence": "high", "visible": True,
    }  # fmt: skip


def _expect_suspected(found: set[tuple[str, str]], corpus: dict[str, bytes]) -> None:
    """No file is proved, and plain ones are suspected for the very rule."""
    proof = Proof(msgspec.json.decode(shipped(), type=Table).rules)
    missed = [
        (name, rule, corpus[name])
        for name, rule in sorted(found)
        if proof.cannot_match(name, corpus[name])
        or (_is_plain(name, corpus[name]) and rule not in proof.suspects(corpus[name]))
    ]
    assert missed == []
    assert len({name for name, _ in found if name.startswith("encoded-")}) > 100
