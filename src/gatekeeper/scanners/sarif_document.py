"""Reading a SARIF file: hostile until proved otherwise."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.sarif_types import Run
from gatekeeper.text.names import printable

T = TypeVar("T")
# Reading leniently takes many times the memory of the file.
_LENIENT_LIMIT = 16 * 1024 * 1024


class _Version(Struct):
    version: str | None = None


class _Document(Struct):
    runs: list[Run]


def read_runs(data: bytes, name: str) -> list[Run]:
    """The runs of the SARIF file `name`; raises ToolError unless all of them can be relied on.

    A run that failed, or that tells no results, not even an empty list, has not looked.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    version = _decode(data, _Version, name).version
    if version != "2.1.0":
        told = f"version {version!r}"[:60] if version is not None else "no version"
        raise unusable(name, f"it has {told}, expected SARIF '2.1.0'")
    runs = _decode(data, _Document, name).runs
    if not runs:
        raise unusable(name, "`$.runs` is empty, so no tool has looked at anything")
    for number, run in enumerate(runs):
        where = f"`$.runs[{number}]` ({run.tool.driver.name[:60]})"
        if any(call.execution_successful is False for call in run.invocations or ()):
            raise unusable(
                name,
                f"{where} says that the tool itself failed (executionSuccessful is false),"
                " so its result cannot be trusted as clean",
                "Look at the tool's own output, and run it again.",
            )
        if run.results is None:
            raise unusable(name, f"{where} has no `results`, so the tool has not looked")
    return runs


def unusable(name: str, why: str, remedy: str = "") -> ToolError:
    """The error for a SARIF file that cannot be relied on."""
    return ToolError(
        "input-invalid",
        f"{printable(name)} is no usable SARIF file: {printable(why)[:300]}",
        remedy or "Have the tool write its report again, as SARIF 2.1.0 in UTF-8.",
    )


def _decode(data: bytes, shape: type[T], name: str) -> T:
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise unusable(name, str(error)) from None
    except RecursionError:
        raise unusable(name, "it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if len(data) > _LENIENT_LIMIT:
            raise unusable(name, str(error)) from None
        return _decode_leniently(data, shape, name)


def _decode_leniently(data: bytes, shape: type[T], name: str) -> T:
    """For undecodable paths, which some tools write raw, and for halved surrogate pairs."""
    import json

    try:
        return msgspec.convert(json.loads(data.decode("utf-8", "surrogateescape")), shape)
    except RecursionError:
        raise unusable(name, "it is nested too deeply") from None
    except ValueError as error:
        raise unusable(name, str(error)) from None
