"""Licences of dependencies: what is denied, needs a look, or nobody can tell."""

from __future__ import annotations

from typing import Any

from gatekeeper.config.license_options import LicenseException, LicensesOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.model.outcome import Skipped
from gatekeeper.scanners.licenses import Licenses
from tests.fakes.changes import FakeChange, FakeProject, scanned
from tests.fakes.scanning import FakeSnapshot

POLICY = LicensesOptions(allow=("MIT",), deny=("AGPL-*",))
INSTALLED = {("one", "1.0"): "MIT", ("two", "2.0"): "AGPL-3.0-only", ("three", "3.0"): "Zlib"}


def change(now: str, before: str | None = None, **options: Any) -> FakeChange:
    def version(text: str) -> FakeSnapshot:
        return FakeSnapshot({"requirements.txt": text.encode()})

    policy = LicensesOptions(**{"allow": POLICY.allow, "deny": POLICY.deny, **options})
    return FakeChange(
        config=Config(scanners=Scanners(licenses=policy)),
        head=version(now),
        base=None if before is None else version(before),
        project=FakeProject(declared=INSTALLED),
    )


def test_without_a_policy_nothing_is_judged() -> None:
    found = Licenses().prepare(FakeChange())

    assert isinstance(found, Skipped)
    assert found.reason == "not-configured"


def test_what_is_denied_and_what_needs_a_look() -> None:
    found = scanned(Licenses(), change("one==1.0\ntwo==2.0\nthree==3.0\nfour==4.0\n"))

    assert [(it.rule, it.severity, it.line, it.subject) for it in found.new] == [
        ("denied", "high", 2, "pypi:two@2.0"),
        ("needs-review", "medium", 3, "pypi:three@3.0"),
        ("unknown", "medium", 4, "pypi:four@4.0"),
    ]
    assert {it.name: it.value for it in found.measurements} == {
        "licenses.allowed": 1, "licenses.review": 2, "licenses.denied": 1,
    }  # fmt: skip


def test_what_was_there_before_is_not_new() -> None:
    found = scanned(Licenses(), change("# shifted\ntwo==2.0\nthree==3.0\n", "two==2.0\n"))

    assert [it.subject for it in found.new] == ["pypi:three@3.0"]
    assert [it.subject for it in found.existing] == ["pypi:two@2.0"]


def test_another_version_says_nothing_about_this_one() -> None:
    found = scanned(Licenses(), change("one==1.1\n"))

    assert [it.rule for it in found.new] == ["unknown"]


def test_exceptions_and_scopes() -> None:
    exceptions = (LicenseException("pypi:two", "bought from its authors"),)

    assert scanned(Licenses(), change("two==2.0\n", exceptions=exceptions)).new == []
    assert scanned(Licenses(), change("two==2.0\n", scopes=("dev",))).new == []


def test_a_file_that_cannot_be_read_is_not_checked() -> None:
    found = scanned(Licenses(), change("<<<<<<< HEAD\none==1.0\n"))

    assert [(it.path, it.reason) for it in found.unchecked] == [("requirements.txt", "unreadable")]


def test_a_project_without_dependencies_has_no_business_here() -> None:
    it = FakeChange(config=Config(scanners=Scanners(licenses=POLICY)), head=FakeSnapshot({}))

    assert isinstance(Licenses().scan(it), Skipped)
    assert Licenses().plan(it)
