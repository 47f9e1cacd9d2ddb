import ast
import os
import sys


def run():
    # ruleid: local-code-evaluation
    return eval(sys.argv[1])


def run_literal():
    # ok: local-code-evaluation
    return ast.literal_eval(sys.argv[1])


def from_environment():
    # ruleid: local-code-evaluation
    exec(os.environ["STARTUP"])


def asked():
    # ruleid: local-code-evaluation
    return eval(input("expression? "))


def constant():
    # ok: local-code-evaluation
    return eval("1 + 1")


def number():
    # ok: local-code-evaluation
    return eval("1 + %d" % int(sys.argv[1]))
