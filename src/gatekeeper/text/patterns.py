"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast

# As it is now: while PyYAML is imported, `re.compile` gives what is made here (config/yaml_reader.py),
# and another thread may need an expression just then.
_compile = re.compile


class _Later(Generic[AnyStr]):
    """Becomes what it stands for, method by method."""

    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        value: object = getattr(_compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for modules: most runs use few of the expressions they load.

    Only its methods and attributes: it is no `re.Pattern` for `isinstance` and the functions of
    `re`. A mistake in the expression shows at its first use.
    """
    return cast("re.Pattern[AnyStr]", _Later(source, flags))
