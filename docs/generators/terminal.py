"""Draws docs/pictures/terminal.svg: what a real `gatekeeper check` prints, in a terminal.

Run it when the text report changes: `python docs/generators/terminal.py`. It needs the tools (the first
run installs them). The picture loads nothing and names no font that has to be there.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "terminal.svg"
WIDTH = 92
APP = """\
import os

from flask import Flask, request

from .store import connect

app = Flask(__name__)


@app.get("/users")
def users():
    return connect().execute("select name from users").fetchall()
"""
STORE = """\
import sqlite3


def connect():
    return sqlite3.connect("users.db")
"""
ADDED = """

@app.get("/user")
def user():
    name = request.args["name"]
    query = f"select * from users where name = '{name}'"
    return connect().execute(query).fetchall()
"""
THEME = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255),
     (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255),
     (86, 212, 221), (240, 246, 252)],
)  # fmt: skip


def run(folder: str) -> str:
    """A repository with an old problem and a branch that brings in a new one, checked."""
    environ = {
        **{name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "FORCE_COLOR": "1",
        "COLUMNS": str(WIDTH),
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))},
    }  # fmt: skip

    def call(*argv: str) -> str:
        done = subprocess.run(
            argv, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True, check=False
        )
        return done.stdout

    app = Path(folder, "shop", "app.py")
    app.parent.mkdir()
    app.write_text(APP, encoding="utf-8")
    app.with_name("store.py").write_text(STORE, encoding="utf-8")
    app.with_name("__init__.py").touch()
    call("git", "init", "-q", "-b", "main")
    call("git", "add", "-A")
    call("git", "commit", "-qm", "A shop")
    call("git", "checkout", "-qb", "search")
    with app.open("a", encoding="utf-8") as file:
        file.write(ADDED)
    call("git", "commit", "-qam", "Look a user up")
    gatekeeper = str(Path(sys.executable).with_name("gatekeeper"))
    call(gatekeeper, "check", "--no-cache")  # installs the tools where they are not yet
    return call(gatekeeper, "check", "--no-cache")


def draw(output: str) -> str:
    """The output as a picture."""
    console = Console(record=True, width=WIDTH, force_terminal=True, file=io.StringIO())
    console.print(Text("$ gatekeeper check", style="bold"))
    console.print(Text.from_ansi(output.rstrip("\n")))
    svg = console.export_svg(title="search ▸ shop", theme=THEME, unique_id="terminal")
    svg = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace(
        "Fira Code, monospace", "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
    )
    return svg.replace("<svg ", '<svg role="img" aria-label="gatekeeper check in a terminal" ', 1)


def main() -> None:
    """Make the picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(draw(run(folder)), encoding="utf-8")
    print(PICTURE)


if __name__ == "__main__":
    main()
