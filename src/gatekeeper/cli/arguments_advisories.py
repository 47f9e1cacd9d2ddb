"""The options of `gatekeeper advisories`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import OneOf, Parser, command, lazily, whole

# As in gatekeeper.advisories.names, which is imported when it is needed.
_ECOSYSTEMS = ("github-actions", "npm", "pypi")


def add_advisories(commands: Any) -> None:
    advisories = command(
        commands, "advisories", "keep a snapshot of known vulnerabilities on this machine"
    )
    parts = advisories.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    _add_sync(parts)
    info = command(parts, "info", "print what the snapshot holds, how old it is, and its digest")
    info.add_argument("--verify", action="store_true", help="read all of it, not only the index")
    info.add_argument("--json", action="store_true", help="as JSON")
    serve = command(parts, "serve", "answer OSV's API out of the snapshot, for other auditors")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on, of this machine")
    serve.add_argument(
        "--port", type=whole("--port", 65_535), default=0, help="default: any that is free"
    )
    serve.add_argument(
        "--allow-stale", action="store_true", help="even when it is older than it may be"
    )
    for action, name in ((info, "info"), (serve, "serve")):
        action.add_argument("--config", default="", metavar="FILE", help="use this file")
        action.set_defaults(run=lazily("advisories", f"run_{name}"))


def _add_sync(parts: Any) -> None:
    sync = command(parts, "sync", "replace the snapshot by the newest advisories")
    sync.add_argument(
        "--from",
        dest="sources",
        action="append",
        default=[],
        metavar="SOURCE",
        help="a snapshot, OSV's zip or JSON, a KEV or EPSS list, or a folder of them; a path or"
        " https:// address; may be given several times (default: as configured)",
    )
    sync.add_argument(
        "--ecosystem",
        action="append",
        default=[],
        type=OneOf("ecosystem", _ECOSYSTEMS),
        help="what the snapshot is to hold all advisories about (default: as configured)",
    )
    sync.add_argument(
        "--expect",
        default="",
        metavar="DIGEST",
        help="keep the old snapshot unless the new one is sha256:… (default: advisories.digest)",
    )
    sync.add_argument("--config", default="", metavar="FILE", help="use this file")
    sync.set_defaults(run=lazily("advisories", "run_sync"))
