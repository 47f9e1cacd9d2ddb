"""Path patterns, written as in .gitignore."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    import warnings

    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        # Patterns are checked where they are read; what `re` thinks of `[[` is no news to users.
        warnings.simplefilter("ignore", FutureWarning)
        spec = GitIgnoreSpec.from_lines(patterns)
    return lambda path: bool(spec.match_file(path))


def matches(patterns: Sequence[str], path: str) -> bool:
    """Whether `path` (relative, `/`-separated) matches any of the patterns; none match nothing."""
    return bool(patterns) and _compiled(tuple(patterns))(path)
