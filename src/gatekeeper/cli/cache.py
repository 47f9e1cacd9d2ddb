"""`gatekeeper cache`: info, prune."""

from __future__ import annotations

import os
import shutil
from argparse import Namespace

from gatekeeper.adapters.advisory_file import snapshot_path
from gatekeeper.adapters.cache import FILE_NAME, SqliteCache
from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.toolenv import environments_in_use, tool_folders
from gatekeeper.text.names import plural


def run_info(options: Namespace) -> int:
    """Where the cache is and what it holds; 0."""
    folder = cache_folder()
    print(f"folder   {folder}")
    if os.path.exists(os.path.join(folder, FILE_NAME)):
        cache = SqliteCache(folder)
        size = os.path.getsize(cache.path)
        print(f"results  {plural(cache.count(), 'result')}, {_megabytes(size)}")
        for note in cache.notes:
            print(f"         {note}")
        cache.close()
    else:
        print("results  none yet")
    advisories = snapshot_path(folder)
    if os.path.exists(advisories):
        print(f"snapshot {_megabytes(os.path.getsize(advisories))} of advisories")
    environments = tool_folders(folder)
    total = sum(_size(path) for path in environments)
    print(f"tools    {plural(len(environments), 'environment')}, {_megabytes(total)}")
    return 0


def run_prune(options: Namespace) -> int:
    """Forget what is not needed, or everything; 0."""
    folder = cache_folder()
    used = set() if options.all else environments_in_use(folder)
    gone = [path for path in tool_folders(folder) if path not in used]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
        for suffix in (".lock", ".txt"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
    print(f"tools    {plural(len(gone), 'environment')} removed")
    if os.path.exists(os.path.join(folder, FILE_NAME)):
        cache = SqliteCache(folder)
        print(
            f"results  {plural(cache.prune(0 if options.all else cache.size() // 2), 'result')} forgotten"
        )
        cache.close()
    if options.all:
        shutil.rmtree(os.path.join(folder, "home"), ignore_errors=True)
    return 0


def _size(folder: str) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            if not os.path.islink(path):
                total += os.path.getsize(path)
    return total


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB"
