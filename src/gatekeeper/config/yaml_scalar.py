"""Single YAML values: text, whole numbers, numbers, truth values and nothing."""

from __future__ import annotations

from typing import Any

TAG_PREFIX = "tag:yaml.org,2002:"
MAX_NUMBER = 64
_TYPED = frozenset({"int", "float", "bool", "null"})


def read_scalar(loader: Any, event: Any) -> Any:
    """The value of a scalar event. What YAML 1.1 would make a date, or give a meaning (`=`),
    stays text. Errors: ValueError, with a message for people."""
    import yaml

    text: str = event.value
    tag = event.tag
    if tag in (None, "!"):
        tag = loader.resolve(yaml.ScalarNode, text, event.implicit)
        if tag.removeprefix(TAG_PREFIX) not in _TYPED:
            tag = TAG_PREFIX + "str"
    kind = tag.removeprefix(TAG_PREFIX)
    if not tag.startswith(TAG_PREFIX) or kind not in _TYPED | {"str"}:
        raise ValueError(f"unknown tag {tag!r}: leave it out")
    if kind == "str":
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise ValueError("half of a surrogate pair is no character")
        return text
    if kind == "null":
        return None
    # Sums over thousands of `:`-separated parts would take minutes.
    if len(text) > MAX_NUMBER:
        raise ValueError(f"a number with {len(text):,} characters: put quotes around text")
    try:
        return getattr(loader, f"construct_yaml_{kind}")(yaml.ScalarNode(tag, text))
    except (ValueError, LookupError, ArithmeticError):
        raise ValueError(f"{text!r} does not fit the tag {kind!r}") from None
