"""Archives of packages: what runs by itself, and what no honest tool would make."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.supplychain import archives
from gatekeeper.supplychain.archives import ArchiveError, look_into
from gatekeeper.supplychain.startup import startup_name
from tests.fakes.packages import tarred, zipped

SETUPTOOLS = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local';"
    " enabled and __import__('_distutils_hack').add_shim(); \n"
)
NAMESPACE = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1)"
    ".f_locals['sitedir'], *('demo',));importlib = has_mfs and __import__('importlib.util');has_mfs"
    " and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('demo', importlib"
    ".util.module_from_spec(importlib.machinery.PathFinder.find_spec('demo', [os.path.dirname(p)])));"
    "m = m or sys.modules.setdefault('demo', types.ModuleType('demo'));mp = (m or []) and m.__dict__"
    ".setdefault('__path__',[]);(p not in mp) and mp.append(p)\n"
)
WHEEL = "demo-1.0-py3-none-any.whl"


def told(name: str, content: bytes) -> list[str]:
    return [
        f"{it.when} {it.member} {it.severity} {it.confidence}"
        for it in look_into(name, io.BytesIO(content))
    ]


class TestWheels:
    def test_code_in_a_pth_file_runs_at_each_start(self) -> None:
        content = zipped({"demo/__init__.py": "", "demo.pth": "../x\nimport os; os.system('id')\n"})

        (one,) = look_into(WHEEL, io.BytesIO(content))

        assert (one.when, one.member, one.severity) == ("startup", "demo.pth", "high")
        assert "import os; os.system('id')" in one.what

    @pytest.mark.parametrize(
        "member",
        [
            "x.pth",
            "demo-1.0.data/purelib/x.pth",
            "demo-1.0.data/platlib/x.pth",
            "demo-1.0.data/data/lib/python3.11/site-packages/x.pth",
            "sitecustomize.py",
            "usercustomize/__init__.py",
            "demo-1.0.data/purelib/sitecustomize.py",
            "sitecustomize.cpython-311-x86_64-linux-gnu.so",
        ],
    )
    def test_wherever_python_would_find_it(self, member: str) -> None:
        assert told(WHEEL, zipped({member: "import os\n"})) == [f"startup {member} high medium"]

    @pytest.mark.parametrize(
        ("member", "content"),
        [
            ("demo/x.pth", "import os\n"),
            ("demo/sitecustomize.py", "import os\n"),
            ("x.pth", "only/a/folder\n# import os\n"),
            ("x.pth", "imports\n"),
            ("demo-1.0.dist-info/METADATA", "import os\n"),
            ("demo-1.0.data/scripts/x.pth", "import os\n"),
            (
                "distutils-precedence.pth",
                SETUPTOOLS,
            ),
            ("demo-nspkg.pth", NAMESPACE),
            ("demo-nspkg.pth", NAMESPACE + NAMESPACE.replace("demo", "other")),
        ],
    )
    def test_what_python_does_not_run(self, member: str, content: str) -> None:
        assert told(WHEEL, zipped({member: content})) == []

    @pytest.mark.parametrize(
        "content",
        [
            SETUPTOOLS + "import evil\n",
            NAMESPACE.rstrip() + ";import evil\n",
            NAMESPACE.replace("'demo',)", "'demo',) + (evil(),)"),
            "\ufeffimport evil\n",  # Python passes over a byte order mark
            "import\tevil\n",
            "folder\rimport evil\r",
        ],
        ids=["behind it", "in the line", "in the middle", "mark", "tab", "old line end"],
    )
    def test_what_only_looks_like_it(self, content: str) -> None:
        assert told(WHEEL, zipped({"x.pth": content})) == ["startup x.pth high medium"]

    @pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "\\x", "a\\..\\x", "C:/x"])
    def test_a_member_that_leads_out(self, name: str) -> None:
        with pytest.raises(ArchiveError, match="leads out of it"):
            look_into(WHEEL, io.BytesIO(zipped({name: ""})))

    def test_a_member_that_unpacks_to_far_more_than_it_says(self) -> None:
        with pytest.raises(ArchiveError, match="larger than 1 MiB"):
            look_into(WHEEL, io.BytesIO(zipped({"x.pth": b"import os\n" * 10_000_000})))

    def test_too_many_members(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "_MOST_MEMBERS", 3)

        with pytest.raises(ArchiveError, match="4 members"):
            look_into(WHEEL, io.BytesIO(zipped(dict.fromkeys("abcd", ""))))

    def test_an_encrypted_member(self) -> None:
        content = bytearray(zipped({"x.pth": "import os\n"}))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(mark) + offset] |= 1

        with pytest.raises(ArchiveError, match="encrypted"):
            look_into(WHEEL, io.BytesIO(bytes(content)))

    @pytest.mark.parametrize(
        "content",
        [b"", b"PK", b"<html>", zipped({"x.pth": "import os"})[:-30]],
        ids=["empty", "first bytes", "page", "cut off"],
    )
    def test_what_is_no_archive(self, content: bytes) -> None:
        with pytest.raises(ArchiveError):
            look_into(WHEEL, io.BytesIO(content))


class TestSources:
    @pytest.mark.parametrize(
        ("setup", "expected"),
        [
            ("from setuptools import setup\nsetup()\n", []),
            ("import subprocess\n", ["low low"]),
            ("exec(open('version.py').read())\n", ["low low"]),
            ("import os\nos.system('make')\n", ["low low"]),
            ("import urllib.request\n", ["medium medium"]),
            ("from requests import get\n", ["medium medium"]),
            ("import base64\nexec(base64.b64decode('aW1w'))\n", ["medium medium"]),
            ("import base64\n", ["low low"]),
            ("import codecs\nexec(codecs.open('version.py').read())\n", ["low low"]),
            ("print 'old'\n", ["medium low"]),
            ("\0", ["medium low"]),
            ("(" * 5_000, ["medium low"]),
        ],
    )
    def test_what_a_setup_script_does(self, setup: str, expected: list[str]) -> None:
        for name, pack in (("demo-1.0.tar.gz", tarred), ("demo-1.0.zip", zipped)):
            content = pack({"demo-1.0/setup.py": setup, "demo-1.0/tests/setup.py": "import socket"})
            assert told(name, content) == [f"install setup.py {it}" for it in expected]

    def test_a_build_backend_of_its_own(self) -> None:
        own = '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
        plain = '[build-system]\nbuild-backend = "hatchling.build"\n'

        assert told("d-1.tar.gz", tarred({"d-1/pyproject.toml": own})) == [
            "install pyproject.toml low low"
        ]
        assert told("d-1.tar.gz", tarred({"d-1/pyproject.toml": plain})) == []
        assert told("d-1.tar.gz", tarred({"d-1/pyproject.toml": "no toml ="})) == []

    def test_links_are_not_followed(self) -> None:
        def link(info: tarfile.TarInfo) -> None:
            info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0

        with pytest.raises(ArchiveError, match="is a link"):
            look_into("d-1.tar.gz", io.BytesIO(tarred({"d-1/setup.py": ""}, link)))

    @pytest.mark.parametrize("name", ["../setup.py", "/setup.py", "d-1/../../x"])
    def test_a_member_that_leads_out(self, name: str) -> None:
        with pytest.raises(ArchiveError, match="leads out of it"):
            look_into("d-1.tar.gz", io.BytesIO(tarred({name: ""})))

    def test_an_archive_that_unpacks_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "_LARGEST_WHOLE", 1 << 20)
        bomb = tarred({"d-1/data": b"\0" * (4 << 20), "d-1/setup.py": ""})
        assert len(bomb) < 50_000

        with pytest.raises(ArchiveError, match="more than 1 MiB"):
            look_into("d-1.tar.gz", io.BytesIO(bomb))

    @pytest.mark.parametrize(
        "content",
        [b"", b"x", gzip.compress(b"x" * 2000), tarred({"a": "b"})[:40]],
        ids=["empty", "one byte", "no tar", "cut off"],
    )
    def test_what_is_no_archive(self, content: bytes) -> None:
        with pytest.raises(ArchiveError):
            look_into("d-1.tar.gz", io.BytesIO(content))

    def test_too_many_members(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "_MOST_MEMBERS", 2)

        with pytest.raises(ArchiveError, match="more than 2 members"):
            look_into("d-1.tar.gz", io.BytesIO(tarred(dict.fromkeys(("a", "b", "c", "d"), ""))))


class TestNpm:
    def test_scripts_that_run_when_it_is_installed(self) -> None:
        package = json.dumps({"scripts": {"postinstall": "node x.js", "test": "mocha"}})
        content = tarred({"package/package.json": package, "package/lib/package.json": "{"})

        (one,) = look_into("demo-1.0.0.tgz", io.BytesIO(content))

        assert (one.member, one.severity) == ("package.json", "low")
        assert one.what == "postinstall: node x.js"

    def test_a_native_part_is_built_without_a_script(self) -> None:
        content = tarred({"package/package.json": "{}", "package/binding.gyp": "{}"})

        assert told("demo-1.0.0.tgz", content) == ["install binding.gyp low high"]

    def test_a_package_that_runs_nothing(self) -> None:
        assert told("demo-1.0.0.tgz", tarred({"package/package.json": "[]"})) == []

    def test_a_file_of_npm_hides_no_setup_script(self) -> None:
        files = {"d-1/package.json": "{}", "d-1/setup.py": "import socket\n"}

        assert told("d-1.tar.gz", tarred(files)) == ["install setup.py medium medium"]

    @pytest.mark.parametrize("files", [{"package/package.json": "{"}, {"package/index.js": ""}])
    def test_a_description_that_cannot_be_read(self, files: dict[str, str]) -> None:
        with pytest.raises(ArchiveError):
            look_into("demo-1.0.0.tgz", io.BytesIO(tarred(files)))


def attempt(name: str, content: bytes) -> None:
    """Judged or refused, and nothing else."""
    with suppress(ArchiveError):
        look_into(name, io.BytesIO(content))


@given(st.binary(max_size=400), st.sampled_from([WHEEL, "d-1.tar.gz", "d-1.zip", "d-1.tgz"]))
def test_any_bytes_are_judged_or_refused(content: bytes, name: str) -> None:
    attempt(name, content)


@given(st.data())
def test_a_damaged_archive_is_judged_or_refused(data: st.DataObject) -> None:
    name, whole = data.draw(
        st.sampled_from(
            [
                (WHEEL, zipped({"x.pth": "import os", "a/b.py": "x" * 500})),
                ("d-1.tar.gz", tarred({"d-1/setup.py": "import os\n"})),
            ]
        )
    )
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))

    attempt(name, bytes(damaged))


@given(st.text(alphabet="abc./-", max_size=20))
def test_only_what_lies_at_the_root_of_a_site_is_run(member: str) -> None:
    if startup_name(member) and not member.startswith(("a.data", "b.data")):
        assert member.count("/") <= 3
