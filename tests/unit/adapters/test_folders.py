"""Where gatekeeper keeps things."""

from __future__ import annotations

import os

import pytest

from gatekeeper.adapters.folders import cache_folder

HOME = os.path.join(os.path.expanduser("~"), ".cache", "gatekeeper")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, HOME),
        ({"XDG_CACHE_HOME": "/caches"}, "/caches/gatekeeper"),
        ({"XDG_CACHE_HOME": "relative"}, HOME),
        ({"XDG_CACHE_HOME": ""}, HOME),
        ({"GATEKEEPER_CACHE_DIR": "/mine", "XDG_CACHE_HOME": "/caches"}, "/mine"),
        ({"GATEKEEPER_CACHE_DIR": ""}, HOME),
        ({"GATEKEEPER_CACHE_DIR": "below"}, os.path.join(os.getcwd(), "below")),
    ],
)
def test_the_cache_folder(environ: dict[str, str], expected: str) -> None:
    assert cache_folder(environ) == expected
