"""The comment in a real browser, with GitHub's styles: light, dark and on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.fakes.browser import Browser
from tests.fakes.github.pictures import blocked, body, green, page

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("uncovered")
def test_it_reads_everywhere(descriptions: Path, tmp_path: Path) -> None:
    jobs = []
    for name, (told, files) in (("blocked", blocked()), ("green", green())):
        for scheme in ("light", "dark"):
            path = tmp_path / f"{name}-{scheme}.html"
            path.write_text(page(descriptions, body(told, files), scheme), encoding="utf-8")
            jobs += [
                {
                    "file": str(path), "scheme": scheme, "width": width, "whole": True,
                    "picture": str(path.with_suffix(f".{width}.png")),
                    "actions": [
                        "document.documentElement.scrollWidth <= window.innerWidth",
                        "document.querySelector('.markdown-body').innerText",
                    ],
                }
                for width in (1_000, 420)
            ]  # fmt: skip

    seen = Browser(SHARED).open(jobs)

    assert [it.errors for it in seen] == [[]] * len(jobs)
    assert all(it.values[0] for it in seen), "it is wider than the window"
    assert seen[0].values[1].startswith("⛔ gatekeeper: blocked — 2 problems to solve")
    assert "gatekeeper:1" not in seen[0].values[1]
    assert "SELECT * FROM refunds" in seen[0].values[1]
    assert len(seen[4].values[1].strip().splitlines()) == 1
    assert all(path.stat().st_size > 5_000 for path in tmp_path.glob("*.png"))
