"""Parts of a check: together they say what one run says, and nothing else is accepted."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import MergeError
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.partial import Partial
from gatekeeper.model.shard import Shard
from gatekeeper.model.verdict import Report
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.base import Wanted
from gatekeeper.pipeline.merge import decode_partial, encode_partial, merge
from gatekeeper.pipeline.sharding import partial
from tests.fakes.checking import Bench, Reader, Versions, ran, run, timeless

TREE = Reader("mypy", "types", "tree")
FILES: Mapping[str, bytes] = {f"{name}.py": b"bad\nx\n" for name in "abcdefgh"}


def bench(
    head: Mapping[str, bytes] = FILES, base: Mapping[str, bytes] | None = None, **more: Any
) -> Bench:
    scanners = [Reader(), Reader("bandit", "sast", suffix=".txt"), TREE]
    policy = "gates: {size: {enabled: true}}\n"
    return Bench(Versions(head, base or {}), scanners, policy, **more)


def parts(bench: Bench, count: int, **more: Any) -> list[tuple[str, Partial]]:
    """Every part, once through the file that it travels in."""
    found: list[tuple[str, Partial]] = []
    for index in range(1, count + 1):
        check = bench.check(Shard(index, count), **more)
        try:
            text = encode_partial(partial(check))
        finally:
            check.services.means.workspaces.close()
        found.append((f"{index}.json", decode_partial(text.encode(), f"{index}.json")))
    return found


def merged(bench: Bench, given: list[tuple[str, Partial]], **more: Any) -> Report:
    return merge(bench.check(**more), given)


LINES = st.lists(
    st.sampled_from(["bad", "bad one", "worse bad", "fine", "", "broken"]), max_size=5
).map(lambda lines: "\n".join(lines).encode())
ODD = st.sampled_from(["crash\nbad"]).map(str.encode)
NAMES = st.sampled_from(
    [*(f"{name}.py" for name in "abcdef"), "pkg/a.py", "b.txt", "c.txt", "é\udcff.py", "x.md"]
)
VERSION = st.dictionaries(NAMES, st.one_of(LINES, LINES, LINES, LINES, LINES, ODD), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    head=VERSION,
    base=VERSION,
    kept=st.booleans(),
    count=st.integers(1, 7),
    everything=st.booleans(),
    prefixes=st.sampled_from([(), (), ("pkg",), ("a.py", "b.txt")]),
    stage=st.sampled_from(["ci", "ci", "full"]),
    order=st.randoms(use_true_random=False),
)
def test_parts_say_what_one_run_says(
    head: dict[str, bytes], base: dict[str, bytes], kept: bool, count: int, everything: bool,
    prefixes: tuple[str, ...], stage: str, order: Any,
) -> None:  # fmt: skip
    if kept:  # a change that touches little
        head = base | dict(list(head.items())[:2])
    wanted = Wanted(everything=True) if everything else Wanted(base="base")
    rule = Waiver("me", "known for long", "never", rule="ruff/R1", paths=("b.*", "pkg/"))
    one = bench(head, base, wanted=wanted, waivers=(rule,))
    given = parts(one, count, paths=prefixes, stage=stage)
    order.shuffle(given)

    assert timeless(merged(one, given, paths=prefixes, stage=stage)) == timeless(
        run(one.check(paths=prefixes, stage=stage))
    )


def test_no_file_is_looked_at_twice_and_none_is_left_out() -> None:
    scanners = [Reader(), Reader("mypy", "types", "tree")]
    one = dataclasses.replace(bench(), scanners=scanners)

    parts(one, 3)

    assert [sorted(scanner.seen) for scanner in scanners] == [sorted(FILES)] * 2


def test_what_moved_between_files_of_two_parts_is_not_new() -> None:
    shard = Shard(1, 2)
    here = next(path for path in FILES if shard.has(path))
    there = next(path for path in FILES if not shard.has(path))
    for old, new in ((here, there), (there, here)):
        one = bench({new: b"bad\n"}, {old: b"bad\n"})

        report = merged(one, parts(one, 2))

        assert [item.state for item in report.findings if item.gate == "lint"] == ["existing"]


def test_a_base_that_cannot_be_scanned_matters_only_when_the_base_does() -> None:
    clean = bench({"a.py": b"fine\n"}, {"a.py": b"crash\n"})
    found = bench({"a.py": b"bad\n"}, {"a.py": b"crash\n"})

    assert ran(merged(clean, parts(clean, 2)), "ruff").base is None
    outcome = merged(found, parts(found, 2)).outcomes[0].outcome
    assert isinstance(outcome, Failed)
    assert outcome.reason == "tool-crashed"


def test_without_a_base_nothing_passes() -> None:
    class Shallow(Versions):
        def merge_base(self, one: str, other: str) -> str:
            return ""

        def is_shallow(self) -> bool:
            return False

    one = dataclasses.replace(bench(), versions=Shallow(FILES, {}))

    report = merged(one, parts(one, 2))

    assert report.verdict == "inconclusive"
    assert timeless(report) == timeless(run(one.check()))


def refusal(one: Bench, given: list[tuple[str, Partial]], **more: Any) -> str:
    with pytest.raises(MergeError) as caught:
        merged(one, given, **more)
    assert caught.value.exit_status == 3
    return str(caught.value)


class TestWhatDoesNotBelongTogether:
    def test_a_missing_part(self) -> None:
        one = bench()

        said = refusal(one, parts(one, 3)[:2])

        assert "not everything was checked: no result of shard 3/3" in said

    def test_a_part_given_twice(self) -> None:
        one = bench()
        given = parts(one, 2)

        assert refusal(one, [*given, ("again.json", given[0][1])]) == (
            "again.json: shard 1/2 is given twice: 1.json"
        )

    def test_parts_of_different_checks(self) -> None:
        one = bench()

        assert "2.json: this is shard 2/3, and 1.json is one of 2" in refusal(
            one, [parts(one, 2)[0], parts(one, 3)[1]]
        )

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            (bench({"a.py": b"other\n"}), "looked at other files"),
            (bench(base={"a.py": b"x\n"}), "compared with another base"),
            (
                dataclasses.replace(bench(), settings="preset: strict\n"),
                "had another configuration",
            ),
            (
                bench(waivers=(Waiver("me", "because", "never", rule="ruff/R1"),)),
                "had another configuration",
            ),
        ],
    )
    def test_other_inputs(self, other: Bench, said: str) -> None:
        given = [parts(bench(), 2)[0], parts(other, 2)[1]]

        assert f"2.json: shard 2/2 {said}" in refusal(bench(), given)

    def test_another_question(self) -> None:
        one = bench()

        assert "was asked something else" in refusal(one, parts(one, 2, gates=("lint",)))

    def test_another_version_of_gatekeeper(self) -> None:
        one = bench()
        (name, part), *rest = parts(one, 2)
        changed = msgspec.structs.replace(
            part, identity=msgspec.structs.replace(part.identity, gatekeeper="0.0.1")
        )

        assert "another version of gatekeeper" in refusal(one, [(name, changed), *rest])

    def test_other_tools(self) -> None:
        one = bench()
        (name, part), *rest = parts(one, 2)
        outcomes = tuple(msgspec.structs.replace(it, shared="other") for it in part.outcomes)
        changed = msgspec.structs.replace(part, outcomes=outcomes)

        assert "used different tools for ruff" in refusal(one, [(name, changed), *rest])

    @pytest.mark.parametrize("shard", [Shard(0, 2), Shard(3, 2), Shard(1, 10**9), Shard(-1, -1)])
    def test_impossible_parts(self, shard: Shard) -> None:
        one = bench()
        changed = msgspec.structs.replace(parts(one, 1)[0][1], shard=shard)

        assert "there is no shard" in refusal(one, [("1.json", changed)])

    def test_a_scanner_left_out_or_put_in(self) -> None:
        one = bench()
        (name, part), *rest = parts(one, 2)
        for outcomes in (part.outcomes[1:], (*part.outcomes, part.outcomes[0])):
            changed = msgspec.structs.replace(part, outcomes=outcomes)

            assert "does not have the scanners" in refusal(one, [(name, changed), *rest])


def forged(**change: Any) -> str:
    """What is said about a part whose first finding was changed."""
    one = bench()
    (name, part), *rest = parts(one, 2)
    first = part.outcomes[0]
    assert isinstance(first.outcome, Ran)
    finding = msgspec.structs.replace(first.outcome.findings[0], **change)
    outcome = msgspec.structs.replace(first.outcome, findings=(finding,))
    item = msgspec.structs.replace(first, outcome=outcome)
    changed = msgspec.structs.replace(part, outcomes=(item, *part.outcomes[1:]))
    return refusal(one, [(name, changed), *rest])


class TestWhatNoPartWouldSay:
    @pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "a/../../b", "a\0b"])
    def test_a_path_that_leads_out_of_the_repository(self, path: str) -> None:
        assert "is no path of the repository" in forged(path=path)

    def test_a_finding_of_another_scanner(self) -> None:
        assert "says otherwise" in forged(scanner="semgrep")

    def test_a_fingerprint_that_is_none(self) -> None:
        assert "is no fingerprint" in forged(fingerprint="%0A::error::")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"[]",
            b"null",
            b"{",
            b"\xff\xfe",
            b'{"schema_version": "1"}',
            b"[" * 100_000,
            b'{"a": ' * 100_000,
            b"1" * 10_000,
        ],
    )
    def test_anything_else(self, data: bytes) -> None:
        with pytest.raises(MergeError, match="not the result of a shard"):
            decode_partial(data, "x.json")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
    def test_numbers_that_are_none(self, number: str) -> None:
        text = encode_partial(parts(bench(), 1)[0][1])
        loaded = json.loads(text)
        loaded["seconds"] = "HERE"

        with pytest.raises(MergeError, match="is no number"):
            decode_partial(json.dumps(loaded).replace('"HERE"', number).encode(), "x.json")

    def test_fields_that_do_not_exist_and_forms_of_the_future(self) -> None:
        loaded = json.loads(encode_partial(parts(bench(), 1)[0][1]))

        with pytest.raises(MergeError, match="unknown field"):
            decode_partial(json.dumps(loaded | {"verdict": "pass"}).encode(), "x.json")
        with pytest.raises(MergeError, match="'2' of the result is not known here"):
            decode_partial(json.dumps(loaded | {"schema_version": "2"}).encode(), "x.json")
