"""What a rule means, from where its tool keeps that: always offline, nothing is installed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.model.tool import ToolSpec, ToolStatus
from gatekeeper.ports.process import Completed
from gatekeeper.text.patterns import regex

_LARGEST_RULE_FILE = 1 << 20
# Starts a tool that is already there; None when it is not, or gave no answer.
RunTool = Callable[[ToolSpec, tuple[str, ...]], Completed | None]


class Rule(Struct, frozen=True):
    """`name` is `scanner/rule`. `known` False: nothing on this machine knows such a rule.

    `about` is text for people, `fix` what to do, `ignore` an inline ignore of it with a reason.
    """

    name: str
    title: str = ""
    about: str = ""
    fix: str = ""
    url: str = ""
    ignore: str = ""
    severity: Severity | None = None
    known: bool = True
    note: str = ""


class _RuffRule(Struct):
    name: str
    code: str | None = None
    summary: str = ""
    explanation: str = ""
    fix_availability: str = ""


def ruff(code: str, spec: ToolSpec, run: RunTool) -> Rule:
    """A rule of ruff, told by ruff itself."""
    from gatekeeper.scanners.ruff import severity_of

    name = f"ruff/{code}"
    if code == "invalid-syntax":
        return Rule(name, "the file is no Python", severity="high", fix="repair the syntax")
    bare = Rule(
        name,
        severity=severity_of(code),
        ignore=f"# noqa: {code} - the reason",
        url="https://docs.astral.sh/ruff/rules/",
    )
    done = run(spec, ("rule", code, "--output-format", "json"))
    if done is None:
        hint = f"`gatekeeper tools install {spec.id}` brings ruff's own text"
        return msgspec.structs.replace(bare, note=hint)
    try:
        told = msgspec.json.decode(done.stdout, type=_RuffRule)
    except msgspec.DecodeError:
        return msgspec.structs.replace(bare, known=False)
    fixes = {
        "Always": "ruff repairs it",
        "Sometimes": "ruff repairs it in many cases",
    }.get(told.fix_availability, "")
    command = f"ruff check --select {code} --fix PATH"
    return msgspec.structs.replace(
        bare,
        title=told.name,
        about=plain(told.explanation) or told.summary,
        fix=f"{fixes}: {command}" if fixes else "",
        url=f"https://docs.astral.sh/ruff/rules/{told.name}",
    )


def plain(markdown: str) -> str:
    """The first parts of a tool's own page: what it does, why it is bad. No references."""
    kept = []
    for part in re.split(r"^## ", markdown, flags=re.MULTILINE):
        heading, _, body = part.partition("\n")
        if heading.strip() in ("What it does", "Why is this bad?", "Example"):
            title = "" if heading.strip() == "What it does" else f"{heading.strip()}\n"
            kept.append(title + body.strip())
    return "\n\n".join(kept)


_BANDIT_HEADING = regex(
    r"^(?:\*\*)?(B\d{3})[:\s]+((?:.+\n)??.+?)(?:\*\*$|\n[-=~^]{4,}$)", re.MULTILINE
)
_BANDIT_ID = regex(r"B\d{3}")


def bandit(code: str, status: ToolStatus) -> Rule:
    """A test of bandit, from the texts that come with the locked bandit."""
    version = status.version or "latest"
    pages = f"https://bandit.readthedocs.io/en/{version}"
    rule = Rule(
        f"bandit/{code}", url=f"{pages}/plugins/index.html", ignore=f"# nosec {code} - the reason"
    )
    if not status.installed or status.source != "locked":
        hint = "`gatekeeper tools install bandit` brings bandit's own text"
        return msgspec.structs.replace(rule, note=hint, known=bool(_BANDIT_ID.fullmatch(code)))
    for text, path in _bandit_texts(status.path):
        found = list(_BANDIT_HEADING.finditer(text))
        for index, match in enumerate(found):
            if match[1] == code:
                end = found[index + 1].start() if index + 1 < len(found) else len(text)
                body = re.split(r"^(?::Example:|\.\. |:param|\*\*Config)", text[match.end() : end],
                                flags=re.MULTILINE)[0]  # fmt: skip
                kind = "blacklists" if os.sep + "blacklists" in path else "plugins"
                return msgspec.structs.replace(
                    rule, title=" ".join(match[2].split()), about=body.strip(" \n-="),
                    url=f"{pages}/{kind}/index.html",
                )  # fmt: skip
    return msgspec.structs.replace(rule, known=False)


def bandit_ids(status: ToolStatus) -> list[str]:
    """The ids of all tests that the locked bandit documents."""
    if not status.installed or status.source != "locked":
        return []
    return [match[1] for text, _ in _bandit_texts(status.path)
            for match in _BANDIT_HEADING.finditer(text)]  # fmt: skip


def _bandit_texts(environment: str) -> list[tuple[str, str]]:
    """Docstrings of bandit's tests, read and not imported: nobody wants their code run here."""
    import ast
    import glob

    texts = []
    for kind in ("plugins", "blacklists"):
        pattern = os.path.join(environment, "lib/python*/site-packages/bandit", kind, "*.py")
        for path in sorted(glob.glob(pattern)):
            try:
                with open(path, encoding="utf-8") as file:
                    module = ast.parse(file.read())
            except (OSError, SyntaxError, ValueError):
                continue
            texts.append((ast.get_docstring(module) or "", path))
            tests = (it for it in module.body if isinstance(it, ast.FunctionDef))
            texts += [(ast.get_docstring(it) or "", path) for it in tests]
    return texts


def semgrep(code: str, folders: tuple[str, ...]) -> Rule:
    """A rule of semgrep, from the files of the rule: ours, or the repository's."""
    from gatekeeper.scanners.semgrep_output import severity_of

    rule = Rule(f"semgrep/{code}", ignore=f"# nosemgrep: {code} - the reason")
    for found in _semgrep_rules(folders, code):
        if found.get("id") == code:
            told = found.get("metadata")
            metadata: dict[str, Any] = told if isinstance(told, dict) else {}
            cwe = metadata.get("cwe", "")
            named = ", ".join(map(str, cwe)) if isinstance(cwe, list) else str(cwe)
            title = str(metadata.get("title") or "")
            url = str(metadata.get("source") or metadata.get("help_url") or "")
            return msgspec.structs.replace(
                rule,
                title=f"{title}, {named}" if title and named else title or named,
                about=" ".join(str(found.get("message", "")).split()),
                fix=_semgrep_fix(metadata.get("fix") or found.get("fix") or ""),
                url=url if url.startswith("https://") else "",
                severity=severity_of(str(found.get("severity", ""))),
            )
    return msgspec.structs.replace(rule, known=False)


def _semgrep_fix(told: object) -> str:
    """What to do; rules of ours say it per framework."""
    if isinstance(told, dict):
        return "; ".join(f"{name}: {' '.join(str(text).split())}" for name, text in told.items())
    return " ".join(str(told).split())


def semgrep_ids(folders: tuple[str, ...]) -> list[str]:
    """The ids of all rules below these folders."""
    from gatekeeper.scanners.semgrep_rules import ids_in

    return [it for text in _semgrep_texts(folders) for it in ids_in(text)]


def _semgrep_texts(places: tuple[str, ...]) -> list[str]:
    """The rule files that these files and folders are, or hold."""
    files = [place for place in places if os.path.isfile(place)]
    for place in places:
        for root, _, names in os.walk(place):
            files += [os.path.join(root, name) for name in sorted(names)]
    texts = []
    for path in files:
        if path.endswith((".yml", ".yaml")):
            try:
                with open(path, encoding="utf-8") as file:
                    texts.append(file.read(_LARGEST_RULE_FILE))
            except (OSError, ValueError):
                continue
    return texts


def _semgrep_rules(folders: tuple[str, ...], code: str) -> list[dict[str, Any]]:
    from gatekeeper.config.documents import parse_yaml
    from gatekeeper.errors import ConfigError

    rules: list[dict[str, Any]] = []
    for text in _semgrep_texts(folders):
        if code in text:
            try:
                found = parse_yaml("rules", text).data.get("rules")
            except ConfigError:
                continue
            rules += [
                it for it in (found if isinstance(found, list) else ()) if isinstance(it, dict)
            ]
    return rules


def linked(scanner: str, code: str) -> Rule:
    """A rule whose tool keeps its texts on the web."""
    from gatekeeper.scanners.hadolint import help_url as hadolint_page
    from gatekeeper.scanners.vulture import CODES
    from gatekeeper.scanners.vulture import HELP as VULTURE_HELP

    name = f"{scanner}/{code}"
    urls = {
        "zizmor": f"https://docs.zizmor.sh/audits/#{code}",
        "hadolint": hadolint_page(code),
        "checkov": "https://www.checkov.io/5.Policy%20Index/all.html",
        "vulture": VULTURE_HELP,
        "mypy": f"https://mypy.readthedocs.io/en/stable/_refs.html#code-{code}",
        "pyright": f"https://github.com/microsoft/pyright/blob/main/docs/configuration.md#{code}",
        "basedpyright": "https://docs.basedpyright.com/latest/configuration/config-files/",
        "ty": f"https://docs.astral.sh/ty/reference/rules/#{code}",
        "pyrefly": f"https://pyrefly.org/en/docs/error-kinds/#{code}",
    }
    ignores = {
        "zizmor": f"# zizmor: ignore[{code}] - the reason",
        "hadolint": f"# hadolint ignore={code} # the reason",
        "checkov": f"# checkov:skip={code}:the reason",
        "vulture": f"# noqa: {CODES.get(code, 'V101')} - the reason",
        "mypy": f"# type: ignore[{code}] - the reason",
        "pyright": f"# pyright: ignore[{code}] - the reason",
        "basedpyright": f"# pyright: ignore[{code}] - the reason",
        "ty": f"# ty: ignore[{code}] - the reason",
        "pyrefly": f"# pyrefly: ignore[{code}] - the reason",
    }
    return Rule(name, url=urls.get(scanner, ""), ignore=ignores.get(scanner, ""))


def kingfisher(code: str) -> Rule:
    """A pattern of a credential."""
    about = (
        "A string in the file has the form of this credential. Who can read the repository can"
        " use it, and its history keeps it for good."
    )
    fix = "revoke it where it was issued, then keep the new one out of the repository"
    known = code in kingfisher_ids()
    return Rule(f"kingfisher/{code}", "a credential", about, fix, known=known)


def kingfisher_ids() -> list[str]:
    """The ids of the rules that ship with the locked Kingfisher, as far as they are known here."""
    from gatekeeper.shipped import shipped

    with open(shipped("scanners", "kingfisher_rules.json"), "rb") as file:
        table = msgspec.json.decode(file.read())
    return [row[0] for row in table["rules"]]


def ruff_ids(spec: ToolSpec, run: RunTool) -> list[str]:
    """The codes of all rules, as the installed ruff knows them."""
    done = run(spec, ("rule", "--all", "--output-format", "json"))
    try:
        told = msgspec.json.decode(done.stdout, type=list[_RuffRule]) if done else []
    except msgspec.DecodeError:
        return []
    return [it.code for it in told if it.code]
