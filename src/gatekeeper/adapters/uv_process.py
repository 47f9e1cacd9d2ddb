"""Starting uv, which installs and resolves."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence

from gatekeeper.adapters.process import Children
from gatekeeper.ports.process import ToolError
from gatekeeper.text.names import printable

_DEADLINE = 900
_FINDING_UV = threading.Lock()


def run_uv(
    arguments: Sequence[str],
    environ: Mapping[str, str] = os.environ,
    data: bytes = b"",
    children: Children | None = None,
) -> str:
    """Run uv; why it failed, the empty string when it did not. It goes with its `children`."""
    environment = {name: value for name, value in environ.items() if name != "VIRTUAL_ENV"} | {
        "UV_PYTHON_DOWNLOADS": "never",
        "NO_COLOR": "1",
    }
    children = children or Children()
    argv = [uv_program(), *arguments, "--quiet", "--no-config", "--no-progress"]
    process = children.start(argv, None, environment, subprocess.PIPE)
    try:
        _, stderr = process.communicate(data, timeout=_DEADLINE)
    except subprocess.TimeoutExpired:
        return f"uv took more than {_DEADLINE} s"
    finally:
        children.end(process)
    if children.cancelled:
        raise ToolError("cancelled", "the installation was stopped")
    if process.returncode == 0:
        return ""
    said = [line for line in stderr.decode("utf-8", "replace").splitlines() if line]
    return printable(" ".join(line.strip(" ×╰├─▶│") for line in said)[:400]) or "uv failed"


def uv_program() -> str:
    """The uv that came with gatekeeper, else the one on PATH."""
    # uv asks sysconfig, which answers None to a second thread that asks while it gets ready.
    with _FINDING_UV, contextlib.suppress(ImportError, FileNotFoundError):
        from uv import find_uv_bin

        return str(find_uv_bin())
    from shutil import which

    if found := which("uv"):
        return found
    raise ToolError(
        "tool-install-failed", "uv is not installed", "reinstall gatekeeper: it brings uv along"
    )
