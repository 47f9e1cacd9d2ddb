"""Files of the working tree: read and replaced folder by folder, through no symlink."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.errors import SetupError

_LIMIT = 8 * 1024 * 1024
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class WorkingFiles:
    """See the ProjectFiles port."""

    def __init__(self, root: str) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        """The content; None when there is no such file. Errors: SetupError."""
        try:
            with self._folder(path, make=False) as folder:
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
                handle = os.open(_name(path), flags, dir_fd=folder)
                with open(handle, "rb") as file:
                    if not stat.S_ISREG(os.fstat(handle).st_mode):
                        raise SetupError("this is no plain file", where=path)
                    content = file.read(_LIMIT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refused(error, path) from None
        if len(content) > _LIMIT:
            raise SetupError(f"larger than {_LIMIT >> 20} MiB", where=path)
        return content

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Put all files in place. Errors: SetupError, and then nothing has changed."""
        with contextlib.ExitStack() as stack:
            ready = []
            for path, content in contents.items():
                self.read(path)  # what is no plain file is never replaced
                try:
                    folder = stack.enter_context(self._folder(path, make=True))
                    temporary = _prepare(folder, _name(path), content)
                    stack.callback(_remove, temporary, folder)
                except OSError as error:
                    raise _refused(error, path) from None
                ready.append((path, folder, temporary))
            for path, folder, temporary in ready:
                try:
                    os.replace(temporary, _name(path), src_dir_fd=folder, dst_dir_fd=folder)
                except OSError as error:
                    raise _refused(error, path) from None

    @contextlib.contextmanager
    def _folder(self, path: str, *, make: bool) -> Iterator[int]:
        """A descriptor of the folder that holds `path`: every step is opened, none is followed."""
        handles = [os.open(self.root, _FOLDER & ~os.O_NOFOLLOW)]
        try:
            for part in _parts(path)[:-1]:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, dir_fd=handles[-1])
                handles.append(os.open(part, _FOLDER, dir_fd=handles[-1]))
            yield handles[-1]
        finally:
            for handle in handles:
                os.close(handle)


def _parts(path: str) -> Sequence[str]:
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise SetupError("this is no path inside the repository", where=path)
    return parts


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _prepare(folder: int, name: str, content: bytes) -> str:
    """Write the content beside its place, with the access rights it will have; the name."""
    temporary = f".{name}.{os.getpid()}.gatekeeper"
    try:
        mode = stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        mode = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            if mode:
                os.fchmod(handle, mode)
            file.flush()
            os.fsync(handle)
    except OSError:
        _remove(temporary, folder)
        raise
    return temporary


def _remove(name: str, folder: int) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=folder)


def _refused(error: OSError, path: str) -> SetupError:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return SetupError(
            "a symlink, or a file where a folder should be, is on the way",
            where=path,
            remedy="gatekeeper writes through no symlink: replace it by a folder or file of its own",
        )
    return SetupError(
        f"it cannot be used: {error.strerror or error}",
        where=path,
        remedy="nothing has been written; look at the access rights and the free space",
    )
