import os
import re
import shlex
import subprocess

from flask import request


def listing():
    # ruleid: os-command-injection
    os.system("ls " + request.args["folder"])


def safe_listing():
    # ok: os-command-injection
    subprocess.run(["ls", "--", request.args["folder"]], check=True)


def with_a_shell():
    name = request.args.get("name")
    # ruleid: os-command-injection
    subprocess.run(f"ls {name}", shell=True, check=True)
    # ruleid: os-command-injection
    os.popen("cat %s" % name)


def quoted():
    name = request.args.get("name")
    # ok: os-command-injection
    os.system("ls " + shlex.quote(name))
    # ok: os-command-injection
    os.system(f"head -n {int(name)} log")


def archive(name, level=9):
    command = f"tar c {name}"
    os.system(command)


def show(name, style):
    print(name)
    os.system("show " + shlex.quote(style))


class Backup:
    def store(self, name):
        for part in name.split():
            with os.popen("store " + part) as answer:
                answer.read()


def through_helpers():
    name = request.args.get("name")
    # todoruleid: os-command-injection
    archive(name)
    # ok: os-command-injection
    archive("daily", level=name)
    # ok: os-command-injection
    show(name, name)
    # todoruleid: os-command-injection
    Backup().store(name)


def checked():
    name = request.args.get("name")
    if not re.fullmatch("[a-z]{1,32}", name):
        raise ValueError(name)
    # ok: os-command-injection
    os.system("ls " + name)


def compared():
    name = request.args.get("name")
    if name != "daily":
        return None
    # ok: os-command-injection
    return os.popen("ls " + name)
