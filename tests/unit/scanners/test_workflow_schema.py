"""What check-jsonschema's answers mean, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.workflow_schema import WorkflowSchema, line_of
from tests.fakes.scanning import FakeBatch, context_of, ready, really, snapshot_of

RECORDED = Path(__file__).parents[2] / "data" / "workflow-schema"
FOLDER = ".github/workflows"
GOOD = b"""\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: echo
"""
PROJECT = {
    f"{FOLDER}/good.yml": GOOD,
    f"{FOLDER}/key.yml": GOOD + b"        wth: {}\n",
    f"{FOLDER}/type.yml": GOOD.replace(b"push", b"3").replace(b"echo", b"[1]"),
    f"{FOLDER}/broken.yml": b"on: {\n",
    f"{FOLDER}/latin.yml": b"on: '\xe9'\n",
    "greet/action.yml": b"name: greet\nruns:\n  using: composite\n  stps: []\n",
}
OK = b'{"status": "ok", "errors": []}'


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of check-jsonschema."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(WorkflowSchema(), tree), list(answers))
    scanned = WorkflowSchema().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("workflows.json", "actions.json")
    return answer(*(Completed(1, (RECORDED / name).read_bytes(), "") for name in names))


def test_mistakes_become_findings_on_their_lines() -> None:
    found = recorded().findings

    assert {(item.path, item.line, item.message.partition(":")[0]) for item in found} == {
        (f"{FOLDER}/key.yml", 6, "jobs.test.steps[0]"),
        (f"{FOLDER}/type.yml", 1, "on"),
        (f"{FOLDER}/type.yml", 6, "jobs.test.steps[0].run"),
        ("greet/action.yml", 1, "document"),
        ("greet/action.yml", 2, "runs"),
    }
    assert {(item.rule, item.severity, item.confidence) for item in found} == {
        ("schema", "high", "high")
    }
    assert {item.line == item.end_line for item in found} == {True}
    (unknown,) = (item for item in found if item.path.endswith("key.yml"))
    assert "'wth' was unexpected" in unknown.message
    assert unknown.help_url.endswith("/workflow-syntax")
    assert found[-1].help_url.endswith("/metadata-syntax")


def test_files_that_are_no_yaml_are_not_checked() -> None:
    assert {item.path: item.reason for item in recorded().unchecked} == {
        f"{FOLDER}/broken.yml": "parse-error",
        f"{FOLDER}/latin.yml": "undecodable",
    }


def test_the_real_check_jsonschema_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, WorkflowSchema(), PROJECT) == recorded()


def test_only_what_there_is_is_asked_about() -> None:
    files = {f"{FOLDER}/good.yml": GOOD, "a.yml": b"", f"{FOLDER}/notes.md": b""}

    assert answer(Completed(0, OK, ""), files=files) == Scanned([], [])


def test_a_project_without_workflows_is_skipped() -> None:
    outcome = WorkflowSchema().prepare(context_of(snapshot_of({"a.yml": "", "b.py": ""})))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


@pytest.mark.parametrize("content", [b"[" * 1_500, b"&a [*a]\n"])
def test_a_file_the_tool_cannot_stand_is_never_clean(
    tools: Path, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, WorkflowSchema(), {f"{FOLDER}/a.yml": content})
    assert caught.value.reason == "tool-crashed"


def test_an_action_is_judged_as_the_kind_it_says_it_is(tools: Path, tmp_path: Path) -> None:
    def action(runs: str) -> bytes:
        return f"name: a\ndescription: b\nruns: {runs}\n".encode()

    kinds = {
        "composite": ("{using: composite}", "runs: 'steps' is a required property"),
        "docker": ("{using: docker}", "runs: 'image' is a required property"),
        "node": ("{using: node20}", "runs: 'main' is a required property"),
        "none": ("{using: nodejs}", "runs.using: 'nodejs' is not one of"),
        "silent": ("{}", "runs: 'using' is a required property"),
        "typo": (
            "{using: node20, main: x, mian: y}",
            "runs: Additional properties are not allowed ('mian' was unexpected)",
        ),
        "deep": ("{using: composite, steps: [{run: x}]}", "runs.steps[0]: "),
        "good": ("{using: composite, steps: [{run: x, shell: sh}]}", ""),
    }  # fmt: skip
    files = {f"{name}/action.yml": action(runs) for name, (runs, _) in kinds.items()}

    found = really(tools, tmp_path, WorkflowSchema(), files).findings

    for name, (_, expected) in kinds.items():
        told = [item.message for item in found if item.path == f"{name}/action.yml"]
        assert len(told) == bool(expected), told
        assert all(message.startswith(expected) for message in told), told


def test_the_same_mistake_elsewhere_has_the_same_identity_and_another_has_another() -> None:
    def anchor(place: str, message: str) -> str:
        error = f'{{"filename": "./{FOLDER}/a.yml", "path": "{place}", "message": "{message}"}}'
        report = f'{{"status": "fail", "errors": [{error}]}}'.encode()
        (finding,) = answer(Completed(1, report, ""), files={f"{FOLDER}/a.yml": GOOD}).findings
        return finding.anchor

    told = anchor("$.jobs.test.steps[0].run", "1 is not of type 'string'")

    assert anchor("$.jobs.other.steps[7].run", "1 is not of type 'string'") == told
    assert anchor("$.jobs.test.steps[0].run", "2 is not of type 'string'") != told
    assert anchor("$.jobs.test.steps[0].uses", "1 is not of type 'string'") != told


@pytest.mark.parametrize(
    ("status", "report", "reason"),
    [
        (1, '{"status": "fail", "errors": []}', "tool-output-invalid"),
        (1, '{"status": "fail", "errors": [{"filename": "b", "path": "$", "message": ""}]}',
         "tool-output-invalid"),
        (1, '{"status": "fail", "parse_errors": [{"filename": "b", "message": ""}]}',
         "tool-output-invalid"),
        (0, "{}", "tool-output-invalid"),
        (2, '{"status": "ok"}', "tool-crashed"),
        (1, "", "tool-crashed"),
    ],
)  # fmt: skip
def test_half_an_answer_is_never_clean(status: int, report: str, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(Completed(status, report.encode(), ""), files={f"{FOLDER}/a.yml": GOOD})
    assert caught.value.reason == reason


NESTED = b"""\
# a comment
on:
  push: {branches: [main,
    dev]}
jobs:
  "quoted": {}
  with.dot:
    steps:
      - run: one

      - name: two
        run: |
          three
          four
        env: &env
          KEY: value
      - env: *env
  1: numbered
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$", 1),
        ("", 1),
        ("$.on", 2),
        ("$.on.push", 3),
        ("$.on.push.branches[0]", 3),
        ("$.on.push.branches[1]", 4),
        ("$.on.push.branches[2]", 3),
        ("$.jobs", 5),
        ("$.jobs.quoted", 6),
        ("$.jobs['with.dot']", 7),
        ("$.jobs['with.dot'].steps", 8),
        ("$.jobs['with.dot'].steps[0]", 9),
        ("$.jobs['with.dot'].steps[1]", 11),
        ("$.jobs['with.dot'].steps[1].run", 12),
        ("$.jobs['with.dot'].steps[1].env.KEY", 16),
        ("$.jobs['with.dot'].steps[2].env.KEY", 16),
        ("$.jobs['with.dot'].steps[9].env", 8),
        ("$.jobs['with.dot'].steps.oops", 8),
        ("$.jobs.1", 18),
        ("$.jobs[1]", 18),
        ("$.nowhere.at.all", 1),
        ("$.on.nowhere", 2),
        ("nonsense [[[", 1),
    ],
)
def test_a_place_is_followed_as_far_as_it_leads(path: str, line: int) -> None:
    assert line_of(NESTED, path) == line


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 1_500, b"&a [*a]", b"a\r\nb: c", b"- 1"]
)
@pytest.mark.parametrize("path", ["$", "$.a.b[0].c", "$[0]", "$[0][0][0]"])
def test_there_is_a_line_in_whatever_stands_there(content: bytes, path: str) -> None:
    assert 1 <= line_of(content, path) <= max(1, content.count(b"\n") + 1)


STEPS = st.one_of(
    st.sampled_from(["jobs", "on", "a", "with.dot", "'", "0"]).flatmap(
        lambda name: st.sampled_from([f".{name}", f"['{name}']"])
    ),
    st.integers(-2, 3).map("[{}]".format),
    st.text("$.[]'ab0 \u0663²", max_size=4),
)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["jobs", "on", "a", "with.dot", "0"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=60), VALUES.map(lambda value: yaml.safe_dump(value).encode())),
    st.lists(STEPS, max_size=5).map(lambda steps: "$" + "".join(steps)),
)
def test_any_place_in_any_file_gets_a_line_of_that_file(content: bytes, path: str) -> None:
    text = content.decode("utf-8", "replace")
    breaks = sum(text.count(char) for char in "\n\r\x85\u2028\u2029")

    assert 1 <= line_of(content, path) <= 1 + breaks
