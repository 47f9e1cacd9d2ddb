import os
import subprocess
import sys


def run():
    # ruleid: local-os-command
    os.system("ls " + sys.argv[1])


def run_list():
    # ok: local-os-command
    subprocess.run(["ls", "--", sys.argv[1]])


def from_environment():
    # ruleid: local-os-command
    subprocess.run(f"grep {os.environ['PATTERN']} log.txt", shell=True)


def asked():
    # ruleid: local-os-command
    os.popen(input("command? "))


def constant():
    # ok: local-os-command
    os.system("ls")


def number():
    # ok: local-os-command
    os.system("sleep %d" % int(sys.argv[1]))
