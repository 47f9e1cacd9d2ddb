"""Does what actions/upload-artifact and actions/download-artifact do, in a folder.

Refuses what GitHub refuses: names with characters that a path could mean something by, a second
artifact of one name unless told to overwrite, and artifacts without files.
"""

import fnmatch
import os
import re
import shutil
import sys


def fail(message):
    sys.exit(f"::error::stand-in for artifacts: {message}")


def upload(store, given):
    name, path = given("name"), given("path")
    if not re.fullmatch(r'[^\\/":<>|*?\r\n]+', name):
        fail(f"GitHub takes no such name: {name!r}")
    file = os.path.isfile(path)
    if not path or not (file or (os.path.isdir(path) and os.listdir(path))):
        if given("if-no-files-found") == "error":
            fail(f"there are no files in {path!r}")
        return
    target = os.path.join(store, name)
    if os.path.exists(target) and given("overwrite") != "true":
        fail(f"{name} is there already")
    shutil.rmtree(target, ignore_errors=True)
    if file:
        os.makedirs(target)
        shutil.copy2(path, target)
    else:
        shutil.copytree(path, target)


def download(store, given):
    name, pattern, path = given("name"), given("pattern"), given("path")
    if bool(name) == bool(pattern) or not path:
        fail("give a name or a pattern, and a path")
    found = sorted(it for it in os.listdir(store) if it == name or fnmatch.fnmatch(it, pattern))
    if not found and name:
        fail(f"there is no artifact {name}")
    flat = bool(name) or given("merge-multiple") == "true"
    for it in found:
        target = path if flat else os.path.join(path, it)
        shutil.copytree(os.path.join(store, it), target, dirs_exist_ok=True)


half = upload if sys.argv[1] == "upload" else download
os.makedirs(os.environ["ARTIFACT_STORE"], exist_ok=True)
half(
    os.environ["ARTIFACT_STORE"],
    lambda name: os.environ.get("IN_" + name.replace("-", "_").upper(), ""),
)
