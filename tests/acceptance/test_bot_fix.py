"""`/gatekeeper fix`: safe fixes of a hostile change, by tools that run nothing of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.github.commenting import Begin, answers, bot, say, writes
from tests.fakes.github.hub import Hub

BAD = "import os\nimport sys\n\nprint(sys.argv)\n"
GOOD = "import sys\n\nprint(sys.argv)\n"


def at_head(hub: Hub, path: str, branch: str = "feature") -> str:
    return hub.state.git("show", f"{branch}:{path}")


def test_safe_fixes_become_a_commit_on_what_was_commented_on(begin: Begin, cache: Path) -> None:
    hub = begin({"app/new.py": BAD, "a.py": "VALUE = 1\nOTHER = 2\n", "notes.md": "x\n"},
                **{"old.py": BAD})  # fmt: skip
    head = hub.state.commit_of("feature")
    it = say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert at_head(hub, "app/new.py") == GOOD
    assert at_head(hub, "old.py") == BAD, "what was there before is not this change's business"
    assert hub.state.commit_of("feature^") == head
    assert hub.state.git("diff", "--name-only", "feature^", "feature").split() == ["app/new.py"]
    message = hub.state.git("log", "-1", "--format=%B", "feature")
    assert message.startswith("Apply the safe fixes of ruff\n\nAsked for in http")
    assert f"issuecomment-{it.id}" in message
    assert answers(hub)[0].startswith("The safe fixes to 1 file are in `")
    assert it.reactions == [("github-actions[bot]", "rocket")]


def test_a_fix_that_was_cut_off_is_not_made_twice(begin: Begin, cache: Path) -> None:
    hub = begin({"new.py": BAD})
    say(hub, "/gatekeeper fix")
    hub.fake.fail("POST", "/issues/1/comments", 500, times=1)
    assert bot() == 3

    assert bot() == 0

    assert hub.state.git("rev-list", "--count", "main..feature").strip() == "2"
    assert len(answers(hub)) == 1
    assert answers(hub)[0].startswith("The safe fixes are in `")


def test_a_commit_that_only_says_to_be_ours_is_not(begin: Begin, cache: Path) -> None:
    hub = begin({"new.py": BAD})
    it = say(hub, "/gatekeeper fix")
    hub.repo.git("checkout", "-q", "feature")
    url = f"{hub.fake.root}/octo/app/pull/1#issuecomment-{it.id}"
    hub.repo.commit(f"Apply the safe fixes of ruff\n\nAsked for in {url}", **{"evil.py": "X = 1\n"})
    hub.state.push(hub.repo, "feature")
    hub.repo.git("checkout", "-q", "main")

    assert bot() == 0

    assert writes(hub) == []
    assert "the branch has changed since" in answers(hub)[0]


def test_nothing_of_the_change_is_run_or_decides_what_is_run(
    begin: Begin, cache: Path, tmp_path: Path
) -> None:
    """Settings, programs and locks of the change, in every place where a tool may look for them."""
    trap = tmp_path / "trap"
    program = f"#!/bin/sh\ntouch {trap}\n"
    lock = "evil==1.0 --hash=sha256:" + "0" * 64 + "\n"
    change = {
        "new.py": BAD,
        "gatekeeper.yml": "tools: {ruff: {from: path, path: ./ruff}}\n",
        "pyproject.toml": "[tool.ruff.lint]\nselect = []\n",
        "ruff.toml": "lint.select = []\n",
        ".gatekeeper/locks/ruff.txt": lock,
        ".gitattributes": "*.py filter=evil diff=evil\n",
        "sitecustomize.py": f"open({str(trap)!r}, 'w')\n",
        ".git-hooks/pre-commit": program,
        ".venv/bin/ruff": program,
        "ruff": program,
    }
    hub = begin(change)
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert not trap.exists()
    assert at_head(hub, "new.py") == GOOD, "by the default branch's settings"
    assert not os.path.exists(hub.repo.root / "new.py")
    assert hub.repo.git("status", "--porcelain") == ""


def test_links_and_odd_names_of_the_change_lead_nowhere(
    begin: Begin, cache: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(BAD, encoding="utf-8")
    hub = begin({"-rf.py": BAD, "a b\n.py": BAD, "--config=x.py": BAD})
    hub.repo.git("checkout", "-q", "feature")
    (hub.repo.root / "link.py").symlink_to(outside)
    (hub.repo.root / "up").symlink_to(tmp_path)
    hub.push({})
    hub.repo.git("checkout", "-q", "main")
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert outside.read_text(encoding="utf-8") == BAD
    assert [at_head(hub, it) for it in ("-rf.py", "--config=x.py", "a b\n.py")] == [GOOD] * 3
    assert hub.state.git("ls-tree", "feature", "link.py").startswith("120000")


def test_imports_are_sorted_as_the_whole_tree_has_it(begin: Begin, cache: Path) -> None:
    """`app` is not in the change: it is first-party all the same."""
    settings = "[lint]\nselect = ['I']\n"
    sorted_well = "import requests\n\nimport app\n\nprint(app, requests)\n"
    hub = begin({"run.py": sorted_well, "other.py": "import sys\nimport os\nprint(os, sys)\n"},
                **{"ruff.toml": settings, "app/__init__.py": ""})  # fmt: skip
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert at_head(hub, "run.py") == sorted_well
    assert at_head(hub, "other.py").startswith("import os\nimport sys\n")


def test_an_executable_file_stays_one(begin: Begin, cache: Path) -> None:
    hub = begin({"a.py": "VALUE = 1\n"})
    hub.repo.git("checkout", "-q", "feature")
    (hub.repo.root / "tool.py").write_text(BAD, encoding="utf-8")
    (hub.repo.root / "tool.py").chmod(0o755)
    hub.push({})
    hub.repo.git("checkout", "-q", "main")
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert hub.state.git("ls-tree", "feature", "tool.py").startswith("100755")
    assert at_head(hub, "tool.py") == GOOD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a.py": "VALUE = 2\n"}, "nothing in this change that ruff repairs safely"),
        ({"notes.md": "x\n"}, "nothing in this change that ruff repairs safely"),
        ({f"m{at}.py": "X = 1\n" for at in range(101)}, "more than 100 Python files"),
    ],
)
def test_where_there_is_nothing_to_fix_nothing_is_written(
    begin: Begin, cache: Path, change: dict[str, str], said: str
) -> None:
    hub = begin(change)
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert writes(hub) == []
    assert said in answers(hub)[0]


def test_a_fork_is_not_pushed_to(begin: Begin) -> None:
    hub = begin({"new.py": BAD}, fork="mallory/app")
    say(hub, "/gatekeeper fix")

    assert bot() == 0

    assert writes(hub) == []
    assert "comes from another repository" in answers(hub)[0]
    assert "`gatekeeper check --fix`" in answers(hub)[0]


def test_a_branch_that_moves_while_it_is_fixed_is_not_overwritten(
    begin: Begin, cache: Path
) -> None:
    hub = begin({"new.py": BAD})
    say(hub, "/gatekeeper fix")
    hub.repo.git("checkout", "-q", "feature")
    hub.repo.commit("meanwhile", **{"b.py": "X = 1\n"})
    hub.repo.git("checkout", "-q", "main")

    def push(verb: str, path: str) -> None:
        if verb == "PATCH" and "/git/refs/" in path:
            hub.fake.before.clear()
            hub.repo.git("checkout", "-q", "feature")
            hub.state.push(hub.repo, "feature")
            hub.repo.git("checkout", "-q", "main")

    hub.fake.before.append(push)

    assert bot() == 0

    assert at_head(hub, "new.py") == BAD
    assert at_head(hub, "b.py") == "X = 1\n"
    assert "the branch has changed meanwhile" in answers(hub)[0]
