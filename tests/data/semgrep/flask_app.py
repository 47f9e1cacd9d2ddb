"""Lines marked `ruleid: X` must be found by rule X; all others must stay quiet."""

import os
import shlex
import subprocess
import urllib.request

import flask
import jwt
import requests
from flask import redirect, request, send_file
from werkzeug.utils import secure_filename

app = flask.Flask(__name__)


@app.route("/run")
def run():
    name = request.args.get("name")
    os.system("ls " + name)  # ruleid: os-command-injection
    subprocess.run(f"ls {name}", shell=True, check=True)  # ruleid: os-command-injection
    os.system("ls " + shlex.quote(name))
    subprocess.run(["ls", name], check=True)
    os.system("ls")
    number = int(request.args["number"])
    os.system(f"head -n {number} log")
    return ""


@app.route("/calc")
def calc():
    text = flask.request.form["text"]
    eval(text)  # ruleid: code-evaluation
    exec(request.get_json()["code"])  # ruleid: code-evaluation
    eval("1 + 1")
    return ""


@app.route("/user/<name>")
def user(name, cursor):
    cursor.execute("select * from users where name = '%s'" % name)  # ruleid: sql-injection
    cursor.execute("select * from users where name = %s", (name,))
    where = request.headers.get("X-Where")
    statement = "select 1 where " + where
    cursor.execute(statement)  # ruleid: sql-injection
    return ""


@app.route("/file")
def file():
    path = request.args["path"]
    open(path)  # ruleid: path-traversal
    send_file("/data/" + path)  # ruleid: path-traversal
    open("/data/" + secure_filename(path))
    open("/etc/motd")
    return ""


@app.route("/fetch")
def fetch():
    url = request.args["url"]
    requests.get(url, timeout=5)  # ruleid: server-side-request-forgery
    urllib.request.urlopen(f"http://{url}/")  # ruleid: server-side-request-forgery
    requests.get("https://example.org", params={"q": url}, timeout=5)
    return ""


@app.route("/go")
def go():
    target = request.args.get("next")
    if target == "home":
        return redirect("/home")
    return redirect(target)  # ruleid: open-redirect


def token(text, key):
    jwt.decode(text, options={"verify_signature": False})  # ruleid: unverified-jwt
    jwt.decode(text, key, algorithms=["none"])  # ruleid: unverified-jwt
    return jwt.decode(text, key, algorithms=["HS256"])
