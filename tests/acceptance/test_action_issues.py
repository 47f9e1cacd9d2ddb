"""The daily audit as it is shipped, under act: one issue for each problem, gone when it is solved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.acceptance.test_action_dependencies import ACTIONS, OTHER, PYPI, TODAY, zipped
from tests.acceptance.test_cli_audit import PYPROJECT, UV_LOCK, WEAK
from tests.fakes.act import ROOT, Act, Ran
from tests.fakes.github.hub import Hub
from tests.fakes.odd_server import OddServer, odd_server, ok

pytestmark = pytest.mark.slow
# A reusable workflow that fails ends all of a run under act, so here nothing blocks; on GitHub the job
# `issues` follows in any case.
SETTINGS = """\
advisories: {{url: '{url}', kev: '', epss: ''}}
gates: {{dependencies: {{block_from: critical}}}}
issues: {{severity: low, due: {{critical: 3, high: 7, medium: 30, low: 90}}}}
"""


@pytest.fixture
def osv() -> Iterator[OddServer]:
    """OSV's zips, of today."""
    pages = {PYPI: ok(zipped({**WEAK, "modified": TODAY})), ACTIONS: ok(zipped(OTHER))}
    with odd_server(**pages) as server:
        yield server


def test_a_vulnerability_of_the_default_branch_gets_one_issue_until_it_is_gone(
    github: Hub, act: Act, osv: OddServer
) -> None:
    act.env |= dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1")
    target = github.repo.root / ".github/workflows/gatekeeper-audit.yml"
    target.parent.mkdir(parents=True)
    shutil.copy2(ROOT / "workflows/gatekeeper-audit.yml", target)
    files = {
        "pyproject.toml": PYPROJECT, "uv.lock": UV_LOCK, ".github/CODEOWNERS": "uv.lock @ann\n",
        "gatekeeper.yml": SETTINGS.format(url=osv.url),
    }  # fmt: skip
    github.repo.commit("begin", **files)
    github.state.push(github.repo, "main")
    github.repo.git("remote", "add", "origin", "https://github.com/octo/app.git")
    github.state.person("ann", permission="write")
    act.token = github.state.token("ghs_job")
    env = {"GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app"}
    payload = {"repository": {"default_branch": "main", "full_name": "octo/app"}}

    def nightly() -> Ran:
        shutil.rmtree(act.store, ignore_errors=True)
        return act(github.repo, "schedule", payload, env)

    ran = nightly()

    assert ran.result("issues") == "success", ran.log[-4_000:]
    (ticket,) = github.state.tickets.values()
    assert ticket.title == "CVE-2026-0001: pypi:weak"
    assert "owned by `@ann`" in ticket.body
    assert "due on **2" in ticket.body
    assert "Update it to" in ticket.body
    assert (ticket.state, ticket.assignees) == ("open", ["ann"])

    github.repo.commit(
        "update", **{"uv.lock": UV_LOCK.replace('version = "1.0"', 'version = "1.5"')}
    )
    github.state.push(github.repo, "main")
    ran = nightly()
    assert ran.result("issues") == "success", ran.log[-4_000:]
    assert (ticket.state, ticket.reason) == ("closed", "completed")
