"""Names as ecosystems compare them, and package URLs."""

from __future__ import annotations

import pytest

from gatekeeper.advisories.names import candidates, normal, read_purl


def test_names_compare_as_their_ecosystem_says() -> None:
    assert normal("pypi", "Heron._-Tools") == "heron-tools"
    assert normal("npm", "@Birds/Heron") == "@Birds/Heron"
    assert normal("github-actions", "Birds/Setup") == "birds/setup"


def test_a_part_of_an_action_has_the_advisories_of_its_repository() -> None:
    assert candidates("github-actions", "Birds/Setup/sub/path") == (
        "birds/setup/sub/path",
        "birds/setup",
    )
    assert candidates("github-actions", "birds/setup") == ("birds/setup",)
    assert candidates("pypi", "A.B") == ("a-b",)


@pytest.mark.parametrize(
    ("purl", "expected"),
    [
        ("pkg:pypi/django@4.2.1", ("pypi", "django", "4.2.1")),
        ("pkg:pypi/django", ("pypi", "django", "")),
        ("pkg:PyPI/torch@2.0%2Bcpu?x=y#z", ("pypi", "torch", "2.0+cpu")),
        ("pkg:npm/%40birds/heron@1.0.0", ("npm", "@birds/heron", "1.0.0")),
        ("pkg:npm/@birds/heron@1.0.0", ("npm", "@birds/heron", "1.0.0")),
        ("pkg:npm/@birds/heron", ("npm", "@birds/heron", "")),
        ("pkg:githubactions/birds/setup@v4", ("github-actions", "birds/setup", "v4")),
        ("pkg:cargo/serde@1.0", None),
        ("pkg:pypi/", None),
        ("pypi/django", None),
        ("", None),
    ],
)
def test_package_urls(purl: str, expected: tuple[str, str, str] | None) -> None:
    assert read_purl(purl) == expected
