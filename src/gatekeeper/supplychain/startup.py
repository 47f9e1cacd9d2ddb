"""Code that runs without being imported: when Python starts, or when something is installed."""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from gatekeeper.model.finding import Confidence, Severity
from gatekeeper.supplychain.npm_registry import install_scripts
from gatekeeper.text.patterns import regex

When = Literal["startup", "install"]
_SITE = regex(
    r"(?:[^/]+\.data/(?:purelib|platlib)/|[^/]+\.data/data/(?:.*/)?site-packages/)?([^/]+)"
)
_CUSTOM = regex(r"(?:site|user)customize(?:\.(?:py|pyc|so|pyd)|\..+\.(?:so|pyd)|/__init__\.pyc?)")
# What setuptools has put into every wheel of its own for years.
_SETUPTOOLS = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') =="
    " 'local'; enabled and __import__('_distutils_hack').add_shim();"
)
# What it puts into wheels of packages with an old kind of namespace; nothing but names differs.
_NAMESPACE = regex(
    r"import sys, types, os;has_mfs = sys\.version_info > \(3, 5\);p = os\.path\.join"
    r"\(sys\._getframe\(1\)\.f_locals\['sitedir'\], \*\((?:'\w+',? ?)+\)\);importlib = has_mfs and"
    r" __import__\('importlib\.util'\);has_mfs and __import__\('importlib\.machinery'\);m = has_mfs"
    r" and sys\.modules\.setdefault\('[\w.]+', importlib\.util\.module_from_spec\(importlib\.machinery"
    r"\.PathFinder\.find_spec\('[\w.]+', \[os\.path\.dirname\(p\)\]\)\)\);m = m or sys\.modules"
    r"\.setdefault\('[\w.]+', types\.ModuleType\('[\w.]+'\)\);mp = \(m or \[\]\) and m\.__dict__"
    r"\.setdefault\('__path__',\[\]\);\(p not in mp\) and mp\.append\(p\)"
    r"(?:;m and setattr\(sys\.modules\['[\w.]+'\], '\w+', m\))?"
)
_SHOWN = 120
_FAR = ("socket", "urllib", "urllib3", "http", "requests", "httpx", "aiohttp", "ftplib", "smtplib")
_HIDDEN = ("base64", "marshal", "zlib", "binascii", "ctypes")
_RUN = ("exec", "eval", "compile", "__import__")
_START = ("system", "popen", "Popen", "spawnl", "spawnv", "execv", "execl", "check_call",
          "check_output", "run", "call")  # fmt: skip


class Trouble(Struct, frozen=True):
    """One thing that runs by itself. `digest` is that of what runs, `what` says it for people."""

    when: When
    member: str
    what: str
    digest: str
    severity: Severity = "high"
    confidence: Confidence = "medium"

    @classmethod
    def of(
        cls,
        when: When,
        member: str,
        content: bytes,
        what: str,
        severity: Severity = "high",
        confidence: Confidence = "medium",
    ) -> Trouble:
        """With the digest of what runs."""
        digest = hashlib.sha256(content).hexdigest()
        return cls(when, member, what, digest, severity, confidence)


def startup_name(member: str) -> Literal["pth", "module", ""]:
    """What Python would do by itself with a member of a wheel, by its place and name."""
    found = _SITE.match(member)
    rest = member[found.start(1) :] if found else ""
    if "/" not in rest and rest.endswith(".pth"):
        return "pth"
    return "module" if _CUSTOM.fullmatch(rest) else ""


def judge_pth(member: str, content: bytes) -> Iterator[Trouble]:
    """Lines that begin with `import` are run whenever Python starts; others are only folders."""
    text = content.decode("utf-8-sig", "replace")
    lines = [it.strip() for it in text.splitlines() if it.startswith(("import ", "import\t"))]
    lines = [it for it in lines if it != _SETUPTOOLS and not _NAMESPACE.fullmatch(it)]
    if lines:
        shown = lines[0] if len(lines[0]) <= _SHOWN else f"{lines[0][: _SHOWN - 1]}…"
        yield Trouble.of("startup", member, content, f"Python runs at each start: {shown}")


def judge_build(files: Mapping[str, bytes]) -> Iterator[Trouble]:
    """What building a source distribution runs of its own: setup.py, a backend inside it."""
    if "setup.py" in files:
        yield from _setup(files["setup.py"])
    if "pyproject.toml" in files:
        yield from _backend(files["pyproject.toml"])


def _setup(content: bytes) -> Iterator[Trouble]:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield Trouble.of(
            "install", "setup.py", content, "it cannot be read as Python 3", "medium", "low"
        )
        return
    does = _deeds(tree)
    far = [it for it in does if it in _FAR]
    hidden = [it for it in does if it in _HIDDEN] and any(it in _RUN for it in does)
    if far or hidden:
        what = f"it uses {', '.join(sorted(does))}"
        yield Trouble.of("install", "setup.py", content, what[:_SHOWN], "medium", "medium")
    elif does:
        what = f"it uses {', '.join(sorted(does))}"
        yield Trouble.of("install", "setup.py", content, what[:_SHOWN], "low", "low")


def _deeds(tree: ast.AST) -> set[str]:
    """Modules and functions by which a script reaches out, hides, or starts something."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {it.name.partition(".")[0] for it in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.partition(".")[0])
    does = {it for it in modules if it in (*_FAR, *_HIDDEN, "subprocess")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in _RUN:
                does.add(called.id)
            elif (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and called.value.id == "os"
                and called.attr in _START
            ):
                does.add(f"os.{called.attr}")
    return does


def _backend(content: bytes) -> Iterator[Trouble]:
    try:
        system = tomllib.loads(content.decode("utf-8", "replace")).get("build-system")
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    if isinstance(system, dict) and system.get("backend-path"):
        what = f"it brings its own build backend, {str(system.get('build-backend'))[:60]}"
        yield Trouble.of("install", "pyproject.toml", content, what, "low", "low")


def judge_scripts(files: Mapping[str, bytes]) -> Iterator[Trouble]:
    """What npm runs when it installs the package."""
    content = files.get("package.json")
    if content is None:
        raise ValueError("it has no package.json")
    document = json.loads(content)
    scripts = install_scripts(document.get("scripts") if isinstance(document, dict) else None)
    if scripts:
        said = "; ".join(scripts)
        yield Trouble.of("install", "package.json", said.encode(), said[:_SHOWN], "low", "high")
    elif "binding.gyp" in files:
        what = "npm builds it with node-gyp, by its binding.gyp"
        yield Trouble.of("install", "binding.gyp", files["binding.gyp"], what, "low", "high")
