"""What other collections of linters call what gatekeeper runs, and what it has no counterpart for."""

from __future__ import annotations

from collections.abc import Mapping

# MegaLinter's names (super-linter's are VALIDATE_ and mostly the same): scanner, what to know.
MEGALINTER: Mapping[str, tuple[str, str]] = {
    "PYTHON_RUFF": ("ruff", ""),
    "PYTHON_RUFF_FORMAT": ("ruff-format", ""),
    "PYTHON_FLAKE8": ("ruff", "ruff has flake8's rules: take `select` and `ignore` to [tool.ruff.lint]"),
    "PYTHON_PYLINT": ("ruff", "ruff has part of pylint's rules: select PL in [tool.ruff.lint]"),
    "PYTHON_ISORT": ("ruff", "ruff sorts imports: select I in [tool.ruff.lint]"),
    "PYTHON_BLACK": ("ruff-format", "ruff's formatter writes black's style, but for a few places"),
    "PYTHON_MYPY": ("mypy", ""),
    "PYTHON_PYRIGHT": ("pyright", ""),
    "PYTHON_BANDIT": ("bandit", ""),
    "REPOSITORY_SEMGREP": ("semgrep", "with gatekeeper's own rules, and those of scanners.semgrep.rules"),
    "REPOSITORY_GITLEAKS": ("kingfisher", "another tool for the same: its own ignores do not count"),
    "REPOSITORY_BETTERLEAKS": ("kingfisher", "another tool for the same: its own ignores do not count"),
    "REPOSITORY_SECRETLINT": ("kingfisher", "another tool for the same: its own ignores do not count"),
    "REPOSITORY_TRUFFLEHOG": ("kingfisher", "another tool for the same: its own ignores do not count"),
    "REPOSITORY_KINGFISHER": ("kingfisher", ""),
    "ACTION_ACTIONLINT": ("workflow-schema", "GitHub's schemas: part of what actionlint checks"),
    "ACTION_ZIZMOR": ("zizmor", ""),
    "DOCKERFILE_HADOLINT": ("hadolint", ""),
    "REPOSITORY_CHECKOV": ("checkov", "checks of your own are not loaded"),
}  # fmt: skip
SUPER_LINTER: Mapping[str, tuple[str, str]] = {
    "PYTHON_RUFF": MEGALINTER["PYTHON_RUFF"],
    "PYTHON_RUFF_FORMAT": MEGALINTER["PYTHON_RUFF_FORMAT"],
    "PYTHON_FLAKE8": MEGALINTER["PYTHON_FLAKE8"],
    "PYTHON_PYLINT": MEGALINTER["PYTHON_PYLINT"],
    "PYTHON": MEGALINTER["PYTHON_PYLINT"],
    "PYTHON_ISORT": MEGALINTER["PYTHON_ISORT"],
    "PYTHON_BLACK": MEGALINTER["PYTHON_BLACK"],
    "PYTHON_MYPY": MEGALINTER["PYTHON_MYPY"],
    "GITLEAKS": MEGALINTER["REPOSITORY_GITLEAKS"],
    "TRUFFLEHOG": MEGALINTER["REPOSITORY_TRUFFLEHOG"],
    "GITHUB_ACTIONS": MEGALINTER["ACTION_ACTIONLINT"],
    "GITHUB_ACTIONS_ZIZMOR": MEGALINTER["ACTION_ZIZMOR"],
    "DOCKERFILE_HADOLINT": MEGALINTER["DOCKERFILE_HADOLINT"],
    "CHECKOV": MEGALINTER["REPOSITORY_CHECKOV"],
}
# The gate of each scanner, and whether it has no other scanner: then paths can be let off.
GATES: Mapping[str, tuple[str, bool]] = {
    "ruff": ("lint", True),
    "ruff-format": ("format", True),
    "mypy": ("types", False),
    "pyright": ("types", False),
    "bandit": ("sast", False),
    "semgrep": ("sast", False),
    "kingfisher": ("secrets", True),
    "zizmor": ("workflows", False),
    "workflow-schema": ("workflows", False),
    "hadolint": ("iac", False),
    "checkov": ("iac", False),
}
_LANGUAGES = {
    "MARKDOWN": "Markdown", "YAML": "YAML", "JSON": "JSON", "JAVASCRIPT": "JavaScript",
    "TYPESCRIPT": "TypeScript", "BASH": "shell scripts", "DOCKERFILE": "Dockerfiles",
    "TERRAFORM": "Terraform", "CSS": "CSS", "HTML": "HTML", "GO": "Go", "RUBY": "Ruby",
    "JAVA": "Java", "PHP": "PHP", "SQL": "SQL", "XML": "XML", "SPELL": "spelling",
    "COPYPASTE": "copied code", "KUBERNETES": "Kubernetes", "EDITORCONFIG": "EditorConfig",
    "NATURAL": "prose", "ENV": "environment files", "RST": "reStructuredText", "C": "C", "CPP": "C++",
    "CSHARP": "C#", "RUST": "Rust", "LATEX": "LaTeX", "POWERSHELL": "PowerShell", "ANSIBLE": "Ansible",
    "CLOUDFORMATION": "CloudFormation", "GROOVY": "Groovy", "LUA": "Lua", "PERL": "Perl", "R": "R",
    "SWIFT": "Swift", "KOTLIN": "Kotlin", "SCALA": "Scala", "TOML": "TOML", "GRAPHQL": "GraphQL",
    "JSCPD": "copied code", "SHELL": "shell scripts",
}  # fmt: skip
EXTERNAL = "`gatekeeper check --sarif-in` judges its SARIF"


def no_counterpart(linter: str) -> str:
    """Why a linter has no counterpart."""
    if linter.startswith("REPOSITORY_") or linter == "TRIVY":
        return f"gatekeeper has no such scanner; {EXTERNAL}"
    language = _LANGUAGES.get(linter.partition("_")[0], "")
    if language:
        return f"gatekeeper has no gate for {language}; {EXTERNAL}"
    return "gatekeeper has no such setting or scanner"
