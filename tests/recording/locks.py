"""Lock files of real projects, and what the tools that wrote them say is in them.

`python -m tests.recording.locks FOLDER OUT NAME...` records projects whose sdists are unpacked
below FOLDER: each gets OUT/NAME.json.xz with its files and the exports of uv, poetry, pdm, pipenv.
The tools are installed into FOLDER/.tools when they are not there.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from uv import find_uv_bin

TOOLS: Mapping[str, Sequence[str]] = {
    "poetry": ("poetry==2.5.1", "--with", "poetry-plugin-export"),
    "pdm": ("pdm==2.29.4", "--with", "hishel==1.4.0"),
    "pipenv": ("pipenv==2026.10.3",),
}


def install(folder: Path, *names: str) -> None:
    """Put tools into an environment of their own below `folder`."""
    for name in names:
        if not (folder / "bin" / name).exists():
            places = {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
            command = (find_uv_bin(), "tool", "install", "--quiet", "--python", sys.executable)
            subprocess.run((*command, *TOOLS[name]), env=os.environ | places, check=True)


def run(folder: Path, *command: str) -> str:
    """What a command says in a project's folder."""
    environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    environment |= {"PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_VENV_IN_PROJECT": "1"}
    environment |= {"NO_COLOR": "1", "COLUMNS": "200", "PDM_CHECK_UPDATE": "false"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
        timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def uv(project: Path, _: Path) -> dict[str, str]:
    program = find_uv_bin()
    if not (project / "uv.lock").exists():
        run(project, program, "lock", "--quiet")
    everything = ("--all-groups", "--all-extras", "--all-packages", "--frozen", "--no-annotate")
    export = (program, "export", "--quiet", *everything)
    return {
        "uv.lock": (project / "uv.lock").read_text(),
        "uv.txt": run(project, *export, "--no-emit-workspace"),
        "uv-annotated.txt": run(
            project, program, "export", "--quiet", *everything[:-1], "--no-hashes"
        ),
        "pylock.toml": run(project, *export, "--format", "pylock.toml"),
    }


def poetry(project: Path, tools: Path) -> dict[str, str]:
    program = str(tools / "bin" / "poetry")
    # By its simple index, which mirrors have as well.
    with (project / "pyproject.toml").open("a") as file:
        file.write('\n[[tool.poetry.source]]\nname = "index"\nurl = "https://pypi.org/simple/"\n')
    run(project, program, "lock", "--no-interaction")
    text = run(project, program, "export", "--all-groups", "--all-extras", "--no-interaction")
    return {"poetry.lock": (project / "poetry.lock").read_text(), "poetry.txt": text}


def pdm(project: Path, tools: Path) -> dict[str, str]:
    program = str(tools / "bin" / "pdm")
    run(project, program, "use", "-f", sys.executable)
    run(project, program, "lock", "-G", ":all")
    text = run(project, program, "export", "-G", ":all", "--no-extras")
    return {"pdm.lock": (project / "pdm.lock").read_text(), "pdm.txt": text}


def pipenv(project: Path, tools: Path) -> dict[str, str]:
    program = str(tools / "bin" / "pipenv")
    wanted = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    folder = project / ".pipenv"
    folder.mkdir(exist_ok=True)
    (folder / "wanted.txt").write_text("\n".join(wanted))
    run(folder, program, "--python", sys.executable, "install", "--skip-lock", "-r", "wanted.txt")
    run(folder, program, "lock")
    return {
        "Pipfile": (folder / "Pipfile").read_text(),
        "Pipfile.lock": (folder / "Pipfile.lock").read_text(),
        "pipenv.txt": run(folder, program, "requirements", "--hash"),
    }


STEPS: Mapping[str, Callable[[Path, Path], dict[str, str]]] = {
    "uv": uv, "poetry": poetry, "pdm": pdm, "pipenv": pipenv
}  # fmt: skip


def bare(text: str) -> str:
    """A pyproject.toml with what the project and its extras ask for, and nothing else.

    For projects whose development asks for what no index has.
    """
    project = tomllib.loads(text)["project"]
    rows = ["[project]", f'name = "{project["name"]}"', 'version = "0"']
    rows.append(f'requires-python = "{project.get("requires-python", ">=3.10")}"')
    rows.append(f"dependencies = {json.dumps(project.get('dependencies', []))}")
    rows.append("[project.optional-dependencies]")
    rows += [
        f"{json.dumps(extra)} = {json.dumps(wanted)}"
        for extra, wanted in project.get("optional-dependencies", {}).items()
    ]
    # Nothing is built: there is nothing but dependencies.
    return "\n".join([*rows, "[tool.uv]", "package = false", ""])


def main(folder: Path, out: Path, names: Sequence[str]) -> None:
    tools = folder / ".tools"
    install(tools, *TOOLS)
    for name in names:
        source = next(folder.glob(f"{name}-[0-9]*/"))
        whole = (source / "pyproject.toml").read_text()
        files = {"pyproject.toml": whole}
        for step, record in STEPS.items():
            simple = [bare(whole)] if "\n[project]\n" in f"\n{whole}" else []
            for manifest in (files["pyproject.toml"], *simple):
                project = folder / ".work" / f"{name}-{step}"
                shutil.rmtree(project, ignore_errors=True)
                shutil.copytree(source, project)
                (project / "pyproject.toml").write_text(manifest)
                try:
                    files |= record(project, tools)
                    files["pyproject.toml"] = manifest
                    break
                except (RuntimeError, KeyError, subprocess.TimeoutExpired) as error:
                    print(name, step, error)
        print(name, source.name, {key: len(text) for key, text in files.items()}, flush=True)
        data = json.dumps({"source": source.name, "files": files}).encode()
        (out / f"{name}.json.xz").write_bytes(lzma.compress(data, preset=9))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
