from flask import request, session

THEMES = ("light", "dark")


def remember():
    # ruleid: trust-boundary-violation
    session["role"] = request.args["role"]


def remember_theme():
    theme = request.args["theme"]
    if theme not in THEMES:
        theme = "light"
    # ok: trust-boundary-violation
    session["theme"] = theme


def django_remember(request):
    # ruleid: trust-boundary-violation
    request.session["role"] = request.GET.get("role")


def chosen_key():
    # ruleid: trust-boundary-violation
    session[request.args["key"]] = True


def number():
    # ok: trust-boundary-violation
    session["page"] = int(request.args["page"])


def constant():
    # ok: trust-boundary-violation
    session["role"] = "guest"
