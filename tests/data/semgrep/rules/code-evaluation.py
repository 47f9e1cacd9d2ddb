from flask import request
import ast


def calculate():
    # ruleid: code-evaluation
    return eval(request.args["formula"])


def literal():
    # ok: code-evaluation
    return ast.literal_eval(request.args["value"])


def from_a_form():
    text = request.form["text"]
    # ruleid: code-evaluation
    eval(text)
    # ruleid: code-evaluation
    exec(request.get_json()["code"])


def constant():
    # ok: code-evaluation
    eval("1 + 1")
    # ok: code-evaluation
    eval(str(int(request.args["n"])))
