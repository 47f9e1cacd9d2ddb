"""`gatekeeper pin`, and the scanner action-pins, with real repositories behind git."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.remotes import Github
from tests.fakes.repo import Repo

CI = ".github/workflows/ci.yml"
TEXT = """\
on: push   # every push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: "two"
        uses: 'actions/setup-python/sub@v5'  # zizmor: ignore[unpinned-uses] ours
      - uses: ./here
"""


@pytest.fixture
def hub(tmp_path: Path) -> Github:
    return Github(tmp_path / "github")


@pytest.fixture
def commits(hub: Github) -> dict[str, str]:
    checkout = hub.action("actions/checkout", "v3.0.0", "v4", "v4.2.1")
    python = hub.action("actions/setup-python", "v5.0.0", "v5")
    return {**checkout, "python": python["v5"]}


def test_pin_verify_and_pin_again(repo: Repo, hub: Github, commits: dict[str, str]) -> None:
    repo.write(CI, TEXT)
    wanted = TEXT.replace("checkout@v4", f"checkout@{commits['v4']} # v4").replace(
        "sub@v5'  # zizmor", f"sub@{commits['python']}'  # v5 # zizmor"
    )

    check = repo.gatekeeper("pin", "--check", env=hub.environ)
    shown = repo.gatekeeper("pin", "--diff", env=hub.environ)

    assert (check.status, shown.status) == (1, 1)
    assert "2 references to be pinned in 1 file" in check.stdout
    assert f"+      - uses: actions/checkout@{commits['v4']} # v4" in shown.stdout
    assert "every push" not in shown.stdout
    assert (repo.root / CI).read_text() == TEXT

    done = repo.gatekeeper("pin", env=hub.environ)

    assert done.status == 0, done.stdout + done.stderr
    assert (repo.root / CI).read_text() == wanted
    assert done.stdout.splitlines() == [
        CI,
        f"     6  actions/checkout  v4 -> {commits['v4'][:12]} # v4",
        f"     8  actions/setup-python/sub  v5 -> {commits['python'][:12]} # v5",
        "2 references pinned in 1 file",
    ]
    again = repo.gatekeeper("pin", "--check", env=hub.environ)
    assert (again.status, again.stdout) == (0, "2 in order\n")


def test_a_commit_of_a_fork_under_a_good_comment(
    repo: Repo, hub: Github, commits: dict[str, str]
) -> None:
    foreign = hub.impostor("actions/checkout")
    text = TEXT.replace("checkout@v4", f"checkout@{foreign} # v4.2.1")
    repo.write(CI, text)

    done = repo.gatekeeper("pin", env=hub.environ)

    assert done.status == 1
    assert "is on no branch and no tag of https://github.com/actions/checkout" in done.stdout
    assert "so these stay as they are: .github/workflows/ci.yml" in done.stdout
    assert (repo.root / CI).read_text() == text


def test_what_cannot_be_asked_is_inconclusive(
    repo: Repo, hub: Github, commits: dict[str, str]
) -> None:
    repo.write(CI, TEXT)
    gone = {"GIT_CONFIG_GLOBAL": str(hub.root / "gitconfig-gone")}
    Path(gone["GIT_CONFIG_GLOBAL"]).write_text(
        f'[url "file://{hub.root}/nowhere/"]\n\tinsteadOf = https://github.com/\n'
    )

    assert repo.gatekeeper("pin", env=gone).status == 3
    assert repo.gatekeeper("pin", "--offline", env=hub.environ).status == 1
    assert repo.gatekeeper("pin", env=hub.environ).status == 0
    offline = repo.gatekeeper("pin", "--offline", env=hub.environ)

    assert offline.status == 3
    assert "it is pinned, and was not verified: offline" in offline.stdout


def test_paths_excludes_and_hooks(repo: Repo, hub: Github, commits: dict[str, str]) -> None:
    hooks = (
        "repos:\n  - repo: https://github.com/actions/checkout\n    rev: v3.0.0\n    hooks: []\n"
    )
    repo.write(".pre-commit-config.yaml", hooks)
    repo.write("old/action.yml", "runs:\n  steps:\n    - uses: actions/checkout@v3.0.0\n")
    repo.write("gatekeeper.yml", "exclude: [old/]\n")
    repo.write("README.md", "")

    assert repo.gatekeeper("pin", env=hub.environ).stdout == (
        "nothing refers to another repository\n"
    )
    assert repo.gatekeeper("pin", ".pre-commit-config.yaml", env=hub.environ).status == 0
    assert (repo.root / ".pre-commit-config.yaml").read_text() == hooks.replace(
        "v3.0.0", f"{commits['v3.0.0']} # frozen: v3.0.0"
    )
    assert repo.gatekeeper("pin", "old/action.yml", "--check", env=hub.environ).status == 1
    refused = repo.gatekeeper("pin", "README.md", env=hub.environ)
    assert refused.status == 2
    assert "there is nothing to pin here" in refused.stderr
    assert repo.gatekeeper("pin", "--server", "git://x", env=hub.environ).status == 2


def test_the_gate_asks_when_it_is_told_to(repo: Repo, hub: Github, commits: dict[str, str]) -> None:
    good = f"jobs:\n  a:\n    steps:\n      - uses: actions/checkout@{commits['v4.2.1']} # v4.2.1\n"
    settings = "scanners: {action-pins: {verify: true}, dependencies: {enabled: false}}\n"
    repo.commit(**{CI: good, "gatekeeper.yml": settings})
    repo.branch()
    foreign = hub.impostor("actions/checkout")
    repo.commit(**{CI: good.replace(commits["v4.2.1"], foreign)})

    base = ("--gate", "dependencies", "--base", "main")
    blocked = repo.check(*base, env=hub.environ)
    offline = repo.check(*base, "--offline", env=hub.environ)

    assert blocked.status == 1
    assert [it["rule"] for it in blocked.findings("new")] == ["impostor-commit"]
    assert offline.status == 3
    assert {it["reason_code"] for it in offline.report["unchecked"]} == {"service-unavailable"}


def test_a_vulnerable_action_is_known_by_its_comment_or_by_its_repository(
    repo: Repo, hub: Github, commits: dict[str, str], tmp_path: Path
) -> None:
    events = (("introduced", "0"), ("fixed", "4.2.2"))
    about = affected("actions/checkout", *events, ecosystem="GitHub Actions")
    cache = tmp_path / "cache"
    snapshot(cache, record("GHSA-2222-3333-4444", about, summary="Prints secrets"))
    env = {**hub.environ, "GATEKEEPER_CACHE_DIR": str(cache)}
    settings = "advisories: {max_age_days: 3650}\n"
    bare = f"jobs:\n  a:\n    steps:\n      - uses: actions/checkout@{commits['v4.2.1']}"

    repo.commit(**{CI: f"{bare} # v4.2.1\n", "gatekeeper.yml": settings})
    claimed = repo.gatekeeper("audit", "--format", "json", env=env)
    repo.commit(**{CI: f"{bare}\n"})
    unclaimed = repo.gatekeeper("audit", "--format", "json", env=env)
    repo.commit(**{"gatekeeper.yml": settings + "scanners: {action-pins: {verify: true}}\n"})
    asked = repo.gatekeeper("audit", "--format", "json", env=env)

    assert [it["rule"] for it in claimed.findings("new")] == ["GHSA-2222-3333-4444"]
    (account,) = claimed.report["dependencies"]
    assert account["advice"]["message"] == (
        "write actions/checkout@v4.2.2, and have `gatekeeper pin` put its commit there"
    )
    assert (unclaimed.status, unclaimed.findings()) == (3, [])
    (left,) = unclaimed.report["unchecked"]
    assert left["reason_code"] == "unpinned"
    assert "`gatekeeper pin` writes the version beside the commit" in left["message"]
    assert [it["rule"] for it in asked.findings("new")] == ["GHSA-2222-3333-4444"]
