import os
import stat
import tempfile


def share(data):
    descriptor, path = tempfile.mkstemp()
    os.write(descriptor, data)
    # ruleid: temporary-file-permissions
    os.chmod(path, 0o666)
    return path


def share_safely(data):
    descriptor, path = tempfile.mkstemp()
    os.write(descriptor, data)
    # ok: temporary-file-permissions
    os.chmod(path, 0o640)
    return path


def others():
    # ruleid: temporary-file-permissions
    os.chmod(tempfile.mkdtemp(), stat.S_IRWXU | stat.S_IRWXO)
    # ruleid: temporary-file-permissions
    os.makedirs("/tmp/service", mode=0o777)


def fine(path):
    # ok: temporary-file-permissions
    os.chmod(path, 0o777)
    # ok: temporary-file-permissions
    os.chmod(tempfile.mkdtemp(), stat.S_IRWXU)
