"""Writes a half of the corpus: files by class, and `expected.json`.

    python -m tests.corpus.write FOLDER

writes the development half. The held-back half is written by the scoring program alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.corpus.corpus import cases
from tests.corpus.model import Case
from tests.corpus.weaknesses import CWES


def written(folder: Path, made: Iterable[Case]) -> list[Case]:
    """Write the cases below `folder`; files of earlier cases go."""
    kept: list[Case] = []
    wanted: set[Path] = set()
    for case in made:
        path = folder / file_of(case)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(case.text, encoding="utf-8")
        wanted.add(path)
        kept.append(case)
    for path in folder.rglob("*.py"):
        if path not in wanted:
            path.unlink()
    expected = {
        "classes": {name: sorted(numbers) for name, numbers in CWES.items()},
        "cases": [
            {
                "id": case.id,
                "file": file_of(case),
                "class": case.weakness,
                "vulnerable": case.vulnerable,
                "function": case.function,
                "parts": case.parts,
            }
            for case in kept
        ],
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1), encoding="utf-8")
    return kept


def file_of(case: Case) -> str:
    """Where the case lies in the folder."""
    own = case.id.rsplit("-", 1)[1]
    return f"{case.weakness}/{own}/{case.file}" if case.file else f"{case.weakness}/{own}.py"


if __name__ == "__main__":
    written(Path(sys.argv[1]), cases("dev"))
