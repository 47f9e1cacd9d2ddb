"""Does what actions/cache/restore and /save do, in a folder, and refuses what GitHub refuses.

An entry is a tar file below a folder made from key and paths: as with the real one, the same key
with other paths is another entry, entries never change, and the newest match of a prefix wins.
"""

import hashlib
import os
import sys
import tarfile


def fail(message):
    sys.exit(f"::error::stand-in for actions/cache: {message}")


def main(half):
    store = os.environ["CACHE_STORE"]
    key = os.environ["IN_KEY"]
    paths = os.environ["IN_PATH"].split("\n")
    others = [it for it in os.environ.get("IN_RESTORE_KEYS", "").split("\n") if it]
    for text in (key, *others):
        if not text or len(text) > 512 or "," in text or "\n" in text or text != text.strip():
            fail(f"GitHub takes no such key: {text!r}")
    if not paths or any(not os.path.isabs(path) or path == "/" for path in paths):
        fail(f"these paths are not all absolute: {paths}")
    version = hashlib.sha256("\n".join(paths).encode()).hexdigest()[:16]
    os.makedirs(store, exist_ok=True)
    if half == "save":
        save(os.path.join(store, f"{key}@{version}.tar"), paths)
    else:
        restore(store, [key, *others], version, paths)


def save(name, paths):
    if os.path.exists(name):
        fail(f"{name} is there already: the real one would have worked for nothing")
    there = [path for path in paths if os.path.lexists(path)]
    if not there:
        fail(f"nothing to save at {paths}")
    with tarfile.open(name + ".new", "w") as tar:
        for path in there:
            tar.add(path, path.lstrip("/"))
    os.rename(name + ".new", name)


def restore(store, keys, version, paths):
    found = ""
    for number, key in enumerate(keys):
        known = [
            name
            for name in os.listdir(store)
            if name.endswith(f"@{version}.tar")
            and (name == f"{key}@{version}.tar" if number == 0 else name.startswith(key))
        ]
        if known:
            found = max(known, key=lambda name: os.path.getmtime(os.path.join(store, name)))
            break
    if found:
        with tarfile.open(os.path.join(store, found)) as tar:
            for member in tar.getmembers():
                full = "/" + member.name
                if not any(full == path or full.startswith(path + "/") for path in paths):
                    fail(f"{full} is in none of {paths}")
            tar.extractall("/", filter="fully_trusted")
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        matched = found.rpartition("@")[0]
        file.write(f"cache-hit={'true' if matched == keys[0] else 'false'}\n")
        file.write(f"cache-matched-key={matched}\n")


main(sys.argv[1])
