"""Native git hooks: put into a clone, looked at, and taken out again.

They go into a folder of their own inside git's, which all worktrees share, so they stay when a
virtual environment or a branch goes. `core.hooksPath` points there. Hooks that were in use before
go on being run, and files of others are never touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat

from msgspec import Struct

from gatekeeper.adapters.git import GitRepository
from gatekeeper.errors import RepositoryError, UsageError
from gatekeeper.shipped import shipped

OWN = ("pre-commit", "commit-msg", "pre-push")
_SHARED = "gatekeeper.sh"
_STAND_IN = "other"
# Hooks of the client side; others in a folder are helpers, or none of git's.
_OTHERS = frozenset({
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-merge-commit", "prepare-commit-msg",
    "post-commit", "pre-rebase", "post-checkout", "post-merge", "post-rewrite", "pre-auto-gc",
    "reference-transaction", "post-index-change", "sendemail-validate", "fsmonitor-watchman",
})  # fmt: skip


class Hooks(Struct, frozen=True):
    """What is in force. `folder` is empty when gatekeeper's hooks are not.

    `earlier` is the folder whose hooks run first. `passed_on` names hooks there that gatekeeper
    only passes on.
    """

    folder: str
    earlier: str = ""
    passed_on: tuple[str, ...] = ()
    fix: bool = False


def installed_hooks(repository: GitRepository) -> Hooks:
    """What is installed now."""
    folder = os.path.join(repository.root, _config(repository, "core.hooksPath") or ".")
    if not os.path.isfile(os.path.join(folder, _SHARED)):
        return Hooks("")
    earlier = _earlier(repository)
    fix = _config(repository, "gatekeeper.fix") == "true"
    return Hooks(folder, earlier, _to_pass_on(earlier), fix)


def install_hooks(
    repository: GitRepository, program: str, *, chain: bool = False, fix: bool | None = None
) -> Hooks:
    """Install the hooks, or bring them up to date; what is in force then.

    `program` is the gatekeeper that hooks fall back on. `fix` says whether pre-commit repairs what
    is staged; None leaves that as it is. Raises UsageError, with nothing changed, when hooks of
    somebody else are configured and `chain` does not ask to run them first.
    """
    folder = _own_folder(repository)
    foreign = _foreign(repository, folder)
    if foreign and not chain:
        raise UsageError(
            f"core.hooksPath is {foreign}, so other hooks are in use",
            where=repository.root,
            remedy="`gatekeeper hooks install --chain` runs those first and puts them back on uninstall",
        )
    if foreign:
        local = _config(repository, "core.hooksPath", "--local")
        _set(repository, "gatekeeper.earlierHooksPath", foreign)
        _set(repository, "gatekeeper.earlierHooksPathLocal", local)
    try:
        _lay_out(folder, _to_pass_on(_earlier(repository)))
    except OSError as error:
        raise RepositoryError(
            f"the hooks cannot be written: {error.strerror or error}", where=folder
        ) from None
    _set(repository, "gatekeeper.program", program)
    if fix is not None:
        _set(repository, "gatekeeper.fix", "true" if fix else "")
    # Last: from here on git uses the folder, and it is complete.
    _set(repository, "core.hooksPath", folder)
    return installed_hooks(repository)


def uninstall_hooks(repository: GitRepository) -> Hooks:
    """Take the hooks out, put back what was configured before; what was in force until now."""
    were = installed_hooks(repository)
    folder = _own_folder(repository)
    if _config(repository, "core.hooksPath", "--local") == folder:
        _set(repository, "core.hooksPath", _config(repository, "gatekeeper.earlierHooksPathLocal"))
    for name in ("program", "fix", "earlierHooksPath", "earlierHooksPathLocal"):
        _set(repository, f"gatekeeper.{name}", "")
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(folder))
    return were


def hook_runner(repository: GitRepository) -> str:
    """pre-commit or prek, when its script is what git would run first; else the empty string."""
    path = os.path.join(_earlier(repository), "pre-commit")
    try:
        with open(path, "rb") as file:
            text = file.read(4096)
    except OSError:
        return ""
    return "prek" if b"prek" in text else "pre-commit" if b"pre-commit.com" in text else ""


def _own_folder(repository: GitRepository) -> str:
    return os.path.join(_common(repository), "gatekeeper", "hooks")


def _common(repository: GitRepository) -> str:
    shown = repository.git("rev-parse", "--git-common-dir").decode("utf-8", "surrogateescape")
    return os.path.realpath(os.path.join(repository.root, shown.rstrip("\n")))


def _foreign(repository: GitRepository, folder: str) -> str:
    """The hooks folder of somebody else that is configured, for this clone or for all."""
    configured = _config(repository, "core.hooksPath")
    full = os.path.join(repository.root, configured)
    if not configured or full == folder or os.path.isfile(os.path.join(full, _SHARED)):
        return ""
    return configured


def _earlier(repository: GitRepository) -> str:
    configured = _config(repository, "gatekeeper.earlierHooksPath")
    return os.path.join(repository.root, configured or os.path.join(_common(repository), "hooks"))


def _to_pass_on(earlier: str) -> tuple[str, ...]:
    """Hooks that git would no longer see, since it looks into one folder only."""
    try:
        names = sorted(_OTHERS.intersection(os.listdir(earlier)))
    except OSError:
        return ()
    return tuple(name for name in names if os.access(os.path.join(earlier, name), os.X_OK))


def _lay_out(folder: str, passed_on: tuple[str, ...]) -> None:
    os.makedirs(folder, exist_ok=True)
    sources = {name: name for name in (_SHARED, *OWN)} | dict.fromkeys(passed_on, _STAND_IN)
    for name, source in sources.items():
        temporary = os.path.join(folder, f".{name}.{os.getpid()}")
        shutil.copyfile(os.path.join(_source(), source), temporary)
        os.chmod(temporary, stat.S_IMODE(os.stat(folder).st_mode) & 0o755)
        os.replace(temporary, os.path.join(folder, name))
    for name in set(os.listdir(folder)) - set(sources):
        os.unlink(os.path.join(folder, name))


def _source() -> str:
    """The hooks that ship: in the package, or at the top of the project when it runs from there."""
    inside = shipped("hooks")
    return inside if os.path.isdir(inside) else os.path.join(shipped(), "..", "..", "hooks")


def _config(repository: GitRepository, key: str, *scope: str) -> str:
    shown = repository.git("config", *scope, "--type=path", "--get", key, status=(0, 1))
    return shown.decode("utf-8", "surrogateescape").rstrip("\n")


def _set(repository: GitRepository, key: str, value: str) -> None:
    if value:
        repository.git("config", "--local", "--replace-all", key, value)
    else:
        repository.git("config", "--local", "--unset-all", key, status=(0, 5))
