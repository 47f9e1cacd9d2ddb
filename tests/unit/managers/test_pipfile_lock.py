"""Pipfile.lock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, problems

META = {"pipfile-spec": 6, "sources": [{"name": "i", "url": "https://u:p@i/simple"}]}


def read(default: Any, develop: Any = None, *, more: Any = None, **others: str) -> Inventory:
    lock = {"_meta": META, "default": default, "develop": develop or {}, **(more or {})}
    return found("pipfile-lock", "Pipfile.lock", json.dumps(lock, indent=1), **others)


def test_categories_hashes_and_lines() -> None:
    a = {"version": "==1", "hashes": ["sha256:aa"], "markers": "m", "index": "i", "extras": ["X"]}
    inventory = read({"A": a}, {"b": {"version": "==2"}}, more={"docs": {"c": {"version": "==3"}}})

    assert problems(inventory) == []
    assert [(it.name, it.version, it.scope, it.groups) for it in inventory.dependencies] == [
        ("a", "1", "runtime", ()), ("b", "2", "dev", ()), ("c", "3", "optional", ("docs",))
    ]  # fmt: skip
    it = one(inventory, "a")
    assert (it.hashes, it.marker, it.url, it.extras) == (
        ("sha256:aa",), "m", "https://i/simple", ("x",)
    )  # fmt: skip
    assert (it.display, it.place.line, it.direct) == ("A", 12, None)
    assert inventory.indexes[0].url == "https://i/simple"


def test_what_is_in_two_categories_is_one() -> None:
    inventory = read({"a": {"version": "==1"}}, {"a": {"version": "==1"}, "b": {"version": "==1"}})

    assert names(inventory) == ["a 1", "b 1"]
    assert one(inventory, "a").scope == "runtime"


def test_the_pipfile_tells_what_is_direct() -> None:
    inventory = read(
        {"a": {"version": "==1"}, "b": {"version": "==1"}}, Pipfile='[packages]\nA = "*"\n'
    )

    assert [it.direct for it in inventory.dependencies] == [True, False]


@pytest.mark.parametrize(
    ("entry", "version", "origin", "url"),
    [
        ({"git": "https://h/a", "ref": "abc"}, "", "vcs", "git+https://h/a@abc"),
        ({"file": "https://h/a-2.zip"}, "2", "url", "https://h/a-2.zip"),
        ({"path": ".", "editable": True}, "", "path", "."),
        ({"markers": "sys_platform == 'win32'"}, "", "index", ""),
    ],
)
def test_where_it_comes_from(entry: Any, version: str, origin: str, url: str) -> None:
    it = one(read({"a": entry}))

    assert (it.version, it.origin, it.url) == (version, origin, url)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "Pipfile.lock:1 the document has to be a table"),
        ("{}", "Pipfile.lock:1 version None of Pipfile.lock is not known"),
        ('{"_meta": {"pipfile-spec": 7}}', "Pipfile.lock:1 version 7 of Pipfile.lock"),
        ('{"_meta": {"pipfile-spec": 6}, "default": {}}', "Pipfile.lock:1 Pipfile.lock has no"),
        ('{"_meta": {"pipfile-spec": 6},\n"default": {"a": 1},\n"develop": {}}',
         "Pipfile.lock:2 default.a has to be a table"),
        ('{"_meta": {"pipfile-spec": 6},\n"default": {},\n"default": {}}',
         "Pipfile.lock:3 the key 'default' is given twice"),
        ('{"_meta": {\n"pip', "Pipfile.lock:2 not valid JSON: Input data was truncated"),
        ('{\n"a": b}', "Pipfile.lock:2 not valid JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(found("pipfile-lock", "Pipfile.lock", text))[0].startswith(says)
