"""Where this gatekeeper came from: what the files that `init` writes refer to."""

from __future__ import annotations

import msgspec

from gatekeeper.shipped import shipped
from gatekeeper.text.patterns import regex
from gatekeeper.version import REPOSITORY, VERSION

_HOST = "https://github.com"
_COMMIT = regex(r"[0-9a-f]{40}")
# https://host/owner/name, ssh://git@host/owner/name and git@host:owner/name, without credentials.
_ADDRESS = regex(
    r"(?:(?:https|ssh)://(?:[^/@\s]*@)?(?P<host>[A-Za-z0-9.-]+)(?::\d+)?/|(?:[\w.-]+@)(?P<scp>[A-Za-z0-9.-]+):)"
    r"(?P<name>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*?)(?:\.git)?/?"
)


class Origin(msgspec.Struct, frozen=True):
    """`repository` is owner and name, `url` what git clones. `commit` is empty when it is unknown:
    the package was built from something that is no commit."""

    repository: str = REPOSITORY
    url: str = f"{_HOST}/{REPOSITORY}"
    commit: str = ""
    released: bool = False

    @property
    def pin(self) -> str:
        """What stands behind `uses: …@`: the commit with its version, else the tag."""
        if not self.commit:
            return f"v{VERSION}"
        return f"{self.commit} # " + (f"v{VERSION}" if self.released else f"{VERSION}, no release")

    @property
    def rev(self) -> str:
        """What stands behind `rev:` in pre-commit's file, as `pre-commit autoupdate --freeze` writes it."""
        if not self.commit:
            return f"v{VERSION}"
        return f"{self.commit}  # frozen: v{VERSION}" if self.released else self.commit


UNKNOWN = Origin()


class _Told(msgspec.Struct):
    """What the build wrote: see hatch_build.py and release/build.py."""

    commit: str
    released: bool = False
    address: str = ""


class _Commit(msgspec.Struct):
    commit_id: str


class _Direct(msgspec.Struct):
    """What an installer notes down about a package that came from no index (PEP 610)."""

    url: str
    vcs_info: _Commit | None = None


def origin() -> Origin:
    """What the build of this package and its installer say; where they say nothing, the project's
    own address, and no commit."""
    told = _told()
    commit = told.commit if _COMMIT.fullmatch(told.commit) else ""
    for address in (_installed_from(), told.address):
        found = _ADDRESS.fullmatch(address)
        # Another name is another project that has gatekeeper in a folder of its own.
        if found and found["name"].lower().endswith("/gatekeeper"):
            host = found["host"] or found["scp"]
            return Origin(found["name"], f"https://{host}/{found['name']}", commit, told.released)
    return Origin(commit=commit, released=told.released)


def _told() -> _Told:
    try:
        with open(shipped("origin.json"), "rb") as file:
            return msgspec.json.decode(file.read(), type=_Told)
    except (OSError, msgspec.MsgspecError):
        return _Told("")


def _installed_from() -> str:
    """The address that was asked for: uv builds from a copy of the clone, which knows none."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution("gatekeeper-ci").read_text("direct_url.json") or ""
        noted = msgspec.json.decode(text, type=_Direct)
    except (PackageNotFoundError, msgspec.MsgspecError, OSError):
        return ""
    return noted.url if noted.vcs_info is not None else ""
