"""Where reports go."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace

from msgspec import Struct

from gatekeeper.adapters.actions import on_runner
from gatekeeper.cli.width import columns
from gatekeeper.errors import ReportError, UsageError
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Sources, Style
from gatekeeper.reports.registry import REPORTS

# What people read on standard output. The other formats are for machines, which would trip over
# lines that are not theirs.
_FOREIGN = ("text", "markdown")


class Output(Struct, frozen=True):
    """The reports to write, as (format, path); an empty path is standard output."""

    formats: tuple[tuple[str, str], ...]
    colour: bool
    width: int

    @classmethod
    def of(cls, options: Namespace) -> Output:
        """As asked on the command line; people get text on standard output if nothing else is."""
        formats = [(name, "" if path == "-" else path) for name, path in options.formats]
        shown = sorted(name for name, path in formats if not path)
        if len(shown) > 1 and shown != ["github", "text"]:
            raise UsageError(
                "two reports cannot share standard output",
                remedy="give all but one an --output; only text and github go together",
            )
        if not shown:
            formats.append(("text", ""))
        terminal = sys.stdout.isatty()
        colour = (
            not options.no_color
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
            and (terminal or bool(os.environ.get("FORCE_COLOR")))
        )
        return cls(tuple(formats), colour, max(40, min(_columns(terminal), 160)))


def _columns(terminal: bool) -> int:
    if not terminal and "COLUMNS" not in os.environ:
        return 100
    return columns(100)


def write_reports(report: Report, sources: Sources, output: Output) -> None:
    """Write every report asked for. Files appear complete or not at all. Raises ReportError."""
    for name, path in output.formats:
        renderer = REPORTS[name]()
        if not path:
            style = Style(output.width, output.colour and name == "text")
            text = renderer.whole(report, sources, style)
            _print(_for_runner(text) if name in _FOREIGN else text, machine=name != "text")
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


def _for_runner(text: str) -> str:
    """Text with words from the repository, so that none of them commands the Actions runner."""
    if not on_runner():
        return text
    from secrets import token_hex

    from gatekeeper.reports.github import inert

    return inert(text, token_hex(16))


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
        if os.path.exists(path) and not os.path.isfile(path):
            # A device or a pipe is written to; a file put in its place would be in everybody's way.
            with open(path, "wb") as device:
                device.write(text.encode("utf-8", "backslashreplace"))
            return
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
