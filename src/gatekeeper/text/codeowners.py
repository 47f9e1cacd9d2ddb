"""CODEOWNERS: who owns a path. The last pattern that matches decides, as on GitHub."""

from __future__ import annotations

from gatekeeper.text.globs import matches

# In this order GitHub looks for it.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
# GitHub reads no larger file.
MOST_BYTES = 3 * 1024 * 1024


_Rule = tuple[tuple[str, ...], tuple[str, ...]]


class CodeOwners:
    """The rules of one file. What GitHub does not understand is passed over, as it does."""

    def __init__(self, text: str) -> None:
        self._rules: list[_Rule] = []
        for line in text.splitlines():
            rule = _parsed(line)
            if rule is not None:
                self._rules.append(rule)

    def owners(self, path: str) -> tuple[str, ...]:
        """The owners of a path, as written: `@name`, `@organization/team` or an address."""
        for patterns, owners in reversed(self._rules):
            try:
                found = matches(patterns, path)
            except ValueError:  # no pattern at all, such as one that ends in a backslash
                continue
            if found:
                return owners
        return ()


def _parsed(line: str) -> _Rule | None:
    # A blank in a path is written with a backslash before it.
    words = line.replace("\\ ", "\0").split()
    bare = []
    for word in words:
        if word.startswith("#"):
            break
        bare.append(word.replace("\0", "\\ "))
    # GitHub takes neither `!` nor `[ ]`, and `\#` is no way to begin a pattern with `#`.
    if not bare or bare[0][0] in "!\\" or set("[]") & set(bare[0]):
        return None
    # `docs/*` is about files right in the folder; to .gitignore it would hold for folders, too.
    only_files = bare[0].endswith("/*")
    patterns = (bare[0], f"!{bare[0]}/") if only_files else (bare[0],)
    return patterns, tuple(it for it in bare[1:] if "@" in it)
