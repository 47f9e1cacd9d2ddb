"""Does the matcher agree with pip-audit, and with OSV's rules, over real advisories?

    python benchmarks/agreement.py advisories.zip [--pairs 2500]

Draws (package, version) pairs from OSV's zip of PyPI: listed versions, the versions of events, and
what lies around them. Each is judged by gatekeeper's matcher, by pip-audit through
`gatekeeper advisories serve`, by `uv audit` through the same, and by a slow reading of OSV's rules
that shares no code with gatekeeper. Every disagreement is printed with its explanation. Exit status
1: the matcher differs from the rules, or a disagreement has no explanation.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from benchmarks.osv_reading import Record, UnorderedError, is_vulnerable
from gatekeeper.adapters.advisory_file import AdvisoryFile, SnapshotAdvisories
from gatekeeper.adapters.advisory_sources import parts_of
from gatekeeper.adapters.advisory_sync import put
from gatekeeper.adapters.osv_server import address, open_server
from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.advisories.matching import match
from gatekeeper.model.advisory import Open
from gatekeeper.ports.advisories import PackageVersion

Names = frozenset[str]
Found = dict["Pair", frozenset[Names]]


class Pair(NamedTuple):
    """One version of one package."""

    name: str
    version: str


class Disagreement(NamedTuple):
    """Who says something else than the matcher about a pair, and why."""

    pair: Pair
    who: str
    theirs: str
    ours: str
    why: str


def read(path: Path) -> dict[str, list[Record]]:
    """The records of a zip, by package."""
    found: dict[str, list[Record]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            record = json.loads(archive.read(name))
            for package in {canonicalize_name(it["package"]["name"]) for it in record["affected"]}:
                found.setdefault(package, []).append(record)
    return found


def draw(records: dict[str, list[Record]], wanted: int, seed: int = 7) -> list[Pair]:
    """So many pairs, always the same for a seed, from as many packages as possible."""
    dice = random.Random(seed)
    left = {name: _versions(several, dice) for name, several in sorted(records.items())}
    pairs: list[Pair] = []
    while len(pairs) < wanted and any(left.values()):
        for name, versions in left.items():
            if versions and len(pairs) < wanted:
                pairs.append(Pair(name, versions.pop()))
    return pairs


def _versions(records: Sequence[Record], dice: random.Random) -> list[str]:
    """Versions that pip-audit can be asked about: it takes PEP 440 only."""
    near: set[str] = {"0.0.1", "9999"}
    for record in records:
        for affected in record["affected"]:
            listed = affected.get("versions") or []
            near.update(dice.sample(listed, min(3, len(listed))))
            for one_range in affected.get("ranges") or []:
                if one_range["type"] == "GIT":
                    continue
                for event in one_range["events"]:
                    for version in event.values():
                        near.update(
                            (version, f"{version}rc1", f"{version}.post1", f"{version}+x.1")
                        )
    valid = {}
    for text in sorted(near):
        try:
            valid[Version(text)] = str(Version(text))
        except InvalidVersion:
            continue
    versions = [valid[it] for it in sorted(valid)]
    dice.shuffle(versions)
    return versions


def ours(path: str, pairs: Sequence[Pair]) -> tuple[Found, dict[Pair, str]]:
    """What gatekeeper's matcher finds: one set of names per vulnerability; and what it leaves open."""
    advisories = SnapshotAdvisories(path)
    asked = {it: PackageVersion("pypi", it.name, it.version) for it in pairs}
    known = advisories.lookup(list(asked.values()))
    found: Found = {}
    left: dict[Pair, str] = {}
    for pair, package in asked.items():
        about = known[package]
        if isinstance(about, Open):
            raise TypeError(about)
        vulnerabilities, why = match(about, pair.version)
        found[pair] = frozenset(frozenset(it.ids) for it in vulnerabilities)
        if why:
            left[pair] = why.message
    advisories.close()
    return found, left


def by_the_rules(
    records: dict[str, list[Record]], pairs: Sequence[Pair]
) -> tuple[Found, set[Pair]]:
    """What OSV's rules say, and the pairs that they leave open: an end that has no order."""
    found: Found = {}
    left: set[Pair] = set()
    for pair in pairs:
        hit = []
        for it in records[pair.name]:
            try:
                if is_vulnerable(it, "PyPI", pair.name, pair.version):
                    hit.append(frozenset((it["id"], *it.get("aliases", ()))))
            except UnorderedError:
                left.add(pair)
        found[pair] = _joined(hit)
    return found, left


def _joined(several: Sequence[Names]) -> frozenset[Names]:
    groups: list[Names] = []
    for names in several:
        touching = [it for it in groups if it & names]
        groups = [it for it in groups if it not in touching] + [names.union(*touching)]
    return frozenset(groups)


@contextmanager
def served(path: str) -> Iterator[str]:
    """`gatekeeper advisories serve`, in this process."""
    file = AdvisoryFile(path)
    with open_server(file, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield address(server)
        server.shutdown()
        thread.join()
    file.close()


def rounds(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """In each of them a package has one version, as in any lock file."""
    done: list[dict[str, Pair]] = []
    for pair in pairs:
        for one in done:
            if pair.name not in one:
                one[pair.name] = pair
                break
        else:
            done.append({pair.name: pair})
    return [list(one.values()) for one in done]


def pip_audit(url: str, pairs: Sequence[Pair], folder: Path) -> tuple[Found, dict[Pair, str]]:
    """What pip-audit finds, and the pairs that it ends in a traceback for."""
    requirements = folder / "requirements.txt"
    requirements.write_text("".join(f"{it.name}=={it.version}\n" for it in pairs))
    # It takes the list of requirements before all else, or believes that a project is named.
    argv = [
        str(Path(sys.executable).with_name("pip-audit")), "-r", str(requirements), "--no-deps",
        "--disable-pip", "-s", "osv", "--osv-url", f"{url}/v1/query", "-f", "json",
        "--progress-spinner", "off", "--cache-dir", str(folder / "cache"),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout.startswith("{"):
        said = done.stderr.strip().splitlines()[-1]
        if "Traceback" not in done.stderr:
            raise RuntimeError(f"pip-audit could not be started: {said}")
        if len(pairs) == 1:
            return {}, {pairs[0]: said}
        # One package ends the whole run: which one it was has to be found out.
        middle = len(pairs) // 2
        one, lost = pip_audit(url, pairs[:middle], folder)
        other, more = pip_audit(url, pairs[middle:], folder)
        return {**one, **other}, {**lost, **more}
    by_name = {it.name: it for it in pairs}
    found: Found = {}
    for it in json.loads(done.stdout)["dependencies"]:
        pair = by_name[canonicalize_name(it["name"])]
        assert "vulns" in it, it
        found[pair] = _joined([frozenset((one["id"], *one["aliases"])) for one in it["vulns"]])
    return found, {}


def uv_audit(url: str, pairs: Sequence[Pair], folder: Path) -> Found:
    """What `uv audit` finds for a project that locks these versions."""
    write_project(folder, pairs)
    argv = [uv_program(), "audit", "--frozen", "--service-url", url, "--output-format", "json",
            "--no-cache", "--preview"]  # fmt: skip
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    answer = json.loads(done.stdout)
    assert answer["summary"]["audited_packages"] == len(pairs), answer["summary"]
    by_name = {it.name: it for it in pairs}
    several: dict[Pair, list[Names]] = {it: [] for it in pairs}
    for it in answer["vulnerabilities"]:
        pair = by_name[it["dependency"]["name"]]
        several[pair].append(frozenset((it["id"], *it["aliases"])))
    return {pair: _joined(names) for pair, names in several.items()}


def write_project(
    folder: Path,
    pairs: Sequence[Pair],
    registry: str = "https://pypi.org/simple",
    *,
    wheels: bool = False,
) -> None:
    """A project with a uv.lock that holds these versions, from that index, each with a wheel."""
    asked = ",".join(f'"{it.name}=={it.version}"' for it in pairs)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "audited"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f"dependencies = [{asked}]\n"
    )
    source = f'source = {{ registry = "{registry}" }}'
    packages = [
        f'[[package]]\nname = "{it.name}"\nversion = "{it.version}"\n{source}\n'
        + (_wheel(it) if wheels else "")
        for it in pairs
    ]
    names = ",".join(f'{{ name = "{it.name}" }}' for it in pairs)
    demands = ",".join(f'{{ name = "{it.name}", specifier = "=={it.version}" }}' for it in pairs)
    (folder / "uv.lock").write_text(
        'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n'
        + "\n".join(packages)
        + '\n[[package]]\nname = "audited"\nversion = "1"\nsource = { virtual = "." }\n'
        + f"dependencies = [{names}]\n\n[package.metadata]\nrequires-dist = [{demands}]\n"
    )


def _wheel(it: Pair) -> str:
    file = f"{it.name.replace('-', '_')}-{it.version}-py3-none-any.whl"
    digest = sha256(file.encode()).hexdigest()
    url = f"https://files.pythonhosted.org/packages/{digest[:2]}/{digest[2:4]}/{digest}/{file}"
    return f'wheels = [\n    {{ url = "{url}", hash = "sha256:{digest}", size = 51200 }},\n]\n'


def compare(
    who: str, theirs: Found, mine: Found, left: dict[Pair, str] | None = None
) -> list[Disagreement]:
    """Vulnerabilities are the same when they share a name. `left` is what we leave open, and why."""
    found = []
    for pair, names in theirs.items():
        only_theirs = [it for it in names if not any(it & other for other in mine[pair])]
        only_ours = [it for it in mine[pair] if not any(it & other for other in names)]
        if only_theirs or only_ours:
            why = f"ours is open: {left[pair]}" if left and pair in left and not only_ours else ""
            found.append(Disagreement(pair, who, _shown(only_theirs), _shown(only_ours), why))
    return found


def _shown(several: Sequence[Names]) -> str:
    return "; ".join(sorted(", ".join(sorted(it)) for it in several)) or "nothing more"


def odd_fixes(records: Sequence[Record]) -> set[str]:
    """Fixes that are no PEP 440 versions."""
    odd = set()
    for record in records:
        for affected in record["affected"]:
            for one_range in affected.get("ranges") or []:
                fixes = [it["fixed"] for it in one_range["events"] if "fixed" in it]
                for fix in fixes if one_range["type"] == "ECOSYSTEM" else []:
                    try:
                        Version(fix)
                    except InvalidVersion:
                        odd.add(fix)
    return odd


def explained_crash(said: str, records: Sequence[Record]) -> str:
    """pip-audit reads every fix of the first range as PEP 440, and ends when one is not."""
    named = re.search(r"Invalid version: '([^']+)'", said)
    if named and named[1] in odd_fixes(records):
        return f"pip-audit ends in a traceback: the fix {named[1]!r} is no PEP 440 version"
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all agree, or each disagreement is explained and the rules are on our side."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("zip", type=Path, help="OSV's zip of PyPI")
    parser.add_argument("--pairs", type=int, default=2500)
    options = parser.parse_args(arguments)
    records = read(options.zip)
    pairs = draw(records, options.pairs)
    disagreements: list[Disagreement] = []
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        path = put(folder, parts_of(str(options.zip))).path
        mine, left = ours(path, pairs)
        rules, open_by_rules = by_the_rules(records, pairs)
        wrong = compare("OSV's rules", rules, mine)
        wrong += [
            Disagreement(it, "OSV's rules", "open" if it in open_by_rules else "decided",
                         left.get(it, "decided"), "")
            for it in sorted(open_by_rules ^ left.keys())
        ]  # fmt: skip
        with served(path) as url:
            answered = 0
            for number, one in enumerate(rounds(pairs)):
                place = Path(folder, f"round-{number}")
                os.makedirs(place)
                # Each of these would end the run for all others.
                odd = [pair for pair in one if odd_fixes(records[pair.name])]
                found, lost = pip_audit(url, [pair for pair in one if pair not in odd], place)
                for alone in odd:
                    more, also = pip_audit(url, [alone], place)
                    found, lost = {**found, **more}, {**lost, **also}
                answered += len(found)
                disagreements += compare("pip-audit", found, mine, left)
                disagreements += [
                    Disagreement(pair, "pip-audit", "no answer", _shown(list(mine[pair])),
                                 explained_crash(said, records[pair.name]))
                    for pair, said in lost.items()
                ]  # fmt: skip
                disagreements += compare("uv audit", uv_audit(url, one, place), mine, left)
    vulnerable = sum(bool(it) for it in mine.values())
    print(f"{len(pairs):,} pairs of {len({it.name for it in pairs}):,} packages")
    print(f"{vulnerable:,} are vulnerable, {sum(map(len, mine.values())):,} vulnerabilities in all")
    print(f"{len(left)} are open: the advisory ends at a version that has no order")
    print(f"pip-audit answered for {answered:,}, uv audit for {len(pairs):,}")
    print(f"{len(wrong)} disagreements with OSV's rules, {len(disagreements)} with the auditors")
    for it in (*wrong, *disagreements):
        where = f"{it.pair.name} {it.pair.version}, {it.who}"
        print(f"- {where}: theirs {it.theirs} | ours {it.ours} | {it.why or 'NOT EXPLAINED'}")
    return int(bool(wrong) or any(not it.why for it in disagreements))


if __name__ == "__main__":
    sys.exit(main())
