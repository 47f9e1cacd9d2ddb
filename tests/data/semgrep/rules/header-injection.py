from http.server import BaseHTTPRequestHandler
from urllib.parse import quote

from flask import make_response, request


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        # ruleid: header-injection
        self.send_header("X-Path", self.path)


class QuotingHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        # ok: header-injection
        self.send_header("X-Path", quote(self.path))


def answer(response):
    # ruleid: header-injection
    response.headers["X-Name"] = request.args["name"]


def django_answer(request, response):
    # ruleid: header-injection
    response["X-Name"] = request.GET["name"]


def without_breaks(response):
    name = request.args["name"].replace("\r", "").replace("\n", "")
    # ok: header-injection
    response.headers["X-Name"] = name


def constant(response):
    # ok: header-injection
    response.headers["X-Name"] = "fixed"


def a_header_is_one_line(response):
    # ok: header-injection
    response.headers["X-Request-ID"] = request.headers.get("X-Request-ID", "")
