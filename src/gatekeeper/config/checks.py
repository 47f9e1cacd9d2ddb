"""What types cannot say about a configuration: values that contradict each other or say nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from gatekeeper.config.documents import Path, key_name
from gatekeeper.config.merge import Layers
from gatekeeper.config.schema import Config, ToolConfig
from gatekeeper.errors import ConfigError

# Names nobody has: patterns that match both match every path.
_PROBES = ("\x01a7.\x02", "\x01a7/\x02b7/\x03c7")


def check(config: Config, layers: Layers) -> None:
    """Errors: ConfigError at the line that decides."""
    if not any(getattr(config.gates, gate).enabled for gate in config.gates.__struct_fields__):
        raise _error(layers, ("gates",), "all gates are disabled", "an empty policy is no pass")
    for field in msgspec.structs.fields(config.tools):
        _check_tool(getattr(config.tools, field.name), ("tools", field.encode_name), layers)
    _check_patterns(config.exclude, ("exclude",), layers)
    if layers.document(("scanners", "size", "exclude")):
        _check_patterns(config.scanners.size.exclude, ("scanners", "size", "exclude"), layers)
    for index, demand in enumerate(config.scanners.coverage.paths):
        _check_patterns(demand.paths, ("scanners", "coverage", "paths", index, "paths"), layers)
    for index, override in enumerate(config.overrides):
        _check_patterns(override.paths, ("overrides", index, "paths"), layers)
    _check_tests(config, layers)
    _check_addresses(config, layers)
    if _matches_everything(config.exclude):
        message = "every file is excluded, so nothing would be checked"
        raise _error(layers, ("exclude",), message, "exclude less")


def pattern_problem(pattern: str) -> str:
    """What is wrong with a path pattern, the empty string when nothing is."""
    from gatekeeper.text.globs import matches

    if not pattern.strip():
        return "an empty pattern matches nothing"
    if pattern.startswith("#"):
        return f"{pattern!r} is a comment in .gitignore's language; write `\\#` for a leading `#`"
    if not pattern.strip().strip("/!"):
        return f"the pattern {pattern!r} matches nothing"
    try:
        matches((pattern,), "a")
    except (ValueError, re.error):
        return f"{pattern!r} is no valid pattern"
    return ""


def patterns_problem(patterns: Sequence[str]) -> tuple[int, str] | None:
    """The index and description of the first bad pattern."""
    for index, pattern in enumerate(patterns):
        if problem := pattern_problem(pattern):
            return index, problem
    if patterns and all(pattern.startswith("!") for pattern in patterns):
        return 0, "patterns that only take away match nothing"
    return None


def _check_patterns(patterns: tuple[str, ...], path: Path, layers: Layers) -> None:
    if found := patterns_problem(patterns):
        raise _error(layers, (*path, found[0]), found[1], "patterns are written as in .gitignore")


def _check_tests(config: Config, layers: Layers) -> None:
    path = ("scanners", "tests", "command")
    command = config.scanners.tests.command
    words: Sequence[str] = command
    if isinstance(command, str):
        import shlex

        try:
            words = shlex.split(command)
        except ValueError as error:
            message = f"this is no command: {str(error).lower()}"
            raise _error(layers, path, message, "write it as a list of words") from None
    if command and not (words and words[0]):
        raise _error(layers, path, "this is no command", "name a program, `auto` or `none`")
    for key, names in (
        (("scanners", "tests", "junit"), config.scanners.tests.junit),
        (("scanners", "coverage", "reports"), config.scanners.coverage.reports),
    ):
        for index, name in enumerate(names):
            if not name or name.startswith(("/", "~")) or ".." in name.split("/"):
                message = f"{name!r} is no path inside the repository"
                remedy = "paths are relative to the repository root, without `..`"
                raise _error(layers, (*key, index), message, remedy)


def _check_addresses(config: Config, layers: Layers) -> None:
    places = [(("advisories", name), getattr(config.advisories, name))
              for name in ("url", "api", "kev", "epss")]  # fmt: skip
    server = (("scanners", "action-pins", "server"), config.scanners.action_pins.server)
    for path, address in (*places, server):
        # Only what a file says is looked at: this runs at every commit.
        if layers.document(path) and (address or path[-1] in ("url", "api")):
            from gatekeeper.text.addresses import address_problem

            if problem := address_problem(address):
                raise _error(layers, path, problem, "write it as https://host/path")


def _check_tool(tool: ToolConfig, path: Path, layers: Layers) -> None:
    if tool.source == "path" and not tool.path:
        message = "`from: path` needs the program's path"
        raise _error(layers, (*path, "from"), message, f"add `path` to {key_name(path)}")
    if tool.path and tool.source != "path":
        message = "a path counts only with `from: path`"
        raise _error(layers, (*path, "path"), message, f"add `from: path` to {key_name(path)}")


def _matches_everything(patterns: tuple[str, ...]) -> bool:
    from gatekeeper.text.globs import matches

    # With a negation the rest may be let in again: `*` followed by `!/src/` is a way to say so.
    negated = any(pattern.startswith("!") for pattern in patterns)
    return not negated and all(matches(patterns, probe) for probe in _PROBES)


def _error(layers: Layers, path: Path, message: str, remedy: str) -> ConfigError:
    from gatekeeper.text.names import printable

    document = layers.document(path)
    where = document.where(path) if document else ""
    return ConfigError(printable(f"{key_name(path)}: {message}"), where=where, remedy=remedy)
