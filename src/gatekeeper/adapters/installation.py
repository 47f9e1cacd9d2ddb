"""Installs gatekeeper from a checkout and its lock: nothing in it is unpinned, nothing is built.

It runs before anything is installed, so it needs nothing but Python itself.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence

COMPLETE = ".complete"
# What the build puts into the package besides; see pyproject.toml.
BESIDE = {"hooks": "hooks", "workflows": "starters"}
_DEADLINE = 600


class InstallError(Exception):
    """What happened, and what to do about it."""


def install_into(program: str, checkout: str) -> None:
    """Install the package of a checkout, and all that its lock names, into a folder of its own.

    It is complete when COMPLETE is in it. Raises InstallError.
    """
    shutil.rmtree(program, ignore_errors=True)
    os.makedirs(program, mode=0o700)
    locked = os.path.join(program, "uv.txt")
    with open(locked, "w", encoding="utf-8") as file:
        file.write(_uv_requirement(checkout))
    boot = os.path.join(program, "boot")
    _start(
        (
            *_pip(program), "install", "--quiet", "--disable-pip-version-check", "--no-input",
            "--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", boot,
            "--requirement", locked,
        ),
        "uv could not be installed",
    )  # fmt: skip
    uv = os.path.join(boot, "bin", "uv")
    all_locked = os.path.join(program, "requirements.txt")
    quiet = ("--quiet", "--no-config", "--no-progress")
    _start(
        (
            uv, "export", *quiet, "--project", checkout, "--frozen", "--no-dev",
            "--no-emit-project", "--no-header", "--output-file", all_locked,
        ),
        "the lock could not be read",
    )  # fmt: skip
    environment = os.path.join(program, "env")
    python = os.path.join(environment, "bin", "python")
    _start(
        (uv, "venv", *quiet, "--no-project", "--python", sys.executable, environment),
        "the environment could not be made",
    )
    _start(
        (
            uv, "pip", "sync", *quiet, "--python", python, "--require-hashes",
            "--only-binary", ":all:", "--compile-bytecode", all_locked,
        ),
        "gatekeeper's own packages could not be installed",
    )  # fmt: skip
    _put_in_place(program, python, checkout)
    shutil.rmtree(boot, ignore_errors=True)
    with open(os.path.join(program, COMPLETE), "w", encoding="utf-8"):
        pass


def _put_in_place(program: str, python: str, checkout: str) -> None:
    """Copy the package itself: building it would need a build backend, and more to trust."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = os.path.join(program, "env", "lib", version, "site-packages", "gatekeeper")
    shutil.copytree(
        os.path.join(checkout, "src", "gatekeeper"),
        packages,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name, inside in BESIDE.items():
        if os.path.isdir(os.path.join(checkout, name)):
            shutil.copytree(os.path.join(checkout, name), os.path.join(packages, inside))
    _start((python, "-I", "-m", "compileall", "-q", packages), "gatekeeper is no valid Python")
    folder = os.path.join(program, "bin")
    os.makedirs(folder)
    script = os.path.join(folder, "gatekeeper")
    with open(script, "w", encoding="utf-8") as file:
        # Isolated: the current folder belongs to the change, and must not be imported from.
        file.write(f'#!/bin/sh\nexec {shlex.quote(python)} -I -m gatekeeper "$@"\n')
    os.chmod(script, 0o700)


def _uv_requirement(checkout: str) -> str:
    """uv in the version, and with the hashes, that the lock names."""
    with open(os.path.join(checkout, "uv.lock"), "rb") as file:
        packages = tomllib.load(file)["package"]
    locked = next(package for package in packages if package["name"] == "uv")
    hashes = [wheel["hash"] for wheel in locked["wheels"]]
    return " \\\n  ".join((f"uv=={locked['version']}", *(f"--hash={it}" for it in hashes))) + "\n"


def _pip(program: str) -> tuple[str, ...]:
    if importlib.util.find_spec("pip"):
        return sys.executable, "-I", "-m", "pip"
    own = os.path.join(program, "pip")
    _start((sys.executable, "-I", "-m", "venv", own), f"{sys.executable} brings no pip along")
    return os.path.join(own, "bin", "python"), "-I", "-m", "pip"


def _start(argv: Sequence[str], problem: str) -> None:
    """Run a program outside the repository; raises InstallError with its last words."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    # A mirror that was set up for pip serves uv as well.
    mirror = environment.get("UV_INDEX_URL") or environment.get("PIP_INDEX_URL")
    if mirror and "UV_DEFAULT_INDEX" not in environment:
        environment["UV_DEFAULT_INDEX"] = mirror
        environment.setdefault("PIP_INDEX_URL", mirror)
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            argv,
            cwd=os.path.dirname(argv[0]),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"{problem}: it took more than {_DEADLINE} s") from None
    if done.returncode != 0:
        said = " ".join(done.stdout.decode("utf-8", "replace").split())[-600:]
        raise InstallError(
            f"{problem}: {said}\nThe package index has to be reachable: UV_DEFAULT_INDEX and"
            " PIP_INDEX_URL name a mirror. A Python without pip needs a step with"
            " actions/setup-python before."
        )
