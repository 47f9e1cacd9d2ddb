"""Rules are tried on the files where they may match, on all of these, and on few others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.scanners.semgrep import Semgrep
from gatekeeper.scanners.semgrep_needs import Needs
from gatekeeper.scanners.semgrep_rules import RULES, builtin_files, builtin_parts
from tests.fakes.scanning import ODD_NAMES, locked_batch, really

EXAMPLES = Path(__file__).parents[2] / "data" / "semgrep" / "rules"


def possible(content: bytes) -> frozenset[str]:
    """The rules of our own that may match."""
    return builtin_parts()[0].possible(content)[0]


VIEW = b"from flask import request\n\n\ndef view():\n    "


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (b"", set()),
        (b"required = requested\nevaluate(required)\n", set()),
        (b"hashlib.md5()\n", {"weak-hash"}),
        (b"from hashlib import md5 as m\n", set()),
        (b"from hashlib import md5 as m\nm()\n", {"weak-hash"}),
        (b"eval(x)\n", set()),
        (VIEW + b"eval(request.args['a'])\n", {"code-evaluation"}),
        (VIEW + "eval(request.args['ä'])\n".encode("latin-1"), {"code-evaluation"}),
        (b"SESSION_COOKIE_HTTPONLY = False\n", {"session-cookie-httponly-off"}),
        (b"url = 'http://user:word@host'\n", {"credentials-in-url"}),
    ],
)
def test_a_file_tells_by_its_words_which_rules_can_match(content: bytes, rules: set[str]) -> None:
    found = possible(content)

    assert rules <= found
    assert len(found) <= len(rules) + 2


@pytest.mark.parametrize("rule", [*builtin_files()])
def test_the_examples_of_a_rule_hold_what_it_needs(rule: str) -> None:
    assert rule in possible((EXAMPLES / f"{rule}.py").read_bytes())
    assert rule not in possible(b"import os\n\n\nclass A:\n    pass\n")


@given(
    need=st.none()
    | st.recursive(
        st.sampled_from("abc")
        | st.builds(dict, regex=st.sampled_from("abc"))
        | st.builds(dict, word=st.sampled_from("abc")),
        lambda below: st.dictionaries(
            st.sampled_from(["all", "any"]), st.lists(below, min_size=1), min_size=1, max_size=1
        ),
    ),
    words=st.sets(st.sampled_from("abc")),
)
def test_needs_are_met_as_they_are_read(need: object, words: set[str]) -> None:
    def met(it: object) -> bool:
        match it:
            case None:
                return True
            case str():
                return it in words
            case {"regex": text} | {"word": text}:
                return text in words
            case {"all": parts}:
                return all(met(part) for part in parts)
            case {"any": parts}:
                return any(met(part) for part in parts)
        raise AssertionError(it)

    possible, _ = Needs({"r": need}).possible("\n".join(words).encode())
    assert bool(possible) is met(need)


class Start(msgspec.Struct):
    """A place."""

    line: int


class Result(msgspec.Struct):
    """A match."""

    check_id: str
    path: str
    start: Start


class Output(msgspec.Struct):
    """The engine's own report."""

    results: list[Result]


@pytest.mark.slow
def test_nothing_that_the_engine_finds_is_lost(tools: Path, tmp_path: Path) -> None:
    files = {f"app/{it.name}": it.read_bytes() for it in sorted(EXAMPLES.glob("*.py"))}
    batch = locked_batch(tools, tmp_path, Semgrep(), files)
    scanned = Semgrep().scan(batch)
    ours = Counter((it.path, it.rule, it.line) for it in scanned.findings if not it.suppression)

    started = batch.runs[0][: batch.runs[0].index("--")]
    flags = [it for it in started if not it.startswith("--config")]
    done = batch.run(*flags, f"--config={RULES}", "--", *batch.paths)
    results = msgspec.json.decode(done.stdout, type=Output).results

    assert ours == Counter((it.path, it.check_id, it.start.line) for it in results)
    assert len({it.check_id for it in results}) == len(builtin_files())


def test_the_name_of_a_file_hides_nothing(tools: Path, tmp_path: Path) -> None:
    # Which rules look into which file is told to the engine in patterns of paths.
    names = [f"{folder}{name}.py" for name in ODD_NAMES for folder in ("", "in/side/")]
    source = VIEW + b"eval(request.args['a'])\n    hashlib.md5(b'password').hexdigest()\n"
    source = b"import hashlib\n" + source

    scanned = really(tools, tmp_path, Semgrep(), dict.fromkeys([*names, "é/ü ß.py"], source))

    found = Counter(it.path for it in scanned.findings)
    assert found == dict.fromkeys([*names, "é/ü ß.py"], 2)
    assert not scanned.unchecked


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        # The engine reads texts that are put together as one.
        (
            'DATABASE = (\n    "postgresql://admin:"  # who\n    "hunter2abc@db.example.com/app"\n)\n',
            "credentials-in-url",
        ),
        ('open("/" "tmp/x", "w")\n', "unsafe-temporary-file"),
        ('DATABASE = "postgresql://admin:it\'spw99@db.example.com/app"\n', "credentials-in-url"),
        (
            'from flask import request\n\n\ndef g():\n    x = request.args["x"]\n    return """\\\n<order>%s</order>""" % x\n',
            "xml-injection",
        ),
        (
            'import smtplib\nPASS = "hunter2hunter"\nsmtplib.SMTP("mail.example.com").login("admin", PASS)\n',
            "hardcoded-credentials",
        ),
        (
            'import random\n\n\ndef start(request):\n    request.session["2fa_code"] = random.randint(1, 9)\n',
            "weak-randomness",
        ),
        (
            "import os, hashlib as h\n\n\ndef f(data):\n    a = h.md5\n    return a(data)\n",
            "weak-hash-by-name",
        ),
        (
            'import fastapi, os\n\napp = fastapi.FastAPI()\n\n\n@app.get("/")\ndef f(cmd: str = fastapi.Query("")):\n    os.system("ls " + cmd)\n',
            "os-command-injection",
        ),
    ],
)
def test_whatever_form_it_has_it_is_tried(code: str, rule: str) -> None:
    assert rule in possible(code.encode())


@pytest.mark.parametrize(
    "text",
    [
        'x = "://' + ":" * 400_000 + '"',
        '"' + " #" * 200_000,
        '"a" ' * 100_000,
        "import hashlib\nhashlib.md5(x)\n"
        + "".join(f"from m{it} import *\nname{it}\n" for it in range(4_000)),
    ],
)
@pytest.mark.timeout(20)
def test_a_hostile_file_takes_no_longer_than_its_length(text: str) -> None:
    possible(text.encode())


def test_a_rule_cut_to_one_file_says_nothing_about_another(tools: Path, tmp_path: Path) -> None:
    # The engine is told `a*b.py`, of both.
    files = {
        "a b.py": b"import hashlib\n\ntoken = hashlib.md5(data).digest()\n",
        "axb.py": b"import hashlib\n\ntoken = hashlib.md5(data, usedforsecurity=False).digest()\n",
    }

    found = really(tools, tmp_path, Semgrep(), files).findings

    assert [(it.path, it.rule) for it in found] == [("a b.py", "weak-hash")]


def test_the_encoding_of_a_file_hides_nothing(tools: Path, tmp_path: Path) -> None:
    text = (
        "# coding: latin-1\n# Schlüssel\n"
        'response["Set-Cookie"] = "a=b"\n'
        'response["Access-Control-Allow-Origin"] = "*"\n'
        'engine = create_engine("postgresql://app:kT93xPq@db/app")\n'
    )

    found = really(tools, tmp_path, Semgrep(), {"a.py": text.encode("latin-1")}).findings

    rules = {it.rule for it in found}
    assert rules >= {"insecure-cookie", "permissive-cors-default", "credentials-in-url"}


def test_a_file_that_a_rule_leaves_alone_counts_as_checked(tools: Path, tmp_path: Path) -> None:
    path = "app/tests/unit/test_a.py"

    scanned = really(tools, tmp_path, Semgrep(), {path: b'password = "kT93xPqLm2"\n'})

    assert scanned.findings == []
    assert scanned.unchecked == []
