"""What bandit's answers mean, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.bandit import Bandit
from gatekeeper.scanners.interface import Scanned
from tests.fakes.scanning import FakeBatch, context_of, ready, really, snapshot_of

RECORDED = Path(__file__).parents[2] / "data" / "bandit"
PROJECT = {
    "app.py": b"""\
import subprocess  # nosec B404 -- only fixed commands are started
import yaml

subprocess.run(
    "ls *",
    shell=True,
)
yaml.load(open("x"))
""",
    "broken.py": b"def f(:\n",
    "latin.py": b"name = '\xe9'\n",
}
EVAL = b"eval('1')\n"


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of bandit."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(Bandit(), tree), list(answers))
    scanned = Bandit().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("report.json", "report-ignore-nosec.json")
    return answer(*(Completed(1, (RECORDED / name).read_bytes(), "") for name in names))


def test_weaknesses_become_findings() -> None:
    scanned = recorded()

    assert [
        (item.rule, item.line, item.end_line, item.column, item.severity, item.confidence, item.cwe)
        for item in scanned.findings
        if not item.suppression
    ] == [
        ("B607", 4, 7, 1, "low", "high", ("CWE-78",)),
        ("B602", 6, 7, 1, "low", "high", ("CWE-78",)),
        ("B506", 8, 8, 1, "medium", "high", ("CWE-20",)),
    ]
    assert {item.path for item in scanned.findings} == {"app.py"}
    assert scanned.findings[0].help_url.startswith("https://bandit.readthedocs.io/")


def test_what_nosec_hides_is_listed_with_its_reason() -> None:
    hidden = [item for item in recorded().findings if item.suppression]

    assert [(item.rule, item.line, item.suppression) for item in hidden] == [
        ("B404", 1, Suppression("nosec B404", "only fixed commands are started"))
    ]


def test_files_that_cannot_be_parsed_are_not_checked() -> None:
    assert {item.path: item.reason for item in recorded().unchecked} == {
        "broken.py": "parse-error",
        "latin.py": "undecodable",
    }


def test_the_real_bandit_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, Bandit(), PROJECT) == recorded()


def test_a_file_bandit_does_not_mention_is_not_checked() -> None:
    done = Completed(0, b'{"results": [], "errors": [], "metrics": {"./a.py": {}}}', "")

    scanned = answer(done, files={"a.py": b"", "b.py": b""})

    assert [(item.path, item.reason) for item in scanned.unchecked] == [("b.py", "not-reported")]


def test_a_project_without_python_needs_no_bandit() -> None:
    outcome = Bandit().prepare(context_of(snapshot_of({"a.rs": "", ".tox/a.py": ""})))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


def test_the_directive_and_its_reason_are_told_apart(tools: Path, tmp_path: Path) -> None:
    expected = {
        "# nosec": ("nosec", ""),
        "#nosec:B307": ("nosec:B307", ""),
        "# nosec B101, B307": ("nosec B101, B307", ""),
        "# nosec B307 B101 # a constant expression": ("nosec B307 B101", "a constant expression"),
        "# nosec assert_used,B307": ("nosec assert_used,B307", ""),
        "# nosec: constant expressions only": ("nosec", "constant expressions only"),
        "# nosec reviewed": ("nosec", "reviewed"),
        "# noqa: S307  # nosec - built from constants": ("nosec", "built from constants"),
        "# nosec  # noqa: S307": ("nosec", ""),
        "# nosec B101": None,
    }
    lines = ["\x0c", "x = '\u2028'", *(f"eval('1')  {comment}" for comment in expected)]

    found = really(tools, tmp_path, Bandit(), {"a.py": "\n".join(lines).encode()}).findings

    assert {lines[item.line - 1]: item.suppression for item in found} == {
        f"eval('1')  {comment}": told and Suppression(*told) for comment, told in expected.items()
    }


def test_no_message_repeats_a_password(tools: Path, tmp_path: Path) -> None:
    value = "hun" + "ter22"
    lines = (
        "password = '{}'", "login(password='{}')", "def f(password='{}'): ...",
        "if password == '{}': ...", "d = {{'secret': '{}'}}", "d['token'] = '{}'",
        "a.pwd: str = '{}'  # nosec",
    )  # fmt: skip
    files = {"a.py": "\n".join(lines).format(*[value] * len(lines)).encode()}

    found = really(tools, tmp_path, Bandit(), files).findings

    assert {item.rule for item in found} >= {"B105", "B106", "B107"}
    assert all(item.sensitive for item in found)
    assert value not in repr(found)


def test_bandits_own_idea_of_what_to_leave_out_hides_nothing(tools: Path, tmp_path: Path) -> None:
    paths = {
        ".github/scripts/a.py", "tools/parse_CVS.py", "a.gitlab.py", "my.egg/a.py", "gui.pyw",
        ".a.py",
    }  # fmt: skip

    scanned = really(tools, tmp_path, Bandit(), dict.fromkeys(paths, EVAL))

    assert {item.path for item in scanned.findings} == paths
    assert scanned.unchecked == []


@pytest.mark.parametrize(
    "settings",
    [
        {"pyproject.toml": b'[tool.bandit]\nexclude_dirs = ["tests"]\nskips = ["B101"]\n'},
        {"bandit.yaml": b"exclude_dirs: [tests]\nskips: [B101]\n"},
        {"bandit.yml": b"exclude_dirs: [tests]\nskips: [B101]\n"},
        {".bandit": b"[bandit]\nexclude = tests\nskips = B101\n"},
        {
            ".bandit": b"[bandit]\nskips: B101\n",
            "pyproject.toml": b'[tool.bandit]\nexclude_dirs = ["tests"]\n',
        },
    ],
)
def test_the_projects_settings_decide_what_is_found(
    tools: Path, tmp_path: Path, settings: dict[str, bytes]
) -> None:
    files = {
        "a.py": EVAL + b"assert x\n",
        "tests/a.py": EVAL,
        ".github/a.py": EVAL,
        "broken.py": b"def f(:\n",
    }

    scanned = really(tools, tmp_path, Bandit(), settings | files)

    assert {(item.path, item.rule) for item in scanned.findings} == {
        ("a.py", "B307"),
        (".github/a.py", "B307"),
    }
    assert [(item.path, item.reason) for item in scanned.unchecked] == [
        ("broken.py", "parse-error")
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"bandit.yaml": b"exclude_dirs: ["},
        {"bandit.yaml": b"- just a list\n"},
        {"bandit.yaml": b"tests: [B101]\nskips: [B101]\n"},
    ],
)
def test_unusable_settings_are_never_clean(
    tools: Path, tmp_path: Path, settings: dict[str, bytes]
) -> None:
    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, Bandit(), settings | {"a.py": EVAL})
    assert caught.value.reason == "tool-misconfigured"


def test_only_the_settings_bandit_reads_matter_for_its_answer() -> None:
    def digest(**files: bytes) -> str:
        named = {name.replace("_", "."): content for name, content in files.items()}
        return ready(Bandit(), {"a.py": b"", **named}).digest

    plain = digest(pyproject_toml=b"[tool.bandit]\n", README_md=b"one")

    assert digest(pyproject_toml=b"[tool.bandit]\n", README_md=b"other") == plain
    assert digest(pyproject_toml=b"[tool.bandit]\nskips = ['B101']\n", README_md=b"one") != plain
    assert digest(pyproject_toml=b"[tool.ruff]\n") == digest(pyproject_toml=b"[project]\n")
    assert digest(pyproject_toml=b"not toml") == digest()
