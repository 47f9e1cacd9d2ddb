"""Which names pass for those of well-known packages, and which do not."""

from __future__ import annotations

import json
import lzma
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.gather import gathered
from gatekeeper.managers.registry import sources
from gatekeeper.supplychain.known import Listed, known_names
from gatekeeper.supplychain.lookalike import Kind, KnownNames

RECORDED = Path(__file__).parents[2] / "data" / "managers" / "recorded"
SMALL = KnownNames(["six"], ["requests", "numpy", "python-dateutil", "@types/node", "lodash"])


@pytest.mark.parametrize(
    ("ecosystem", "name", "target", "kind", "confidence"),
    [
        ("pypi", "reqeusts", "requests", "swapped", "high"),
        ("pypi", "requets", "requests", "letter", "medium"),
        ("pypi", "requestss", "requests", "letter", "medium"),
        ("pypi", "pandsa", "pandas", "swapped", "high"),
        ("pypi", "beautifu1soup4", "beautifulsoup4", "characters", "high"),
        ("pypi", "pythondateutil", "python-dateutil", "separators", "high"),
        ("pypi", "dateutil-python", "python-dateutil", "order", "low"),
        ("pypi", "python-requests", "requests", "affix", "low"),
        ("pypi", "cryptograhpy", "cryptography", "swapped", "high"),
        ("pypi", "typing-extentions", "typing-extensions", "letter", "medium"),
        ("npm", "loadsh", "lodash", "swapped", "high"),
        ("npm", "electorn", "electron", "swapped", "high"),
        ("npm", "lodas", "lodash", "letter", "low"),
        ("npm", "cross-env.js", "cross-env", "affix", "low"),
        ("npm", "mssql.js", "mssql", "affix", "low"),
        ("npm", "nodesass", "node-sass", "separators", "high"),
        ("pypi", "nmap-python", "python-nmap", "order", "low"),
        ("npm", "typesnode", "@types/node", "separators", "low"),
        ("npm", "@typescript_eslint/parser", "@typescript-eslint/parser", "separators", "low"),
        ("npm", "l\u043edash", "lodash", "characters", "high"),
    ],
)  # fmt: skip
def test_names_that_pass_for_others(
    ecosystem: Listed, name: str, target: str, kind: Kind, confidence: str
) -> None:
    found = known_names(ecosystem).like(name)

    assert found is not None
    assert (found.target, found.kind, found.confidence) == (target, kind, confidence)


@pytest.mark.parametrize(
    ("ecosystem", "name"),
    [
        ("pypi", "requests"),
        ("pypi", "urllib3"),
        ("pypi", "psycopg9"),  # another version of a name is a successor
        ("pypi", "acme-billing-client"),
        ("pypi", "tox"),
        ("pypi", "sax"),  # short names are near to each other by nature
        ("pypi", ""),
        ("npm", "preact"),  # well known itself
        ("npm", "@types/nodes"),  # whoever owns a scope owns all of its names
        ("npm", "@acme/lodash"),
        ("npm", "@acme/cross-env"),
        ("npm", "left-padding"),
    ],
)
def test_names_that_do_not(ecosystem: Listed, name: str) -> None:
    assert known_names(ecosystem).like(name) is None


@pytest.mark.parametrize("ecosystem", ["pypi", "npm"])
def test_the_list_is_of_distinct_normal_names(ecosystem: Listed) -> None:
    """What is not normalised would never be found in it."""
    path = Path(__file__).parents[3] / "src/gatekeeper/supplychain" / f"known_{ecosystem}.txt"
    lines = path.read_text("utf-8").splitlines()
    names = [it for it in lines if not it.startswith("#")]

    assert lines[0].startswith("# Names of packages on ")
    assert len(names) == len(set(names)) == 8_000
    allowed = set(string.ascii_lowercase + string.digits) | set(
        "-" if ecosystem == "pypi" else "-_.@/~"
    )
    assert {char for name in names for char in name} <= allowed


def test_no_dependency_of_real_projects_is_called_an_imitation() -> None:
    """Twelve projects of both worlds, with all that they bring in, at the level that blocks."""
    judged = 0
    for path in sorted(RECORDED.glob("*.json.xz")):
        files: dict[str, str] = json.loads(lzma.decompress(path.read_bytes()))["files"]
        content = {name: text.encode() for name, text in files.items()}
        for manager, name in sources(sorted(content)):
            for it in gathered(manager, name, content.get).dependencies:
                if it.ecosystem in ("pypi", "npm") and it.origin == "index":
                    found = known_names("pypi" if it.ecosystem == "pypi" else "npm").like(it.name)
                    judged += 1
                    assert found is None or found.confidence == "low", (it.name, found)
    assert judged > 1_000


@given(st.sampled_from(["requests", "numpy", "lodash"]), st.data())
def test_one_slip_of_the_keyboard_is_always_told(target: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(target) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    kind = data.draw(st.sampled_from(["left out", "doubled", "another", "swapped"]))
    slip = {
        "left out": target[:at] + target[at + 1 :],
        "doubled": target[:at] + letter + target[at:],
        "another": target[:at] + letter + target[at + 1 :],
        "swapped": target[:at] + target[at : at + 2][::-1] + target[at + 2 :],
    }[kind]

    found = SMALL.like(slip)

    assert (slip == target) == (found is None)
    assert found is None or found.target == target


def test_a_name_of_a_million_letters_takes_no_time() -> None:
    assert known_names("npm").like("a" * 1_000_000) is None


@given(st.text(max_size=40))
def test_any_name_has_an_answer(name: str) -> None:
    found = SMALL.like(name)

    assert found is None or found.target != name
