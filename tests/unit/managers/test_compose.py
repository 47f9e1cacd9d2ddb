"""Images of compose files."""

from __future__ import annotations

import pytest

from gatekeeper.managers.registry import MANAGERS
from tests.fakes.managing import found, names, problems


@pytest.mark.parametrize(
    ("path", "selected"),
    [("compose.yaml", True), ("docker-compose.yml", True), ("compose.prod.yml", True),
     ("docker-compose-dev.yaml", True), ("composer.json", False), ("mycompose.yml", False)],
)  # fmt: skip
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["compose"].selects(path) is selected


def test_images_of_services_that_are_not_built_here() -> None:
    inventory = found(
        "compose",
        "compose.yaml",
        "x: &x\n  image: base:${V:-1}\nservices:\n  a:\n    <<: *x\n  b:\n    <<: [*x]\n"
        "    image: own:2\n  c:\n    image: built\n    build: .\n  d:\n    image: $OPEN\n  e:\n"
        "  f: !override\n    image: ghcr.io/o/n\n",
    )

    assert problems(inventory) == []
    assert names(inventory) == [
        "docker.io/library/base 1",
        "docker.io/library/own 2",
        "$OPEN $OPEN",
        "ghcr.io/o/n",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services: []", "compose.yaml:1 services has to be a table"),
        ("services:\n  a: 1", "compose.yaml:2 services.a has to be a table"),
        ("services:\n  a:\n    image: []", "compose.yaml:3 services.a.image has to be text"),
        ("services:\n  a:\n    <<: b", "compose.yaml:3 `<<` has to stand for a table"),
        ("services:\n  a: {}\n  a: {}", "compose.yaml:3 the key 'a' is given twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(found("compose", "compose.yaml", text)) == [says]
