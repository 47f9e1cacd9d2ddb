"""The table of severities, held against the checks of the checkov that is locked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatekeeper.adapters.tool_locks import locked_version
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.scanners.checkov_severity import HIGH, LOW, table
from gatekeeper.scanners.tools import CHECKOV

_ID = re.compile(r"""(?<!\w)id["']?\s*[:=]\s*["']?(CKV2?_[A-Z0-9]+_\d+)""")
_CATEGORY = re.compile(
    r"CheckCategories\.([A-Z_]+)|^\s*[\"']?category[\"']?\s*:\s*[\"']?([A-Z_]+)", re.MULTILINE
)
_LOW = {"LOGGING", "BACKUP_AND_RECOVERY", "CONVENTION"}
# They are about settings of a forge, and not about a secret.
_OTHER = ("CKV_GLB", "CKV_GIT")


@pytest.fixture(scope="module")
def categories(tools: Path) -> dict[str, set[str]]:
    """The categories of each check, as its file has them."""
    box = ToolEnvironments(str(tools), str(tools), {}, {}, offline=True)
    (package,) = Path(box.executable(CHECKOV)).parents[1].glob("lib/python*/site-packages/checkov")
    found: dict[str, set[str]] = {}
    for kind in ("terraform", "kubernetes", "cloudformation", "dockerfile"):
        for path in sorted((package / kind / "checks").rglob("*")):
            if path.suffix in (".py", ".yaml", ".json"):
                text = path.read_text(encoding="utf-8", errors="replace")
                category = _CATEGORY.search(text)
                for check in _ID.findall(text):
                    word = (category[1] or category[2]) if category else ""
                    found.setdefault(check, set()).add(word)
    return found


def test_the_table_is_about_the_locked_version(tools: Path) -> None:
    box = ToolEnvironments(str(tools), str(tools), {}, {}, offline=True)

    assert table().version == locked_version(box.lock_text(CHECKOV), CHECKOV.package)


def test_the_table_has_what_the_categories_say(categories: dict[str, set[str]]) -> None:
    assert len(categories) > 900
    assert table().low == {it for it, words in categories.items() if words <= _LOW}
    assert table().high == {
        it for it, words in categories.items() if "SECRETS" in words and not it.startswith(_OTHER)
    }


def test_the_lists_name_checks_that_there_are(categories: dict[str, set[str]], tools: Path) -> None:
    box = ToolEnvironments(str(tools), str(tools), {}, {}, offline=True)
    (package,) = Path(box.executable(CHECKOV)).parents[1].glob("lib/python*/site-packages/checkov")
    texts = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for kind in ("terraform", "kubernetes", "cloudformation", "dockerfile")
        for path in (package / kind / "checks").rglob("*.*")
        if path.suffix in (".py", ".yaml", ".json")
    )

    assert not HIGH & LOW
    assert [it for it in sorted(HIGH | LOW) if not re.search(rf"{it}(?!\d)", texts)] == []
