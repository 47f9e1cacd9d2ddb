import os
import tarfile
import zipfile

from flask import request


def unpack(upload):
    # ruleid: archive-extraction
    tarfile.open(fileobj=upload).extractall("/srv/data")


def unpack_filtered(upload):
    # ok: archive-extraction
    tarfile.open(fileobj=upload).extractall("/srv/data", filter="data")


def by_hand(path):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        # ruleid: archive-extraction
        with open(os.path.join("/srv/data", name), "wb") as file:
            file.write(archive.read(name))


def by_hand_with_names_only(path):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        # ok: archive-extraction
        with open(os.path.join("/srv/data", os.path.basename(name)), "wb") as file:
            file.write(archive.read(name))


def single(path):
    archive = tarfile.open(path)
    # ruleid: archive-extraction
    archive.extract("data.csv", "/srv/data")


def zipped(path):
    # ok: archive-extraction
    zipfile.ZipFile(path).extractall("/srv/data")


def looked_at_first():
    upload = request.files["pack"].stream
    with tarfile.open(fileobj=upload) as archive:
        for member in archive.getmembers():
            if member.name.startswith("/") or ".." in member.name.split("/"):
                raise ValueError(member.name)
    upload.seek(0)
    with tarfile.open(fileobj=upload) as archive:
        # ok: archive-extraction
        archive.extractall("/srv/data", filter="fully_trusted")


def another_file():
    both = {"given": request.files["pack"].stream, "own": open("/srv/own.tar", "rb")}
    with tarfile.open(fileobj=both["own"]) as archive:
        # ok: archive-extraction
        archive.extractall("/srv/data")
    with tarfile.open(fileobj=both["given"]) as archive:
        # ruleid: archive-extraction
        archive.extractall("/srv/data")
