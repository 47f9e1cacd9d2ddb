import os
import tempfile
import uuid
from pathlib import Path


def report(text):
    # ruleid: unsafe-temporary-file
    with open("/tmp/report.txt", "w") as file:
        file.write(text)


def report_safely(text):
    # ok: unsafe-temporary-file
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)


def others(name, text):
    path = os.path.join(tempfile.gettempdir(), name)
    # ruleid: unsafe-temporary-file
    open(path, "wb").write(text)
    # ruleid: unsafe-temporary-file
    open(f"/tmp/{os.getpid()}.log", "a").write(text)
    # ruleid: unsafe-temporary-file
    Path("/var/tmp/state.json").write_text(text)
    # ruleid: unsafe-temporary-file
    os.makedirs("/tmp/service", exist_ok=True)
    target = "/tmp/%s.csv" % name
    # ruleid: unsafe-temporary-file
    open(target, mode="w").write(text)
    # ruleid: unsafe-temporary-file
    os.open("/tmp/lock", os.O_CREAT | os.O_WRONLY)


def fine(text, settings):
    # ok: unsafe-temporary-file
    open(f"/tmp/{uuid.uuid4()}", "w").write(text)
    # ok: unsafe-temporary-file
    open("/tmp/input.txt").read()
    # ok: unsafe-temporary-file
    os.open("/tmp/lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    # ok: unsafe-temporary-file
    open(os.path.join(tempfile.mkdtemp(dir="/tmp"), "a.txt"), "w").write(text)
    # ok: unsafe-temporary-file
    open(settings.get("path", "/tmp/x"), "w").write(text)
    path = "/tmp/x"
    path = "/var/lib/service/x"
    # ok: unsafe-temporary-file
    open(path, "w").write(text)
    # ok: unsafe-temporary-file
    (Path(tempfile.gettempdir()) / "lock").touch(exist_ok=False)
