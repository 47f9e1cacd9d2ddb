"""Texts made from the trees of Kingfisher's patterns: most match, some only nearly do."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from random import Random

from gatekeeper.scanners.kingfisher_tree import Bytes, Choice, Mark, Node, Sequence

_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_TEXT = frozenset({*range(32, 127), 9, 10})
_AROUND = (
    b"%s", b"x = '%s'\n", b'x = "%s";', b"  key: %s\n", b"https://host/?t=%s&u=1\n", b"`%s`",
    b"a\r\n%s\r\nb\r\n", b'{"a": "%s\\n"}', b"_%s_", b"(%s)", b"# %s\n\n", b"\xc3\xa4%s\xc3\xb6\n",
    b"-- " + b"y" * 2000 + b" %s " + b"z" * 50,
)  # fmt: skip
_FOREIGN = ("\u00e9", "\u00a0", "\u2028", "\u00df")


def matching(node: Node, random: Random) -> bytes:
    """A text the tree takes; edges of words are left to chance."""
    match node:
        case Bytes(allowed):
            usual = sorted(allowed & _TEXT) or sorted(allowed)
            words = [byte for byte in usual if byte in _WORD]
            likely = 0.35 if len(allowed) > 90 else 0.85
            return bytes([random.choice(words if words and random.random() < likely else usual)])
        case Mark():
            return b""
        case Sequence(items):
            return b"".join(matching(item, random) for item in items)
        case Choice(options):
            return matching(random.choice(options), random)
    most = node.low + 20 if node.high is None else min(node.high, max(node.low, 600))
    count = random.choice((node.low, most, min(node.low + 1, most), random.randint(node.low, most)))
    return b"".join(matching(node.item, random) for _ in range(count))


def altered(text: bytes, random: Random) -> bytes:
    """Half of the time the text itself, else with a byte, the case or a letter changed."""
    if not text or random.random() < 0.5:
        return text
    at = random.randrange(len(text))
    return random.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + bytes([random.choice(sorted(_TEXT))]) + text[at:],
            text.swapcase(),
            text.upper(),
            text[:at] + text[at:].lower(),
            text[:at] + random.choice(_FOREIGN).encode() + text[at:],
        )
    )


def surrounded(text: bytes, random: Random) -> bytes:
    """The text as files have it: in quotes, assignments, YAML, URLs, long lines."""
    before, _, after = random.choice(_AROUND).partition(b"%s")
    return before + text + after


def encoded(text: bytes, random: Random) -> bytes:
    """The text as Kingfisher can still read it, but no search for its bytes."""
    spaced = b"  " + text + b"  "
    line = text.decode("latin-1")
    return random.choice(
        (
            b"data: " + b64encode(spaced) + b"\n",
            urlsafe_b64encode(b"??>>" + spaced),
            b64encode(b64encode(spaced)),
            line.encode("utf-16"),
            line.encode("utf-16-be"),
            line.encode("utf-32-le"),
        )
    )
