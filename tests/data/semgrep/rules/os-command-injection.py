import os
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
