import re

from flask import request


def search(text):
    # ruleid: regular-expression-dos
    return re.search(request.args["pattern"], text)


def search_plain(text):
    # ok: regular-expression-dos
    return re.search(re.escape(request.args["pattern"]), text)


def compiled():
    pattern = "^" + request.form["prefix"]
    # ruleid: regular-expression-dos
    return re.compile(pattern)


def replaced(text):
    # ruleid: regular-expression-dos
    return re.sub(request.json["from"], "", text)


def constant():
    # ok: regular-expression-dos
    return re.search("^[a-z]+$", request.args["name"])


def chosen(text):
    # ok: regular-expression-dos
    return re.search("[0-9]{%d}" % int(request.args["digits"]), text)
