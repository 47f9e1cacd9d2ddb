"""What manifests and locks tell of a weak supply chain by themselves."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.config.schema import Config, Scanners
from gatekeeper.managers.gather import gathered
from gatekeeper.managers.registry import sources
from gatekeeper.model.dependency import Inventory
from gatekeeper.scanners.dependencies_hygiene import hygiene
from gatekeeper.scanners.dependencies_told import Told, surplus
from gatekeeper.scanners.dependencies_weak import judged
from gatekeeper.scanners.interface import RawFinding
from tests.fakes.changes import FakeChange

HASH = f" --hash=sha256:{'a' * 64}\n"


def read(files: dict[str, str]) -> list[Inventory]:
    content = {name: text.encode() for name, text in files.items()}
    return [gathered(manager, path, content.get) for manager, path in sources(sorted(content))]


def told(files: dict[str, str], **options: Any) -> list[Told]:
    return judged(read(files), DependenciesOptions(**options))


def findings(files: dict[str, str], **options: Any) -> list[RawFinding]:
    return [it.finding for it in told(files, **options)]


def said(files: dict[str, str], **options: Any) -> list[tuple[str, str, int]]:
    return [(it.rule, it.path, it.line) for it in findings(files, **options)]


class TestHashes:
    def test_some_and_not_others(self) -> None:
        files = {"requirements.txt": f"a==1{HASH}b==2\nc @ https://h/c-1.0.tar.gz\n-e .\n"}

        (b, c) = findings(files)

        assert (b.rule, b.path, b.line, b.severity) == (
            "missing-hash",
            "requirements.txt",
            2,
            "medium",
        )
        assert b.subject == "pypi:b@2"
        assert "b 2 has no hash" in b.message
        assert "--generate-hashes" in b.message
        assert c.line == 3

    def test_none_at_all_only_where_they_are_demanded(self) -> None:
        files = {"requirements.txt": "a==1\nb==2\n"}

        assert findings(files) == []
        (one,) = findings(files, require_hashes=True)
        assert (one.rule, one.path, one.line) == ("missing-hash", "requirements.txt", 0)
        assert "file of 2 requirements" in one.message

    @pytest.mark.parametrize(
        "files",
        [
            {"requirements.txt": f"a==1{HASH}b==1{HASH}"},
            {"requirements.txt": "a>=1\n"},
            {"requirements.txt": "git+https://h/a\n"},
            {"requirements.in": "a==1\n", "requirements.txt": f"a==1{HASH}"},
            {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["a==1"]\n'},
        ],
        ids=["all have one", "unpinned", "vcs", "compiled", "no place for one"],
    )
    def test_where_nothing_is_missing(self, files: dict[str, str]) -> None:
        assert [it for it in said(files, require_hashes=True) if it[0] == "missing-hash"] == []

    def test_a_file_that_another_includes_is_told_once(self) -> None:
        files = {
            "requirements.txt": f"a==1{HASH}b==1\n",
            "requirements-dev.txt": "-r requirements.txt\n",
        }

        assert said(files) == [("missing-hash", "requirements.txt", 2)]

    def test_what_npm_has_no_hash_for(self) -> None:
        """What is bundled is covered by the hash of what it is in."""
        lock = (
            '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/plain": {"version": "1.0.0"},'
            ' "node_modules/inside": {"version": "1.0.0", "inBundle": true}}}'
        )

        assert [it.subject for it in findings({"package-lock.json": lock})] == ["npm:plain@1.0.0"]

    def test_yarn_has_none_for_other_systems(self) -> None:
        lock = (
            "__metadata:\n  version: 8\n"
            '"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n  conditions: os=darwin\n'
            '"b@npm:1":\n  version: 1.0.0\n  resolution: "b@npm:1.0.0"\n'
        )

        assert [it.subject for it in findings({"yarn.lock": lock})] == ["npm:b@1.0.0"]


class TestNames:
    def test_one_that_passes_for_another(self) -> None:
        (one,) = findings({"requirements.txt": "reqeusts==1.0\n"})

        assert (one.rule, one.severity, one.confidence) == ("typosquat", "high", "high")
        assert one.subject == "pypi:reqeusts@1.0"
        assert "may pass for requests" in one.message

    def test_names_of_npm(self) -> None:
        assert said({"package.json": '{"dependencies": {"loadsh": "1.0.0"}}'}) == [
            ("typosquat", "package.json", 1)
        ]

    def test_the_lock_tells_where_both_have_it(self) -> None:
        files = {
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["reqeusts"]\n',
            "uv.lock": 'version = 1\n[[package]]\nname = "reqeusts"\nversion = "1"\n'
            'source = { registry = "https://pypi.org/simple" }\n'
            'wheels = [{ url = "https://h/r.whl", hash = "sha256:aa" }]\n',
        }

        assert [it for it in said(files) if it[0] == "typosquat"] == [("typosquat", "uv.lock", 2)]

    @pytest.mark.parametrize(
        ("files", "options"),
        [
            ({"requirements.txt": "requests==1.0\n"}, {}),
            ({"requirements.txt": "reqeusts==1.0\n"}, {"private": ("pypi:reqeusts",)}),
            ({"requirements.txt": "reqeusts==1.0\n"}, {"scopes": ("dev",)}),
            ({"requirements.txt": "reqeusts @ git+https://h/reqeusts\n"}, {}),
            ({"requirements.txt": "-i https://packages.example.org\nreqeusts==1.0\n"}, {}),
            ({"Dockerfile": "FROM reqeusts:1\n"}, {}),
        ],
        ids=["known", "private", "scope", "vcs", "own index", "no package"],
    )
    def test_names_that_are_nobodys_business(
        self, files: dict[str, str], options: dict[str, Any]
    ) -> None:
        assert said(files, **options) == []

    def test_a_mirror_serves_the_public_names(self) -> None:
        files = {"requirements.txt": "-i https://mirror.example.org/simple\nreqeusts==1.0\n"}

        assert said(files, mirrors=("https://mirror.example.org/",)) == [
            ("typosquat", "requirements.txt", 2)
        ]

    def test_a_name_cannot_draw_in_a_terminal(self) -> None:
        files = {
            "package.json": '{"dependencies": {"lo\\u001b[31mdash": "1.0.0", "l\u043edash": "1"}}'
        }

        for it in findings(files):
            assert it.message.isprintable()


class TestLocks:
    def test_each_kind_says_where_and_what_to_do(self) -> None:
        files = {
            "pyproject.toml": '[project]\nname = "x"\ndependencies = [\n"old>=2",\n"gone",\n'
            '"moved @ git+https://h/moved"]\n',
            "uv.lock": 'version = 1\n[manifest]\nrequirements = [{ name = "extra" }]\n'
            + "".join(
                f'[[package]]\nname = "{name}"\nversion = "1"\n'
                'source = { registry = "https://pypi.org/simple" }\n'
                'wheels = [{ url = "https://h/r.whl", hash = "sha256:aa" }]\n'
                for name in ("old", "moved", "extra")
            ),
        }

        by_name = {it.subject.partition("@")[0]: it for it in findings(files)}

        assert {name: (it.path, it.line) for name, it in by_name.items()} == {
            "pypi:old": ("pyproject.toml", 4),
            "pypi:gone": ("pyproject.toml", 5),
            "pypi:moved": ("pyproject.toml", 6),
            "pypi:extra": ("uv.lock", 14),
        }
        assert by_name["pypi:old"].message.startswith(
            "old >=2 is asked for here, and uv.lock holds 1. Lock anew with `uv lock`"
        )
        assert "does not hold it" in by_name["pypi:gone"].message
        assert "from git+https://h/moved" in by_name["pypi:moved"].message
        assert "by hand" in by_name["pypi:extra"].message
        assert {it.rule for it in by_name.values()} == {"lock-mismatch"}
        assert by_name["pypi:extra"].confidence == "medium"

    def test_an_old_lock_that_fits(self) -> None:
        files = {
            "Pipfile": '[packages]\na = "*"\n',
            "Pipfile.lock": '{"_meta": {"pipfile-spec": 6, "hash": {"sha256": "00"}}, "develop": {},'
            ' "default": {"a": {"version": "==1", "hashes": ["sha256:aa"]}}}',
        }

        (one,) = findings(files)

        assert (one.rule, one.path, one.severity) == ("lock-stale", "Pipfile.lock", "low")
        assert "pipenv lock" in one.message


class TestInstallCode:
    def test_scripts_of_npm_and_what_is_built(self) -> None:
        files = {
            "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/s": '
            '{"version": "1.0.0", "hasInstallScript": true, "integrity": "sha512-aa"}}}',
            "poetry.lock": '[[package]]\nname = "b"\nversion = "1"\n'
            'files = [{ file = "b-1.tar.gz", hash = "sha256:aa" }]\n'
            '[[package]]\nname = "w"\nversion = "1"\n'
            'files = [{ file = "w-1-py3-none-any.whl", hash = "sha256:aa" }]\n'
            '[metadata]\nlock-version = "2.1"\n',
        }

        found = findings(files)

        assert [(it.rule, it.subject, it.severity) for it in found] == [
            ("install-code", "npm:s@1.0.0", "low"),
            ("install-code", "pypi:b@1", "low"),
        ]
        assert "install script" in found[0].message
        assert "no wheel" in found[1].message


def test_what_was_there_before_is_not_new_though_its_version_is() -> None:
    base = told({"requirements.txt": f"a==1{HASH}b==1\nreqeusts==1\n"})
    head = told({"requirements.txt": f"# moved\na==1{HASH}b==2\nreqeusts==2\nnunpy==1\n"})

    fresh = surplus(head, base)

    assert [it.finding.subject for it, new in zip(head, fresh, strict=True) if new] == [
        "pypi:nunpy@1",
        "pypi:nunpy@1",
    ]


def test_it_is_remembered_by_what_the_files_say_and_by_the_policy() -> None:
    change = FakeChange()
    found = read({"requirements.txt": "reqeusts==1.0\na==1\n"})
    first = hygiene(change, found)

    assert hygiene(change, found) == first
    assert len(change.memory) == 1
    policy = DependenciesOptions(require_hashes=True)
    config = msgspec.structs.replace(Config(), scanners=Scanners(dependencies=policy))
    stricter = FakeChange(config=config, memory=change.memory)
    assert len(hygiene(stricter, found)) == len(first) + 1
    assert len(change.memory) == 2


def test_a_path_that_is_no_text_is_judged_again() -> None:
    change = FakeChange()
    odd = msgspec.structs.replace(read({"requirements.txt": "reqeusts==1\n"})[0], path="\udcff.txt")

    assert [it.finding.rule for it in hygiene(change, [odd])] == ["typosquat"]
    assert change.memory == {}
