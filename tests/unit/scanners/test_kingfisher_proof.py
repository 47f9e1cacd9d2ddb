"""Files for which Kingfisher need not be started, and all those for which it must."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import random
import re
import string
import sysconfig
import time
import zipfile
import zlib
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.ports.process import Completed
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.kingfisher import Kingfisher
from gatekeeper.scanners.kingfisher_proof import TABLE, Proof, Rule, Table
from tests.fakes.scanning import FakeBatch, ready

SHIPPED = msgspec.json.decode(files("gatekeeper.scanners").joinpath(TABLE).read_bytes(), type=Table)
PROOF = Proof(SHIPPED.rules)
CODE = b"import os\n\n\ndef size(path: str) -> int:\n    return os.stat(path).st_size\n"
SCANNER = Kingfisher()
NOTHING = b'{"findings":[],"metadata":{"summary":{"blobs_scanned":9}}}\n'


def token(prefix: str = "glpat-", length: int = 20) -> bytes:
    """A made-up secret; none may stand in a file."""
    chance = random.Random(length)
    return (prefix + "".join(chance.choices(string.ascii_letters, k=length))).encode()


def batch(contents: dict[str, bytes], version: str, *answers: bytes) -> FakeBatch:
    made = [Completed(0, answer, "") for answer in answers]
    return FakeBatch(contents, ready(SCANNER, contents), made, tool_version=version)


def test_ordinary_code_is_proved() -> None:
    assert PROOF.cannot_match("app.py", CODE)
    assert PROOF.cannot_match("000001/Makefile", b"all:\n\tcc main.c\n")
    assert PROOF.cannot_match("notes.MD", "Grüße, naïve façade – “quoted”\r\n".encode())
    assert PROOF.cannot_match("empty", b"")
    assert PROOF.cannot_match("one.py", b"x")


def test_most_of_the_standard_library_is_proved() -> None:
    names = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    proved = [name for name in names if PROOF.cannot_match(name.name, name.read_bytes())]
    assert len(proved) > 0.7 * len(names)


@pytest.mark.parametrize(
    "content",
    [
        token(),
        b"x = '" + token() + b"'\r\n",
        "é ".encode() + token(),
        token("AKIA", 16).upper(),
        b"-----BEGIN RSA PRIVATE" + b" KEY-----\n" + b"QUJD\n" * 40 + b"-----END RSA PRIVATE KEY-----",
        b"adafruit_key = " + token("", 32) + b"\n",
        b"db = 'postgres://user:" + token("", 12) + b"@host/db'",
    ],
)  # fmt: skip
def test_a_secret_is_never_proved_away(content: bytes) -> None:
    assert PROOF.suspects(content)
    assert not PROOF.cannot_match("app.py", content)
    assert not PROOF.cannot_match("app.py", CODE * 20 + content + b"\n" + CODE * 20)


def zipped() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("a.txt", token())
    return into.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        base64.b64encode(b" " + token() + b" "),
        base64.b64encode(base64.b64encode(b" " + token() + b"  ")),
        base64.urlsafe_b64encode(b"??>>??" + token() + b"~~~~"),
        b"x" + base64.b64encode(b" " + token() + b"  ").rstrip(b"="),
        token().decode().encode("utf-16"),
        token().decode().encode("utf-16-be"),
        token().decode().encode("utf-32"),
        gzip.compress(token(), mtime=0),
        bz2.compress(token()),
        zlib.compress(token()),
        zipped(),
        b"nothing \x00 to see",
        b"nothing \x1b[0m to see",
        b"caf\xe9",
        "\u212aey".encode(),
        b" " * 65_537,
    ],
)  # fmt: skip
def test_what_kingfisher_might_see_otherwise_is_not_proved(content: bytes) -> None:
    assert not PROOF.cannot_match("app.py", content)


@pytest.mark.parametrize(
    "name", ["a.zip", "a.tar.gz", "a.pyc", "a.DB", "a.key", "a.numbers", "a.unknown", "a.", "a.p y"]
)
def test_names_that_could_mean_an_archive_are_not_proved(name: str) -> None:
    assert not PROOF.cannot_match(name, CODE)
    assert PROOF.cannot_match(name, b"")


@given(
    st.text(string.printable, min_size=24),
    st.binary(max_size=5).map(base64.b64encode),
    st.booleans(),
)
def test_encoded_text_is_not_proved(text: str, before: bytes, url: bool) -> None:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    assert not PROOF.cannot_match("a.txt", before.rstrip(b"=") + encode(text.encode()))


@given(st.lists(st.sampled_from([CODE, b"key = ", b"\n", b"sk-", b" secret: ", b"=", b"'a1b2'"])))
def test_no_rule_without_certain_texts_matches_what_is_proved(parts: list[bytes]) -> None:
    content = b"".join(parts)
    if PROOF.cannot_match("a.py", content):
        for rule in SHIPPED.rules:
            held = not rule.literals or any(text.encode() in content for text in rule.literals)
            assert not held or not all(
                re.search(stretch.encode(), content.lower()) for stretch in rule.stretches
            )


def test_a_rule_of_which_nothing_is_certain_leaves_nothing_proved() -> None:
    assert not Proof([Rule("odd")]).cannot_match("a.py", CODE)
    assert not Proof([Rule("odd", ("def ",))]).cannot_match("a.py", CODE)
    assert Proof([Rule("odd", ("class ",))]).cannot_match("a.py", CODE)
    assert not Proof([Rule("odd", (), ("size", r"\bos\b"))]).cannot_match("a.py", CODE)
    assert Proof([Rule("odd", (), ("size", r"\bst\b"))]).cannot_match("a.py", CODE)


@pytest.mark.parametrize("literal", ["x", "xy", "xyz", "wxyz", "vwxyz"])
@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("after", range(5))
def test_literals_are_found_wherever_they_stand(literal: str, before: int, after: int) -> None:
    content = b"-" * before + literal.upper().encode() + b"-" * after
    assert Proof([Rule("some", (literal,))]).suspects(content) == ["some"]
    assert Proof([Rule("some", (literal + "a",))]).suspects(content) == []


def test_hostile_content_takes_no_long_time() -> None:
    """Quantifiers are kept from trying everything; the bound is far from what is measured."""
    for piece in (
        "ey.",
        "https://a:",
        "curl -u ",
        "key = '",
        "-----BEGIN ",
        "a.jfrog.i",
        "data:\n",
    ):
        started = time.process_time()
        PROOF.suspects((piece * 65_536)[:65_536].encode())
        assert time.process_time() - started < 5


def test_the_table_is_for_one_version_only() -> None:
    assert Proof.load(SHIPPED.version) is not None
    assert Proof.load("2.13.99") is None
    assert Proof.load("") is None


def test_no_tool_is_started_for_what_is_proved() -> None:
    contents = {"000000/app.py": CODE, "000001/empty": b""}
    assert SCANNER.scan(batch(contents, SHIPPED.version)) == Scanned()


@pytest.mark.parametrize(
    ("contents", "version"),
    [
        ({"app.py": CODE, "b.py": b"t = '" + token() + b"'\n"}, SHIPPED.version),
        ({"app.py": CODE, "b.bin": CODE}, SHIPPED.version),
        ({"app.py": CODE}, "1.2.3"),
        ({"app.py": CODE}, ""),
        ({f"{number}.py": CODE for number in range(21)}, SHIPPED.version),
        ({f"{number}.py": b"# \n" * 20_000 for number in range(5)}, SHIPPED.version),
    ],
)
def test_the_tool_is_started_for_all_else(contents: dict[str, bytes], version: str) -> None:
    said = NOTHING.replace(b"9", str(len(contents)).encode())
    started = batch(contents, version, said)
    SCANNER.scan(started)
    started.finish()
    assert len(started.runs) == 1
