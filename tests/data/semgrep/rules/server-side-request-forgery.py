import urllib.request

import httpx
import requests
from flask import request


def fetch():
    # ruleid: server-side-request-forgery
    return requests.get(request.args["url"], timeout=5).text


def search():
    # ok: server-side-request-forgery
    return requests.get("https://example.org", params={"q": request.args["q"]}, timeout=5).text


def other_clients():
    host = request.form["host"]
    # ruleid: server-side-request-forgery
    urllib.request.urlopen(f"http://{host}/")
    # ruleid: server-side-request-forgery
    httpx.post("https://" + host)


def constant():
    # ok: server-side-request-forgery
    requests.get("https://example.org/")
    # ok: server-side-request-forgery
    httpx.get(f"https://example.org/{int(request.args['n'])}")
