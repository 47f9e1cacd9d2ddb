"""Makes the site of the Markdown in docs/: `python docs/site/build.py`.

The pages are written for GitHub, where most people read them, and this file is all that the site
adds: what stands in docs/index.md is the navigation, and links to files outside of docs/ lead to
GitHub.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# The package itself is not installed where the site is built: only its version is needed.
sys.path.insert(0, str(ROOT / "src"))

from gatekeeper.version import REPOSITORY, VERSION  # noqa: E402 - the line before makes it importable

project = "gatekeeper"
author = "the gatekeeper authors"
project_copyright = "the gatekeeper authors, Apache-2.0"
release = version = VERSION

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["site", "generators"]
nitpicky = True
myst_heading_anchors = 4
myst_links_external_new_tab = False
# `$` and the like stand in examples; nothing but plain Markdown and tables is wanted.
myst_enable_extensions: list[str] = []
suppress_warnings: list[str] = []
highlight_language = "text"
smartquotes = False

linkcheck_timeout = 20
linkcheck_retries = 2
# Our own pages at a version are there once it is released; the others stand for the reader's own.
linkcheck_ignore = [rf"https://github\.com/{REPOSITORY}/", r"https?://[\w.-]+\.example(/|$)"]

html_theme = "furo"
html_title = f"gatekeeper {VERSION}"
html_theme_options = {
    "source_repository": f"https://github.com/{REPOSITORY}/",
    "source_branch": "main",
    "source_directory": "docs/",
}
html_copy_source = False
html_show_sphinx = False

_FENCE = re.compile(r"(^ {0,3}```.*?^ {0,3}```[^\S\n]*$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(\]\()([^)\s#:]+)((?:#[^)\s]*)?\))")
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"\]\(([\w./-]+)\.md\)")


def outward(page: Path, text: str) -> str:
    """The page with links to files that are no part of the site leading to GitHub."""

    def link(match: re.Match[str]) -> str:
        there = (page.parent / match[2]).resolve()
        if there.is_relative_to(DOCS) and there.suffix in (".md", ".png", ".svg"):
            return match[0]
        if not there.exists():
            return match[0]  # the build then says that it is broken
        kind = "tree" if there.is_dir() else "blob"
        path = there.relative_to(ROOT)
        return f"{match[1]}https://github.com/{REPOSITORY}/{kind}/v{VERSION}/{path}{match[3]}"

    parts = _FENCE.split(text)
    return "".join(it if at % 2 else _LINK.sub(link, it) for at, it in enumerate(parts))


def navigation(text: str) -> str:
    """The sections of docs/index.md and the pages that they list, as Sphinx wants to be told.

    Pages that lie in a folder with one that is listed come after those, and other pages of docs/ last,
    so that a new scanner is found without a line there.
    """
    parts = _SECTION.split(text)
    named = {f"{page}.md" for page in _PAGE.findall(text)}
    trees = []
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        pages = list(dict.fromkeys(_PAGE.findall(body)))
        for folder in dict.fromkeys(it.rpartition("/")[0] for it in pages):
            if folder and not (DOCS / folder / "README.md").exists():
                found = sorted(f"{folder}/{it.name}" for it in (DOCS / folder).glob("*.md"))
                pages += [it.removesuffix(".md") for it in found if it not in named]
        if title == parts[-2]:
            found = sorted(it.stem for it in DOCS.glob("*.md") if it.stem != root_doc)
            pages += [it for it in found if f"{it}.md" not in named]
        if pages:
            trees.append(_toctree(pages, f":caption: {title}\n"))
    return "\n".join(trees)


def _toctree(pages: list[str], options: str = "") -> str:
    listed = "\n".join(pages)
    return f"```{{toctree}}\n:hidden:\n{options}\n{listed}\n```\n"


def _read(app: Sphinx, name: str, source: list[str]) -> None:
    del app
    text = outward(DOCS / f"{name}.md", source[0])
    if name == root_doc:
        text += f"\n{navigation(text)}"
    elif name.endswith("/README"):
        # A folder with a page of its own: that page leads to the others.
        here = (DOCS / name).parent
        text += "\n" + _toctree(sorted(it.stem for it in here.glob("*.md") if it.stem != "README"))
    source[0] = text


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True}
