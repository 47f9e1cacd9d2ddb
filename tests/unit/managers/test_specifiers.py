"""Versions against specifiers: the quick way gives what `packaging` gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from gatekeeper.managers.versions import allows

_NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(
    lambda it: ".".join(map(str, it))
)
_VERSIONS = _NUMBERS | st.builds(
    "{}{}".format, _NUMBERS, st.sampled_from(["rc1", ".post1", ".dev0", "+cpu", "x", " "])
)
_CLAUSES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", " "]),
    st.sampled_from([">=", "<=", "==", "!=", ">", "<", "~=", "===", "=", ""]),
    st.sampled_from(["", " "]),
    _NUMBERS | st.builds("{}{}".format, _NUMBERS, st.sampled_from([".*", "rc1", ".post1", "+cpu"])),
)
_SPECIFIERS = st.lists(_CLAUSES, min_size=1, max_size=3).map(",".join)


def by_packaging(specifier: str, version: str) -> bool | None:
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None


@given(_SPECIFIERS, _VERSIONS)
def test_as_packaging_says(specifier: str, version: str) -> None:
    assert allows(specifier, version) == by_packaging(specifier, version)


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        (">=1.0,<2", "1.10", True),
        (">=1.0,<2", "2.0.0", False),
        ("==1.0", "1.0.0", True),
        ("==1.*", "1.5", True),
        (">=1||<0.5", "0.4", True),
        (">=1", "1.0rc1", False),
        (">=0", "2.0.dev1", True),
        ("nonsense", "1", None),
        (">=1", "one", None),
    ],
)
def test_for_example(specifier: str, version: str, expected: bool | None) -> None:
    assert allows(specifier, version) is expected
