"""What was pinned, or would be, for people; differences are of changed lines only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from gatekeeper.model.pinning import PinnedFile
from gatekeeper.text.names import plural, printable

_SHORT = 12


def render_pins(files: Sequence[PinnedFile], *, written: bool, difference: bool = False) -> str:
    """A line for each reference that is not as it was, or not in order, and a summary."""
    rows: list[str] = []
    for file in files:
        if difference:
            rows += _difference(file)
        elif rows_of := list(_rows(file)):
            rows += [printable(file.path), *rows_of]
    return "\n".join([*rows, *_summary(files, written=written)]) + "\n"


def _rows(file: PinnedFile) -> Iterator[str]:
    stays = bool(file.troubles)
    lines = [
        (
            it.line,
            f"  {it.line:>4}  {printable(it.what)}  {_shown(it.before)} -> {_shown(it.commit)}"
            + (f" # {it.name}" if it.name else "")
            + ("  (not written)" if stays else ""),
        )
        for it in file.repinned
    ]
    lines += _troubles(file)
    for _, row in sorted(lines, key=lambda it: it[0]):
        yield row


def _troubles(file: PinnedFile) -> Iterator[tuple[int, str]]:
    for it in file.troubles:
        what = f"{printable(it.what)}: " if it.what else ""
        yield it.line, f"  {it.line:>4}  {what}{printable(it.message)}"


def _difference(file: PinnedFile) -> Iterator[str]:
    before, after = (it.decode("utf-8", "replace").split("\n") for it in (file.before, file.after))
    name = printable(file.path)
    # Lines around may hold anything, so they are not shown.
    for row in unified_diff(before, after, f"a/{name}", f"b/{name}", n=0, lineterm=""):
        yield printable(row.rstrip("\r"))
    if file.troubles:
        yield f"{name} is not changed:"
        yield from (row for _, row in _troubles(file))


def _shown(reference: str) -> str:
    whole = len(reference) in (40, 64) and all(
        char in "0123456789abcdefABCDEF" for char in reference
    )
    return reference[:_SHORT] if whole else printable(reference)


def _summary(files: Sequence[PinnedFile], *, written: bool) -> Iterator[str]:
    changed = [file for file in files if file.after != file.before]
    count = sum(len(file.repinned) for file in changed)
    settled = sum(file.settled for file in files)
    left = sum(len(file.troubles) for file in files)
    parts = []
    if count:
        done = "pinned" if written else "to be pinned"
        parts.append(f"{plural(count, 'reference')} {done} in {plural(len(changed), 'file')}")
    if settled:
        parts.append(f"{settled:,} in order")
    if left:
        parts.append(f"{left:,} not in order")
    # Most often one of them is for all.
    remedies = dict.fromkeys(it.remedy for file in files for it in file.troubles if it.remedy)
    yield from (f"  {printable(it)}" for it in remedies)
    yield "; ".join(parts) or "nothing refers to another repository"
    if held := [file for file in files if file.troubles and file.repinned]:
        named = ", ".join(printable(file.path) for file in held[:5])
        yield f"a file is changed as a whole or not at all, so these stay as they are: {named}"
    if images := sum(file.images for file in files):
        yield f"{plural(images, 'container image')} without a digest: this command pins none of them"
