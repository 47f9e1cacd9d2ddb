"""What ships for GitHub Actions: complete, pinned, checked by real checkers, and in step with the code."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekeeper.adapters.advisory_file import snapshot_path
from gatekeeper.adapters.bootstrap import SOURCE, advisory_path, result_path
from gatekeeper.adapters.cache import FILE_NAME
from gatekeeper.cli.action_inputs import INPUTS, NO_INPUT, OF_THE_ACTION
from gatekeeper.cli.action_reports import DEFAULT_FORMATS, outputs
from gatekeeper.cli.arguments import parser
from gatekeeper.scanners.registry import scanners
from tests.fakes.act import used
from tests.fakes.scanning import installed

ROOT = Path(__file__).parents[2]
ACTIONS = [ROOT / "action.yml", *sorted(ROOT.glob("actions/*/action.yml"))]
WORKFLOWS = [*sorted(ROOT.glob(".github/workflows/*.yml")), *sorted(ROOT.glob("workflows/*.yml"))]
SHIPPED = [*ACTIONS, *WORKFLOWS]
OURS = "org/gatekeeper"
MAY_WRITE = {
    "gatekeeper-audit.yml": {"issues"},
    "gatekeeper-bot.yml": {"actions", "contents", "pull-requests"},
    "gatekeeper-code-scanning.yml": {"security-events"},
    "gatekeeper-forks.yml": {"pull-requests"},
    "gatekeeper-pull-requests.yml": {"pull-requests"},
    "docs.yml": {"pages", "id-token"},
}
_PINNED = re.compile(r"\s*-? ?uses: (?P<name>[\w.-]+/[\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(node: Any) -> Iterator[dict[str, Any]]:
    """Every step of an action or a workflow."""
    if isinstance(node, dict):
        yield from node.get("steps") or ()
        for value in node.values():
            yield from steps(value)
    elif isinstance(node, list):
        for value in node:
            yield from steps(value)


def test_all_of_it_is_there() -> None:
    assert [named(path) for path in ACTIONS] == [
        "action.yml", "actions/audit/action.yml", "actions/bot/action.yml",
        "actions/check/action.yml", "actions/comment/action.yml", "actions/plan/action.yml",
        "actions/setup/action.yml",
    ]  # fmt: skip
    assert {"audit.yml", "gate.yml", "release.yml", "gatekeeper.yml"} <= {
        path.name for path in WORKFLOWS
    }


@pytest.mark.parametrize("path", SHIPPED, ids=named)
def test_every_uses_is_a_commit_with_its_version_beside_it(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    local = [line for line in lines if "uses: ./ " in line]

    assert [line for line in lines if line not in local and not _PINNED.fullmatch(line)] == []
    # Only this project's own workflows are where `./` is this project.
    assert not local or path.name in {"ci.yml", "release.yml"}


def test_one_action_is_pinned_to_one_commit_everywhere() -> None:
    commits: dict[str, set[str]] = {}
    for path in SHIPPED:
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := _PINNED.fullmatch(line):
                owner = "/".join(found["name"].split("/")[:2])
                commits.setdefault(owner, set()).add(line.partition("@")[2])

    assert {name: pins for name, pins in commits.items() if len(pins) > 1} == {}


@pytest.mark.parametrize("path", SHIPPED, ids=named)
def test_nothing_is_written_into_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(loaded(path)) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_workflows_have_no_more_rights_than_they_need(path: Path) -> None:
    workflow = loaded(path)

    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert isinstance(job["permissions"], dict), name
        writes = {right for right, level in job["permissions"].items() if level == "write"}
        assert path.name == "release.yml" or writes <= MAY_WRITE.get(path.name, set()), name
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text


def test_zizmor_finds_nothing(tools: Path) -> None:
    argv = [
        installed(tools, scanners()["zizmor"]),
        "--offline",
        "--persona",
        "pedantic",
        "--no-config",
    ]

    done = subprocess.run([*argv, *map(str, SHIPPED)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("completed") == len(SHIPPED), done.stderr


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-actions", ACTIONS), ("vendor.github-workflows", WORKFLOWS)],
)
def test_githubs_schemas_fit(tools: Path, schema: str, paths: list[Path]) -> None:
    program = installed(tools, scanners()["workflow-schema"])

    done = subprocess.run(
        [program, "--builtin-schema", schema, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def options_of(command: str) -> set[str]:
    """The long options of a command, without their dashes."""
    choices = next(
        it.choices for it in parser()._actions if isinstance(it, argparse._SubParsersAction)
    )
    chosen = choices[command]
    found = {name for action in chosen._actions for name in action.option_strings}
    return {name[2:] for name in found if name.startswith("--")} - {"help"}


def test_the_inputs_are_the_options_of_check() -> None:
    inputs = set(loaded(ROOT / "action.yml")["inputs"])
    known = {it.name for it in INPUTS}

    assert known <= options_of("check")
    assert options_of("check") - known - set(OF_THE_ACTION) == set(NO_INPUT), (
        "an option of `check` is neither an input in cli/action_inputs.py nor has a reason not to be"
    )
    assert inputs == known | set(OF_THE_ACTION)
    assert {it.name for it in INPUTS if it.merging} <= options_of("merge")


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_every_input_reaches_a_step(path: Path) -> None:
    action = loaded(path)
    handed = {
        (name, value)
        for step in steps(action["runs"])
        for name, value in step.get("env", {}).items()
        if name.startswith("INPUT_")
    }

    assert handed == {
        (f"INPUT_{name.upper().replace('-', '_')}", f"${{{{ inputs.{name} }}}}")
        for name in action["inputs"]
    }
    assert all(isinstance(it["default"], str) for it in action["inputs"].values())


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_descriptions_are_plain_text(path: Path) -> None:
    """An action whose description has an expression is refused as a whole."""
    action = loaded(path)
    texts = [it["description"] for it in (action, *action["inputs"].values())]

    assert [it for it in texts if "${{" in it] == []


def test_the_action_does_what_its_two_halves_do() -> None:
    whole, setup, check = (
        loaded(ROOT / name)
        for name in ("action.yml", "actions/setup/action.yml", "actions/check/action.yml")
    )
    halves = str(setup["runs"]["steps"] + check["runs"]["steps"]).replace(
        "/../../actions/", "/actions/"
    )

    assert str(whole["runs"]["steps"]) == halves
    assert whole["outputs"] == check["outputs"]
    assert whole["inputs"] == setup["inputs"] | check["inputs"] | {
        "shard": check["inputs"]["shard"]
    }


def test_an_audit_does_what_a_check_does_with_another_command() -> None:
    whole, audit = (loaded(ROOT / it) for it in ("action.yml", "actions/audit/action.yml"))
    left_out = set(whole["inputs"]) - set(audit["inputs"])
    text = str(whole["runs"]["steps"]).replace("/actions/setup/", "/../../actions/setup/")
    for name in left_out:
        variable = f"INPUT_{name.upper().replace('-', '_')}"
        text = re.sub(rf"(, )?'{variable}': '[^']*'(?(1)|, )", "", text)
    text = text.replace("'Judge', 'id': 'check'", "'Audit', 'id': 'audit'")
    text = text.replace("action check", "action audit").replace("steps.check.", "steps.audit.")

    assert str(audit["runs"]["steps"]) == text
    known = {it.name for it in INPUTS if it.auditing}
    assert known <= options_of("audit")
    assert set(audit["inputs"]) == known | (set(OF_THE_ACTION) - {"shards"})
    assert set(audit["outputs"]) == {*outputs([], 0), "output", *DEFAULT_FORMATS}


def test_the_outputs_are_what_the_code_sets() -> None:
    declared = set(loaded(ROOT / "action.yml")["outputs"])

    assert declared == {*outputs([], 0), "output", "part", *DEFAULT_FORMATS}


def test_the_reusable_workflow_hands_everything_on() -> None:
    """A shard and the job that judges it have to be asked the same."""
    workflow = loaded(ROOT / ".github/workflows/gate.yml")
    jobs = workflow["jobs"]
    asked = {
        name: next(
            {key: value for key, value in step["with"].items() if not key.startswith("shard")}
            for step in jobs[name]["steps"]
            if "/actions/check@" in step.get("uses", "") or "/actions/plan@" in step.get("uses", "")
        )
        for name in jobs
    }
    asked["plan"].pop("max-shards")

    assert asked["check"] == asked["verdict"]
    assert asked["plan"].items() <= asked["check"].items()
    assert set(asked["check"]) <= set(workflow[True]["workflow_call"]["inputs"])


def test_the_reusable_audit_hands_on_what_it_is_given() -> None:
    workflow = loaded(ROOT / ".github/workflows/audit.yml")
    (given,) = (it["with"] for it in steps(workflow) if "/actions/audit@" in it.get("uses", ""))
    inputs = workflow[True]["workflow_call"]["inputs"]

    assert set(inputs) - {"runs-on", "timeout-minutes"} == set(given)
    assert given == {name: f"${{{{ inputs.{name} }}}}" for name in given}
    action = loaded(ROOT / "actions/audit/action.yml")["inputs"]
    assert {name: inputs[name]["default"] for name in given} == {
        name: action[name]["default"] for name in given
    }


def test_the_last_job_always_runs_and_looks_at_all_others() -> None:
    jobs = loaded(ROOT / ".github/workflows/gate.yml")["jobs"]
    last = jobs["verdict"]

    assert last["if"] == "always()"
    assert set(last["needs"]) == set(jobs) - {"verdict"}
    first = last["steps"][0]
    assert all(f"needs.{name}.result" in first["env"]["RESULTS"] for name in last["needs"])
    assert "success success" in first["run"]


@pytest.mark.parametrize("name", ["gatekeeper.yml", "gatekeeper-sharded.yml"])
def test_starters_run_on_every_way_into_the_branch(name: str) -> None:
    assert {"pull_request", "push", "merge_group"} == set(loaded(ROOT / "workflows" / name)[True])


def test_what_runs_before_the_installation_needs_nothing_but_python() -> None:
    allowed = set(sys.stdlib_module_names) | {"gatekeeper"}
    for name in ("bootstrap", "installation", "runner"):
        path = Path(SOURCE) / "gatekeeper" / "adapters" / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {
            alias.name if isinstance(node, ast.Import) else node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }

        assert {module.partition(".")[0] for module in modules} <= allowed
        assert {it for it in modules if it.startswith("gatekeeper")} <= {
            "gatekeeper.adapters.installation",
            "gatekeeper.adapters.runner",
        }


def test_both_know_where_results_and_advisories_are() -> None:
    assert result_path("folder") == f"folder/{FILE_NAME}"
    assert advisory_path("folder") == snapshot_path("folder")


def test_stand_ins_exist_for_all_that_is_used() -> None:
    """So that act never has to reach for the network."""
    ours = {it for path in ("action.yml", "actions") for it in used(ROOT / path)}

    assert {it.partition("@")[0] for it in ours} <= {"actions/cache/restore", "actions/cache/save"}
