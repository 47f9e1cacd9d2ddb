import os
import tempfile


def name():
    # ruleid: predictable-temporary-name
    return tempfile.mktemp(suffix=".txt")


def file():
    # ok: predictable-temporary-name
    return tempfile.mkstemp(suffix=".txt")


def others():
    # ruleid: predictable-temporary-name
    os.tempnam()
    # ruleid: predictable-temporary-name
    os.tmpnam()


def fine():
    # ok: predictable-temporary-name
    tempfile.mkdtemp()
    # ok: predictable-temporary-name
    tempfile.TemporaryFile()
