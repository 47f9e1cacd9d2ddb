"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import AnyStr, Generic, cast

# As it is now: `compiled_when_used` has another one stand in for it.
_COMPILE = re.compile


class _Later(Generic[AnyStr]):
    """Becomes what it stands for, method by method."""

    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        value: object = getattr(_COMPILE(self._source, self._flags), name)
        setattr(self, name, value)
        return value


@contextmanager
def compiled_when_used() -> Iterator[None]:
    """While a module of somebody else's loads: its expressions are compiled like our own.

    Only for modules that use nothing but methods of them.
    """
    before = vars(re)["compile"]
    vars(re)["compile"] = regex
    try:
        yield
    finally:
        vars(re)["compile"] = before


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for modules: most runs use few of the expressions they load.

    Only its methods and attributes: it is no `re.Pattern` for `isinstance` and the functions of
    `re`. A mistake in the expression shows at its first use.
    """
    return cast("re.Pattern[AnyStr]", _Later(source, flags))
