"""Open the HTML report in a browser: how long it takes, how large it is, and what it looks like.

    python benchmarks/report_page.py [--runs N] [--pictures FOLDER]

Chromium comes from npm, as in the tests; GATEKEEPER_TEST_BROWSER names another one, whose fonts a
picture for people may need. Exit status 1: a page had errors, or 10,000 findings took over 2 s.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gatekeeper.reports.html import HtmlReport
from gatekeeper.reports.interface import Style
from tests.conftest import SHARED
from tests.fakes.browser import Browser
from tests.fakes.report_pages import page_of

COUNTS = (0, 30, 10_000)
SLOWEST = 2.0
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"count": 30},
    "dark": {"count": 30, "scheme": "dark"},
    "narrow": {"count": 30, "width": 390, "height": 1_700},
    "none": {"count": 0},
    "10000": {"count": 10_000},
}


def main() -> int:
    """Print a line per page; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=Path, help="write pictures and a print into this folder")
    options = parser.parse_args()
    browser = Browser(SHARED)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            told, files = page_of(count)
            begun = time.perf_counter()
            text = HtmlReport().whole(told, files, Style())
            written = time.perf_counter() - begun
            page = Path(folder) / f"{count}.html"
            page.write_text(text, encoding="utf-8")
            # The first one warms up: it brings the browser from the disk.
            seen = browser.open([{"file": str(page)}] * (options.runs + 1))[1:]
            opened = statistics.median(it.opened for it in seen) / 1_000
            busy = statistics.median(it.busy for it in seen)
            slowest = max(it.opened for it in seen) / 1_000
            print(
                f"{count:>6,} findings: written in {written:.2f} s, {len(text.encode()) / 1e6:.2f} MB,"
                f" opened in {opened:.2f} s (at most {slowest:.2f}), page busy for {busy:.2f} s"
            )
            good = good and opened <= SLOWEST and not any(it.errors for it in seen)
        if options.pictures:
            _draw(browser, Path(folder), options.pictures.resolve())
    print(f"Chromium {browser.version}")
    return 0 if good else 1


def _draw(browser: Browser, pages: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        {
            "height": 1_180, **look, "file": str(pages / f"{look['count']}.html"),
            "picture": str(folder / f"report-{name}.png"),
        }
        for name, look in LOOKS.items()
    ]  # fmt: skip
    browser.open([*jobs, {"file": str(pages / "30.html"), "print": str(folder / "report.pdf")}])


if __name__ == "__main__":
    raise SystemExit(main())
