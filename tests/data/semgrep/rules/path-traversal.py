from flask import request, send_file, send_from_directory
from werkzeug.utils import secure_filename


def show():
    # ruleid: path-traversal
    return open("/data/" + request.args["name"]).read()


def show_safely():
    # ok: path-traversal
    return send_from_directory("/data", request.args["name"])


def download():
    name = request.args["name"]
    # ruleid: path-traversal
    open(name)
    # ruleid: path-traversal
    return send_file("/data/" + name)


def cleaned():
    # ok: path-traversal
    open("/data/" + secure_filename(request.args["name"]))
    # ok: path-traversal
    open("/etc/motd")
