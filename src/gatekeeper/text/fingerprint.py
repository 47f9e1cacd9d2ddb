"""Identity of a finding's content, independent of where the content stands."""

from __future__ import annotations

from hashlib import blake2b

from gatekeeper.text.patterns import regex

_SPACE = regex(r"\s+")
# Strings and comments first, so that brackets inside them do not count.
_TOKEN = regex(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"\"\"|'''"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\#.*|[\[\](){}]"
)
_TRIPLE = frozenset(('"""', "'''"))
_QUOTED = regex(r"([\"'])((?:\\.|(?!\1)[^\\\n])*)\1")
_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
MAX_STATEMENT = 40
_VERSION = b"1"


def normalise(text: str) -> str:
    """Fold white space, so that re-indenting or re-wrapping blanks changes nothing."""
    return _SPACE.sub(" ", text).strip()


def statement_end(lines: list[str], line: int, end_line: int) -> int:
    """Last line of the bracketed statement that starts at `line` (both count from 1).

    Tools often point at the first line of a call; a changed argument further down changes the
    call all the same. A statement is followed over at most MAX_STATEMENT lines; beyond, and where
    brackets do not close, it ends where the tool says.
    """
    depth = 0
    quotes = ""
    last = min(len(lines), line + MAX_STATEMENT)
    for number in range(line, last + 1):
        text = lines[number - 1]
        if quotes:
            _, closed, text = text.partition(quotes)
            if not closed:
                continue
        depth, quotes, joined = _follow(text, depth, within=number < end_line)
        if depth < 0:
            return max(number, end_line)
        if depth == 0 and number >= end_line and not (quotes or joined):
            return number
    return max(line, end_line)


def _follow(text: str, depth: int, *, within: bool) -> tuple[int, str, bool]:
    """Brackets open after this text, quotes of a string it leaves open, whether it ends in `\\`.

    Outside brackets, triple quotes may as well end a string that began further up; they open one
    only `within` the lines the tool named.
    """
    token = ""  # nosec B105 - a bracket or a quote, no password
    for token in _TOKEN.findall(text):
        if token in _OPEN:
            depth += 1
        elif token in _CLOSE:
            depth -= 1
        elif token in _TRIPLE:
            return depth, token if depth > 0 or within else "", False
    return depth, "", text.removesuffix("\r").endswith("\\") and not token.startswith("#")


def span_text(lines: list[str], line: int, end_line: int, *, python: bool) -> str:
    """The normalised content of a finding's lines; the empty string when it has no place."""
    if line < 1 or line > len(lines):
        return ""
    end = min(max(end_line, line), len(lines))
    if python:
        end = min(statement_end(lines, line, end), len(lines))
    return normalise("\n".join(lines[line - 1 : end]))


def context_text(lines: list[str], line: int, end_line: int) -> str:
    """The two nearest non-blank lines on either side, normalised."""
    if line < 1 or line > len(lines):
        return ""
    before: list[str] = []
    for index in range(line - 2, -1, -1):
        if text := normalise(lines[index]):
            before.append(text)
            if len(before) == 2:
                break
    after: list[str] = []
    for index in range(max(end_line, line), len(lines)):
        if text := normalise(lines[index]):
            after.append(text)
            if len(after) == 2:
                break
    return "\n".join([*reversed(before), "", *after])


def digest(*parts: str) -> str:
    """A stable 128-bit hash of texts, as 32 hex digits."""
    state = blake2b(_VERSION, digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "little") + data)
    return state.hexdigest()


def mask_literals(text: str) -> str:
    """`text` with what stands in quotes replaced by 20 bits of its hash.

    A fingerprint may be published where the source is not. Hashing a whole line would let anybody
    confirm a guessed password; twenty bits fit a million guesses, yet tell two values apart.
    """
    return _QUOTED.sub(lambda match: f"{match[1]}{_short(match[2])}{match[1]}", text)


def _short(value: str) -> str:
    state = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return f"{int.from_bytes(state, 'little') & 0xFFFFF:05x}"


def secret_anchor(line_text: str, start: int, end: int) -> str:
    """Content identity of a secret that tells at most 20 bits about its value.

    The text around is kept; the value is replaced by a hash cut so short that a list of guesses
    cannot be confirmed against it, yet another value gives another anchor with near certainty.
    """
    value = line_text[start:end]
    around = normalise(line_text[:start] + " \u2022 " + line_text[end:])[:200]
    return f"{around} {_short(value)}"
