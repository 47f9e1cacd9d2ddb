import html

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from flask import Flask, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    # ruleid: cross-site-scripting
    return "<h1>Hello " + request.args["name"] + "</h1>"


@app.route("/hello-escaped")
def hello_escaped():
    # ok: cross-site-scripting
    return f"<h1>Hello {escape(request.args['name'])}</h1>"


@app.route("/page")
def page():
    # ok: cross-site-scripting
    return render_template("page.html", name=request.args["name"])


def django_view(request):
    # ruleid: cross-site-scripting
    return HttpResponse("<b>" + request.GET["q"] + "</b>")


def django_text(request):
    # ok: cross-site-scripting
    return HttpResponse(request.GET["q"], content_type="text/plain")


def marked(request):
    # ruleid: cross-site-scripting
    return mark_safe(request.GET["q"])


def markup():
    # ruleid: cross-site-scripting
    return Markup("<i>%s</i>" % request.args["q"])


def escaped(request):
    # ok: cross-site-scripting
    return HttpResponse(html.escape(request.GET["q"]))


class Login(RequestHandler):
    def get(self):
        # ok: cross-site-scripting
        self.write(self.render_string("login.html", next=url_escape(self.get_argument("next"))))
