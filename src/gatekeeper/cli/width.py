"""How wide the terminal is; `shutil` knows it too, and takes as long to load as a small command."""

from __future__ import annotations

import os
import sys


def columns(default: int) -> int:
    """What COLUMNS says, else the terminal behind standard output, else the default."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isascii() and stated.isdecimal() and int(stated):
        return int(stated)
    try:
        stream = sys.__stdout__
        return (os.get_terminal_size(stream.fileno()).columns if stream else 0) or default
    except (ValueError, OSError):
        return default
