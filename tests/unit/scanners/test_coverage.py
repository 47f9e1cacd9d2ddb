"""What the scanner makes of reports that are already there, without starting anything."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.config.schema import Config, Scanners
from gatekeeper.config.suite_options import CoverageOptions
from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import Delta, Hunk
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import ChangeScanned, ChangeScanner
from gatekeeper.scanners.coverage import Coverage
from gatekeeper.scanners.project import Measured
from tests.fakes.changes import FakeChange, FakeProject, scanned
from tests.fakes.scanning import CWD, FakeSnapshot, snapshot_of

SCANNER: ChangeScanner = Coverage()
SHOP = "import a\n\n\ndef f(\n    a,\n):\n    return min(\n        a,\n        1,\n    )\n"
LCOV = f"{CWD}/lcov.info"
EXPLICIT = Given(coverage=(LCOV,))


def lcov(**lines: dict[int, int]) -> bytes:
    """`shop_py={1: 0}`: files and hits."""
    sections = []
    for name, hits in lines.items():
        told = "".join(f"DA:{line},{count}\n" for line, count in hits.items())
        sections.append(f"SF:{name.replace('_', '.')}\n{told}end_of_record\n")
    return "".join(sections).encode()


def changed(path: str, start: int, length: int = 1) -> Hunk:
    return Hunk(path, start, length, path, start, 0)


def change_of(
    text: str = SHOP,
    hits: dict[int, int] | None = None,
    hunks: tuple[Hunk, ...] = (),
    options: CoverageOptions | None = None,
    **more: Any,
) -> FakeChange:
    head = more.pop("head", None) or snapshot_of({"shop.py": text})
    report = more.pop("report", lcov(shop_py=hits or {1: 1, 4: 1, 7: 0}))
    config = Config(scanners=Scanners(coverage=options or CoverageOptions()))
    return FakeChange(
        **{
            "config": config, "given": EXPLICIT, "head": head,
            "base": snapshot_of({"shop.py": "old"}), "reports": {LCOV: report},
            "files": frozenset(head.files), "differences": hunks, **more,
        }
    )  # fmt: skip


def numbers(found: ChangeScanned) -> dict[str, float]:
    return {it.name.removeprefix("coverage."): it.value for it in found.measurements}


def refusal(change: FakeChange) -> ToolError:
    with pytest.raises(ToolError) as caught:
        SCANNER.scan(change)
    assert caught.value.reason == "input-invalid"
    assert caught.value.message.isprintable()
    assert caught.value.remedy
    return caught.value


class TestWhatIsSaid:
    def test_an_uncovered_changed_line_is_a_finding_at_its_statement(self) -> None:
        found = scanned(SCANNER, change_of(hunks=(changed("shop.py", 8),)))

        (finding,) = found.new
        assert (finding.path, finding.rule, finding.severity) == ("shop.py", "uncovered", "low")
        assert (finding.line, finding.end_line) == (7, 10)
        assert finding.message == "1 changed statement in f never ran"
        assert numbers(found) == {
            "total": 66.66, "diff": 0, "changed_statements": 1, "changed_excluded": 0,
        }  # fmt: skip
        assert found.summary == "66.66% covered, 0.00% of 1 changed statement"

    def test_a_change_without_code_passes(self) -> None:
        found = scanned(SCANNER, change_of(hunks=(changed("shop.py", 2),)))

        assert found.new == []
        assert found.summary == "66.66% covered, no executable lines changed"
        assert "diff" not in numbers(found)

    def test_other_languages_count_line_by_line(self) -> None:
        change = change_of(
            head=snapshot_of({"web/a.js": "one\ntwo\nthree\n"}),
            report=b"SF:web/a.js\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nend_of_record\n",
            hunks=(changed("web/a.js", 1, 3),),
        )

        found = scanned(SCANNER, change)

        assert [(it.rule, it.line, it.message) for it in found.new] == [
            ("partial-branch", 1, "1 of 2 ways on from here was never taken"),
            ("uncovered", 2, "1 changed statement never ran"),
        ]

    def test_when_everything_counts_only_totals_are_judged(self) -> None:
        options = CoverageOptions(total=90, diff=90, drop=0)

        found = scanned(SCANNER, change_of(base=None, options=options))

        assert [it.rule for it in found.new] == ["total-below"]
        assert found.unchecked == []

    def test_paths_that_no_scanner_looks_at_do_not_count(self) -> None:
        change = change_of(hunks=(changed("shop.py", 8),), report=lcov(shop_py={7: 0}, b_py={1: 1}),
                           head=snapshot_of({"shop.py": SHOP, "b.py": "x = 1\n"}))  # fmt: skip
        config = Config(exclude=("shop.py",))

        found = scanned(SCANNER, FakeChange(**{**vars(change), "config": config}))

        assert found.summary == "100.00% covered, no executable lines changed"

    def test_lines_of_a_renamed_file_without_changes_do_not_count(self) -> None:
        head = snapshot_of({"new.py": "x = 1\n"})
        base = snapshot_of({"old.py": "x = 1\n"})
        deltas = [
            Delta("new.py", None, head.entries()["new.py"]),
            Delta("old.py", base.entries()["old.py"], None),
        ]
        hunks = (Hunk("new.py", 1, 1 << 30, "", 0, 0), Hunk("", 0, 0, "old.py", 1, 1))

        found = scanned(
            SCANNER,
            change_of(head=head, base=base, deltas=deltas, hunks=hunks, report=lcov(new_py={1: 0})),
        )

        assert found.new == []

    def test_a_pragma_that_was_there_before_is_not_added(self) -> None:
        text = "x = 1  # pragma: no cover\ny = 2  # pragma: no cover\n"
        base = snapshot_of({"shop.py": "x = 0  # pragma: no cover\n"})
        hunks = (Hunk("shop.py", 1, 2, "shop.py", 1, 1),)

        found = scanned(SCANNER, change_of(text, {3: 1}, hunks, base=base, head=snapshot_of(
            {"shop.py": text + "z = 3\n"})))  # fmt: skip

        assert [(it.rule, it.severity, it.line) for it in found.new] == [("excluded", "info", 2)]


class TestWhatCannotBeReliedOn:
    @pytest.mark.parametrize(
        ("report", "told"),
        [
            (b"", "lcov.info is empty"),
            (b"hello", "in no format that is known"),
            (b"<html/>", "its root is <html>"),
            (b"TN:\n", "about no file"),
            (b"SF:other.py\nDA:1,1\nend_of_record\n", "none of its files is in this repository"),
            (lcov(shop_py={99: 1}), "line 99 of shop.py"),
        ],
    )
    def test_a_report_that_is_none_or_about_something_else(self, report: bytes, told: str) -> None:
        error = refusal(change_of(report=report))

        assert "lcov.info" in error.message
        assert told in error.message

    def test_a_report_that_tells_of_lines_without_code(self) -> None:
        error = refusal(change_of(hits={2: 1}, hunks=(changed("shop.py", 1),)))

        assert "line 2 of shop.py, where no code is" in error.message
        assert "run the tests with coverage" in error.remedy

    def test_a_report_that_is_older_than_what_was_edited_since(self) -> None:
        project = FakeProject(times={LCOV: 5, f"{CWD}/shop.py": 6})

        error = refusal(change_of(project=project, open=frozenset(("shop.py",))))

        assert "lcov.info is older than 1 file it is about: shop.py" in error.message

    def test_when_a_file_was_put_here_says_nothing_about_a_report_from_elsewhere(self) -> None:
        project = FakeProject(times={LCOV: 5, f"{CWD}/shop.py": 6})

        assert scanned(SCANNER, change_of(project=project)).summary

    def test_what_was_just_measured_is_fresh(self) -> None:
        project = FakeProject(times={LCOV: 5, f"{CWD}/shop.py": 6})
        change = change_of(project=project, given=Given(), measured=Measured(CWD, (LCOV,)))

        assert scanned(SCANNER, change).summary

    def test_what_is_staged_otherwise_was_not_measured(self) -> None:
        head = FakeSnapshot({"shop.py": SHOP.encode()}, kind="index")
        reports = {LCOV: lcov(shop_py={1: 1}), f"{CWD}/shop.py": b"x = 1\n"}

        error = refusal(change_of(head=head, reports=reports, hunks=(changed("shop.py", 8),)))

        assert "shop.py was measured as it is in the working tree" in error.message

    def test_a_new_file_whose_statements_nobody_can_tell_is_not_checked(self) -> None:
        head = snapshot_of({"shop.py": SHOP, "new.py": "x = 1\n", "test_new.py": "x = 1\n"})
        hunks = (changed("new.py", 1), changed("test_new.py", 1))

        found = scanned(SCANNER, change_of(head=head, hunks=hunks))

        assert [it.path for it in found.unchecked] == ["new.py"]
        assert "coverage could not be installed" in found.unchecked[0].message
        assert "go online" in found.unchecked[0].message

    def test_a_name_that_may_mean_two_files_leaves_both_unchecked(self) -> None:
        head = snapshot_of({"a/x/shop.py": SHOP, "b/x/shop.py": SHOP, "c.py": "x = 1\n"})
        report = b"SF:/ci/x/shop.py\nDA:1,1\nend_of_record\nSF:c.py\nDA:1,1\nend_of_record\n"

        found = scanned(SCANNER, change_of(head=head, report=report))

        assert [it.path for it in found.unchecked] == ["a/x/shop.py", "b/x/shop.py"]
        assert "[paths]" in found.unchecked[0].message


class TestWithoutData:
    def test_nothing_demanded_and_nothing_there_is_nothing_to_do(self) -> None:
        change = change_of(given=Given())

        assert SCANNER.prepare(change) == Skipped("not-configured", "no coverage data")
        assert SCANNER.plan(change) == "no coverage data"

    def test_a_demand_without_data_is_no_pass(self) -> None:
        change = change_of(given=Given(), options=CoverageOptions(diff=80))

        assert SCANNER.prepare(change) is None
        assert "there is no coverage data" in refusal(change).message

    def test_old_data_that_lies_about_is_no_reason_to_complain(self) -> None:
        project = FakeProject(lying_about=(LCOV,), times={LCOV: 5, f"{CWD}/shop.py": 6})
        change = change_of(given=Given(), project=project)

        skipped = SCANNER.scan(change)

        assert SCANNER.prepare(change) is None
        assert SCANNER.plan(change) == "read lcov.info"
        assert isinstance(skipped, Skipped)
        assert "lcov.info is older than 1 file" in skipped.message

    def test_but_not_when_something_is_demanded(self) -> None:
        project = FakeProject(lying_about=(LCOV,), times={LCOV: 5, f"{CWD}/shop.py": 6})
        options = CoverageOptions(total=1)

        assert (
            "is older"
            in refusal(change_of(given=Given(), project=project, options=options)).message
        )


class TestTheBase:
    def test_what_head_is_today_the_base_is_tomorrow(self) -> None:
        today = change_of(hits={1: 1, 4: 1, 7: 1})
        scanned(SCANNER, today)

        tomorrow = change_of(base=today.head, memory=today.memory, options=CoverageOptions(drop=0))
        found = scanned(SCANNER, tomorrow)

        assert [it.rule for it in found.new] == ["dropped"]
        assert found.summary.startswith("66.66% covered (base 100.00%)")
        assert numbers(found)["base"] == 100

    def test_a_report_of_the_base_goes_before_memory(self) -> None:
        base = "/elsewhere/lcov.info"
        reports = {LCOV: lcov(shop_py={1: 1, 4: 0}), base: lcov(shop_py={1: 0, 4: 0})}
        given = Given(coverage=(LCOV,), coverage_base=(base,))

        found = scanned(
            SCANNER,
            change_of(
                given=given, reports=reports, base=snapshot_of({"shop.py": SHOP}),
                options=CoverageOptions(drop=0, total=80),
            ),
        )  # fmt: skip

        assert (list(found.new), [it.rule for it in found.existing]) == ([], ["total-below"])

    def test_an_unknown_base_leaves_a_demand_open(self) -> None:
        found = scanned(SCANNER, change_of(options=CoverageOptions(drop=0)))

        (unchecked,) = found.unchecked
        assert unchecked.path == ""
        assert "--coverage-base" in unchecked.message

    @pytest.mark.parametrize(
        ("meanwhile", "kept"), [((), True), (("a.py",), False), (("x",), True)]
    )
    def test_what_changed_while_it_was_looked_at_is_not_remembered(
        self, meanwhile: tuple[str, ...], kept: bool
    ) -> None:
        change = change_of(meanwhile=meanwhile)
        scanned(SCANNER, change)

        assert bool(change.memory) is kept
