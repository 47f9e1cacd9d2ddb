"""Code beside a finding: short, on one line each, and without a secret."""

from __future__ import annotations

from gatekeeper.reports.excerpt import MOST_LINES, excerpt, secret_lines
from gatekeeper.text.redact import HIDDEN
from tests.fakes.reports import finding, judged, report, sources

NOBODY: frozenset[tuple[str, int]] = frozenset()
TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def shown(text: str, line: int, end_line: int = 0) -> list[tuple[int, str]]:
    place = finding(path="a.py", line=line, end_line=end_line or line)
    return [(number, row) for number, row, _ in excerpt(place, sources({"a.py": text}), NOBODY)]


def test_the_lines_of_the_finding_are_shown_with_their_numbers() -> None:
    assert shown("one\ntwo\nthree\n", 2) == [(2, "two")]
    assert shown("one\ntwo\nthree\n", 2, 3) == [(2, "two"), (3, "three")]


def test_indentation_stays_and_tabs_and_blanks_at_the_end_do_not() -> None:
    assert shown("\tif ready:   \r\n", 1) == [(1, "    if ready:")]


def test_a_long_finding_is_cut_and_says_so() -> None:
    rows = shown("x\n" * 40, 10, 30)

    assert [number for number, _ in rows] == [*range(10, 10 + MOST_LINES), 10 + MOST_LINES]
    assert rows[-1][1] == "…"


def test_a_finding_without_a_place_has_no_excerpt() -> None:
    assert excerpt(finding(path=""), sources(), NOBODY) == []
    assert excerpt(finding(line=0), sources({"app/main.py": "x\n"}), NOBODY) == []


def test_a_file_that_cannot_be_read_or_is_shorter_than_said_has_no_excerpt() -> None:
    assert excerpt(finding(path="gone.py"), sources(), NOBODY) == []
    assert shown("one\n", 7) == []


def test_control_characters_of_a_line_are_shown_as_text() -> None:
    assert shown("x = '\x1b[2J\x07'\n", 1) == [(1, r"x = '\x1b[2J\x07'")]


def test_of_a_binary_file_nothing_is_shown() -> None:
    assert shown("caf\ufffd\n", 1) == []
    assert shown("a\0b\n", 1) == []


def test_a_token_is_hidden_whoever_points_at_its_line() -> None:
    ((_, text),) = shown(f"unused = '{TOKEN}'\n", 1)

    assert text == f"unused = '{HIDDEN}'"


def test_a_line_known_to_hold_a_secret_shows_no_value_of_any_shape() -> None:
    text = "password = 'correct horse'  # really\n"
    secret = judged(scanner="bandit", gate="sast", path="a.py", sensitive=True)
    lines = secret_lines(report([secret, judged(path="a.py")]))

    ((_, row, _),) = excerpt(finding(path="a.py"), sources({"a.py": text}), lines)

    assert row == f"password ={HIDDEN}"


def test_every_line_of_a_sensitive_finding_counts_as_secret() -> None:
    secret = judged(path="key.pem", line=3, end_line=5, sensitive=True)

    assert secret_lines(report([secret])) == {("key.pem", line) for line in (3, 4, 5)}
    assert secret_lines(report([judged()])) == frozenset()


def test_every_line_of_a_private_key_is_hidden_though_the_last_looks_like_nothing() -> None:
    mark = "PRIVATE" + " KEY-----"
    text = f"a = 1\nKEY = '-----BEGIN {mark}\nshort=\nend-----END {mark}'\nb = 2\n"

    rows = [row for _, row in shown(text, 1, 5)]

    assert rows == ["a = 1", HIDDEN, HIDDEN, HIDDEN, "b = 2"]


def test_a_certificate_is_no_secret() -> None:
    mark = "CERTIFICATE-----"

    assert shown(f"-----BEGIN {mark}\nshort one\n-----END {mark}\n", 2) == [(2, "short one")]
