"""Where reports go."""

from __future__ import annotations

import io
import os
import shutil
import sys
from argparse import Namespace

from msgspec import Struct

from gatekeeper.errors import ReportError, UsageError
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Sources, Style
from gatekeeper.reports.registry import REPORTS


class Output(Struct, frozen=True):
    """The reports to write, as (format, path); an empty path is standard output."""

    formats: tuple[tuple[str, str], ...]
    colour: bool
    width: int

    @classmethod
    def of(cls, options: Namespace) -> Output:
        """As asked on the command line; people get text on standard output if nothing else is."""
        formats = [(name, "" if path == "-" else path) for name, path in options.formats]
        if sum(not path for _, path in formats) > 1:
            raise UsageError(
                "two reports cannot share standard output", remedy="give all but one an --output"
            )
        if all(path for _, path in formats):
            formats.append(("text", ""))
        terminal = sys.stdout.isatty()
        colour = (
            not options.no_color
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
            and (terminal or bool(os.environ.get("FORCE_COLOR")))
        )
        width = shutil.get_terminal_size((100, 24)).columns
        return cls(tuple(formats), colour, max(40, min(width, 160)))


def write_reports(report: Report, sources: Sources, output: Output) -> None:
    """Write every report asked for. Files appear complete or not at all. Raises ReportError."""
    for name, path in output.formats:
        renderer = REPORTS[name]
        if not path:
            style = Style(output.width, output.colour and name == "text")
            _print(renderer.whole(report, sources, style), machine=name != "text")
        elif (
            os.path.isdir(path)
            or path.endswith(("/", os.sep))
            or (name == "sarif" and not _suffix(path))
        ):
            for part in renderer.parts(report, sources):
                _write(os.path.join(path, part.name), part.text)
        else:
            _write(path, renderer.whole(report, sources, Style()))
    sys.stdout.flush()


def write_text(text: str, path: str) -> None:
    """Write a document that machines read to a file, or to standard output. Raises ReportError."""
    if path in ("", "-"):
        _print(text, machine=True)
        sys.stdout.flush()
    else:
        _write(path, text)


def _suffix(path: str) -> bool:
    return path.endswith((".sarif", ".json"))


def _print(text: str, *, machine: bool) -> None:
    """To standard output; what machines read is UTF-8 whatever the terminal's encoding."""
    if machine and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    else:
        print(text, end="")


def _write(path: str, text: str) -> None:
    import tempfile

    folder = os.path.dirname(os.path.abspath(path))
    temporary = ""
    try:
        os.makedirs(folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".gatekeeper-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise ReportError(
            f"the report could not be written: {error.strerror or error}", where=path
        ) from None
