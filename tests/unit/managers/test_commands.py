"""Commands that people copy: nothing in them that a shell would read."""

from __future__ import annotations

import pytest

from gatekeeper.managers.commands import force_setting, lock_command, raise_command
from gatekeeper.managers.registry import MANAGERS


def test_by_the_file_that_names_the_version() -> None:
    assert lock_command("uv-lock", "weak", "1.5") == "uv lock --upgrade-package weak==1.5"
    assert raise_command("package-lock", "@a/b", "1.5.0") == "npm install @a/b@1.5.0"
    assert force_setting("package-lock") == "overrides in package.json"
    assert (lock_command("requirements", "a", "1"), force_setting("requirements")) == ("", "")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("a;b", "1"),
        ("a", "1 && id"),
        ("$(id)", "1"),
        ("-a", "1"),
        ("a", ""),
        ("", "1"),
        ("a\n", "1"),
    ],
)
def test_what_is_no_name_or_version_makes_no_command(name: str, version: str) -> None:
    for manager in MANAGERS:
        assert lock_command(manager, name, version) == ""
        assert raise_command(manager, name, version) == ""
