"""Metadata of installed packages, read and never run."""

from __future__ import annotations

from pathlib import Path

from gatekeeper.adapters.installed import distributions
from gatekeeper.adapters.projectenv import ProjectEnvironment


def install(environment: Path, folder: str, metadata: str, **notices: str) -> Path:
    made = environment / "lib/python3.11/site-packages" / folder
    (made / "licenses").mkdir(parents=True)
    (made / "METADATA").write_text(metadata)
    for name, text in notices.items():
        (made / "licenses" / name).write_text(text)
    return made


def test_names_versions_and_notices(tmp_path: Path) -> None:
    install(
        tmp_path, "one-1.0.dist-info", "Name: One\nVersion: 1.0\n\nVersion: 9\n", LICENSE="Free"
    )
    install(tmp_path, "broken-1.dist-info", "no metadata")
    two = install(tmp_path, "two-2.dist-info", "Name: two\nVersion: 2\n")
    (two / "licenses/LICENSE").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("secret")

    found = list(distributions(str(tmp_path)))

    assert [(it.name, it.version, it.notices) for it in found] == [
        ("One", "1.0", ("Free",)), ("two", "2", ()),
    ]  # fmt: skip


def test_the_projects_licences(tmp_path: Path) -> None:
    environment = tmp_path / ".venv"
    install(environment, "a-1.dist-info", "Name: Foo.Bar\nVersion: 1\nLicense: MIT License\n")
    assert ProjectEnvironment(str(tmp_path), {}).licenses() == {}
    (environment / "bin").mkdir()
    (environment / "pyvenv.cfg").touch()
    python = environment / "bin/python"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)

    assert ProjectEnvironment(str(tmp_path), {}).licenses() == {("foo-bar", "1"): "MIT"}
