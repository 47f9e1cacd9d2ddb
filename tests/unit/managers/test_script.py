"""Scripts with dependencies of their own."""

from __future__ import annotations

import pytest

from tests.fakes.managing import found, names, problems

BLOCK = "#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   'a',\n#\n#   'b==1',\n# ]\n# ///\n"


def test_what_the_block_asks_for_with_its_lines() -> None:
    inventory = found("script", "a.py", BLOCK + "import a\n")

    assert names(inventory) == ["a", "b 1"]
    assert [it.place.line for it in inventory.dependencies] == [4, 6]
    assert all(it.direct and it.scope == "runtime" for it in inventory.dependencies)


@pytest.mark.parametrize(
    "text", ["", "import a\n", "# /// other\n# x\n# ///\n", 'x = """ # /// script"""\n']
)
def test_a_file_without_a_block_asks_for_nothing(text: str) -> None:
    inventory = found("script", "a.py", text)

    assert (inventory.dependencies, inventory.problems) == ((), ())


def test_windows_line_ends() -> None:
    assert names(found("script", "a.py", BLOCK.replace("\n", "\r\n"))) == ["a", "b 1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# /// script\n# dependencies = []\nimport a\n", "a.py:1 the block `script` has no end"),
        ("x = 1\n# /// script\n# a = b\n# ///\n", "a.py:3 not valid TOML"),
        ("# /// script\n# dependencies = [1]\n# ///\n", "a.py:2 dependencies[0] has to be text"),
        ("# /// script\n# dependencies = ['a b']\n# ///\n", "a.py:2 'a b' is no requirement"),
        (BLOCK + "\n" + BLOCK, "a.py:11 there is a second block"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(found("script", "a.py", text))[0].startswith(says)
