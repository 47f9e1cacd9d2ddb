import flask
from django.http import HttpResponseRedirect
from flask import redirect, request, url_for


def back():
    # ruleid: open-redirect
    return redirect(request.args.get("next"))


def home():
    if request.args.get("next") == "home":
        # ok: open-redirect
        return redirect(url_for("home"))


def django_view(request):
    # ruleid: open-redirect
    return HttpResponseRedirect(request.GET["to"])


def built():
    target = request.values["host"]
    # ruleid: open-redirect
    return flask.redirect("https://" + target)


def constant(request):
    # ok: open-redirect
    redirect("/home")
    # ok: open-redirect
    redirect(url_for("show", number=request.args["n"]))


def only_in_the_branch():
    target = request.args["next"]
    if target in ("/home", "/start"):
        # ok: open-redirect
        return redirect(target)
    # ruleid: open-redirect
    return redirect(target)
