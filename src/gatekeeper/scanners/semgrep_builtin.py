"""Our own rules over files: each on the files where it may match, flow rules where anything flows."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.output import path_map, real_path
from gatekeeper.scanners.semgrep_needs import File
from gatekeeper.scanners.semgrep_output import Output
from gatekeeper.scanners.semgrep_parts import within
from gatekeeper.scanners.semgrep_rules import LOOK, builtin_parts
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

# The engine compares each rule's paths with every file that it is started with.
_RULES = 300
_NUMBERED = regex(r"\b\d+\.[a-z-]+")
# The rules that may match in a file, and the file.
Possible = tuple[frozenset[str], File]
# One start of the engine: the rule files, and the files to look at with them.
Start = Callable[[Sequence[str], Sequence[str]], Output]


def run_builtin(
    folder: str,
    read: Callable[[str], bytes],
    paths: Sequence[str],
    left: Collection[str],
    start: Start,
) -> Iterator[tuple[Output, Sequence[str]]]:
    """What each start of the engine in `folder` says, and about which of the Python files `paths`.

    A file that no rule can match is in none. `left` are rules that are left out.
    """
    needs, parts = builtin_parts()
    told: dict[str, Possible] = {}
    odd: dict[str, Possible] = {}
    for path in paths:
        rules, file = needs.possible(read(path))
        if rules := rules.difference(left):
            # No pattern of the engine's matches what is no UTF-8.
            (told if _is_text(path) else odd)[path] = (rules, file)
    for some in _chunks(told):
        yield from _first_and_whole(folder, some, start)
    if odd:
        every = frozenset[str]().union(*(rules for rules, _ in odd.values()))
        looked = list(odd)
        yield _started(start, [parts.whole(it) for it in sorted(every)], looked), looked


def _chunks(possible: Mapping[str, Possible]) -> Iterator[dict[str, Possible]]:
    """Files in parts, none of which has many more rules than is good for a start of the engine."""
    found: dict[str, Possible] = {}
    count = 0
    for path, (rules, file) in possible.items():
        found[path] = (rules, file)
        count += len(rules)
        if count >= _RULES:
            yield found
            found, count = {}, 0
    if found:
        yield found


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _first_and_whole(
    folder: str, possible: Mapping[str, Possible], start: Start
) -> Iterator[tuple[Output, Sequence[str]]]:
    _, parts = builtin_parts()
    rules = _Rules()
    for path, (ids, file) in possible.items():
        for rule_id in sorted(ids):
            first = rule_id in parts.flows
            rules.add(parts.first(rule_id, file) if first else parts.whole(rule_id, file), path)
    looked = list(possible)
    output = rules.started(folder, looked, start)
    flows = [it for it in output.results if it.check_id in parts.flows]
    output.results = [it for it in output.results if it.check_id not in parts.flows]
    yield output, looked
    known = path_map(looked)
    reached = {(real_path(it.path, known, folder, "semgrep"), it.check_id) for it in flows}
    if reached:
        rules = _Rules()
        for path, rule_id in sorted(reached):
            rules.add(parts.whole(rule_id, possible[path][1]), path)
        looked = sorted({path for path, _ in reached})
        yield rules.started(folder, looked, start), looked


class _Rules:
    """Rules for one start of the engine, each for the files in which it is the same."""

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[dict[str, Any], dict[str, None]]] = {}

    def add(self, rule: dict[str, Any], path: str) -> None:
        """The rule, for this file."""
        self._found.setdefault(msgspec.json.encode(rule), (rule, {}))[1][path] = None

    def started(self, folder: str, looked: Sequence[str], start: Start) -> Output:
        """What they say about their files, under their own names."""
        # Of several rules of one name the engine would take one; comments may name the end of it.
        told = {
            f"{at}.{rule['id']}": (rule, paths)
            for at, (rule, paths) in enumerate(self._found.values())
        }
        output = _started(
            start,
            [{**within(rule, paths), "id": name} for name, (rule, paths) in told.items()],
            looked,
        )
        known = path_map(looked)
        found = output.results
        output.results = []
        for result in found:
            if result.check_id not in told:
                raise ToolError(
                    "tool-output-invalid",
                    f"semgrep named a rule it was not given: {printable(result.check_id)[:200]}",
                )
            rule, paths = told[result.check_id]
            # The engine may have tried it in a file with a like name, which has a rule of its own.
            if real_path(result.path, known, folder, "semgrep") in paths:
                result.check_id = rule["id"]
                output.results.append(result)
        for trouble in output.errors:
            trouble.message = _NUMBERED.sub(
                lambda it: told[it[0]][0]["id"] if it[0] in told else it[0], trouble.message
            )
        return output


def _started(start: Start, rules: Collection[dict[str, Any]], paths: Sequence[str]) -> Output:
    with tempfile.TemporaryDirectory(prefix="gatekeeper-rules-") as folder:
        path = os.path.join(folder, "rules.json")
        with open(path, "wb") as file:
            file.write(msgspec.json.encode({"rules": rules}))
        return start([path, LOOK], paths)
