"""What indexes answer, and settings that say which there are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.supplychain.index_settings import IndexSettings, read_settings
from gatekeeper.supplychain.npm_registry import install_scripts, integrity, read_package
from gatekeeper.supplychain.simple_index import AnswerError, normal_version, read_project

URL = "https://index.example.org/simple/demo/"


def simple(*files: object) -> bytes:
    return json.dumps({"files": files}).encode()


def test_json_of_an_index() -> None:
    wheel = {
        "filename": "demo-1.0.post1-py3-none-any.whl",
        "url": "../../f/demo.whl",
        "hashes": {"SHA256": "AA"},
        "upload-time": "2026-01-01T00:00:00Z",
        "yanked": "bad",
    }
    odd = {"filename": "demo-1.0.exe", "url": "x", "hashes": None, "yanked": False}

    found = read_project(simple(wheel, odd), URL)

    one, other = found.files
    assert (one.version, one.hashes) == ("1.0.post1", ("sha256:aa",))
    assert one.url == "https://index.example.org/f/demo.whl"
    assert (one.uploaded, one.yanked) == ("2026-01-01T00:00:00Z", "bad")
    assert (other.name, other.version) == ("demo-1.0.exe", "")
    assert found.of("1.0.post1") == (one,)
    assert found.of("1.0") == found.of("") == ()


@pytest.mark.parametrize(
    ("yanked", "expected"), [(False, None), (None, None), (True, ""), ("", ""), ("x", "x")]
)
def test_what_counts_as_yanked(yanked: object, expected: str | None) -> None:
    (one,) = read_project(simple({"filename": "d-1.tar.gz", "yanked": yanked}), URL).files

    assert one.yanked == expected


def test_html_of_an_index() -> None:
    page = b"""<!DOCTYPE html><base href="https://files.example.org/d/"><a href="demo-1.0.zip">x</a>
        <A HREF="demo-2.0.tar.gz#sha256=AB" data-yanked>y</A><a href="/">up</a><a>no</a>
        <a href="demo-1.0.egg">e</a>"""

    one, two, three = read_project(page, URL).files

    assert (one.url, one.hashes, one.yanked) == (
        "https://files.example.org/d/demo-1.0.zip",
        (),
        None,
    )
    assert (three.name, three.version) == ("demo-1.0.egg", "")
    assert (two.version, two.hashes, two.yanked) == ("2.0", ("sha256:ab",), "")


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"<a href='/login'>Sign in</a>", b"{", b"{}", b'{"files": {}}', b"[]",
     b'{"files": [1]}', b'{"files": [{"filename": 1}]}', b"{" * 100_000],
)  # fmt: skip
def test_what_is_no_answer_of_an_index(content: bytes) -> None:
    with pytest.raises(AnswerError):
        read_project(content, URL)


@given(st.text(max_size=60))
def test_any_name_of_a_file_has_a_version_or_is_odd(name: str) -> None:
    (one,) = read_project(simple({"filename": name}), URL).files

    assert one.name == name


def test_versions_are_compared_in_their_normal_form() -> None:
    assert normal_version("01.0-RC1") == "1.0rc1"
    assert normal_version("not.one") == "not.one"


def test_json_of_a_registry() -> None:
    document = {
        "versions": {
            "1.0.0": {"dist": {"tarball": "https://r/d/-/d-1.0.0.tgz", "shasum": "AB"}},
            "2.0.0": {
                "dist": {"tarball": "https://r/get?d", "integrity": "sha512-AAAA sha1-odd"},
                "hasInstallScript": True,
            },
        },
        "time": {"1.0.0": "2026-01-01T00:00:00.000Z", "2.0.0": 5},
    }

    one, two = read_package(json.dumps(document).encode()).files

    assert (one.name, one.hashes, one.scripts) == ("d-1.0.0.tgz", ("sha1:ab",), ())
    assert (one.uploaded, two.uploaded) == ("2026-01-01T00:00:00.000Z", "")
    assert two.hashes == ("sha512:000000", "sha1-odd")
    assert two.scripts == ("install",)
    assert two.name.endswith(".tgz")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"versions": []}', b"<html>"])
def test_what_is_no_answer_of_a_registry(content: bytes) -> None:
    with pytest.raises(AnswerError):
        read_package(content)


def test_scripts_that_run_when_something_is_installed() -> None:
    assert install_scripts({"install": "x", "test": "y", "postinstall": 1}) == ("install: x",)
    assert install_scripts(None) == ()
    assert integrity("sha256-!") == "sha256-!"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "pip.conf",
            "[global]\nextra-index-url = https://a https://b\n",
            ("https://a", "https://b"),
        ),
        ("pip.conf", "[install]\nextra-index-url =\n  https://a\n", ("https://a",)),
        ("pip.ini", "[global]\nindex-url = https://a\n", ()),
        ("pip.conf", "no section\n", ()),
        ("uv.toml", 'extra-index-url = ["https://a"]\n', ("https://a",)),
        ("uv.toml", '[[index]]\nurl = "https://a"\n', ("https://a",)),
        ("uv.toml", '[[index]]\nurl = "https://a"\nexplicit = true\n', ()),
        ("uv.toml", '[[index]]\nurl = "https://a"\ndefault = true\n', ()),
        ("uv.toml", '[pip]\nextra-index-url = ["https://a"]\n', ("https://a",)),
        ("uv.toml", "index = 1\nextra-index-url = 2\npip = 3\n", ()),
        ("uv.toml", "no toml =", ()),
    ],
)
def test_addresses_that_are_asked_besides(name: str, text: str, expected: tuple[str, ...]) -> None:
    assert read_settings(name, text.encode()).extra == expected


def test_scopes_of_npm() -> None:
    text = b"registry=https://r\n; comment\n@own:registry = https://own/\n//own/:_authToken=x\n"

    assert read_settings(".npmrc", text) == IndexSettings(scopes=(("@own", "https://own/"),))


@given(st.sampled_from(["pip.conf", "uv.toml", ".npmrc"]), st.binary(max_size=200))
def test_any_settings_can_be_read(name: str, content: bytes) -> None:
    read_settings(name, content)
