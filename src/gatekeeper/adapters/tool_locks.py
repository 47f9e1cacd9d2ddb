"""The locks of tools: pinned requirements with hashes, and nothing else."""

from __future__ import annotations

import contextlib
import os

from gatekeeper.adapters.uv_process import run_uv
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.process import ToolError
from gatekeeper.text.patterns import regex

REPOSITORY_LOCKS = os.path.join(".gatekeeper", "locks")
_LOCK_LINE = regex(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._-]+\])?==[A-Za-z0-9.!+_-]+"
    r"(?:\s*;[A-Za-z0-9_ .'\"<>=!()-]+)?\s*\\?|--hash=sha256:[0-9a-f]{64}\s*\\?"
)


def resolve_lock(spec: ToolSpec, folder: str) -> tuple[str, str]:
    """Write `folder`/<id>.txt with the newest versions and their hashes; its path and version.

    Raises ToolError; an existing lock is then left as it was.
    """
    path = os.path.join(folder, f"{spec.id}.txt")
    temporary = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(folder, exist_ok=True)
        reason = run_uv(
            (
                "pip", "compile", "-", "--universal", "--generate-hashes", "--python-version",
                "3.11", "--no-header", "--no-annotate", "--output-file", temporary,
            ),
            data="\n".join((spec.package, *spec.constraints)).encode(),
        )  # fmt: skip
        if reason:
            raise ToolError(
                "tool-install-failed",
                f"{spec.id} could not be resolved: {reason}",
                "locks are made from the package index: it has to be reachable",
            )
        os.replace(temporary, path)
    except OSError as error:
        raise ToolError(
            "tool-install-failed", f"{path} could not be written: {error.strerror or error}"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
    with open(path, encoding="utf-8") as file:
        return path, locked_version(file.read(), spec.package)


def plain_lock(text: str, where: str) -> str:
    """`text`, if it is nothing but pinned requirements with hashes. Raises ToolError.

    A lock of the repository comes with the change that is judged: it may choose versions, but
    neither the index they come from nor anything that is not hashed.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split(" #")[0].strip()
        if content and not content.startswith("#") and not _LOCK_LINE.fullmatch(content):
            raise ToolError(
                "tool-misconfigured",
                f"{where}:{number}: only `name==version` and `--hash=sha256:…` may stand in a lock",
                "make it with `gatekeeper tools lock`",
            )
    return text


def locked_version(lock: str, package: str) -> str:
    """The version a lock pins `package` to."""
    for line in lock.splitlines():
        name, pinned, rest = line.partition("==")
        if pinned and name.strip() == package:
            return rest.split()[0]
    return ""
