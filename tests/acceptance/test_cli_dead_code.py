"""Code that nothing uses, in a repository: vulture, where the project configures it."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.repo import Repo, Result

SETTINGS = "[tool.vulture]\n"
LIBRARY = "def helped():\n    return 1\n\n\ndef forgotten():\n    return 2\n"


def lint(repo: Repo, *arguments: str) -> Result:
    return repo.check("--gate", "lint", *arguments)


def dead(result: Result) -> list[tuple[str, str, str]]:
    found = [it for it in result.findings() if it["scanner"] == "vulture"]
    return [(it["path"], it["message"], it["state"]) for it in found]


def test_only_what_a_change_leaves_unused_blocks(repo: Repo, cache: Path) -> None:
    repo.write("pyproject.toml", SETTINGS)
    repo.write("app/library.py", LIBRARY)
    repo.write("app/main.py", "from app.library import helped\n\nprint(helped())\n")
    repo.commit()
    repo.branch()
    repo.write("app/main.py", "print(1)\n")

    result = lint(repo)

    # The file that changed is not the one that has a problem now.
    assert result.status == 1
    assert sorted(dead(result)) == [
        ("app/library.py", "unused function 'forgotten'", "existing"),
        ("app/library.py", "unused function 'helped'", "new"),
    ]


def test_files_that_are_left_out_use_things_and_ignored_ones_are_not_there(
    repo: Repo, cache: Path
) -> None:
    repo.write("pyproject.toml", SETTINGS)
    repo.write("gatekeeper.yml", "version: 1\nexclude: [vendor/]\n")
    repo.write(".gitignore", ".venv/\n")
    repo.write("library.py", LIBRARY)
    repo.write("vendor/used.py", "import library\nlibrary.helped()\n\n\ndef unused():\n    pass\n")
    repo.commit()
    repo.write(".venv/other.py", "import library\nlibrary.forgotten()\n")

    result = lint(repo, "--all")

    assert dead(result) == [("library.py", "unused function 'forgotten'", "new")]


def test_what_ruff_finds_as_well_is_one_finding(repo: Repo, cache: Path) -> None:
    repo.write("pyproject.toml", SETTINGS)
    repo.write("a.py", "import os\n")
    repo.commit()

    (found,) = lint(repo, "--all").findings()

    (other,) = found["also_found_by"]
    assert (found["rule"], other["rule"]) == ("F401", "unused-import")
