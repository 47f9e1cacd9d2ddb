"""`gatekeeper config`: show, validate, schema."""

from __future__ import annotations

from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.cli.config import render_schema, render_show, render_valid
from gatekeeper.cli.setting import Setting, load_setting
from gatekeeper.text.names import plural


def run_show(options: Namespace) -> int:
    """The effective configuration; 0."""
    print(render_show(_setting(options).loaded, options.json), end="")
    return 0


def run_validate(options: Namespace) -> int:
    """Whether configuration and waivers load; 0, or the error's exit status."""
    setting = _setting(options)
    print(render_valid(setting.loaded), end="")
    print(f"waivers: {plural(len(setting.waivers), 'waiver')}, all valid")
    return 0


def run_schema(options: Namespace) -> int:
    """The JSON Schema; 0."""
    print(render_schema("waivers" if options.waivers else "config"), end="")
    return 0


def _setting(options: Namespace) -> Setting:
    repository = wiring.open_repository()
    return load_setting(repository.root, repository.worktree(), options.config)
