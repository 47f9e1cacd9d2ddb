"""What a pattern asks of a file, in the words of its marks."""

from __future__ import annotations

import pytest

from rulepack.pattern_marks import marks


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("eval($SINK, ...)", ["eval("]),
        ("eval($CODE, ...)", ["eval()"]),
        ("os.open($SINK, ...)", ["os", "os.open("]),
        ("$X.execute(..., query=$SINK)", [".execute(", "query="]),
        ("f(g(...), $SINK)", ["f()", "g()"]),
        ("request.$READ", ["request."]),
        ("$MODEL.objects.$MANAGER(...).raw($SINK)", [".objects", "objects.", ".raw("]),
        ("request.$READ[$A:]", ["[:", "request."]),
        ('self.kwargs["..."]', ["self", "self.kwargs["]),
        ("$A. ... .execute($SINK)", [".execute("]),
        ("requests.$METHOD(..., **$FLAGS)", ["**", "requests."]),
        ("def $F(..., **$FLAGS):\n    ...", []),
        ("def $VIEW(request, ..., $PARAM, ...):\n    ...", ["(request,"]),
        ("def $VIEW(self, request, ..., $PARAM):\n    ...", ["self", "request,"]),
        ("def $VIEW(..., request, ...):\n    ...", ["request"]),
        ("def get(self):\n    ...", ["def get", "self"]),
        ("$APP.debug = True", [".debug="]),
        ("HOSTS: $TYPE = $X", ["HOSTS="]),
        ("DEBUG: bool = True", ["DEBUG=", "bool"]),
        ("def $F(..., $P: bytes = $D, ...):\n    ...", ["bytes"]),
        ("HOSTS += $X", ["HOSTS="]),
        ("$X == password", ["password"]),
        ("from flask.views import $X", ["flask", "flask.views"]),
        ('"os.system(...)"', []),
        ('send(f"$TEXT{$SINK}...")', ["send()"]),
        ("return None", []),
    ],
)
def test_the_marks_of_a_pattern(pattern: str, told: list[str]) -> None:
    assert list(marks(pattern)) == told
