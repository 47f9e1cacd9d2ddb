"""What a package index says about what a change brings in: a real server on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from gatekeeper.adapters.fetch import Http, Pace
from gatekeeper.adapters.package_index import HttpIndexes, OfflineIndexes
from gatekeeper.advisories.assessing import Assessment
from gatekeeper.config.load import load
from gatekeeper.config.schema import Config
from gatekeeper.managers.gather import gathered
from gatekeeper.managers.registry import sources
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.scanners.dependencies import demanded
from gatekeeper.scanners.dependencies_index import Looked, looked_up
from gatekeeper.scanners.dependencies_items import Item, items
from tests.fakes.changes import FakeChange
from tests.fakes.index_server import package, sha256, simple
from tests.fakes.odd_server import OddServer, cut_off, hang, html, odd_server, ok, status
from tests.fakes.packages import tarred, zipped
from tests.fakes.scanning import snapshot_of

WHEEL = "demo-1.0-py3-none-any.whl"
PTH: Mapping[str, str] = {"demo/__init__.py": "", "demo.pth": "import os; os.system('id')\n"}
NOTHING = Assessment({}, {}, frozenset())


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as it:
        yield it


class Case:
    """Files at head and at the base, and what comes of them."""

    def __init__(self, server: OddServer) -> None:
        self.server = server
        self.options: dict[str, Any] = {}
        self.index: dict[str, Any] = {"ask": "releases"}
        self.deadline = 20.0
        self.today = "2026-11-27"

    def config(self) -> Config:
        index = {"pypi": f"{self.server.url}/simple", "npm": f"{self.server.url}/npm"}
        dependencies = {"index": index | self.index, **self.options}
        text = json.dumps({"scanners": {"dependencies": dependencies}})
        return load({"gatekeeper.yml": text.encode()}.get).config

    def items(self, files: dict[str, str]) -> tuple[list[Item], list[Any]]:
        content = {name: text.encode() for name, text in files.items()}
        found = [gathered(manager, path, content.get) for manager, path in sources(sorted(content))]
        return items(found, NOTHING, self.config().scanners.dependencies, {}), found

    def look(
        self,
        head: dict[str, str],
        base: dict[str, str] | None = None,
        indexes: PackageIndexes | None = None,
        memory: dict[tuple[str, ...], bytes] | None = None,
        weak: tuple[Vulnerability, ...] = (),
    ) -> Looked:
        http = Http(self.deadline, pace=Pace(sleep=lambda seconds: None))
        change = FakeChange(
            config=self.config(),
            head=snapshot_of(head),
            indexed=indexes or HttpIndexes(http),
            today=self.today,
            memory={} if memory is None else memory,
        )
        now, found = self.items(head)
        before, _ = self.items(base or {})
        before = [msgspec.structs.replace(it, vulnerabilities=weak) for it in before]
        return looked_up(change, now, before, found)


@pytest.fixture
def case(server: OddServer) -> Case:
    return Case(server)


def rules(looked: Looked) -> list[str]:
    return [f"{it.finding.rule} {it.finding.subject}" for it in looked.told]


def left(looked: Looked) -> list[str]:
    return [f"{it.dependency.name} {it.left_open.reason}" for it in looked.items if it.left_open]


def pinned(*names: str, hashes: Sequence[str] = ()) -> dict[str, str]:
    more = "".join(f" --hash=sha256:{it}" for it in hashes)
    return {"requirements.txt": "".join(f"{name}{more}\n" for name in names)}


def test_a_release_with_nothing_wrong_is_clean(case: Case) -> None:
    simple(case.server, "demo", {WHEEL: b"a"})
    looked = case.look(pinned("demo==1.0", hashes=[sha256(b"a")]))

    assert (rules(looked), left(looked)) == ([], [])
    assert case.server.asked == ["/simple/demo/"]


@pytest.mark.parametrize(
    ("index", "options", "asks"),
    [
        ({}, {}, False),
        ({}, {"minimum_release_age_days": 0}, False),
        ({}, {"minimum_release_age_days": 1}, True),
        ({"ask": "nothing"}, {"require_hashes": True}, False),
        ({"ask": "releases"}, {}, True),
        ({"ask": "files"}, {}, True),
    ],
)
def test_nobody_is_asked_unless_it_is_wanted(
    case: Case, index: dict[str, Any], options: dict[str, Any], asks: bool
) -> None:
    case.index, case.options = index, options

    assert case.config().scanners.dependencies.asks_indexes is asks


def test_only_what_the_base_does_not_have_is_asked_about(case: Case) -> None:
    simple(case.server, "more", {"more-2.0-py3-none-any.whl": b"a"}, yanked="broken")
    looked = case.look(pinned("demo==1.0", "more==2.0"), pinned("demo==1.0", "more==1.0"))

    assert rules(looked) == ["yanked pypi:more@2.0"]
    assert case.server.asked == ["/simple/more/"]


@pytest.mark.parametrize(
    ("yanked", "says"),
    [("it leaks. ", "to use it: it leaks."), (True, "and does not say why"), ("", "")],
)
def test_yanked(case: Case, yanked: bool | str, says: str) -> None:
    simple(case.server, "demo", {WHEEL: b"a"}, yanked=yanked)
    (one,) = case.look(pinned("demo==1.0")).told

    assert (one.finding.rule, one.finding.severity) == ("yanked", "medium")
    assert says in one.finding.message


def test_of_several_files_all_have_to_be_yanked(case: Case) -> None:
    simple(case.server, "demo", {WHEEL: b"a"}, yanked="bad")
    answer = json.loads(_body(case.server, "/simple/demo/"))
    good = {"filename": "demo-1.0.tar.gz", "url": "x", "hashes": {"sha256": sha256(b"b")}}
    answer["files"].append(good)
    case.server.behaviours["/simple/demo/"] = ok(json.dumps(answer).encode())

    assert rules(case.look(pinned("demo==1.0"))) == []
    # What is locked is the yanked one alone.
    locked = pinned("demo==1.0", hashes=[sha256(b"a")])
    assert rules(case.look(locked)) == ["yanked pypi:demo@1.0"]


def _body(server: OddServer, path: str) -> bytes:
    import urllib.request

    with urllib.request.urlopen(server.url + path) as answer:
        content: bytes = answer.read()
    return content


class TestAge:
    def test_too_new_until_it_is_old_enough(self, case: Case) -> None:
        case.options = {"minimum_release_age_days": 7}
        simple(case.server, "demo", {WHEEL: b"a"}, uploaded="2026-11-25T23:59:00.5Z")

        (one,) = case.look(pinned("demo==1.0")).told

        assert (one.finding.rule, one.finding.severity) == ("too-new", "medium")
        assert "uploaded on 2026-11-25" in one.finding.message
        assert "Wait until 2026-12-02" in one.finding.message
        case.today = "2026-12-02"
        assert case.look(pinned("demo==1.0")).told == []

    def test_what_repairs_something_need_not_wait(self, case: Case) -> None:
        case.options = {"minimum_release_age_days": 7}
        files = {WHEEL: b"a", "demo-1.1-py3-none-any.whl": b"b"}
        simple(case.server, "demo", files, uploaded="2026-11-26")
        weak = Vulnerability(
            ecosystem="pypi", id="CVE-2026-1", ids=("CVE-2026-1",), name="demo", version="1.0"
        )

        (one,) = case.look(pinned("demo==1.1"), pinned("demo==1.0"), weak=(weak,)).told

        assert (one.finding.rule, one.finding.severity) == ("too-new", "info")
        assert "need not wait" in one.finding.message
        (one,) = case.look(pinned("demo==1.1"), pinned("demo==1.0")).told
        assert one.finding.severity == "medium"

    def test_the_age_alone_makes_the_index_be_asked(self, case: Case) -> None:
        case.index = {}
        case.options = {"minimum_release_age_days": 7}
        simple(case.server, "demo", {WHEEL: b"a"}, uploaded="2026-11-25")

        assert rules(case.look(pinned("demo==1.0"))) == ["too-new pypi:demo@1.0"]

    def test_an_index_without_times_is_not_checked(self, case: Case) -> None:
        case.options = {"minimum_release_age_days": 7}
        simple(case.server, "demo", {WHEEL: b"a"}, uploaded="", yanked="bad")

        looked = case.look(pinned("demo==1.0"))

        assert left(looked) == ["demo not-reported"]
        assert rules(looked) == ["yanked pypi:demo@1.0"]

    def test_a_file_that_was_added_later_counts_when_it_may_be_installed(self, case: Case) -> None:
        case.options = {"minimum_release_age_days": 7}
        simple(case.server, "demo", {WHEEL: b"a"})
        answer = json.loads(_body(case.server, "/simple/demo/"))
        late = {
            "filename": "demo-1.0.tar.gz",
            "url": "x",
            "hashes": {"sha256": sha256(b"b")},
            "upload-time": "2026-11-26T00:00:00Z",
        }
        answer["files"].append(late)
        case.server.behaviours["/simple/demo/"] = ok(json.dumps(answer).encode())

        assert rules(case.look(pinned("demo==1.0"))) == ["too-new pypi:demo@1.0"]
        assert rules(case.look(pinned("demo==1.0", hashes=[sha256(b"a")]))) == []


def test_hashes_that_are_not_those_of_the_index(case: Case) -> None:
    simple(case.server, "demo", {WHEEL: b"a"})

    (one,) = case.look(pinned("demo==1.0", hashes=["0" * 64])).told

    assert (one.finding.rule, one.finding.severity) == ("hash-mismatch", "high")
    assert "none of its hashes" in one.finding.message
    # One that somebody added is for a file from elsewhere.
    both = pinned("demo==1.0", hashes=["0" * 64, sha256(b"a")])
    (one,) = case.look(both).told
    assert "1 of 2 of its hashes here are not on the index" in one.finding.message


def test_files_of_other_kinds_have_hashes_as_well(case: Case) -> None:
    simple(case.server, "demo", {WHEEL: b"a", "demo-1.0.win32.exe": b"b", "demo-0.9.zip": b"c"})

    good = pinned("demo==1.0", hashes=[sha256(b"a"), sha256(b"b")])
    assert rules(case.look(good)) == []
    older = pinned("demo==1.0", hashes=[sha256(b"a"), sha256(b"c")])
    assert rules(case.look(older)) == ["hash-mismatch pypi:demo@1.0"]


def test_hashes_that_a_change_puts_in_place_of_others(case: Case) -> None:
    simple(case.server, "demo", {WHEEL: b"a"})
    base = pinned("demo==1.0", hashes=[sha256(b"a")])

    assert rules(case.look(base, base)) == []
    assert case.server.asked == []
    head = pinned("demo==1.0", hashes=["0" * 64])
    assert rules(case.look(head, base)) == ["hash-mismatch pypi:demo@1.0"]


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (status(404), "not-on-index"),
        (status(401), "service-unavailable"),
        (status(500), "service-unavailable"),
        (html, "service-unavailable"),
        (ok(b"{"), "service-unavailable"),
        (ok(b'{"files": 1}'), "service-unavailable"),
        (ok(b'{"files": [{}]}'), "service-unavailable"),
        (ok(b"<a href='https://h/demo-0.9.tar.gz#sha256=aa'>x</a>"), "not-on-index"),
        (ok(b'{"files": []}'), "not-on-index"),
        (cut_off, "service-unavailable"),
        (hang, "service-unavailable"),
    ],
    ids=["404", "401", "500", "page", "half", "odd", "nameless", "html", "empty", "cut", "hangs"],
)
def test_what_the_index_does_not_tell_is_not_checked(
    case: Case, behaviour: Any, reason: str
) -> None:
    case.deadline = 1.0
    case.server.behaviours["/simple/demo/"] = behaviour

    looked = case.look(pinned("demo==1.0"))

    assert (left(looked), rules(looked)) == ([f"demo {reason}"], [])


def test_offline_is_not_checked(case: Case) -> None:
    looked = case.look(pinned("demo==1.0"), indexes=OfflineIndexes())

    assert left(looked) == ["demo service-unavailable"]
    (it,) = looked.items
    assert it.left_open is not None
    assert "offline" in it.left_open.message


def test_html_of_an_index_says_what_is_yanked(case: Case) -> None:
    page = f'<a href="../../files/{WHEEL}#sha256={"a" * 64}" data-yanked="&lt;bad&gt;">x</a>'
    case.server.behaviours["/simple/demo/"] = ok(page.encode())

    (one,) = case.look(pinned("demo==1.0")).told

    assert "<bad>" in one.finding.message


def test_an_address_that_only_a_file_names_is_never_asked(case: Case) -> None:
    own = f"{case.server.url}/own"
    files = {"requirements.txt": f"--index-url {own}\ndemo==1.0\n"}

    looked = case.look(files)

    assert case.server.asked == []
    assert left(looked) == ["demo private"]
    case.options = {"mirrors": [own]}
    simple(case.server, "demo", {WHEEL: b"a"}, yanked="bad", root="own")
    assert rules(case.look(files)) == ["yanked pypi:demo@1.0"]


class TestNpm:
    @staticmethod
    def lock(**more: object) -> dict[str, str]:
        entry = {
            "version": "1.0.0",
            "resolved": "https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz",
            **more,
        }
        packages = {"": {"dependencies": {"@a/b": "1"}}, "node_modules/@a/b": entry}
        return {"package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages})}

    def test_a_registry_is_asked_about_scoped_names(self, case: Case) -> None:
        case.options = {"minimum_release_age_days": 7}
        package(case.server, "@a/b", {"1.0.0": b"x"}, uploaded="2026-11-26T00:00:00Z")

        looked = case.look(self.lock())

        assert rules(looked) == ["too-new npm:@a/b@1.0.0"]
        assert case.server.asked == ["/npm/@a%2Fb"]

    def test_scripts_that_the_lock_hides(self, case: Case) -> None:
        scripts = {"postinstall": "node steal.js", "test": "mocha"}
        package(case.server, "@a/b", {"1.0.0": b"x"}, scripts=scripts)

        (one,) = case.look(self.lock()).told

        assert (one.finding.rule, one.finding.severity) == ("install-code", "medium")
        assert "postinstall: node steal.js" in one.finding.message
        assert "mocha" not in one.finding.message
        # What the lock tells is told without the index.
        assert case.look(self.lock(hasInstallScript=True)).told == []

    def test_other_hashes(self, case: Case) -> None:
        package(case.server, "@a/b", {"1.0.0": b"x"})

        looked = case.look(self.lock(integrity="sha512-" + "A" * 86 + "=="))

        assert rules(looked) == ["hash-mismatch npm:@a/b@1.0.0"]

    def test_a_version_that_was_taken_away(self, case: Case) -> None:
        package(case.server, "@a/b", {"2.0.0": b"x"})

        assert left(case.look(self.lock())) == ["@a/b not-on-index"]


def test_nothing_but_source_is_built(case: Case) -> None:
    simple(case.server, "demo", {"demo-1.0.tar.gz": b"a"})

    (one,) = case.look(pinned("demo==1.0")).told

    assert (one.finding.rule, one.finding.severity) == ("install-code", "low")


class TestConfusion:
    """Names of one's own that are public as well."""

    def files(self, case: Case, *extra: str) -> dict[str, str]:
        lines = [f"--extra-index-url {case.server.url}/own", *extra, "demo==1.0"]
        return {"requirements.txt": "\n".join(lines) + "\n"}

    def test_a_name_that_two_indexes_have(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        simple(case.server, "demo", {WHEEL: b"b"}, root="own")
        case.index |= {"private": [f"{case.server.url}/own"]}

        (one,) = case.look(self.files(case)).told

        assert (one.finding.rule, one.finding.severity) == ("dependency-confusion", "high")
        assert one.finding.confidence == "high"
        assert "/own" in one.finding.message

    def test_a_name_that_one_of_them_has(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        case.server.behaviours["/own/demo/"] = status(404)
        case.index |= {"private": [f"{case.server.url}/own"]}

        looked = case.look(self.files(case))

        assert (rules(looked), left(looked)) == ([], [])

    def test_an_index_that_nobody_may_ask_leaves_it_open(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})

        looked = case.look(self.files(case))

        assert left(looked) == ["demo private"]
        assert case.server.asked == ["/simple/demo/"]

    def test_an_index_that_does_not_answer_leaves_it_open(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        case.index |= {"private": [f"{case.server.url}/own"]}
        case.server.behaviours["/own/demo/"] = status(403)

        assert left(case.look(self.files(case))) == ["demo service-unavailable"]

    def test_settings_of_pip_count_like_the_lines_of_a_file(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        simple(case.server, "demo", {WHEEL: b"b"}, root="own")
        case.index |= {"private": [f"{case.server.url}/own"]}
        settings = f"[global]\nextra-index-url =\n    {case.server.url}/own\n"

        files = {**pinned("demo==1.0"), "pip.conf": settings}
        assert rules(case.look(files)) == ["dependency-confusion pypi:demo@1.0"]
        elsewhere = {"a/requirements.txt": "demo==1.0\n", "b/pip.conf": settings}
        assert rules(case.look(elsewhere)) == []

    LOCK = (
        "version = 1\n"
        '[[package]]\nname = "own-tool"\nversion = "1.0"\n'
        'source = { registry = "https://packages.example.org/simple" }\n'
        '[[package]]\nname = "demo"\nversion = "1.0"\n'
        'source = { registry = "https://pypi.org/simple" }\n'
    )

    def test_a_lock_of_two_indexes(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        simple(case.server, "own-tool", {"own_tool-9.9-py3-none-any.whl": b"a"})

        looked = case.look({"uv.lock": self.LOCK})

        assert rules(looked) == ["dependency-confusion pypi:own-tool@1.0"]
        assert looked.told[0].finding.confidence == "medium"

    def test_what_is_bound_to_its_index_cannot_be_confused(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: b"a"})
        simple(case.server, "own-tool", {"own_tool-9.9-py3-none-any.whl": b"a"})
        index = '[[tool.uv.index]]\nname = "own"\nurl = "https://packages.example.org/simple"\n'
        project = '[project]\nname = "x"\ndependencies = ["own-tool"]\n'
        bound = '[tool.uv.sources]\nown-tool = { index = "own" }\n'

        for manifest in (project + index + "explicit = true\n", project + index + bound):
            assert rules(case.look({"uv.lock": self.LOCK, "pyproject.toml": manifest})) == []
        # It is asked all the same whether it is public when nothing binds it.
        told = rules(case.look({"uv.lock": self.LOCK, "pyproject.toml": project + index}))
        assert told == ["dependency-confusion pypi:own-tool@1.0"]

    def test_one_index_alone_has_nothing_to_be_confused_with(self, case: Case) -> None:
        lock = self.LOCK[: self.LOCK.index('[[package]]\nname = "demo"')]

        looked = case.look({"uv.lock": lock})

        assert case.server.asked == []
        assert left(looked) == ["own-tool private"]

    def test_packages_of_ones_own_are_not_left_out_when_nobody_answers(self, case: Case) -> None:
        case.options = {"private": ["pypi:own-*"]}
        simple(case.server, "demo", {WHEEL: b"a"})
        case.server.behaviours["/simple/own-tool/"] = status(403)

        assert left(case.look({"uv.lock": self.LOCK})) == ["own-tool service-unavailable"]
        case.server.behaviours["/simple/own-tool/"] = status(404)
        assert [it.left_out for it in case.look({"uv.lock": self.LOCK}).items] == [
            "a package of your own (scanners.dependencies.private)",
            "",
        ]

    def test_a_scope_of_npm_with_a_registry_of_its_own(self, case: Case) -> None:
        def entry(url: str) -> dict[str, object]:
            return {"version": "1.0.0", "resolved": f"{url}/-/x-1.0.0.tgz"}

        packages = {
            "": {},
            "node_modules/@own/x": entry("https://npm.example.org/@own/x"),
            "node_modules/demo": entry("https://registry.npmjs.org/demo"),
        }
        files = {"package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages})}
        package(case.server, "demo", {"1.0.0": b"x"})
        package(case.server, "@own/x", {"9.0.0": b"x"})

        assert rules(case.look(files)) == ["dependency-confusion npm:@own/x@1.0.0"]
        bound = "@own:registry=https://npm.example.org/\n"
        assert rules(case.look({**files, ".npmrc": bound})) == []


class TestFiles:
    """Looking into what would be installed."""

    @pytest.fixture(autouse=True)
    def _files(self, case: Case) -> None:
        case.index = {"ask": "files"}

    def test_a_wheel_that_runs_code_at_each_start(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: zipped(PTH)})

        (one,) = case.look(pinned("demo==1.0")).told

        assert (one.finding.rule, one.finding.severity) == ("startup-code", "high")
        assert "demo.pth" in one.finding.message
        assert one.finding.message.isprintable()

    def test_only_parts_of_a_large_wheel_are_fetched(self, case: Case) -> None:
        noise = {f"demo/{n}.bin": os.urandom(200_000) for n in range(10)}
        large = zipped({**noise, **PTH})
        simple(case.server, "demo", {WHEEL: large})

        assert rules(case.look(pinned("demo==1.0"))) == ["startup-code pypi:demo@1.0"]
        assert case.server.asked.count(f"/files/{WHEEL}") <= 3
        case.server.behaviours[f"/files/{WHEEL}"] = ok(large)  # a server that gives no parts
        case.index |= {"max_file_mb": 1}
        assert left(case.look(pinned("demo==1.0"))) == ["demo service-unavailable"]
        case.index |= {"max_file_mb": 3}
        assert rules(case.look(pinned("demo==1.0"))) == ["startup-code pypi:demo@1.0"]

    def test_what_the_version_before_ran_as_well_is_nothing_new(self, case: Case) -> None:
        files = {WHEEL: zipped(PTH), "demo-1.1-py3-none-any.whl": zipped(PTH)}
        simple(case.server, "demo", files)
        assert rules(case.look(pinned("demo==1.1"), pinned("demo==1.0"))) == []

        other = zipped({"demo.pth": "import os; os.system('worse')\n"})
        simple(case.server, "demo", files | {"demo-1.1-py3-none-any.whl": other})
        told = rules(case.look(pinned("demo==1.1"), pinned("demo==1.0")))
        assert told == ["startup-code pypi:demo@1.1"]

    def test_another_file_of_the_same_version_is_new(self, case: Case) -> None:
        good, bad = zipped({"a": ""}), zipped(PTH)
        other = "demo-1.0-1-py3-none-any.whl"
        simple(case.server, "demo", {WHEEL: good, other: bad})
        base = pinned("demo==1.0", hashes=[sha256(good)])
        head = pinned("demo==1.0", hashes=[sha256(good), sha256(bad)])

        assert rules(case.look(head, base)) == ["startup-code pypi:demo@1.0"]
        assert rules(case.look(head, pinned("demo==1.0"))) == ["startup-code pypi:demo@1.0"]

    def test_only_files_that_are_locked_are_fetched(self, case: Case) -> None:
        good = zipped({"demo/__init__.py": ""})
        other = "demo-1.0-cp311-cp311-win_amd64.whl"
        simple(case.server, "demo", {WHEEL: good, other: zipped(PTH)})

        assert rules(case.look(pinned("demo==1.0", hashes=[sha256(good)]))) == []
        assert f"/files/{other}" not in case.server.asked
        assert rules(case.look(pinned("demo==1.0"))) == ["startup-code pypi:demo@1.0"]

    def test_sources_are_looked_at_where_there_is_nothing_else(self, case: Case) -> None:
        source = tarred({"demo-1.0/setup.py": "import urllib.request\n"})
        simple(case.server, "demo", {"demo-1.0.tar.gz": source})

        assert rules(case.look(pinned("demo==1.0"))) == [
            "install-code pypi:demo@1.0",
            "build-code pypi:demo@1.0",
        ]
        simple(case.server, "demo", {"demo-1.0.tar.gz": source, WHEEL: zipped({"a": ""})})
        assert rules(case.look(pinned("demo==1.0"))) == []

    def test_a_package_of_npm(self, case: Case) -> None:
        content = tarred({"package/package.json": '{"scripts": {"install": "node x.js"}}'})
        package(case.server, "@a/b", {"1.0.0": content})

        (one,) = case.look(TestNpm.lock()).told

        assert (one.finding.rule, one.finding.severity) == ("build-code", "low")
        assert "install: node x.js" in one.finding.message

    @pytest.mark.parametrize(
        ("behaviour", "reason"),
        [
            (status(404), "service-unavailable"),
            (hang, "service-unavailable"),
            (ok(b"another file"), "service-unavailable"),
            (status(206, b"x"), "service-unavailable"),
            (status(206, b"x", Content_Range="bytes 5-9/10"), "service-unavailable"),
        ],
        ids=["404", "hangs", "other content", "no span", "other span"],
    )
    def test_a_file_that_cannot_be_had_is_not_checked(
        self, case: Case, behaviour: Any, reason: str
    ) -> None:
        case.deadline = 1.0
        simple(case.server, "demo", {WHEEL: zipped({"a": ""})})
        case.server.behaviours[f"/files/{WHEEL}"] = behaviour

        looked = case.look(pinned("demo==1.0"))

        assert (left(looked), rules(looked)) == ([f"demo {reason}"], [])

    def test_a_hostile_archive_is_not_checked(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: zipped({"../../x.pth": "import os"})})

        looked = case.look(pinned("demo==1.0"))

        assert left(looked) == ["demo unreadable"]
        (it,) = looked.items
        assert it.left_open is not None
        assert "leads out of it" in it.left_open.message

    def test_a_file_is_looked_into_once(self, case: Case) -> None:
        simple(case.server, "demo", {WHEEL: zipped(PTH)})
        memory: dict[tuple[str, ...], bytes] = {}
        first = case.look(pinned("demo==1.0"), memory=memory)
        asked = len(case.server.asked)

        assert rules(case.look(pinned("demo==1.0"), memory=memory)) == rules(first)
        assert case.server.asked[asked:] == ["/simple/demo/"]


def test_the_preset_strict_wants_a_week_and_that_alone_demands_no_audit() -> None:
    for preset, days in (("standard", UNSET), ("strict", 7)):
        config = load({"gatekeeper.yml": f"preset: {preset}\n".encode()}.get).config
        assert config.scanners.dependencies.minimum_release_age_days == days
        assert not demanded(FakeChange(config=config))
    text = b"preset: strict\nscanners: {dependencies: {minimum_release_age_days: 0}}\n"
    assert demanded(FakeChange(config=load({"gatekeeper.yml": text}.get).config))
