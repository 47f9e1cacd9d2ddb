"""The action as a consumer's workflow uses it, run by act with the real tools."""

from __future__ import annotations

import html.parser
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from gatekeeper.text.names import printable
from tests.fakes.act import Act, Ran
from tests.fakes.repo import Repo

WORKFLOW = """\
on: [push, pull_request, merge_group]
permissions: {}
jobs:
  gate:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - id: gate
        uses: org/gatekeeper@v1
        with:
          cache: "off"
"""
# For tests about something else, which are to reach for no network.
NO_ADVISORIES = 'advisories: "off"'
OLD = "import os\n\nVALUE = 1\n"  # an unused import
NEW = "import os\nimport sys\n\nVALUE = 1\n"
OUTPUTS = {
    "verdict", "status", "blocking", "new", "existing", "waived", "suppressed", "unchecked",
    "output", "part", "json", "sarif", "html",
}  # fmt: skip
# act hands the outputs of a composite action's own steps to its one outer step as well.
INNER = {
    made.format(it)
    for it in ("tools", "results", "advisories")
    for made in ("{}-path", "{}-key", "save-{}")
}


def workflow(repo: Repo, *inputs: str, text: str = WORKFLOW) -> None:
    repo.write(".github/workflows/gate.yml", text + "".join(f"          {it}\n" for it in inputs))


def consumer(repo: Repo, *inputs: str) -> str:
    """A repository with an old problem, that uses the action; its first commit."""
    workflow(repo, NO_ADVISORIES, *inputs)
    repo.write("gatekeeper.yml", "gates: {workflows: {enabled: false}}\n")
    return repo.commit("first", **{"old.py": OLD})


def pull_request(repo: Repo, base: str, **more: Any) -> Mapping[str, Any]:
    """The event of a pull request from a fork, as far as it matters."""
    head = {"ref": "feature", "sha": repo.git("rev-parse", "HEAD"), **more}
    return {
        "action": "opened",
        "number": 7,
        "pull_request": {
            "number": 7,
            "title": more.get("title", "a change"),
            "base": {"ref": "main", "sha": base},
            "head": {**head, "repo": {"full_name": "somebody/fork", "fork": True}},
        },
    }


def verdict(ran: Ran) -> tuple[str, str, int, str]:
    """The verdict and status as outputs, act's own status, and how the job ended."""
    said = ran.outputs("gate")
    return said.get("verdict", ""), said.get("status", ""), ran.status, ran.result("gate")


def test_a_clean_push_passes(repo: Repo, act: Act) -> None:
    before = consumer(repo)
    repo.commit("second", **{"new.py": "VALUE = 2\n"})

    ran = act(repo, payload={"before": before})

    assert verdict(ran) == ("pass", "0", 0, "success"), ran.log
    said = ran.outputs("gate")
    assert said["blocking"] == said["new"] == "0"
    assert int(said["existing"]) >= 1
    assert ran.annotations() == []
    assert "## ✅" in ran.summary or "pass" in ran.summary.lower()


def test_a_pull_request_that_adds_to_old_problems_is_blocked(repo: Repo, act: Act) -> None:
    base = consumer(repo)
    repo.branch()
    repo.commit("worse", **{"old.py": NEW})

    ran = act(repo, "pull_request", pull_request(repo, base))

    assert verdict(ran) == ("block", "1", 1, "failure"), ran.log
    said = ran.outputs("gate")
    assert (said["blocking"], said["new"], said["existing"]) == ("1", "1", "1")
    (annotation,) = ran.annotations()
    assert (annotation["level"], annotation["file"], annotation["line"]) == ("error", "old.py", "2")
    assert "sys" in annotation["text"]
    assert "old.py" in ran.summary


def test_a_merge_queue_is_compared_with_what_it_will_be_merged_into(repo: Repo, act: Act) -> None:
    base = consumer(repo)
    repo.branch("gh-readonly-queue/main/pr-7")
    repo.commit("queued", **{"old.py": NEW})
    group = {
        "base_sha": base,
        "base_ref": "refs/heads/main",
        "head_sha": repo.git("rev-parse", "HEAD"),
    }

    ran = act(repo, "merge_group", {"action": "checks_requested", "merge_group": group})

    assert verdict(ran) == ("block", "1", 1, "failure"), ran.log
    assert (ran.outputs("gate")["new"], ran.outputs("gate")["existing"]) == ("1", "1")


def test_what_cannot_be_installed_makes_it_inconclusive(
    repo: Repo, act: Act, tmp_path: Path
) -> None:
    before = consumer(repo)
    repo.commit("second", **{"new.py": "VALUE = 2\n"})
    empty = {
        "GATEKEEPER_CACHE_DIR": str(tmp_path / "empty"),
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_HTTP_RETRIES": "0",
    }
    act.install(repo)

    ran = act(repo, payload={"before": before}, env=empty)

    assert verdict(ran) == ("inconclusive", "3", 1, "failure"), ran.log
    titles = {it.get("title", "") for it in ran.annotations("error")}
    assert {"not checked: ruff", "not checked: bandit"} <= titles
    assert "(tool-install-failed)" in ran.summary
    assert "Traceback" not in ran.log


class Summary(html.parser.HTMLParser):
    """What HTML there is."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def tags(markdown: str) -> set[str]:
    """The HTML elements that Markdown becomes; GitHub lets HTML in it through."""
    shown = Summary()
    shown.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
    return shown.tags


HOSTILE_BRANCH = "x;touch$IFS$(pwd)/pwned`touch$IFS/tmp/pwned`::error::branch"
HOSTILE_TEXT = """\
\n::error file=old.py,line=1::injected\n::set-output name=verdict::pass
##[error]injected\n::add-path::/tmp/pwned\n::stop-commands::x
verdict=pass\nverdict<<EOF\npass\nEOF\n$(touch pwned) `touch pwned` ${{ github.token }}
<img src=x onerror=alert(1)><script>alert(1)</script><details><!-- [x](javascript:1) |
"""
HOSTILE_NAME = "a\n::error::name\n##[error]b<img src=x>$(touch pwned)`x`.py"
SHADOWS = ("gatekeeper", "msgspec", "json", "sitecustomize", "encodings")


def fill_with_hostility(repo: Repo) -> None:
    text = HOSTILE_TEXT.encode("unicode_escape").decode()
    repo.write(HOSTILE_NAME, f'import os\n\nVALUE = eval("{text}")\nassert VALUE == None\n')
    repo.write("b.py", f"TEXT = {HOSTILE_TEXT!r}\n::error::code\n{HOSTILE_TEXT}\n")
    repo.write("c.py", f"import {'x' * 9000}\n" + "import os\n" * 40)
    # What Python would find first if it looked into the current folder.
    for name in SHADOWS:
        repo.write(f"{name}.py", "open('imported', 'w')\n")
        repo.write(f"{name}/__init__.py", "open('imported', 'w')\n")
    repo.write("gatekeeper.sh", "#!/bin/sh\ntouch pwned\n").chmod(0o755)
    repo.commit(f"commit ::error::message\n\n{HOSTILE_TEXT}")


def test_nothing_hostile_becomes_a_command_an_output_an_annotation_or_html(
    repo: Repo, act: Act
) -> None:
    base = consumer(repo)
    repo.branch()
    fill_with_hostility(repo)
    event = pull_request(repo, base, ref=HOSTILE_BRANCH, title=HOSTILE_TEXT)

    ran = act(repo, "pull_request", event, env={"GITHUB_HEAD_REF": HOSTILE_BRANCH})

    assert verdict(ran)[0] == "block", ran.log
    tokens = {it["arg"] for it in ran.events if it.get("command") == "stop-commands"}
    ours = {"set-output", "summary", "error", "warning", "notice", "add-path", "set-env"}
    assert ran.commands - tokens - ours <= {"stop-commands", "ignored"}
    assert not [*act.home.rglob("pwned"), *act.home.rglob("imported")]
    assert OUTPUTS <= ran.outputs("gate").keys() <= OUTPUTS | INNER
    added = {it["arg"] for it in ran.events if it.get("command") == "add-path"}
    assert len(added) == 1
    assert "tool_cache/gatekeeper/" in added.pop()
    assert 0 < len(ran.annotations("error")) <= 10
    for annotation in ran.annotations():
        assert annotation.keys() <= {"level", "text", "title", "file", "line", "endLine", "col"}
        assert "\n" not in annotation["text"]
        assert len(annotation["text"]) <= 4096
        assert not annotation["text"].startswith(("injected", "name", "branch", "code", "message"))
        assert annotation.get("file", "b.py") in {printable(HOSTILE_NAME), "b.py", "c.py"} | {
            it for name in SHADOWS for it in (f"{name}.py", f"{name}/__init__.py")
        }
    assert tags(ran.summary) & {"img", "script", "a", "iframe", "style", "svg"} == set()


def test_several_projects_have_one_verdict(repo: Repo, act: Act) -> None:
    workflow(repo, "gate: lint", "working-directory: |", "  one", "  two", "  three")
    repo.write("one/a.py", "VALUE = 1\n")
    repo.write("two/b.py", "VALUE = 2\n")
    repo.write("two/gatekeeper.yml", "gates: {lint: {block_from: critical}}\n")
    repo.write("three/c.py", "VALUE = 3\n")
    before = repo.commit("first")
    repo.write("two/b.py", NEW)
    repo.write("three/c.py", NEW)
    repo.commit("second")

    ran = act(repo, payload={"before": before})

    assert verdict(ran)[0] == "block", ran.log
    assert "3 projects, 1 not passing" in ran.summary
    assert [line for line in ran.summary.splitlines() if line.startswith("| `")] == [
        "| `one` | ✅ pass | 0 | 0 |",
        "| `two` | ✅ pass | 0 | 2 |",
        "| `three` | ⛔ blocked | 2 | 2 |",
    ]
    assert {it.get("file") for it in ran.annotations("error")} == {"three/c.py"}
    said = ran.outputs("gate")
    assert (said["blocking"], said["new"], said["json"]) == ("2", "4", "")


def test_a_wrong_input_is_an_error_that_says_so(repo: Repo, act: Act) -> None:
    consumer(repo, "gate: lnt")

    ran = act(repo)

    assert verdict(ran) == ("error", "2", 1, "failure"), ran.log
    assert "did you mean 'lint'?" in ran.annotations("error")[0]["text"]


@pytest.mark.slow
def test_what_one_run_saves_the_next_one_restores(repo: Repo, act: Act, tmp_path: Path) -> None:
    workflow(repo, "gate: lint", text=WORKFLOW.replace('cache: "off"', "cache: auto"))
    before = repo.commit("first", **{"a.py": "VALUE = 1\n"})
    repo.commit("second", **{"a.py": "VALUE = 2\n"})
    act.env["GATEKEEPER_CACHE_DIR"] = str(tmp_path / "own")
    act.home = tmp_path / "fresh"

    def fresh(*arguments: Any, **more: Any) -> Ran:
        for folder in (act.home, tmp_path / "own"):
            shutil.rmtree(folder, ignore_errors=True)
        act.home.mkdir()
        return act(repo, *arguments, **more)

    first = fresh(payload={"before": before})
    saved = sorted(path.name.partition("-linux")[0] for path in (act.store / "cache").iterdir())
    assert saved == ["gatekeeper-results", "gatekeeper-tools"], first.log
    nowhere = "http://127.0.0.1:9/simple"
    unplugged = dict.fromkeys(("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), nowhere)
    second = fresh(payload={"before": before}, env=unplugged)

    assert verdict(second)[0] == "pass", second.log
    assert "cached" in second.output
    assert len(list((act.store / "cache").glob("gatekeeper-tools-*"))) == 1
