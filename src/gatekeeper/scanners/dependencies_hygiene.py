"""What manifests and locks themselves tell of a weak supply chain, without asking anybody.

Missing hashes, locks that are not those of their manifests, names that pass for others, and what
runs code when it is installed. All of it follows from what the files say, so it is remembered by
that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.dependency import Inventory
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.dependencies_told import Told
from gatekeeper.text.fingerprint import digest

# Grows whenever the same files would be judged differently.
REVISION = "hygiene 1"


def hygiene(change: Change, found: Sequence[Inventory]) -> list[Told]:
    """The findings about one version, whose inventories are `found`."""
    options = change.config.scanners.dependencies
    settings = (*options.scopes, "", *options.private, "", *options.mirrors)
    try:
        content = hashlib.sha256(msgspec.msgpack.encode(found)).hexdigest()
    except UnicodeEncodeError:
        # A path that is no UTF-8 has no stored form: such a version is judged again.
        return _judged(found, options)
    about = (REVISION, digest(*settings, str(options.require_hashes)), content)
    if (known := change.recall_content(*about)) is not None:
        return msgspec.msgpack.decode(known, type=list[Told])
    told = _judged(found, options)
    change.remember_content(msgspec.msgpack.encode(told), *about)
    return told


def _judged(found: Sequence[Inventory], options: DependenciesOptions) -> list[Told]:
    # Mostly somebody remembers, and then what judges is not needed.
    from gatekeeper.scanners.dependencies_weak import judged

    return judged(found, options)
