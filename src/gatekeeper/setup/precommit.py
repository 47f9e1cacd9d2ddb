"""gatekeeper's entry in .pre-commit-config.yaml, put in by hand's rules: nothing else changes.

A YAML writer would reformat the whole file. So lines are inserted where the parser says the list
of repositories ends, and the result is read back: unless it is the old data and the entry, nothing
is changed and the entry is shown for pasting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from gatekeeper.config.documents import decode, parse_yaml
from gatekeeper.errors import ConfigError, SetupError
from gatekeeper.setup.facts import PRE_COMMIT
from gatekeeper.setup.origin import UNKNOWN, Origin
from gatekeeper.text.patterns import regex
from gatekeeper.version import REPOSITORY

HOOK = "gatekeeper"
MESSAGE_HOOK = "gatekeeper-commit-msg"
_FROZEN = regex(r"#\s*frozen:\s*(\S+)")


class Entry(Struct, frozen=True):
    """gatekeeper in a pre-commit configuration: its revision, the version that a comment says a
    commit is (`# frozen: v1.2.0`), its hooks, and the line."""

    rev: str
    hooks: tuple[str, ...]
    line: int
    frozen: str = ""


def find_entry(text: str) -> Entry | None:
    """gatekeeper's entry, if there is one. Errors: ConfigError for what is no YAML."""
    document = parse_yaml(PRE_COMMIT, text)
    repos = document.data.get("repos")
    for index, repo in enumerate(repos if isinstance(repos, list) else ()):
        if isinstance(repo, dict) and _is_ours(repo):
            hooks = repo.get("hooks")
            ids = [it.get("id", "") for it in hooks or () if isinstance(it, dict)]
            line = document.line(("repos", index))
            row = text.splitlines()[document.line(("repos", index, "rev")) - 1]
            frozen = _FROZEN.search(row)
            return Entry(
                str(repo.get("rev", "")),
                tuple(map(str, ids)),
                line,
                frozen[1] if frozen else "",
            )
    return None


def _is_ours(repo: dict[str, Any]) -> bool:
    url = str(repo.get("repo", "")).removesuffix("/").removesuffix(".git")
    if url.endswith(f"/{REPOSITORY}"):
        return True
    hooks = repo.get("hooks")
    return any(
        isinstance(it, dict) and str(it.get("id", "")).partition("-")[0] == "gatekeeper"
        for it in (hooks if isinstance(hooks, list) else ())
    )


def with_entry(content: bytes | None, hooks: Sequence[str], origin: Origin = UNKNOWN) -> bytes:
    """The file with gatekeeper's entry; unchanged when it is there. Errors: SetupError."""
    if content is None:
        return "\n".join(("repos:", *entry_lines(hooks, origin), "")).encode()
    text = decode(PRE_COMMIT, content)
    if find_entry(text):
        return content
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    before = parse_yaml(PRE_COMMIT, text).data
    made = _inserted(text, hooks, origin)
    rev = origin.rev.partition(" ")[0]
    entry = {"repo": origin.url, "rev": rev, "hooks": [{"id": hook} for hook in hooks]}
    repos = before.get("repos") or []
    expected = {**before, "repos": [*repos, entry] if isinstance(repos, list) else None}
    try:
        done = parse_yaml(PRE_COMMIT, made).data if isinstance(repos, list) else None
    except ConfigError:
        done = None
    if done != expected:
        raise SetupError(
            "this file is laid out in a way that nothing can be added to safely",
            where=PRE_COMMIT,
            remedy="\n  ".join(("add this to `repos` by hand:", *entry_lines(hooks, origin))),
        )
    return bom + made.encode()


def entry_lines(
    hooks: Sequence[str], origin: Origin, dash: int = 2, hook_dash: int = 4
) -> list[str]:
    """The entry as lines; `dash` is its column, `hook_dash` + 2 that of its hooks."""
    lead = " " * dash
    return [
        f"{lead}- repo: {origin.url}",
        f"{lead}  rev: {origin.rev}",
        f"{lead}  hooks:",
        *(f"{' ' * hook_dash}  - id: {hook}" for hook in hooks),
    ]


def _inserted(text: str, hooks: Sequence[str], origin: Origin) -> str:
    """The text with the entry behind the last repository, in the file's own indentation."""
    import yaml

    newline = "\r\n" if "\r\n" in text else "\n"
    rows = text.split("\n")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    repos = next((value for key, value in pairs if key.value == "repos"), None)
    if repos is None:
        end = len(rows) - (rows[-1] == "")
        rows[end:end] = [it + newline[:-1] for it in ("repos:", *entry_lines(hooks, origin))]
        return _ended(rows, end, newline)
    if not isinstance(repos, yaml.SequenceNode) or not repos.value or repos.flow_style:
        start, end_mark = repos.start_mark, repos.end_mark
        empty = "".join(text[start.index : end_mark.index].split())
        # `repos: []` is what a fresh start looks like; anything else in one line is left alone.
        if empty not in ("[]", ""):
            return text
        made = newline + newline.join(entry_lines(hooks, origin))
        return text[: start.index].rstrip(" ") + made + text[end_mark.index :]
    last = repos.value[-1]
    dash = repos.start_mark.column
    end = _last_line(last) + 1
    # A comment that is indented further than the dashes belongs to the last repository.
    while end < len(rows) and (row := rows[end]).strip().startswith("#"):
        if len(row) - len(row.lstrip()) <= dash:
            break
        end += 1
    blank = [newline[:-1]] if len(repos.value) > 1 and _apart(rows, repos.value) else []
    block = [it + newline[:-1] for it in entry_lines(hooks, origin, dash, _hook_dash(last, dash))]
    rows[end:end] = blank + block
    return _ended(rows, end, newline)


def _ended(rows: list[str], start: int, newline: str) -> str:
    """Rows as text; a last line without a line break gets one, or the entry would join it."""
    if newline == "\r\n" and start and rows[start - 1] and not rows[start - 1].endswith("\r"):
        rows[start - 1] += "\r"
    text = "\n".join(rows)
    return text if text.endswith("\n") else text + "\n"


def _last_line(node: Any) -> int:
    """The last line (from 0) with something of the node on it."""
    import yaml

    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        mark = node.end_mark
        return int(mark.line - (mark.column == 0 and mark.line > node.start_mark.line))
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _hook_dash(last: Any, dash: int) -> int:
    """The column of the hooks' dashes, as the last repository has them, less the two of ours."""
    for key, value in last.value if isinstance(last.value, list) else ():
        if key.value == "hooks" and value.value and not getattr(value, "flow_style", True):
            return int(value.start_mark.column) - 2
    return dash + 2


def _apart(rows: Sequence[str], repos: Sequence[Any]) -> bool:
    """Whether blank lines stand between the repositories."""
    line = repos[-1].start_mark.line
    while line > 0 and rows[line - 1].strip().startswith("#"):
        line -= 1
    return line > 0 and not rows[line - 1].strip()
