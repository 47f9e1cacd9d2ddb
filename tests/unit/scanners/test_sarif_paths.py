"""Which file of the repository a SARIF location means."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.scanners.sarif_paths import Paths
from gatekeeper.scanners.sarif_types import ArtifactLocation, Run, Tool, ToolComponent

FILES = frozenset(
    {"a.py", "src/a.py", "sub/b c.py", "100%.py", "odd#name.py", "caf\u00e9.py", "raw\udcff.py"}
)


def run(**more: Any) -> Run:
    told = {"tool": {"driver": {"name": "lint"}}, **more}
    return msgspec.convert(told, Run)


def find(uri: str, base: str | None = None, bases: Any = None) -> tuple[str, str]:
    told = ArtifactLocation(uri, base)
    return Paths(run(originalUriBaseIds=bases), FILES.__contains__).find(told)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src//a.py", "src/a.py"),
        ("src/x/../a.py", "src/a.py"),
        ("sub/b%20c.py", "sub/b c.py"),
        ("sub/b c.py", "sub/b c.py"),
        ("sub\\b%20c.py", "sub/b c.py"),
        ("caf%C3%A9.py", "caf\u00e9.py"),
        ("caf\u00e9.py", "caf\u00e9.py"),
        ("raw%FF.py", "raw\udcff.py"),
        ("100%25.py", "100%.py"),
        ("100%.py", "100%.py"),
        ("odd%23name.py", "odd#name.py"),
        ("odd#name.py", "odd#name.py"),
        ("src/a.py#L10", "src/a.py"),
        ("file:///home/ci/work/repo/src/a.py", "src/a.py"),
        ("FILE:///home/ci/work/repo/src/a.py", "src/a.py"),
        ("file:/home/ci/src/a.py", "src/a.py"),
        ("file://host/home/ci/src/a.py", "src/a.py"),
        ("/home/ci/src/a.py", "src/a.py"),
        ("file:///C:/work/repo/src/a.py", "src/a.py"),
        ("C:\\work\\repo\\src\\a.py", "src/a.py"),
        ("/" + "d/" * 12 + "a.py", "a.py"),
    ],
)
def test_finds(uri: str, path: str) -> None:
    assert find(uri) == (path, "")


@pytest.mark.parametrize(
    "uri",
    [
        "missing.py", "src", "lib/a.py", "/home/ci/missing.py", "/" + "d/" * 13 + "a.py",
        "https://example.org/a.py", "data:,a.py", "file://", "/", "a.py%00", "a.py\0", "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_in_the_repository_has_no_path_and_says_so(uri: str) -> None:
    path, why = find(uri)
    assert path == ""
    assert "no file of this repository" in why
    assert why.isprintable()
    assert len(why) < 400


@pytest.mark.parametrize(
    "uri", ["../a.py", "src/../../a.py", "%2e%2e/a.py", "..%2Fa.py", "..\\a.py", "/../a.py"]
)
def test_what_leads_out_of_the_repository_has_no_path_and_says_so(uri: str) -> None:
    path, why = find(uri)
    assert path == ""
    assert "leads out of the repository" in why


@pytest.mark.parametrize(
    ("uri", "bases", "path"),
    [
        ("a.py", {"ROOT": {"uri": "src/"}}, "src/a.py"),
        ("a.py", {"ROOT": {"uri": "file:///home/ci/repo/src/"}}, "src/a.py"),
        ("a.py", {"ROOT": {"uri": "src", "uriBaseId": "B"}, "B": {"uri": "file:/x/"}}, "src/a.py"),
        ("a.py", {"ROOT": {"description": {"text": "not told"}}}, "a.py"),
        ("a.py", {"ROOT": {"uri": "elsewhere/"}}, "a.py"),
        ("a.py", {}, "a.py"),
        ("a.py", None, "a.py"),
        ("../a.py", {"ROOT": {"uri": "src/"}}, "a.py"),
        ("src/a.py", {"ROOT": {"uri": "file:///" + "d/" * 20}}, "src/a.py"),
        ("/x/src/a.py", {"ROOT": {"uri": "sub/"}}, "src/a.py"),
        ("a.py", {"ROOT": {"uriBaseId": "ROOT"}}, "a.py"),
        ("../a.py", {"ROOT": {"uri": "file:///home/ci/repo/"}}, ""),
        ("a.py", {"ROOT": {"uri": "../"}}, ""),
        ("a.py", {"ROOT": {"uri": "../", "uriBaseId": "ROOT"}}, ""),
    ],
)  # fmt: skip
def test_bases(uri: str, bases: Any, path: str) -> None:
    assert find(uri, "ROOT", bases)[0] == path


def test_a_location_may_be_the_index_of_an_artifact() -> None:
    paths = Paths(run(artifacts=[{}, {"location": {"uri": "src/a.py"}}]), FILES.__contains__)
    assert paths.find(ArtifactLocation(index=1)) == ("src/a.py", "")
    for index in (None, -1, 0, 2):
        assert paths.find(ArtifactLocation(index=index)) == ("", "")
    assert paths.find(None) == ("", "")


PIECES = st.sampled_from(
    ["a.py", "src", "..", ".", "/", "//", "%2e%2e", "%2F", "%00", "%", "\\", "file:", "file://",
     "https://", "C:", "#", "?", "\0", "\udcff", "%ff", "..%2f", " "]
)  # fmt: skip
URIS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40)
BASES = st.dictionaries(
    st.sampled_from(["A", "B"]),
    st.builds(ArtifactLocation, st.none() | URIS, st.sampled_from([None, "A", "B"])),
)


@given(uri=URIS, base=st.sampled_from([None, "A", "B"]), bases=BASES)
def test_a_path_is_never_absolute_and_never_leads_out(
    uri: str, base: str | None, bases: dict[str, ArtifactLocation]
) -> None:
    asked: list[str] = []

    def anything(path: str) -> bool:
        asked.append(path)
        return len(asked) > 2

    told = Run(Tool(ToolComponent("lint")), original_uri_base_ids=bases)
    path, why = Paths(told, anything).find(ArtifactLocation(uri, base))
    for name in (path, *asked):
        assert not name.startswith("/")
        assert not {"..", "\0"} & set(name.split("/"))
    assert why.isprintable()
