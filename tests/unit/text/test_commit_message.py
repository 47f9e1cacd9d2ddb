"""What git makes of the file in which a commit message is written."""

from __future__ import annotations

import subprocess

import pytest

from gatekeeper.text.commit_message import cleaned

TEMPLATE = """\
feat: add a thing

Why it is needed.

# Please enter the commit message for your changes.
#
# ------------------------ >8 ------------------------
diff --git a/a.py b/a.py
+wrong: line
"""


def test_comments_and_what_follows_the_scissors_go() -> None:
    assert cleaned(TEMPLATE) == "feat: add a thing\n\nWhy it is needed."


def test_without_an_editor_lines_that_look_like_comments_stay() -> None:
    assert cleaned("# 12: fix it\n", strip=False) == "# 12: fix it"
    assert cleaned(TEMPLATE, strip=False).endswith("changes.\n#")


@pytest.mark.parametrize("mark", [";", "//", "auto"])
def test_the_mark_of_comments_can_be_chosen(mark: str) -> None:
    own = ";" if mark == "auto" else mark
    text = f"# 12: fix it\n\n{own} comment\n{own} ------------------------ >8 ------------------------\nx"
    if mark == "auto":
        text = "# 12: fix it\n\n; comment\n"

    assert cleaned(text, mark) == "# 12: fix it"


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n# comments\n"])
def test_nothing_is_left_of_nothing(text: str) -> None:
    assert cleaned(text) == ""


@pytest.mark.parametrize(
    "text", ["a\n\n\nb\n", "\r\na \r\nb\t\n", "#c\n\na\n#c\nb\n\n#c\n", " # no comment\n"]
)
def test_the_header_is_the_one_that_git_keeps(text: str) -> None:
    kept = subprocess.run(
        ["git", "stripspace", "--strip-comments"], input=text.replace("\r\n", "\n"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert cleaned(text).replace("\n\n\n", "\n\n") == kept.stdout.strip("\n")
