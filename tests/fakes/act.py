"""Workflows that really run: nektos/act on this machine, without containers and without GitHub.

`uses: org/gatekeeper@v1` is a copy of this working tree; actions/cache is a strict stand-in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.repo import Repo

ROOT = Path(__file__).parents[2]
ACT = Path(sys.executable).with_name("act")
ACTIONS = ROOT / "tests" / "data" / "actions"
# What a checkout of the action needs to have; the rest of the repository plays no part.
SHIPPED = (
    "action.yml",
    "actions",
    ".github",
    "workflows",
    "hooks",
    "src",
    "uv.lock",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


@dataclass(frozen=True)
class Ran:
    """What a run of a workflow left behind, as GitHub would have seen it."""

    status: int
    events: list[dict[str, Any]]
    log: str

    def outputs(self, *steps: str) -> dict[str, str]:
        """The outputs of a step, by its id."""
        return {
            event["name"]: event["arg"]
            for event in self.events
            if event.get("command") == "set-output" and event.get("stepID") == list(steps)
        }

    def annotations(self, *levels: str) -> list[dict[str, str]]:
        """What would be shown beside the code: the level, the text, and the properties."""
        return [
            {"level": event["command"], "text": event["arg"], **event.get("kvPairs", {})}
            for event in self.events
            if event.get("command") in (levels or ("error", "warning", "notice"))
        ]

    @property
    def summary(self) -> str:
        """The job's summary."""
        return "".join(it["content"] for it in self.events if it.get("command") == "summary")

    @property
    def output(self) -> str:
        """What the steps printed."""
        return "".join(it["msg"] for it in self.events if it.get("raw_output"))

    @property
    def commands(self) -> set[str]:
        """Every workflow command and file command that was obeyed."""
        return {str(it["command"]) for it in self.events if "command" in it}

    def result(self, job: str) -> str:
        """How a job ended; the empty string when it did not run."""
        found = [it["jobResult"] for it in self.events if "jobResult" in it and it["jobID"] == job]
        return found[-1] if found else ""

    def seconds(self, *steps: str) -> float:
        """How long a step took."""
        return sum(
            float(event["executionTime"]) / 1e9
            for event in self.events
            if event.get("stage") == "Main"
            and event.get("stepID") == list(steps)
            and "stepResult" in event
        )


@dataclass
class Act:
    """`home` holds what outlives a job on a machine; `store` what actions/cache keeps.

    `token` is what `github.token` is.
    """

    home: Path
    checkout: Path
    store: Path
    env: dict[str, str] = field(default_factory=dict)
    path: str = field(default_factory=lambda: os.environ["PATH"])
    replaced: dict[str, Path] = field(default_factory=dict)
    token: str = ""

    @property
    def artifacts(self) -> Path:
        """Every artifact, as a folder of its name."""
        return self.store / "artifacts"

    def __call__(
        self, repo: Repo, event: str = "push", payload: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None, workflow: str = "",
    ) -> Ran:  # fmt: skip
        """Run the workflows of the repository, as they are in its working tree."""
        folder = self.home / "calls"
        folder.mkdir(exist_ok=True)
        described = folder / f"event-{os.getpid()}.json"
        described.write_text(json.dumps(payload or {}), encoding="utf-8")
        replaced = {"org/gatekeeper@v1": self.checkout, **self.replaced}
        for path in used(self.checkout):
            name, _, commit = path.partition("@")
            owner = "/".join(name.split("/")[:2])
            stand_in = ACTIONS / owner.removeprefix("actions/")
            if owner == "org/gatekeeper":
                replaced[f"{owner}@{commit}"] = self.checkout
            elif stand_in.is_dir():
                replaced[f"{owner}@{commit}"] = stand_in
        given = {
            "CACHE_STORE": str(self.store / "cache"),
            "ARTIFACT_STORE": str(self.artifacts),
            **{name: os.environ[name] for name in PASSED if name in os.environ},
            **self.env,
            **(env or {}),
        }
        argv = [
            str(ACT), event, "--json", "-P", "ubuntu-latest=-self-hosted", "--no-cache-server",
            "--eventpath", str(described), "--defaultbranch", "main",
            *(f"--local-repository={name}={path}" for name, path in replaced.items()),
            *(f"--env={name}={value}" for name, value in given.items()),
            *((f"--workflows={workflow}",) if workflow else ()),
            *((f"--secret=GITHUB_TOKEN={self.token}",) if self.token else ()),
        ]  # fmt: skip
        done = subprocess.run(
            argv,
            cwd=repo.root,
            env={
                "PATH": self.path,
                "HOME": str(self.home),
                "XDG_CACHE_HOME": str(self.home / ".cache"),
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
            },
            capture_output=True,
            check=False,
            timeout=280,
        )
        log = (done.stdout + done.stderr).decode("utf-8", "replace")
        events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        return Ran(done.returncode, events, log)

    def install(self, repo: Repo) -> None:
        """Have gatekeeper installed on the runner, by a run of its own."""
        if not list(self.home.glob(".cache/act/tool_cache/gatekeeper/*/.complete")):
            self(repo)


# How a package index is reached from here is the machine's own business.
PASSED = (
    "PIP_CERT", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_FIND_LINKS", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR",
    "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
)  # fmt: skip


def checkout(folder: Path) -> Path:
    """A copy of what the action consists of, as a checkout of it would have it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def used(folder: Path) -> set[str]:
    """Every `uses:` of the actions and workflows below a folder."""
    found: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("uses"), str):
                found.add(node["uses"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.yaml")]):
        look(yaml.safe_load(path.read_text(encoding="utf-8")))
    return found
