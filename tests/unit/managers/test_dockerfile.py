"""Images that a Dockerfile is built from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.images import image, substituted
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory, Place
from tests.fakes.managing import found, names, one, problems

DIGEST = "sha256:" + "a" * 64


def read(text: str) -> Inventory:
    return found("dockerfile", "Dockerfile", text)


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("Dockerfile", True),
        ("a/Dockerfile.dev", True),
        ("Dockerfile-alpine", True),
        ("app.Dockerfile", True),
        ("app.dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("dockerfiles/readme.txt", False),
    ],
)
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["dockerfile"].selects(path) is selected


@pytest.mark.parametrize(
    ("reference", "name", "version", "hashes"),
    [
        ("python", "docker.io/library/python", "", ()),
        ("python:3.12-slim", "docker.io/library/python", "3.12-slim", ()),
        (f"python@{DIGEST}", "docker.io/library/python", "", (DIGEST,)),
        (f"o/n:1@{DIGEST}", "docker.io/o/n", "1", (DIGEST,)),
        ("ghcr.io/O/n:1", "ghcr.io/o/n", "1", ()),
        ("localhost/n", "localhost/n", "", ()),
        ("host:5000/n", "host:5000/n", "", ()),
        ("host:5000/n:2", "host:5000/n", "2", ()),
        ("odd image!", "odd image!", "", ()),
    ],
)
def test_references(reference: str, name: str, version: str, hashes: tuple[str, ...]) -> None:
    it = image(reference, Place("f", 1))

    assert (it.name, it.version, it.hashes) == (name, version, hashes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A-${B}", "1-2"),
        ("${A:-9}${C:-9}${E:-9}${E-9}", "199"),
        ("${A:+x}${C:+x}|", "x|"),
        ("${C}", "${C}"),
        ("$C", "$C"),
        ("${N}", "${N}"),
        ("${N?why}", "${N?why}"),
    ],
)
def test_variables(text: str, expected: str) -> None:
    assert substituted(text, {"A": "1", "B": "2", "N": None, "E": ""}) == expected


def test_arguments_before_the_first_image_have_defaults() -> None:
    inventory = read(
        'ARG A=3.12 B="x-$A"\nARG NOTHING\nFROM python:${A}\nARG A=9\nFROM p:$A\n'
        "FROM q:${B}\nFROM r:$NOTHING\nFROM $BASE\n"
    )

    assert names(inventory) == [
        "docker.io/library/python 3.12",
        "docker.io/library/p 3.12",
        "docker.io/library/q x-3.12",
        "r:$NOTHING r:$NOTHING",
        "$BASE $BASE",
    ]
    assert [it.origin for it in inventory.dependencies[-2:]] == ["unknown", "unknown"]


def test_stages_are_no_images() -> None:
    inventory = read(
        "FROM a AS One\nFROM --platform=linux/amd64 b as two\nFROM one\nFROM scratch\n"
        "COPY --from=TWO x y\nCOPY --from=0 x y\nCOPY --chown=1 --from=c:1 x y\n"
        "ADD --from=d x y\nRUN --mount=type=cache,target=/x --mount=type=bind,from=e,source=/ true\n"
    )

    assert [(it.name.rpartition("/")[2], it.scope) for it in inventory.dependencies] == [
        ("a", "runtime"), ("b", "runtime"), ("c", "build"), ("d", "build"), ("e", "build")
    ]  # fmt: skip


def test_lines_go_on_and_comments_do_not_matter() -> None:
    inventory = read("# FROM no\n\nFROM \\\n# FROM no\n\n  a:1 \\\n  AS x\r\nFROM b:1\n")

    assert [(it.name.rpartition("/")[2], it.place.line) for it in inventory.dependencies] == [
        ("a", 3), ("b", 8)
    ]  # fmt: skip


def test_another_escape_sign() -> None:
    assert names(read("# escape=`\nFROM `\n a:1\n")) == ["docker.io/library/a 1"]


def test_the_image_that_reads_the_file_counts() -> None:
    it = one(read(f"# check=skip=all\n# syntax=docker/dockerfile:1@{DIGEST}\nARG X\n"))

    assert (it.name, it.place.line, it.hashes) == ("docker.io/docker/dockerfile", 2, (DIGEST,))


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN <<EOF\nFROM no\nEOF\n",
        'FROM a\nRUN <<-"EOF" cat\nFROM no\n\tEOF\n',
        "FROM a\nCOPY <<one <<two /x\nFROM no\none\nFROM no\ntwo\n",
    ],
)
def test_here_documents_hold_no_instructions(text: str) -> None:
    assert names(read(text)) == ["docker.io/library/a"]


@pytest.mark.parametrize(
    "text", ["FROM a\nRUN <<EOF\nFROM b\n", "FROM a\nRUN cat <<<EOF\nFROM b\n",
             "FROM a\nLABEL x=<<EOF\nFROM b\nEOF\n"],
)  # fmt: skip
def test_nothing_hides_in_what_is_no_here_document(text: str) -> None:
    assert names(read(text))[:2] == ["docker.io/library/a", "docker.io/library/b"]


def test_what_is_not_understood_is_told() -> None:
    inventory = read("FROM a b c\nFROM\nFROM d\n")

    assert names(inventory) == ["docker.io/library/d"]
    assert [it.place.line for it in inventory.problems] == [1, 2]
    assert problems(inventory)[0].startswith("Dockerfile:1 `FROM a b c` is not understood")


@given(st.lists(st.sampled_from(["FROM a", "RUN x \\", "# c", "", "ARG A=1", "RUN <<E", "E",
                                 "COPY --from=b x", "\\", "FROM"]), max_size=12))  # fmt: skip
def test_any_order_of_lines_is_read(rows: list[str]) -> None:
    inventory = read("\n".join(rows))

    assert all(1 <= it.place.line <= len(rows) for it in inventory.dependencies)
