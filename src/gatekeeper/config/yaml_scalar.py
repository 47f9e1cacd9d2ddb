"""Single YAML values: text, whole numbers, numbers, truth values and nothing."""

from __future__ import annotations

from typing import Any

TAG_PREFIX = "tag:yaml.org,2002:"
MAX_NUMBER = 64
_TYPED = frozenset({"int", "float", "bool", "null"})


# What PyYAML finds by expressions, which take longer to compile than a page of text to read.
_WORDS: dict[str, bool | None] = {
    form: value
    for word, value in (
        ("yes", True), ("true", True), ("on", True), ("no", False), ("false", False), ("off", False),
        ("null", None),
    )
    for form in (word, word.capitalize(), word.upper())
}  # fmt: skip


def _plainly(text: str) -> tuple[Any] | None:
    """The value of a word or a small whole number without quotes; None for anything else."""
    first = text[:1]
    if first.isascii() and first.isalpha():
        return (_WORDS.get(text, text),)
    if text.isascii() and text.isdigit() and (first != "0" or text == "0") and len(text) < 10:
        return (int(text),)
    return None


def read_scalar(loader: Any, event: Any) -> Any:
    """The value of a scalar event. What YAML 1.1 would make a date, or give a meaning (`=`),
    stays text. Errors: ValueError, with a message for people."""
    import yaml

    text: str = event.value
    tag = event.tag
    if tag is None and event.implicit[0] and (plain := _plainly(text)):
        if isinstance(plain[0], str):
            _check_text(text)
        return plain[0]
    if tag in (None, "!"):
        tag = loader.resolve(yaml.ScalarNode, text, event.implicit)
        if tag.removeprefix(TAG_PREFIX) not in _TYPED:
            tag = TAG_PREFIX + "str"
    kind = tag.removeprefix(TAG_PREFIX)
    if not tag.startswith(TAG_PREFIX) or kind not in _TYPED | {"str"}:
        raise ValueError(f"unknown tag {tag!r}: leave it out")
    if kind == "str":
        _check_text(text)
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


def _check_text(text: str) -> None:
    """Refuse what no file can hold. Errors: ValueError."""
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("half of a surrogate pair is no character")
