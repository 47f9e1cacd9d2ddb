"""Replacing the content of files that others may be editing: completely, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotEditedError(Exception):
    """The file was left as it is; the text says why, to follow its name."""


@contextlib.contextmanager
def _folder(root: str, path: str) -> Iterator[int]:
    """The file's folder, reached without following a link below `root`."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in path.split("/")[:-1]:
            below = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def content_of(root: str, path: str) -> bytes:
    """A regular file's content; NotEditedError when there is none, or none that may be changed."""
    try:
        with _folder(root, path) as folder:
            return _content(folder, path.rpartition("/")[2])[0]
    except OSError as error:
        raise NotEditedError(_why(error)) from None


def _content(folder: int, name: str) -> tuple[bytes, os.stat_result]:
    with open(os.open(name, _READ, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotEditedError("is no regular file")
        return file.read(), status


def replace_content(root: str, path: str, before: bytes, after: bytes) -> None:
    """Make the file say `after`, if it still says `before`; NotEditedError says why not.

    The new content appears at once, under the same mode. Links are not followed. Between the last
    look at the file and its replacement lies one system call.
    """
    name = path.rpartition("/")[2]
    temporary = f".gatekeeper-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        with _folder(root, path) as folder:
            content, status = _content(folder, name)
            if content != before:
                raise NotEditedError("was changed meanwhile")
            if not os.access(name, os.W_OK, dir_fd=folder):
                raise NotEditedError("is write-protected")
            try:
                _write(folder, temporary, after, stat.S_IMODE(status.st_mode))
                now = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if _identity(now) != _identity(status):
                    raise NotEditedError("was changed meanwhile")
                os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
    except OSError as error:
        raise NotEditedError(_why(error)) from None


def _write(folder: int, name: str, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)
        # Renaming first and writing later would leave an empty file after a power cut.
        os.fsync(file.fileno())


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "is reached through a link"
    if isinstance(error, IsADirectoryError):
        return "is no regular file"
    return f"cannot be changed: {error.strerror or error}"
