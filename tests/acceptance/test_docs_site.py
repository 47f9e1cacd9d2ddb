"""The documentation as a site: complete, without a broken link, and self-contained."""

from __future__ import annotations

import html.parser
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "docs" / "site" / "build.py"
# Words in docs/: what is generated from code, or only there for code, is no page.
PAGES = [
    path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    for path in sorted(ROOT.glob("docs/**/*.md"))
    if path.relative_to(ROOT / "docs").parts[0] not in ("site", "generators")
]


class Page(html.parser.HTMLParser):
    """Where a page leads to, what it loads, and the anchors that it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.ids.add(has.get("id", ""))
        if tag == "a":
            self.links.append(has.get("href", ""))
        elif tag in ("script", "img", "iframe"):
            self.loads.append(has.get("src", ""))
        elif tag == "link" and has.get("rel") in ("stylesheet", "preload", "icon"):
            self.loads.append(has.get("href", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as CI builds it: a warning is an error."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, str(BUILD), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def file_of(site: Path, name: str) -> Path:
    return site / ("" if name == "index" else name) / "index.html"


@pytest.mark.slow
def test_every_page_is_there_and_the_navigation_leads_to_it(site: Path) -> None:
    start = file_of(site, "index")
    reached = {
        (start.parent / urlsplit(link).path / "index.html").resolve()
        for link in Page(start).links
        if not urlsplit(link).scheme
    }

    assert [name for name in PAGES if not file_of(site, name).is_file()] == []
    assert [
        name for name in PAGES
        if file_of(site, name).resolve() not in reached and name != "index"
        and not name.startswith("rules/")
    ] == []  # fmt: skip
    assert "../sql-injection/" in Page(file_of(site, "rules/README")).links


@pytest.mark.slow
def test_no_link_leads_nowhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html")}
    broken: list[str] = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or not link:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = there / "index.html" if there.is_dir() else there
            if not there.exists() or (
                parts.fragment and there in pages and parts.fragment not in pages[there].ids
            ):
                broken.append(f"{path.relative_to(site)}: {link}")

    assert broken == []
    assert [it for page in pages.values() for it in page.loads if "//" in it] == []


@pytest.mark.slow
def test_a_broken_link_stops_the_build(tmp_path: Path) -> None:
    """On a copy with two pages, one of which leads to a third."""
    copy = tmp_path / "docs"
    (copy / "site").mkdir(parents=True)
    for name in ("build.py", "conf.py"):
        (copy / "site" / name).write_bytes((BUILD.parent / name).read_bytes())
    (tmp_path / "src").symlink_to(ROOT / "src")
    (copy / "index.md").write_text("# A\n\n## Start\n\n- [B](b.md)\n", encoding="utf-8")
    (copy / "b.md").write_text("# B\n\n[C](c.md) and [A](index.md#nothing)\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, str(copy / "site" / "build.py"), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "b.md:3" in done.stderr
    assert "c.md" in done.stderr
    assert "nothing" in done.stderr


def test_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, str(BUILD), "--help"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "python docs/site/build.py" in done.stderr


def test_what_builds_the_site_is_what_is_locked() -> None:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("uv"), "export", "--quiet", "--no-config", "--frozen",
            "--only-group", "docs", "--no-emit-project", "--no-header",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip

    assert (ROOT / "docs/site/requirements.txt").read_text(encoding="utf-8") == done.stdout
