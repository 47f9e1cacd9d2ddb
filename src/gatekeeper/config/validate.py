"""Plain data into typed configuration, with errors a person can act on."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from gatekeeper.config.documents import Document, Path, key_name
from gatekeeper.errors import ConfigError
from gatekeeper.text.patterns import regex

T = TypeVar("T")
MAX_SHOWN = 60
# The place stands at the end and holds no back-tick, so a quoted key cannot imitate it.
_PLACE = regex(r" - at (?:`key` in )?`\$([^`]*)`\Z")
_STEP = regex(r"\.([^.\[\]]+)|\[(\d+)\]|(\[\.\.\.\])")
_MISSING = regex(r"Object missing required field `([^`]*)`")
_LENGTH = regex(r"Expected `(\w+)` of length ([<>]=) (\d+)")
_WORDS = {
    "object": "keys and values",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}


def validate(document: Document, shape: type[T]) -> T:
    """The document's data as `shape`; text is never taken for a number, nor a number for text.

    Errors: ConfigError naming file, line and key, what was expected and what was found, and the
    nearest valid name.
    """
    try:
        return msgspec.convert(document.data, shape, strict=True)
    except msgspec.ValidationError as error:
        raise _explain(document, shape, str(error)) from None


def _explain(document: Document, shape: type, text: str) -> ConfigError:
    found = _PLACE.search(text)
    path = _resolve(document.data, shape, text, found[1]) if found else ()
    problem = text[: found.start()] if found else text
    if problem.startswith("Object contains unknown field"):
        return _unknown_key(document, shape, path)
    if missing := _MISSING.fullmatch(problem):
        message = f"the key `{missing[1]}` is missing"
        return ConfigError(_at(path, message), where=document.where(path))
    value = _value(document.data, path)
    if problem.startswith("Invalid enum value") or _is_choice(shape, path, value):
        message, remedy = _unknown_value(shape, path, value)
    else:
        message = f"{_expected(shape, path, problem)}, found {_shown(value)}"
        remedy = _remedy(shape, path, problem, value)
    return ConfigError(_at(path, message), where=document.where(path), remedy=remedy)


def _at(path: Path, message: str) -> str:
    from gatekeeper.text.names import printable

    return printable(f"{key_name(path)}: {message}" if path else message)


def _unknown_key(document: Document, shape: type, path: Path) -> ConfigError:
    from gatekeeper.config.shapes import known_keys
    from gatekeeper.text.names import did_you_mean

    known = known_keys(shape, path)
    key = next(key for key in _value(document.data, path) if key not in known)
    short = key if len(key) <= MAX_SHOWN else key[: MAX_SHOWN - 1] + "…"
    return ConfigError(
        _at((*path, short), "unknown key"),
        where=document.where((*path, key)),
        remedy=did_you_mean(short, known),
    )


def _is_choice(shape: type, path: Path, value: Any) -> bool:
    from gatekeeper.config.shapes import known_values

    return not isinstance(value, dict | list) and bool(known_values(shape, path))


def _unknown_value(shape: type, path: Path, value: Any) -> tuple[str, str]:
    from gatekeeper.config.shapes import known_values
    from gatekeeper.text.names import did_you_mean

    known = known_values(shape, path)
    if len(known) == 1:
        return f"expected {known[0]}, found {_shown(value)}", f"write {known[0]}"
    message = f"expected one of the known values, found {_shown(value)}"
    return message, did_you_mean(str(value)[:MAX_SHOWN], known)


def _expected(shape: type, path: Path, problem: str) -> str:
    """msgspec's words, in those of people who write YAML."""
    from gatekeeper.config.shapes import annotation
    from gatekeeper.text.names import plural

    if length := _LENGTH.fullmatch(problem):
        bound = "at least" if length[2] == ">=" else "at most"
        if length[1] == "array":
            return f"expected a list with {bound} {plural(int(length[3]), 'value')}"
        return f"expected {bound} {plural(int(length[3]), 'character')}"
    if "matching regex" in problem and (meant := annotation(shape, path, "description")):
        return f"expected {meant[:1].lower()}{meant[1:].rstrip('.')}"
    problem = re.sub(r", got `\w+`\Z", "", problem)
    problem = re.sub(
        r"`([^`]*)`",
        lambda match: " or ".join(_WORDS.get(word, word) for word in match[1].split(" | ")),
        problem,
    )
    return problem[:1].lower() + problem[1:]


def _remedy(shape: type, path: Path, problem: str, value: Any) -> str:
    from gatekeeper.config.shapes import annotation

    if problem.startswith("Expected `str`") and isinstance(value, bool | int | float):
        return "put quotes around it to make it text"
    if problem.startswith("Expected `array`") and isinstance(value, str):
        return "write it as a list: [...]"
    known = annotation(shape, path, "examples")
    return f"for example: {', '.join(map(str, known))}" if known else ""


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _value(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _resolve(data: Any, shape: type, text: str, place: str) -> Path:
    """msgspec's place as a key path. It calls every key of a free mapping `[...]`: the one meant
    is the first that fails in the same way when it is there alone."""
    path: Path = ()
    for name, index, free in _STEP.findall(place):
        if free:
            here = _value(data, path)
            alone = (key for key in here if _fails(_only(data, path, key), shape, text))
            path = (*path, next(alone, next(iter(here))))
        else:
            path = (*path, name or int(index))
    return path


def _fails(data: Any, shape: type, text: str) -> bool:
    try:
        msgspec.convert(data, shape, strict=True)
    except msgspec.ValidationError as error:
        return str(error) == text
    return False


def _only(data: Any, path: Path, key: str) -> Any:
    """A copy of `data` in which the mapping at `path` has no key but `key`."""
    if not path:
        return {key: data[key]}
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = _only(data[path[0]], path[1:], key)
    return copy
