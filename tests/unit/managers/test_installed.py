"""An environment by its metadata."""

from __future__ import annotations

import json

import pytest

from gatekeeper.managers.installed import read_environment
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import names, one, parents, problems

LIB = "lib/python3.11/site-packages"


def read(**files: str) -> Inventory:
    """`a` is the METADATA of a; `a__REQUESTED` a file beside it."""
    made = {}
    for key, text in files.items():
        name, _, file = key.partition("__")
        made[f"{LIB}/{name}-1.dist-info/{file.replace('_json', '.json') or 'METADATA'}"] = (
            text.encode()
        )
    return read_environment(".venv", made)


def metadata(name: str, *more: str) -> str:
    return "\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1", *more, "", "Text"])


def test_names_versions_licences_and_who_needs_whom() -> None:
    inventory = read(
        A=metadata(
            "A.b", "License-Expression: MIT", "Requires-Dist: b[x]>=1", "Requires-Dist: gone"
        ),
        b=metadata("b", "Requires-Dist: c; extra == 'x'", "Requires-Dist: d; extra == 'y'"),
        c=metadata("c"),
        d=metadata("d"),
    )

    assert problems(inventory) == []
    assert names(inventory) == ["a-b 1", "b 1", "c 1", "d 1"]
    assert [parents(it) for it in inventory.dependencies] == [[], ["a-b"], ["b"], []]
    assert [it.direct for it in inventory.dependencies] == [True, None, None, True]
    it = one(inventory, "a-b")
    assert (it.license, it.display, it.place.path) == (
        "MIT",
        "A.b",
        f"{LIB}/A-1.dist-info/METADATA",
    )


def test_what_somebody_asked_for_is_direct() -> None:
    inventory = read(a=metadata("a", "Requires-Dist: b"), b=metadata("b"), a__REQUESTED="")

    assert [it.direct for it in inventory.dependencies] == [True, False]


def test_where_everything_was_asked_for_that_tells_nothing() -> None:
    inventory = read(
        a=metadata("a", "Requires-Dist: b"), b=metadata("b"), a__REQUESTED="", b__REQUESTED=""
    )

    assert [it.direct for it in inventory.dependencies] == [True, None]


@pytest.mark.parametrize(
    ("document", "origin", "url"),
    [
        ({"url": "https://u:p@h/a.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}, "vcs",
         "git+https://h/a.git@abc"),
        ({"url": "file:///src", "dir_info": {"editable": True}}, "path", "file:///src"),
        ({"url": "file:///a.whl", "archive_info": {}}, "path", "file:///a.whl"),
        ({"url": "https://h/a.whl", "archive_info": {}}, "url", "https://h/a.whl"),
    ],
)  # fmt: skip
def test_where_it_came_from(document: object, origin: str, url: str) -> None:
    it = one(read(a=metadata("a"), a__direct_url_json=json.dumps(document)))

    assert (it.origin, it.url) == (origin, url)


def test_what_is_damaged_is_told_and_the_rest_is_read() -> None:
    inventory = read(
        a="nothing", b=metadata("b", "Requires-Dist: ???"), c=metadata("c"),
        d=metadata("d"), d__direct_url_json="{",
    )  # fmt: skip

    assert names(inventory) == ["c 1"]
    assert [it.message.partition(":")[0] for it in inventory.problems] == [
        "the metadata has no name or no version",
        "'???' is no requirement",
        "not valid JSON",
    ]


def test_two_versions_of_one_package_are_told() -> None:
    inventory = read_environment(
        "env",
        {
            f"{LIB}/a-1.dist-info/METADATA": metadata("a").encode(),
            f"{LIB}/a.egg-info/PKG-INFO": metadata("a").encode(),
        },
    )

    assert [it.message for it in inventory.problems] == [
        "a is installed 2 times: only one of them is imported"
    ]
