"""requirements.txt: every kind of line that pip knows, and what hides in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.managers.requirement_lines import logical_lines
from gatekeeper.model.dependency import Dependency, Inventory
from tests.fakes.managing import found, names, one, parents, problems

HASH = "a" * 64


def read(text: str | bytes, **others: str | bytes) -> Inventory:
    return found("requirements", "requirements.txt", text, **others)


def entry(text: str) -> Dependency:
    inventory = read(text)
    assert problems(inventory) == []
    return one(inventory)


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("requirements.txt", True),
        ("requirements.in", True),
        ("requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("test_requirements.txt", True),
        ("a/requirements/base.txt", True),
        ("requirements/dev.in", True),
        ("requirement.txt", True),
        ("requirements.md", False),
        ("constraints.txt", False),
        ("notes.txt", False),
        ("myrequirements.txt", False),
    ],
)
def test_files_are_known_by_their_names(path: str, selected: bool) -> None:
    assert MANAGERS["requirements"].selects(path) is selected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Foo.Bar_baz==1.0", "foo-bar-baz 1.0"),
        ("foo == 1.0", "foo 1.0"),
        ("foo===1.0.legacy", "foo 1.0.legacy"),
        ("foo[b,A]==1!2.0+local.1", "foo 1!2.0+local.1"),
        ("foo==1.*", "foo ==1.*"),
        ("foo>=1,<2", "foo <2,>=1"),
        ("foo>=1,==1.5", "foo 1.5"),
        ("foo", "foo"),
        ("foo # a comment", "foo"),
        ("foo==1.0 ; python_version < '3'", "foo 1.0"),
    ],
)
def test_a_name_with_a_version(line: str, expected: str) -> None:
    assert names(read(line)) == [expected]


def test_extras_markers_and_display() -> None:
    it = entry("Foo[B_b,a] >= 1 ; python_version < '3.9' and extra == 'x'")

    assert (it.display, it.extras, it.requirement) == ("Foo", ("a", "b-b"), ">=1")
    assert it.marker == 'python_version < "3.9" and extra == "x"'
    assert (it.direct, it.origin, it.scope) == (True, "index", "runtime")


@pytest.mark.parametrize(
    ("line", "name", "version", "origin", "url"),
    [
        ("foo @ https://h/foo-1.2-py3-none-any.whl", "foo", "1.2", "url",
         "https://h/foo-1.2-py3-none-any.whl"),
        ("foo@https://u:p@h/foo-1.2.tar.gz", "foo", "1.2", "url", "https://h/foo-1.2.tar.gz"),
        ("foo @ git+https://${TOKEN}@h/foo@v1", "foo", "", "vcs", "git+https://h/foo@v1"),
        ("git+https://h/foo.git@abc#egg=Foo[x]", "foo", "", "vcs",
         "git+https://h/foo.git@abc#egg=Foo[x]"),
        ("-e git+ssh://git@h/foo#egg=foo", "foo", "", "vcs", "git+ssh://h/foo#egg=foo"),
        ("https://h/foo-1.2.zip", "foo", "1.2", "url", "https://h/foo-1.2.zip"),
        ("https://h/archive/main.zip", "https://h/archive/main.zip", "", "url",
         "https://h/archive/main.zip"),
        ("./wheels/foo-1.2-py3-none-any.whl", "foo", "1.2", "path",
         "./wheels/foo-1.2-py3-none-any.whl"),
        ("foo-1.2.tar.gz", "foo", "1.2", "path", "foo-1.2.tar.gz"),
        ("file:///tmp/foo-1.2.zip", "foo", "1.2", "path", "file:///tmp/foo-1.2.zip"),
        ("-e .", ".", "", "path", "."),
        ("--editable=./sub[dev]", "./sub", "", "path", "./sub"),
        (".[dev]", ".", "", "path", "."),
        ("sub/folder ; python_version > '3'", "sub/folder", "", "path", "sub/folder"),
    ],
)  # fmt: skip
def test_addresses_and_paths(line: str, name: str, version: str, origin: str, url: str) -> None:
    it = entry(line)

    assert (it.name, it.version, it.origin, it.url) == (name, version, origin, url)


def test_extras_of_paths_and_eggs_are_kept() -> None:
    assert entry(".[dev,b]").extras == ("b", "dev")
    assert entry("git+https://h/f#egg=f[x]").extras == ("x",)


def test_hashes_over_several_lines() -> None:
    it = entry(f"foo==1 \\\n  --hash=sha256:{HASH} \\\n  --hash sha512:{'B' * 128}\n")

    assert it.hashes == (f"sha256:{HASH}", f"sha512:{'b' * 128}")
    assert it.place.line == 1


def test_a_hash_that_is_none_is_told() -> None:
    assert problems(read("a\nfoo==1 --hash=sha256:xyz")) == [
        "requirements.txt:2 'sha256:xyz' is no hash"
    ]


def test_lines_are_numbered_as_an_editor_does() -> None:
    inventory = read("# one\r\n\r\na==1 \\\r\n\r\nb==1\rc==1\n")

    assert [(it.name, it.place.line) for it in inventory.dependencies] == [
        ("a", 3), ("b", 5), ("c", 6)
    ]  # fmt: skip


def test_a_comment_ends_a_line_that_goes_on() -> None:
    inventory = read("a==1 \\\n# note \\\nb==1\n")

    assert names(inventory) == ["a 1", "b 1"]


def test_a_form_feed_ends_a_line_as_it_does_for_pip() -> None:
    assert names(read("# harmless\x0cevil==1\n")) == ["evil 1"]


def test_other_files_are_followed_and_named() -> None:
    inventory = read(
        "-r more/base.txt\na==1\n",
        more__base_txt="b==1\n-r deep/leaf.txt\n",
        more__deep__leaf_txt="\nc==1\n-r ../../requirements.txt\n",
    )

    places = {it.name: (it.place.path, it.place.line) for it in inventory.dependencies}
    assert places == {
        "a": ("requirements.txt", 2),
        "b": ("more/base.txt", 1),
        "c": ("more/deep/leaf.txt", 2),
    }


@pytest.mark.parametrize(
    "line", ["-r base.txt", "-rbase.txt", "--requirement base.txt", "--requirement=base.txt",
             "--requirem base.txt"],
)  # fmt: skip
def test_the_spellings_of_an_include(line: str) -> None:
    assert names(read(line, base_txt="b==1")) == ["b 1"]


def test_constraints_pin_and_add_nothing() -> None:
    inventory = read("-c c.txt\na\nb>=1\nd==3", c_txt="a==1\nb==2\nd==4\nunused==9\n")

    assert names(inventory) == ["a 1", "b 2", "d 3"]
    assert one(inventory, "b").requirement == ">=1"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-r ../../etc/passwd", "leads out of the repository"),
        ("-r /etc/passwd", "leads out of the repository"),
        ("-r C:\\\\secrets.txt", "leads out of the repository"),
        ("-c missing.txt", "is not there"),
        ("-r https://u:p@h/r.txt", "https://h/r.txt is fetched when it is installed"),
        ("--requirement", "has no value"),
        ("--unknown-thing", "is not known"),
        ("-x", "is not understood"),
        ("foo --hash='sha256:", "quote without an end"),
        ("foo==${VERSION}", "depends on the variable ${VERSION}"),
        ("foo bar", "is no requirement"),
        ("foo>>1", "is no requirement"),
        ("foo; nonsense", "is no requirement"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_read(line: str, says: str) -> None:
    inventory = read(f"a==1\n{line}\nb==1\n")

    assert names(inventory) == ["a 1", "b 1"]
    (problem,) = problems(inventory)
    assert problem.startswith("requirements.txt:2 ")
    assert says in problem
    assert "u:p" not in problem


def test_indexes_are_told_without_passwords() -> None:
    inventory = read(
        "-i https://u:secret@one/simple\n--extra-index-url=https://two\n-f ./wheels\n--no-index\n"
        "--trusted-host one\n--pre\n--no-binary :all:\n--require-hashes\na\n"
    )

    assert [(it.kind, it.url, it.place.line) for it in inventory.indexes] == [
        ("main", "https://one/simple", 1),
        ("extra", "https://two", 2),
        ("find-links", "./wheels", 3),
    ]
    assert names(inventory) == ["a"]


@pytest.mark.parametrize(
    "content",
    [
        "ä==1".encode("utf-16"),
        "ä==1".encode("utf-32"),
        "a==1".encode("utf-8-sig"),
        "# -*- coding: latin-1 -*-\na==1 # \xe4".encode("latin-1"),
    ],
    ids=["utf-16", "utf-32", "bom", "declared"],
)
def test_encodings_that_pip_knows(content: bytes) -> None:
    inventory = read(content)

    assert len(inventory.dependencies) + len(inventory.problems) == 1
    assert not inventory.dependencies or names(inventory) == ["a 1"]


@pytest.mark.parametrize("content", [b"a==1 # \xe4", b"# coding: nonsense\na==1"])
def test_an_encoding_that_is_not_known_is_told(content: bytes) -> None:
    assert "text" in problems(read(content))[0]


COMPILED = """\
#    uv pip compile requirements.in
-e .
a==1
    # via
    #   -c limits.txt
    #   -r requirements.in
    #   b
b==1
    # via my-project (pyproject.toml)
c==1  # via a, b[x]
d==1
    # via c
# via a
e==1
    # via -c limits.txt
"""


def test_comments_of_compilers_say_who_brought_it_in() -> None:
    inventory = read(COMPILED)

    told = {it.name: (parents(it), it.direct) for it in inventory.dependencies}
    assert told == {
        ".": ([], None),
        "a": (["b"], True),
        "b": ([], True),
        "c": (["a", "b"], False),
        "d": (["c"], False),
        "e": ([], None),
    }
    assert inventory.complete


def test_a_file_is_complete_when_all_is_pinned_with_hashes() -> None:
    assert read(f"a==1 --hash=sha256:{HASH}\n").complete
    assert not read("a==1\n").complete
    assert not read(f"a --hash=sha256:{HASH}\n").complete
    assert not read("# nothing\n").complete


@pytest.mark.parametrize(
    ("path", "scope"),
    [("requirements.txt", "runtime"), ("requirements-dev.txt", "dev"),
     ("requirements/test.txt", "dev"), ("docs/requirements.txt", "dev"),
     ("device/requirements.txt", "runtime")],
)  # fmt: skip
def test_the_name_of_the_file_tells_what_it_is_for(path: str, scope: str) -> None:
    assert one(found("requirements", path, "a==1")).scope == scope


NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(rc[0-9])?", fullmatch=True)
ENTRIES = st.lists(st.tuples(NAMES, VERSIONS, st.integers(0, 2), st.booleans()), max_size=8)


@given(ENTRIES)
def test_what_is_written_is_read_at_its_line(entries: list[tuple[str, str, int, bool]]) -> None:
    rows: list[str] = []
    expected = []
    for name, version, hashes, commented in entries:
        expected.append((name, version, hashes, len(rows) + 1))
        parts = [f"{name}=={version}", *([f"--hash=sha256:{HASH}"] * hashes)]
        rows += " \\\n    ".join(parts).split("\n")
        if commented:
            rows += ["# a comment", ""]

    inventory = read("\n".join(rows))

    assert problems(inventory) == []
    assert [
        (it.display, it.version, min(1, hashes), it.place.line)
        for it, (_, _, hashes, _) in zip(inventory.dependencies, expected, strict=True)
    ] == [(name, version, min(1, hashes), line) for name, version, hashes, line in expected]


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    inventory = read(text.encode("utf-8", "surrogatepass"))

    content = [it for it in logical_lines(text) if it.content]
    assert not content or inventory.dependencies or inventory.problems or inventory.indexes or all(
        it.content.startswith("-") for it in content
    )  # fmt: skip


@given(st.binary(max_size=200))
def test_any_bytes_do_no_harm(content: bytes) -> None:
    assert read(content).manager == "requirements"
