"""`gatekeeper completion`: scripts for shells, made from the parser and from nothing else.

The scripts hold all words themselves, so pressing Tab starts no process.
"""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

FILES = "files"
FOLDERS = "folders"


class Option(Struct, frozen=True):
    """An option: its names, what it is for, whether it takes a value and which (words, or a kind)."""

    names: tuple[str, ...]
    help: str
    takes: bool
    words: tuple[str, ...] = ()
    kind: str = ""


class Command(Struct, frozen=True):
    """A command by its words behind `gatekeeper`; `words` and `kind` are of its arguments."""

    path: tuple[str, ...]
    summaries: dict[str, str]
    options: tuple[Option, ...]
    words: tuple[str, ...]
    kind: str


def run_completion(options: Namespace) -> int:
    """Print the script for a shell; 0."""
    from gatekeeper.cli.arguments import parser

    print(_SCRIPTS[options.shell](commands(parser())), end="")
    return 0


def commands(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> list[Command]:
    """Every command of the parser, the whole first."""
    below: list[Command] = []
    summaries: dict[str, str] = {}
    options: list[Option] = []
    words: list[str] = []
    kind = ""
    # argparse has no public way to list what a parser takes.
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list its options
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for pseudo in action._choices_actions:  # noqa: SLF001 - as above
                summaries[pseudo.dest] = pseudo.help or ""
            for name, sub in action.choices.items():
                below += commands(sub, (*path, name))
        elif action.option_strings:
            names, known = _values(action)
            options.append(
                Option(tuple(action.option_strings), _one_line(action.help or ""),
                       action.nargs != 0, names, known)
            )  # fmt: skip
        else:
            more, known = _values(action)
            words += more
            kind = kind or known
    return [Command(path, summaries, tuple(options), tuple(words), kind), *below]


def _values(action: argparse.Action) -> tuple[tuple[str, ...], str]:
    """The words an argument takes, or the kind of path."""
    names: Sequence[str] = getattr(action.type, "names", ()) or tuple(action.choices or ())
    metavar = str(action.metavar or "")
    if names:
        return tuple(names), ""
    if metavar == "TOOL":
        from gatekeeper.config.schema import Tools

        return tuple(field.replace("_", "-") for field in Tools.__struct_fields__), ""
    if metavar.startswith("RULE"):
        return _topics(), FILES
    return (), {"FILE": FILES, "PATH": FILES, "FOLDER": FOLDERS}.get(metavar, "")


def _topics() -> tuple[str, ...]:
    """What `explain` knows without looking at a repository; rules of tools would be thousands."""
    from gatekeeper.config.schema import Scanners
    from gatekeeper.explain.own import OWN
    from gatekeeper.explain.words import FAMILIES

    words = [word for _, family in FAMILIES for word in family]
    scanners = [name.replace("_", "-") for name in Scanners.__struct_fields__]
    return tuple(dict.fromkeys((*words, *scanners, *OWN)))


def _one_line(text: str) -> str:
    return " ".join((text % {"prog": "gatekeeper"} if "%" in text else text).split())


def _function(path: Sequence[str]) -> str:
    return "_".join(("_gatekeeper", *path)).replace("-", "_")


def _bash(known: Sequence[Command]) -> str:
    rows = [
        "# bash completion for gatekeeper; made by `gatekeeper completion bash`",
        "_gatekeeper() {",
        '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"',
        "    local path='' word index",
        "    COMPREPLY=()",
        "    for ((index = 1; index < COMP_CWORD; index++)); do",
        '        word="${COMP_WORDS[index]}"',
        '        case "$path $word" in',
        *(
            f'            "{_joined(it.path)}") path="{_joined(it.path)}" ;;'
            for it in known
            if it.path
        ),
        "        esac",
        "    done",
        '    case "$path" in',
    ]
    for it in known:
        rows.append(f'        "{_joined(it.path)}")')
        valued = [option for option in it.options if option.takes]
        if valued:
            rows.append('            case "$prev" in')
            for option in valued:
                rows.append(f"                {'|'.join(option.names)})")
                rows.append(f"                    {_bash_values(option.words, option.kind)}")
                rows.append("                    return ;;")
            rows.append("            esac")
        names = [name for option in it.options for name in option.names]
        rows += [
            '            if [[ "$cur" == -* ]]; then',
            f"                {_bash_values(names, '')}",
            "            else",
            f"                {_bash_values([*it.summaries, *it.words], it.kind)}",
            "            fi ;;",
        ]
    rows += ["    esac", "}", "complete -F _gatekeeper gatekeeper", ""]
    return "\n".join(rows)


def _joined(path: Sequence[str]) -> str:
    return "".join(f" {part}" for part in path)


def _bash_values(words: Sequence[str], kind: str) -> str:
    listed = f'compgen -W "{" ".join(words)}" -- "$cur"' if words else ""
    paths = {FILES: 'compgen -f -- "$cur"', FOLDERS: 'compgen -d -- "$cur"'}.get(kind, "")
    both = "; ".join(filter(None, (listed, paths)))
    if not both:
        return ":"
    option = "compopt -o filenames 2>/dev/null; " if paths else ""
    # Read line by line: a file name may hold blanks.
    return f"{option}mapfile -t COMPREPLY < <({both})"


def _zsh(known: Sequence[Command]) -> str:
    rows = [
        "#compdef gatekeeper",
        "# zsh completion for gatekeeper; made by `gatekeeper completion zsh`",
        "",
    ]
    for it in known:
        rows += [
            f"{_function(it.path)}() {{",
            "  local context state state_descr line",
            "  typeset -A opt_args",
        ]
        specs = [spec for option in it.options for spec in _zsh_option(option)]
        if it.summaries:
            rows.append(f"  _arguments -C {' '.join(specs)} '1: :->command' '*:: :->rest'")
            entries = " ".join(_quoted(f"{name}:{text}") for name, text in it.summaries.items())
            calls = " ".join(f"{name}) {_function((*it.path, name))} ;;" for name in it.summaries)
            rows += [
                '  case "$state" in',
                "    command)",
                f"      local -a names=({entries})",
                "      _describe -t commands 'gatekeeper command' names ;;",
                "    rest)",
                f'      case "${{line[1]}}" in {calls} esac ;;',
                "  esac",
            ]
        else:
            if it.words or it.kind:
                specs.append(_quoted(f"*: :{_zsh_values(it.words, it.kind)}"))
            rows.append(f"  _arguments -s {' '.join(specs)}")
        rows += ["}", ""]
    rows += [
        'if [ "$funcstack[1]" = "_gatekeeper" ]; then',
        '  _gatekeeper "$@"',
        "else",
        "  compdef _gatekeeper gatekeeper",
        "fi",
        "",
    ]
    return "\n".join(rows)


def _zsh_option(option: Option) -> list[str]:
    text = option.help.translate({ord(char): f"\\{char}" for char in "[]:\\"})
    value = f": :{_zsh_values(option.words, option.kind)}" if option.takes else ""
    return [_quoted(f"*{name}[{text}]{value}") for name in option.names]


def _zsh_values(words: Sequence[str], kind: str) -> str:
    paths = {FILES: "_files", FOLDERS: "_files -/"}.get(kind, "")
    if not words:
        return paths or " "
    listed = f"({' '.join(words)})"
    if not paths:
        return listed
    return f'_alternative "words:word:{listed}" "files:file:{paths}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish(known: Sequence[Command]) -> str:
    rows = [
        "# fish completion for gatekeeper; made by `gatekeeper completion fish`",
        "function __gatekeeper_at",
        "    # Whether the words typed so far, options aside, begin with these and no further command.",
        "    set -l typed (commandline -opc)[2..]",
        "    set -l words (string match -v -- '-*' $typed)",
        '    set -l wanted (string split -n " " -- $argv[1])',
        '    set -l below (string split -n " " -- $argv[2])',
        "    for index in (seq (count $wanted))",
        '        test "$words[$index]" = "$wanted[$index]"; or return 1',
        "    end",
        "    set -l next (math (count $wanted) + 1)",
        "    test (count $words) -lt $next; or not contains -- $words[$next] $below",
        "end",
        "complete -c gatekeeper -f",
    ]
    for it in known:
        when = _quoted(f'__gatekeeper_at "{" ".join(it.path)}" "{" ".join(it.summaries)}"')
        start = f"complete -c gatekeeper -n {when}"
        rows += [f"{start} -a {name} -d {_quoted(text)}" for name, text in it.summaries.items()]
        if it.words:
            rows.append(f"{start} -a {_quoted(' '.join(it.words))}")
        if it.kind:
            rows.append(
                f"{start} -F" if it.kind == FILES else f"{start} -a '(__fish_complete_directories)'"
            )
        for option in it.options:
            rows.append(" ".join(filter(None, (start, *_fish_option(option)))))
    return "\n".join((*rows, ""))


def _fish_option(option: Option) -> list[str]:
    parts = [
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    ]
    if option.takes:
        # Files only where a file is meant.
        parts.append("-r" if option.kind else "-x")
        parts.append(f"-a {_quoted(' '.join(option.words))}" if option.words else "")
        parts.append("-F" if option.kind == FILES else "")
        parts.append("-a '(__fish_complete_directories)'" if option.kind == FOLDERS else "")
    return [*parts, f"-d {_quoted(option.help)}"]


_SCRIPTS: Mapping[str, Callable[[Sequence[Command]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
