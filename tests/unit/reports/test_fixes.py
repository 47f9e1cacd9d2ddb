"""What was fixed, shown without secrets and without anything a terminal obeys."""

from __future__ import annotations

from gatekeeper.reports.fixes import render_difference
from gatekeeper.text.redact import HIDDEN

DIFFERENCE = """\
@@ -1,3 +1,3 @@ def f():
 one
-two
+2
 three
@@ -10,2 +10,2 @@
 ten
-eleven\x1b[31m
+11
\\ No newline at end of file
"""


def test_a_difference_reads_like_any_other() -> None:
    assert render_difference("a.py", DIFFERENCE, frozenset(), colour=False) == (
        "--- a.py\n+++ a.py, fixed\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
        "@@ -10,2 +10,2 @@\n ten\n-eleven\\x1b[31m\n+11\n\\ No newline at end of file\n"
    )


def test_places_of_secrets_and_what_replaces_them_are_hidden() -> None:
    shown = render_difference("a.py", DIFFERENCE, frozenset({("a.py", 2)}), colour=False)

    assert f" one\n-{HIDDEN}\n+{HIDDEN}\n three\n" in shown
    assert "+11" in shown
    assert "+2" in render_difference("a.py", DIFFERENCE, frozenset({("b.py", 2)}), colour=False)


def test_colours_tell_old_from_new() -> None:
    shown = render_difference("a.py", DIFFERENCE, frozenset(), colour=True)

    assert "\x1b[31m-two\x1b[0m\n\x1b[32m+2\x1b[0m\n" in shown


def test_names_cannot_pass_for_lines() -> None:
    shown = render_difference("a\n+b.py", DIFFERENCE, frozenset(), colour=False)

    assert shown.startswith("--- a\\n+b.py\n+++ a\\n+b.py, fixed\n")
