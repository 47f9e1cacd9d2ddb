"""What semgrep's answers mean, from recordings and from the real program."""

from __future__ import annotations

import os
import shlex
import sysconfig
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatekeeper.config.schema import Config, Scanners, SemgrepOptions
from gatekeeper.model.finding import Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.semgrep import Semgrep
from gatekeeper.scanners.semgrep_rules import builtin_files
from tests.fakes.scanning import (
    FakeBatch,
    LockedBatch,
    context_of,
    locked_batch,
    ready,
    really,
    snapshot_of,
)

DATA = Path(__file__).parents[2] / "data" / "semgrep"
FLASK = (DATA / "flask_app.py").read_bytes()
VIEW = "from flask import request\n\n\ndef view():\n    "
PROJECT = {
    "app.py": VIEW.encode()
    + b"""\
eval(request.args["a"])
    eval(request.args["b"])  # nosemgrep: code-evaluation -- runs in a sandbox
    # nosemgrep
    eval(request.args["c"])
""",
    "broken.py": VIEW.encode() + b'eval(request.args["d"])\n    x = = 3\n\n\nclass A:\n    pass\n',
}
RULE = """\
rules:
  - id: {id}
    languages: [{language}]
    severity: {severity}
    message: "Do not."
    metadata: {{cwe: ["CWE-95: Eval", "CWE-20: Input"], confidence: LOW, source: "https://example.org/r"}}
    pattern: {pattern}
"""
JS_EVAL = RULE.format(id="js-eval", language="javascript", severity="CRITICAL", pattern="eval(...)")


def configured(**options: object) -> Config:
    return Config(scanners=Scanners(semgrep=msgspec.convert(options, SemgrepOptions)))


OWN = configured(rules=["rules"])
RECORDED = PROJECT | {"rules/code-evaluation.yml": (DATA / "code-evaluation.yml").read_bytes()}
RECORDED_BY = configured(rules=["rules"], builtin_rules=False)
# A rule may match here, as far as words tell.
SUSPECT = b"hashlib.md5()\n"


def answer(
    *answers: Completed, files: Mapping[str, bytes], config: Config | None = None
) -> Scanned:
    """What the scanner makes of these answers of semgrep."""
    config = config or Config()
    batch = FakeBatch(files, ready(Semgrep(), files, config), list(answers), config)
    scanned = Semgrep().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Scanned:
    names = ("report.json", "report-disable-nosem.json")
    answers = [Completed(0, (DATA / name).read_bytes(), "") for name in names]
    return answer(*answers, files=RECORDED, config=RECORDED_BY)


def test_matches_become_findings() -> None:
    scanned = recorded()

    assert [
        (item.path, item.rule, item.line, item.end_line, item.column)
        for item in scanned.findings
        if not item.suppression
    ] == [
        ("app.py", "code-evaluation", 5, 5, 10),
        ("broken.py", "code-evaluation", 5, 5, 10),
    ]
    finding = scanned.findings[0]
    assert (finding.severity, finding.confidence, finding.cwe) == ("high", "high", ("CWE-95",))
    assert finding.message.startswith("Text from the request is run as Python code")


def test_what_nosemgrep_hides_is_listed_with_its_reason() -> None:
    hidden = {item.line: item.suppression for item in recorded().findings if item.suppression}

    assert hidden == {
        6: Suppression("nosemgrep: code-evaluation", "runs in a sandbox"),
        8: Suppression("nosemgrep"),
    }


def test_a_file_with_a_syntax_error_is_not_checked_though_its_findings_count() -> None:
    assert [(item.path, item.reason, item.message) for item in recorded().unchecked] == [
        ("broken.py", "parse-error", "Syntax error at line broken.py:6: `=` was unexpected")
    ]


def test_the_real_semgrep_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, Semgrep(), RECORDED, RECORDED_BY) == recorded()


class Place(msgspec.Struct):
    """A line and a column."""

    line: int
    col: int


class Result(msgspec.Struct):
    """What must not differ between front ends."""

    check_id: str
    path: str
    start: Place
    end: Place


class Output(msgspec.Struct):
    """The report of either front end."""

    results: list[Result]


Found = Counter[tuple[str, str, int, int, int, int]]


def front_end(batch: LockedBatch, *more: str) -> Found:
    """What one of semgrep's two front ends finds, by path, rule and place."""

    # The entry point starts the other front end by the first `semgrep` on the path.
    path = os.pathsep.join([os.path.dirname(batch.executable), os.environ.get("PATH", "")])
    done = batch.run(*more, env={"PATH": path})
    assert done.stdout, f"{shlex.join(more)}: {done.stderr}"
    results = msgspec.json.decode(done.stdout, type=Output).results
    return Counter(
        (it.path, it.check_id, it.start.line, it.start.col, it.end.line, it.end.col)
        for it in results
    )


def both_front_ends(batch: LockedBatch, monkeypatch: pytest.MonkeyPatch) -> tuple[Found, Found]:
    """What the front end we use finds, and what the one that semgrep starts by default finds."""
    ours, default = Found(), Found()
    run = LockedBatch.run

    def run_twice(started: LockedBatch, *arguments: str, **more: Any) -> Completed:
        done = run(started, *arguments, **more)
        if "env" not in more and "--disable-nosem" not in arguments:
            assert "--experimental" in arguments
            ours.update(front_end(started, *arguments))
            default.update(front_end(started, *(it for it in arguments if it != "--experimental")))
        return done

    monkeypatch.setattr(LockedBatch, "run", run_twice)
    # Every start of the engine: rules that may match in the same files go together.
    Semgrep().scan(batch)
    return ours, default


def test_both_front_ends_find_the_same(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = PROJECT | {"flask_app.py": FLASK}

    ours, default = both_front_ends(locked_batch(tools, tmp_path, Semgrep(), files), monkeypatch)

    assert ours == default
    assert ours.total() >= 15


@pytest.mark.slow
def test_both_front_ends_find_the_same_in_much_code(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patterns = {
        "call": "$F(...)",
        "none": "return None",
        "try": "try:\n        ...\n      except $E:\n        ...",
        "format": '"..." % $X',
        "self": "def $F(self, ...):\n        ...",
    }
    rules = "".join(
        RULE.format(id=name, language="python", severity="LOW", pattern=f"|\n      {pattern}")
        .removeprefix("rules:\n" * (number > 0))
        for number, (name, pattern) in enumerate(patterns.items())
    )  # fmt: skip
    library = Path(sysconfig.get_paths()["stdlib"])
    modules = sorted(library.glob("*.py"), key=lambda it: (it.stat().st_size, it.name))[30:45]
    files = {f"lib/{module.name}": module.read_bytes() for module in modules}
    assert len(files) == 15
    files["rules/many.yml"] = rules.encode()

    batch = locked_batch(tools, tmp_path, Semgrep(), files, OWN)
    ours, default = both_front_ends(batch, monkeypatch)

    assert ours == default
    assert {found[1] for found in ours} >= set(patterns)
    assert ours.total() > 300


def test_rules_of_the_repository_may_be_for_any_language(tools: Path, tmp_path: Path) -> None:
    files = {
        "rules/js.yml": JS_EVAL.encode(),
        "web/app.js": b"eval(x)\neval(y) // nosemgrep: js-eval -- only constants\n",
        "web/broken.js": b"function f( { eval(x) = = \n",
        "app.py": FLASK,
        "notes.txt": b"eval(x)",
    }

    scanned = really(tools, tmp_path, Semgrep(), files, OWN)

    found = [item for item in scanned.findings if item.rule == "js-eval"]
    assert [(item.path, item.line, item.suppression) for item in found] == [
        ("web/app.js", 1, None),
        ("web/app.js", 2, Suppression("nosemgrep: js-eval", "only constants")),
    ]
    assert (found[0].severity, found[0].confidence) == ("critical", "low")
    assert found[0].cwe == ("CWE-95", "CWE-20")
    assert found[0].help_url == "https://example.org/r"
    assert {item.rule for item in scanned.findings} > {"js-eval", "sql-injection"}
    assert [(item.path, item.reason) for item in scanned.unchecked] == [
        ("web/broken.js", "parse-error")
    ]


def test_the_shipped_rules_can_be_left_out(tools: Path, tmp_path: Path) -> None:
    files = {"rules/js.yml": JS_EVAL.encode(), "app.py": FLASK, "a.js": b"eval(x)\n"}
    config = configured(rules=["rules/js.yml"], builtin_rules=False)

    scanned = really(tools, tmp_path, Semgrep(), files, config)

    assert [item.rule for item in scanned.findings] == ["js-eval"]


def test_single_rules_can_be_left_out_ours_and_the_repository_s(
    tools: Path, tmp_path: Path
) -> None:
    files = {
        "rules/js.yml": JS_EVAL.encode() + RULE.format(
            id="js-exec", language="javascript", severity="LOW", pattern="exec(...)"
        ).removeprefix("rules:\n").encode(),
        "app.py": FLASK,
        "a.js": b"eval(x)\nexec(y)\n",
    }  # fmt: skip
    config = configured(rules=["rules"], exclude_rules=["sql-injection", "js-eval"])

    rules = {item.rule for item in really(tools, tmp_path, Semgrep(), files, config).findings}

    assert {"js-exec", "open-redirect"} <= rules
    assert not {"js-eval", "sql-injection"} & rules


def test_with_every_rule_left_out_nothing_counts_as_checked(tools: Path, tmp_path: Path) -> None:
    files = {"rules/js.yml": JS_EVAL.encode(), "app.py": FLASK}
    config = configured(rules=["rules"], builtin_rules=False, exclude_rules=["js-eval"])

    scanned = really(tools, tmp_path, Semgrep(), files, config)

    assert [(item.path, item.reason) for item in scanned.unchecked] == [("app.py", "not-reported")]


FIXED = "session-cookie-httponly-off"


@pytest.mark.parametrize(
    ("config", "leave", "line"),
    [
        (Config(), (), b"SESSION_COOKIE_HTTPONLY = True"),
        (Config(), (FIXED,), b"SESSION_COOKIE_HTTPONLY = False"),
        (configured(exclude_rules=[FIXED]), (), b"SESSION_COOKIE_HTTPONLY = False"),
        (configured(rules=["rules"], builtin_rules=False), (), b"SESSION_COOKIE_HTTPONLY = False"),
    ],
)
def test_fixes_are_those_of_our_own_rules(
    tools: Path, tmp_path: Path, config: Config, leave: tuple[str, ...], line: bytes
) -> None:
    own = RULE.format(id="own", language="python", severity="LOW", pattern="f()") + "    fix: g()\n"
    files = {
        "rules/own.yml": own.encode(),
        "a.py": b"SESSION_COOKIE_HTTPONLY = False\nf()\n",
        "ignored.py": b"SESSION_COOKIE_HTTPONLY = False  # nosemgrep\n",
    }
    batch = locked_batch(tools, tmp_path, Semgrep(), files, config)

    Semgrep().fix(batch, leave)

    assert (Path(batch.cwd) / "a.py").read_bytes() == line + b"\nf()\n"
    assert (Path(batch.cwd) / "ignored.py").read_bytes() == files["ignored.py"]


def test_a_rule_that_is_to_be_left_out_has_to_exist() -> None:
    with pytest.raises(ToolError) as caught:
        ready(Semgrep(), {"a.py": b""}, configured(exclude_rules=["sql-injektion"]))
    assert caught.value.reason == "tool-misconfigured"
    assert "scanners.semgrep.exclude_rules names 'sql-injektion'" in caught.value.message
    assert "did you mean 'sql-injection'" in caught.value.remedy


@pytest.mark.parametrize(
    "rule",
    [
        "rules: [",
        "one: 1\n",
        RULE.format(id="x", language="klingon", severity="LOW", pattern="eval(...)"),
        RULE.format(id="x", language="python", severity="LOW", pattern="eval(("),
        JS_EVAL.replace("message", "massage"),
        JS_EVAL.replace("    pattern:", "    pattern-foo:"),
        JS_EVAL.replace("    pattern: eval(...)", "    pattern-regex: 'ev[a'"),
    ],
)
def test_a_broken_rule_is_told_and_never_clean(tools: Path, tmp_path: Path, rule: str) -> None:
    files = {"rules/x.yml": rule.encode(), "a.py": b"x = 1\n", "b.js": b"eval(x)\n"}

    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, Semgrep(), files, OWN)
    assert caught.value.reason == "tool-misconfigured"
    assert caught.value.message.isprintable()


def test_rule_files_without_rules_are_told(tools: Path, tmp_path: Path) -> None:
    files = {"rules/x.yml": b"rules: []\n", "a.py": b"x = 1\n"}
    config = configured(rules=["rules"], builtin_rules=False)

    with pytest.raises(ToolError) as caught:
        really(tools, tmp_path, Semgrep(), files, config)
    assert caught.value.reason == "tool-misconfigured"
    assert "no rule" in caught.value.message


def test_configured_rules_that_do_not_exist_are_told() -> None:
    with pytest.raises(ToolError) as caught:
        ready(Semgrep(), {"a.py": b"", "rules/README.md": b""}, OWN)
    assert caught.value.reason == "tool-misconfigured"
    assert caught.value.message == "no rule file found under rules"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("files", "config", "reason"),
    [
        ({"a.js": ""}, Config(), "no-matching-files"),
        ({"a.py": ""}, configured(builtin_rules=False), "not-configured"),
        ({"a.py": ""}, configured(exclude_rules=[*builtin_files()]), "not-configured"),
    ],
)
def test_without_anything_to_do_it_is_skipped(
    files: dict[str, str], config: Config, reason: str
) -> None:
    outcome = Semgrep().prepare(context_of(snapshot_of(files), config))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == reason


def test_rules_and_options_change_the_answer_and_other_files_do_not() -> None:
    files = {"a.py": b"", "rules/a.yml": b"one", "rules/deep/b.yaml": b"", "README.md": b""}
    same = ready(Semgrep(), files | {"README.md": b"x", "other/c.yml": b""}, OWN).digest
    digest = ready(Semgrep(), files, OWN).digest

    assert same == digest
    assert ready(Semgrep(), files | {"rules/a.yml": b"other"}, OWN).digest != digest
    assert ready(Semgrep(), files | {"rules/c.yml": b""}, OWN).digest != digest
    assert ready(Semgrep(), files, configured(rules=["rules"], timeout=3)).digest != digest
    assert ready(Semgrep(), files, configured(rules=["rules/a.yml"])).digest != digest
    less = configured(rules=["rules"], exclude_rules=["sql-injection"])
    assert ready(Semgrep(), files, less).digest != digest
    assert ready(Semgrep(), files).digest != digest


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ("include: [app/]", {"app/a.py", "app/tests/a.py"}),
        ("include: ['app/*.py']", {"app/a.py"}),
        ("include: [/a.py]", {"a.py"}),
        ("include: ['**/tests/**']", {"app/tests/a.py", "tests/a.py"}),
        ("exclude: ['**/tests/**']", {"a.py", "app/a.py"}),
        ("exclude: [app]", {"a.py", "tests/a.py"}),
        ("exclude: [a.py]", set[str]()),
    ],
)
def test_a_rule_says_in_which_paths_it_looks(
    tools: Path, tmp_path: Path, paths: str, found: set[str]
) -> None:
    rule = RULE.format(id="own", language="python", severity="HIGH", pattern="eval(...)")
    files = dict.fromkeys(["a.py", "app/a.py", "app/tests/a.py", "tests/a.py"], b"eval(x)\n")
    files["rules.yml"] = f"{rule}    paths: {{{paths}}}\n".encode()

    scanned = really(tools, tmp_path, Semgrep(), files, configured(rules=["rules.yml"]))

    assert {it.path for it in scanned.findings} == found
    assert scanned.unchecked == []


def test_made_up_secrets_in_tests_are_left_alone(tools: Path, tmp_path: Path) -> None:
    source = b'password = "kT93xPqzz"\n'
    files = dict.fromkeys(["tests/data/a.py", "app/tests/a.py", "app/test_a.py", "a.py"], source)

    scanned = really(tools, tmp_path, Semgrep(), files)

    assert [it.path for it in scanned.findings] == ["a.py"]


def test_ignore_files_of_semgrep_hide_nothing(tools: Path, tmp_path: Path) -> None:
    paths = {"tests/a.py", "node_modules/a.py", "build/a.py", "ignored/a.py", "a.min.py"}
    source = PROJECT["app.py"].partition(b'    eval(request.args["b"]')[0]
    files = dict.fromkeys(paths, source) | {
        ".semgrepignore": b"ignored/\n",
        ".gitignore": b"ignored/\n",
    }

    scanned = really(tools, tmp_path, Semgrep(), files)

    assert {item.path for item in scanned.findings} == paths
    assert scanned.unchecked == []


REPORT = '{{"results": [{}], "errors": [{}], "paths": {{"scanned": [{}]}}}}'
MATCH = '{"check_id": "x", "path": "PATH", "start": {"line": 1}, "end": {"line": 1}, "extra": {}}'


@pytest.mark.parametrize(
    ("errors", "scanned", "reason"),
    [
        ('{"path": "a.py", "level": "warn", "type": "Timeout", "message": "too slow"}', "", "timeout"),
        ('{"path": "a.py", "level": "warn", "type": ["OutOfMemory"]}', "", "timeout"),
        ('{"path": "a.py", "level": "warn", "type": ["PartialParsing", []], "message": "x"}', '"a.py"',
         "parse-error"),
        ('{"path": "a.py", "level": "error", "type": "Lexical error"}', '"a.py"', "parse-error"),
        ("", "", "not-reported"),
    ],
)  # fmt: skip
def test_files_semgrep_gave_up_on_are_not_checked(errors: str, scanned: str, reason: str) -> None:
    report = REPORT.format("", errors, scanned)

    found = answer(Completed(0, report.encode(), ""), files={"a.py": SUSPECT})

    assert [(item.path, item.reason) for item in found.unchecked] == [("a.py", reason)]
    assert found.unchecked[0].message


@pytest.mark.parametrize(
    ("status", "report", "reason"),
    [
        (0, REPORT.format(MATCH.replace("PATH", "b.py"), "", '"a.py"'), "tool-output-invalid"),
        (0, REPORT.format("", '{"level": "error", "message": "no rules"}', '"a.py"'),
         "tool-misconfigured"),
        (7, REPORT.format("", '{"level": "warn", "path": "r.yml"}', '"a.py"'), "tool-misconfigured"),
        (2, REPORT.format("", "", '"a.py"'), "tool-crashed"),
        (0, '{"results": []}', "tool-output-invalid"),
    ],
)  # fmt: skip
def test_half_an_answer_is_never_clean(status: int, report: str, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(Completed(status, report.encode(), ""), files={"a.py": SUSPECT})
    assert caught.value.reason == reason
