"""What happens when gatekeeper itself is wrong: a report file instead of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence

from gatekeeper.errors import GatekeeperError
from gatekeeper.text.names import printable
from gatekeeper.text.redact import redact
from gatekeeper.version import VERSION


def report_crash(error: Exception, arguments: Sequence[str]) -> int:
    """Write a file fit to be pasted into an issue, say where it is; the exit status."""
    text = "\n".join(
        (
            f"gatekeeper {VERSION}, Python {platform.python_version()}, {platform.platform()}",
            f"command: gatekeeper {' '.join(arguments)}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )
    where = ""
    try:
        handle, where = tempfile.mkstemp(prefix="gatekeeper-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(redact(text))
    except OSError:
        where = ""
    said = printable(redact(f"{type(error).__name__}: {error}"))
    print(f"gatekeeper: internal error, this is a bug: {said}", file=sys.stderr)
    if where:
        print(f"  the details are in {where}: please attach the file to an issue", file=sys.stderr)
    return GatekeeperError.exit_status
