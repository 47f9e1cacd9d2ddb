"""What a comment needs to know besides the report: where things are, and who owns them."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from gatekeeper.text.codeowners import CodeOwners
from gatekeeper.text.patterns import regex

_HELP = regex(r"https://([A-Za-z0-9.-]+)(/[A-Za-z0-9._~/#?=&%+-]*)?")


class Look(Struct, frozen=True):
    """`blob` is the address of the files at the commit, without a slash at its end; `details` of
    the whole report. Both may be empty. `today` is an ISO date, for waivers that soon expire.
    `owners` tells nothing where there are no rules. `remark` is Markdown of ours that stands beside
    the verdict.
    """

    blob: str = ""
    details: str = ""
    today: str = ""
    expiring_days: int = 14
    owners: CodeOwners = CodeOwners("")
    remark: str = ""

    def place(self, path: str, line: int, end_line: int) -> str:
        """The address of lines of a file; empty when nobody knows where the files are."""
        if not self.blob or not path or {"", ".", ".."} & set(path.split("/")):
            return ""  # a browser would go somewhere else
        lines = f"#L{line}" + (f"-L{end_line}" if end_line > line else "") if line else ""
        try:
            return f"{self.blob}/{quote(path)}{lines}"
        except UnicodeEncodeError:  # no name that GitHub could show
            return ""


def help_link(url: str) -> str:
    """A link to a rule's page, which says where it leads; empty for any other address."""
    found = _HELP.fullmatch(url)
    # Parentheses, blanks and quotes end a link in Markdown, so they are in none.
    return f"[{found[1]}]({url})" if found and "." in found[1] else ""
