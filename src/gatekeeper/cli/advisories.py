"""`gatekeeper advisories`: sync, info, serve."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack

import msgspec

from gatekeeper import wiring
from gatekeeper.adapters.advisory_file import open_snapshot, snapshot_path, stale
from gatekeeper.adapters.advisory_sources import Part, SourceError, parts_of
from gatekeeper.adapters.advisory_sync import UnexpectedError, put
from gatekeeper.adapters.folders import cache_folder
from gatekeeper.advisories.format import DamagedError, Header
from gatekeeper.advisories.names import OSV_NAMES
from gatekeeper.cli.setting import load_setting
from gatekeeper.config.schema import Config
from gatekeeper.errors import GatekeeperError, RepositoryError, UsageError
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.ports.advisories import AdvisoriesError
from gatekeeper.text.names import plural, printable
from gatekeeper.text.patterns import regex

_DIGEST = regex(r"sha256:[0-9a-f]{64}")
_DEADLINE = 3600


class AdvisoriesCommandError(GatekeeperError):
    """There is no snapshot that can be used, so nothing can be said about dependencies."""

    exit_status = 3


def run_sync(options: Namespace) -> int:
    """Put a new snapshot in place; 0, or 3 and the old one stays."""
    config = _config(options.config).advisories
    expect = options.expect or config.digest
    if options.expect and not _DIGEST.fullmatch(options.expect):
        raise UsageError("--expect takes sha256: and 64 hexadecimal digits")
    chosen: Sequence[Ecosystem] = options.ecosystem or config.ecosystems
    ecosystems = [OSV_NAMES[it] for it in dict.fromkeys(chosen)]
    folder = cache_folder()
    with ExitStack() as stack:
        try:
            parts = _parts(options, ecosystems, config.url, config.kev, config.epss, stack)
            _announce("reading")
            # What a file holds completely is found out, unless it is said.
            said = ecosystems if options.ecosystem else ()
            done = put(folder, parts, expect=expect, ecosystems=said)
        except SourceError as error:
            raise AdvisoriesCommandError(
                printable(error.message), where=printable(error.where), remedy=error.remedy
            ) from None
        except UnexpectedError as error:
            raise AdvisoriesCommandError(
                f"the new snapshot is {error.digest}, and {expect} was expected",
                remedy="the old one stays; look at what has changed, then expect the new digest",
            ) from None
        except OSError as error:
            raise AdvisoriesCommandError(
                f"the snapshot could not be written: {error.strerror or error}",
                where=folder,
                remedy="make room in, or give access to, gatekeeper's cache (GATEKEEPER_CACHE_DIR)",
            ) from None
    _print(done.header, done.digest, done.path)
    if not done.changed:
        print("nothing has changed since the last sync")
    return 0


def run_info(options: Namespace) -> int:
    """What the snapshot holds; 0, or 3 when there is none that can be used."""
    config = _config(options.config).advisories
    path = snapshot_path(cache_folder())
    try:
        file = open_snapshot(path, config.digest)
    except AdvisoriesError as error:
        raise AdvisoriesCommandError(error.message, remedy=error.remedy) from None
    try:
        if options.verify:
            file.verify()
    except (DamagedError, OSError) as error:
        raise AdvisoriesCommandError(
            f"the snapshot cannot be used: {error}", where=path, remedy="sync it again"
        ) from None
    finally:
        file.close()
    old = stale(file.header, config.max_age_days)
    if options.json:
        about = msgspec.to_builtins(file.header)
        about["sources"] = [msgspec.structs.asdict(it) for it in file.header.sources]
        for internal in ("buckets", "size"):
            del about[internal]
        print(json.dumps({"path": path, "digest": file.digest, **about, "stale": old}, indent=2))
        return 0
    _print(file.header, file.digest, path)
    if options.verify:
        print("verified  every record is as it was written")
    for name in old:
        print(f"stale     {name}: older than advisories.max_age_days ({config.max_age_days})")
    return 0


def run_serve(options: Namespace) -> int:
    """Answer until interrupted; 0, or 3 when there is nothing to answer from."""
    from gatekeeper.adapters.osv_server import ServerError, serve

    config = _config(options.config).advisories
    try:
        file = open_snapshot(snapshot_path(cache_folder()), config.digest)
    except AdvisoriesError as error:
        raise AdvisoriesCommandError(error.message, remedy=error.remedy) from None
    old = stale(file.header, config.max_age_days)
    if old and not options.allow_stale:
        file.close()
        raise AdvisoriesCommandError(
            f"the advisories about {', '.join(old)} are older than advisories.max_age_days"
            f" ({config.max_age_days}), so auditors would miss what is newer",
            remedy="run `gatekeeper advisories sync`, or add --allow-stale",
        )
    try:
        serve(file, options.host, options.port, lambda url: print(f"serving {url}", flush=True))
    except ServerError as error:
        raise UsageError(str(error)) from None
    finally:
        file.close()
    return 0


def _parts(
    options: Namespace,
    ecosystems: Sequence[str],
    url: str,
    kev: str,
    epss: str,
    stack: ExitStack,
) -> list[Part]:
    from gatekeeper.adapters.advisory_download import Wanted, downloaded, wanted

    remote = [it for it in options.sources if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", it)]
    given = [Wanted(it) for it in remote]
    get = given if options.sources else wanted(url, ecosystems, kev, epss)
    parts = [
        part for it in options.sources if it not in remote for part in parts_of(os.path.abspath(it))
    ]
    if get:
        from gatekeeper.adapters.fetch import Http

        http = Http(_DEADLINE)
        stack.callback(http.close)
        parts += stack.enter_context(downloaded(get, cache_folder(), http, _announce))
    return parts


def _config(explicit: str) -> Config:
    """The repository's configuration; outside of any repository, what applies by default."""
    try:
        repository = wiring.open_repository()
    except RepositoryError:
        if explicit:
            raise
        return Config()
    return load_setting(repository.root, repository.worktree(), explicit).loaded.config


def _print(header: Header, digest: str, path: str) -> None:
    print(f"snapshot  {printable(path)}")
    print(f"digest    {digest}")
    malicious = f", {header.malicious:,} of malicious packages" if header.malicious else ""
    print(
        f"holds     {plural(header.records, 'record')} about {plural(header.packages, 'package')}{malicious}"
    )
    for name, as_of in header.as_of.items():
        print(f"          {name}, of {as_of}")
    for name, as_of in (("KEV", header.kev_as_of), ("EPSS", header.epss_as_of)):
        print(f"          {name}, {f'of {as_of}' if as_of else 'none'}")
    for source in header.sources:
        print(f"from      {printable(source.name)}, {source.digest}")
    if header.unreadable:
        print(
            f"unread    {plural(header.unreadable, 'record')} could not be read; the packages that"
            " they are about will be reported as not checked"
        )


def _announce(text: str) -> None:
    print(f"gatekeeper: {printable(text)}", file=sys.stderr)
