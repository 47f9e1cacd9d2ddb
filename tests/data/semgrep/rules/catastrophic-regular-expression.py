import re

from flask import request

ADDRESS = re.compile(r"^([a-z0-9]+[._-]?)*@example\.com$")
WORD = re.compile(r"^\w+(\.\w+)*$")


def address():
    # ruleid: catastrophic-regular-expression
    return ADDRESS.match(request.args["address"])


def direct():
    text = request.args.get("text", "")
    # ruleid: catastrophic-regular-expression
    if re.match(r"^(a+)+$", text):
        return "a"
    # ruleid: catastrophic-regular-expression
    return re.sub(r"(\w|\d)+x", "", text)


def plain():
    text = request.args.get("text", "")
    # ok: catastrophic-regular-expression
    if re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        return "date"
    # ok: catastrophic-regular-expression
    return WORD.match(text)


def short():
    text = request.args.get("text", "")
    if len(text) > 32:
        return None
    # ok: catastrophic-regular-expression
    return ADDRESS.match(text)


def known(text):
    # ok: catastrophic-regular-expression
    return ADDRESS.match(text)
