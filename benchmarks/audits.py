"""Case 9: an audit of locked dependencies, by gatekeeper and by others, over the same advisories."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.agreement import Pair, served, write_project
from benchmarks.cases import Result
from benchmarks.measure import Command, Row, Sample, interleave, seconds
from benchmarks.sandbox import Sandbox
from gatekeeper.adapters.advisory_sources import parts_of
from gatekeeper.adapters.advisory_sync import put
from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.shipped import shipped

SIZES = (50, 500, 5_000)
# One of so many dependencies has advisories, some of which are about its version.
ONE_IN = 20
# The share of packages and records that OSV has more of than such a set.
PACKAGES = 660
RECORDS = 2_600
# pip-audit asks for one dependency at a time: the large lock is not for it.
PATIENT = 500
# Names that nothing is known against: those that projects mostly depend on.
_SOUND = [
    name
    for name in Path(shipped("supplychain", "known_pypi.txt")).read_text("utf-8").split("\n")
    if name and not name.startswith("#")
]
# It starts and ends as `gatekeeper` itself does. From the lock, or from a list that is read already.
_MATCH = """
import os, sys
from gatekeeper.cli.main import hasten
hasten()
from gatekeeper.adapters.advisory_file import SnapshotAdvisories
from gatekeeper.advisories.matching import match
from gatekeeper.ports.advisories import PackageVersion
{read}
known = SnapshotAdvisories(sys.argv[1]).lookup(wanted)
found = sum(len(match(known[it], it.version)[0]) for it in wanted)
os._exit(not found)
"""
_FROM_LIST = """
import json
wanted = [PackageVersion("pypi", *it) for it in json.load(open("dependencies.json"))]
"""
_FROM_LOCK = """
from gatekeeper.managers.uv_lock import UvLock
lock = UvLock().read("uv.lock", {"uv.lock": open("uv.lock", "rb").read()})
wanted = [PackageVersion("pypi", it.name, it.version) for it in lock.dependencies]
"""


def audits(sandbox: Sandbox, repository: Path, runs: int) -> Result:
    """Case 9: whole processes, each with its answer checked by its exit status."""
    chance = random.Random(9)
    advisories = _advisories(sandbox.root / "advisories.zip", chance)
    snapshot = put(str(sandbox.cache), parts_of(str(advisories))).path
    projects = {size: _project(sandbox, size, chance) for size in SIZES}
    with served(snapshot) as url, _index() as index:
        subjects = {}
        for size, root in projects.items():
            subjects[f"ours {size}"] = _gatekeeper(sandbox, root, "--all", "--no-cache")
            for name, read in (("match", _FROM_LIST), ("lock", _FROM_LOCK)):
                script = _MATCH.format(read=read)
                subjects[f"{name} {size}"] = Command(
                    [sys.executable, "-c", script, snapshot], root, sandbox.environment, (0,)
                )
        root = projects[PATIENT]
        # Nothing changes between the rounds, and the one before the first fills the cache.
        subjects["audit again"] = _gatekeeper(sandbox, root, "--all")
        subjects["check again"] = replace(sandbox.check(root, "--all"), statuses=(1,))
        # uv asks the index that the lock names.
        asking = sandbox.root / "asking"
        asking.mkdir()
        write_project(asking, _pairs(root), f"{index}/simple", wheels=True)
        subjects["uv audit"] = _uv(sandbox, asking, url, "--default-index", f"{index}/simple")
        subjects["uv audit, statuses unasked"] = _uv(sandbox, root, url, "--no-index")
        if program := sandbox.program("pip-audit"):
            subjects["pip-audit"] = _pip_audit(sandbox, root, program, url)
        samples = interleave(subjects, runs)
    return _rows(samples), _notes(samples)


def _rows(samples: dict[str, list[Sample]]) -> list[Row]:
    def of(name: str) -> list[float]:
        return seconds(samples[name])

    rows = [
        Row(9, "lock, snapshot, match of 500 / uv audit", 1, of("lock 500"), of("uv audit")),
        Row(9, "audit of 500 / uv audit", 1, of("ours 500"), of("uv audit")),
        Row(9, "matching 500 alone / uv audit without statuses", 1, of("match 500"),
            of("uv audit, statuses unasked")),
        Row(9, "audit of 5,000 / of 500", 10, of("ours 5000"), of("ours 500")),
        Row(9, "no-change audit / no-change check", 1.5, of("audit again"), of("check again")),
        Row(9, "lock, snapshot, match of 5,000 / of 500", 10, of("lock 5000"), of("lock 500")),
        Row(9, "lock, snapshot, match of 500 / of 50", 10, of("lock 500"), of("lock 50")),
    ]  # fmt: skip
    if "pip-audit" in samples:
        theirs = of("pip-audit")
        rows.insert(
            0, Row(9, "lock, snapshot, match of 500 / pip-audit", 0.1, of("lock 500"), theirs)
        )
        # All the rest as well: the manifest, names, policy, the report.
        rows.insert(1, Row(9, "audit of 500 / pip-audit", 0.25, of("ours 500"), theirs))
    return rows


def _notes(samples: dict[str, list[Sample]]) -> list[str]:
    notes = []
    if "pip-audit" not in samples:
        notes.append("pip-audit is not installed: not compared with it")
    for name, several in samples.items():
        cpu = sorted(sample.cpu for sample in several)[len(several) // 2]
        notes.append(f"case 9, {name}: CPU {cpu:.2f} s")
    return notes


def _advisories(path: Path, chance: random.Random) -> Path:
    """OSV's zip of PyPI, made up: as many records and packages as the real one had in 2024."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(RECORDS):
            fixed = chance.randrange(1, 9)
            record = {
                "id": f"PYSEC-2026-{number}",
                "modified": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "aliases": [f"CVE-2026-{number:05}"],
                "details": "Made up for measuring. " * 20,
                "affected": [
                    {
                        "package": {"ecosystem": "PyPI", "name": f"flawed-{number % PACKAGES}"},
                        "ranges": [
                            {
                                "type": "ECOSYSTEM",
                                "events": [{"introduced": "0"}, {"fixed": f"{fixed}.0"}],
                            }
                        ],
                        "versions": [f"{it}.{minor}" for it in range(fixed) for minor in range(9)],
                    }
                ],
            }
            archive.writestr(f"{record['id']}.json", json.dumps(record))
    return path


def _project(sandbox: Sandbox, size: int, chance: random.Random) -> Path:
    root = sandbox.root / f"locked-{size}"
    root.mkdir()
    pairs = [
        Pair(
            f"flawed-{number}" if number % ONE_IN == 0 else _SOUND[number],
            f"{chance.randrange(9)}.{chance.randrange(9)}",
        )
        for number in range(size)
    ]
    write_project(root, pairs, wheels=True)
    (root / "dependencies.json").write_text(json.dumps(pairs))
    (root / "gatekeeper.yml").write_text("version: 1\nadvisories:\n  max_age_days: 7\n")
    sandbox.git(root, "init", "-q", "-b", "main")
    sandbox.git(root, "add", "-A")
    sandbox.git(root, "commit", "-q", "-m", "locked")
    # pip-audit's own list of the same: not committed, so that gatekeeper does not read it, too.
    outside = sandbox.root / f"requirements-{size}.txt"
    outside.write_text("".join(f"{it.name}=={it.version}\n" for it in pairs))
    return root


def _pairs(root: Path) -> list[Pair]:
    return [Pair(*it) for it in json.loads((root / "dependencies.json").read_text())]


def _gatekeeper(sandbox: Sandbox, root: Path, *options: str) -> Command:
    argv = [*sandbox.gatekeeper_program, "audit", "--offline", *options]
    return Command(argv, root, sandbox.environment, (1,))


def _uv(sandbox: Sandbox, root: Path, url: str, *options: str) -> Command:
    argv = [uv_program(), "audit", "--frozen", "--preview", "--no-cache", "--service-url", url]
    return Command([*argv, *options], root, sandbox.environment, (1,))


def _pip_audit(sandbox: Sandbox, root: Path, program: str, url: str) -> Command:
    # It takes the list of requirements before all else, or believes that a project is named.
    argv = [
        program, "-r", str(sandbox.root / f"requirements-{PATIENT}.txt"), "--no-deps",
        "--disable-pip", "-s", "osv", "--osv-url", f"{url}/v1/query", "--progress-spinner", "off",
        "--cache-dir", str(sandbox.root / "pip-audit"),
    ]  # fmt: skip
    return Command(argv, root, sandbox.environment, (1,))


@contextmanager
def _index() -> Iterator[str]:
    """A package index on this machine where every project is empty: uv asks for their statuses."""

    class Nothing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            name = self.path.strip("/").rpartition("/")[2]
            page = {"meta": {"api-version": "1.4"}, "name": name, "files": [], "versions": []}
            body = json.dumps(page).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # uv asks for fifty at once; who does not get through tries again seconds later.
        request_queue_size = 512

    server = Server(("127.0.0.1", 0), Nothing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
