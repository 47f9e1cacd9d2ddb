"""What the code of a file uses is told under every name that it goes by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.scanners.python_marks import marks_of

# What rules ask for behind these.
LEFTS = {
    "os": {"", "a", "system", "system(", "system()", "path("},
    "request": {"args", "args["},
}


@pytest.mark.parametrize(
    ("code", "there", "not_there"),
    [
        ("eval(x)", {"eval", "eval()", "eval("}, {".eval", ".eval("}),
        ("eval('1')", {"eval", "eval()"}, {"eval("}),
        ("eval(('1', [2]), k={'3'})", {"eval()"}, {"eval("}),
        ("eval(f'1')", {"eval("}, set()),
        ("x.eval(y)", {".eval()", ".eval(", "x.eval(", "eval"}, {"eval()", "eval("}),
        ("f().eval(y)", {".eval("}, {"f.eval("}),
        ("# os.system(x)\n'os.system(x)'", set(), {"os", "system", "os.system("}),
        ("import os.path", {"os", "path", "os.path", "os.", ".path"}, {"path.", "os.path("}),
        ("from os import system", {"os.system", ".system", "system"}, {"os.system()"}),
        ("from . import a", {"a", ".a"}, set()),
        ("from a.os import *\nsystem(x)", {"a.os", "os.", "os.system(", ".system()"}, {"os.a"}),
        ("a.b.c = 1", {"a.b", "b.c=", ".c="}, {"b=", "a.b="}),
        ("a = 1", {"a="}, {".a="}),
        ("a: int = 1", {"a=", "int"}, set()),
        ("a += 1", {"a="}, set()),
        ("f(a=1)", {"a=", "a"}, {".a="}),
        (
            "def f(a, b=1, *, c=2, d): ...",
            {"b=", "c=", "a,", "(a,", "c,"},
            {"a=", "d=", "d,", "(b,"},
        ),
        ("def f(a): ...", {"def f", "a"}, {"a,", "(a,"}),
        ("@a.b\n@c\ndef f(): ...", {".b(", "a.b()", "c()", "c("}, set()),
        ("async def f(): ...\nclass C(B): ...", {"def f", "class C", "B"}, {"class B"}),
        ("lambda a, *b: 1", {"a,", "(a,"}, {"b,"}),
        ("a[1]", {"a["}, {"[:", ".a["}),
        ("a.b[1:]", {".b[", "a.b[", "[:"}, {"a["}),
        ("f(**a)", {"**"}, set()),
        ("{**a}", {"**"}, set()),
        ("2 ** 3", set(), {"**"}),
        ("match a:\n    case B(c=d): ...", {"a", "B", "c", "d"}, set()),
        ("try: ...\nexcept A as b: ...", {"A", "b"}, set()),
        ("global a", {"a"}, set()),
    ],
)
def test_marks_say_what_is_done_to_a_name(code: str, there: set[str], not_there: set[str]) -> None:
    marks = marks_of(code.encode(), LEFTS)

    assert marks is not None
    assert there <= marks
    assert not marks & not_there


@pytest.mark.parametrize(
    "code",
    [
        b"print 'Python 2'",
        b"x = = 1",
        b"\0",
        b"# coding: none-such\n",
        b"(" * 5_000 + b")" * 5_000,
    ],
)
def test_a_file_whose_names_cannot_be_told_has_no_marks(code: bytes) -> None:
    assert marks_of(code, LEFTS) is None


@given(
    start=st.sampled_from(
        [
            ("import os", "os"),
            ("import os as a", "a"),
            ("from b import os", "os"),
            ("from b import os as c", "c"),
            ("from os import system", "system"),
            ("from os import system as d", "d"),
        ]
    ),
    renamed=st.lists(
        st.sampled_from(
            ["{} = {}", "{}: object = {}", "({} := {})", "[{}] = [{}]", "with {1} as {0}: ..."]
        )
    ),
    taken=st.integers(min_value=0, max_value=4),
)
def test_what_is_renamed_goes_by_all_names(
    start: tuple[str, str], renamed: list[str], taken: int
) -> None:
    lines, name = [start[0]], start[1]
    whole = "system" in start[0]
    for number, form in enumerate([*renamed, ""]):
        if not whole and (number >= taken or not form):
            name, whole = f"{name}.system", True
        if form:
            lines.append(form.format(f"n{number}", name))
            name = f"n{number}"
    lines.append(f"{name}(text)")

    marks = marks_of("\n".join(lines).encode(), LEFTS)

    assert marks is not None
    assert {"os", "os.", "os.system", ".system", "os.system()", "os.system(", ".system("} <= marks


def test_an_attribute_is_one_of_whatever_the_name_stands_for() -> None:
    marks = marks_of(b"r = self.request\nr.args['a']\nother = thing\n", LEFTS)

    assert marks is not None
    assert {"request.args", "request.args[", "self.request"} <= marks
    # Nobody asks what `thing` has.
    assert "thing.args" not in marks


@pytest.mark.parametrize(
    "line",
    [
        "from m{0} import *\nname{0}",
        "from m import o{0} as x\nx.a{0}",
        "x{0} = os\nx{0}.a{0}",
        "x = y{0}\nx.a{0}",
        "x = x.a{0}",
    ],
)
def test_marks_grow_with_the_file_and_not_with_its_square(line: str) -> None:
    def size(lines: int) -> int:
        text = "\n".join(line.format(number) for number in range(lines))
        marks = marks_of(text.encode(), LEFTS)
        assert marks is not None
        return len(marks)

    assert size(400) < 5 * size(100)
