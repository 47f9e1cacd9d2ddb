"""Our own rules over files: each on the files where it may match, flow rules where anything flows."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gatekeeper.scanners.output import path_map, real_path
from gatekeeper.scanners.semgrep_needs import File
from gatekeeper.scanners.semgrep_output import Output
from gatekeeper.scanners.semgrep_parts import within
from gatekeeper.scanners.semgrep_rules import LOOK, builtin_parts

# The engine compares each rule's paths with every file that it is started with.
_RULES = 300
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
        for rule_id in ids:
            first = rule_id in parts.flows
            rules.add(parts.first(rule_id, file) if first else parts.whole(rule_id, file), path)
    looked = list(possible)
    output = rules.started(start, looked)
    known = path_map(looked)
    flows = [it for it in output.results if it.check_id in parts.flows]
    output.results = [it for it in output.results if it.check_id not in parts.flows]
    yield output, looked
    reached = {(real_path(it.path, known, folder, "semgrep"), it.check_id) for it in flows}
    if reached:
        rules = _Rules()
        for path, rule_id in reached:
            rules.add(parts.whole(rule_id, possible[path][1]), path)
        looked = sorted({path for path, _ in reached})
        yield rules.started(start, looked), looked


class _Rules:
    """Rules for one start of the engine, each for the files in which it is the same."""

    def __init__(self) -> None:
        self._paths: dict[bytes, tuple[dict[str, Any], list[str]]] = {}

    def add(self, rule: dict[str, Any], path: str) -> None:
        """The rule, for this file."""
        self._paths.setdefault(msgspec.json.encode(rule), (rule, []))[1].append(path)

    def started(self, start: Start, looked: Sequence[str]) -> Output:
        """What they say about their files, under their own names."""
        # Of several rules of one name the engine would take one. Comments name the end of an id.
        names = {
            f"{number}.{rule['id']}": rule["id"]
            for number, (rule, _) in enumerate(self._paths.values())
        }
        told = zip(names, self._paths.values(), strict=True)
        output = _started(
            start, [{**within(rule, paths), "id": name} for name, (rule, paths) in told], looked
        )
        for result in output.results:
            result.check_id = names.get(result.check_id, result.check_id)
        for trouble in output.errors:
            for name in names:
                trouble.message = trouble.message.replace(name, names[name])
        return output


def _started(start: Start, rules: Collection[dict[str, Any]], paths: Sequence[str]) -> Output:
    with tempfile.TemporaryDirectory(prefix="gatekeeper-rules-") as folder:
        path = os.path.join(folder, "rules.json")
        with open(path, "wb") as file:
            file.write(msgspec.json.encode({"rules": rules}))
        return start([path, LOOK], paths)
