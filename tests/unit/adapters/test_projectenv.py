"""Which environment is taken for the project's own, and what is known of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper.adapters.projectenv import ProjectEnvironment


def environment(folder: Path, *names: str) -> Path:
    """A virtual environment, as far as it is looked at."""
    (folder / "bin").mkdir(parents=True)
    packages = folder / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").touch()
    for name in ("python", *names):
        (folder / "bin" / name).touch(mode=0o755)
    return folder


def test_the_active_one_goes_before_the_one_in_the_folder(tmp_path: Path) -> None:
    own, active = environment(tmp_path / ".venv"), environment(tmp_path / "elsewhere")

    inactive = ProjectEnvironment(str(tmp_path), {})
    assert inactive.python == str(own / "bin" / "python")
    found = ProjectEnvironment(str(tmp_path), {"VIRTUAL_ENV": str(active), "PATH": "/bin"})
    assert found.python == str(active / "bin" / "python")
    assert found.variables() == {
        "PATH": f"{active / 'bin'}{os.pathsep}/bin",
        "VIRTUAL_ENV": str(active),
    }


@pytest.mark.parametrize("name", ["CONDA_PREFIX", "pythonLocation"])
def test_what_others_have_made_the_current_one_will_do(tmp_path: Path, name: str) -> None:
    made = environment(tmp_path / "made")
    (made / "pyvenv.cfg").unlink()

    found = ProjectEnvironment(str(tmp_path), {name: str(made), "PATH": "/bin"})

    assert found.python == str(made / "bin" / "python")
    assert "VIRTUAL_ENV" not in found.variables()


def test_the_python_on_the_path_is_nobodys_environment(tmp_path: Path) -> None:
    bare = ProjectEnvironment(str(tmp_path), {"PATH": os.environ["PATH"]})

    assert bare.inherited("PATH") == os.environ["PATH"]
    assert (bare.python, bare.variables(), bare.has("python")) == ("", {}, False)


def test_it_has_programs_and_modules(tmp_path: Path) -> None:
    packages = environment(tmp_path / "venv", "tox") / "lib" / "python3.11" / "site-packages"
    (packages / "pytest").mkdir()
    (packages / "six.py").touch()
    found = ProjectEnvironment(str(tmp_path), {})

    assert [found.has(name) for name in ("tox", "pytest", "six", "nox")] == [
        True,
        True,
        True,
        False,
    ]
