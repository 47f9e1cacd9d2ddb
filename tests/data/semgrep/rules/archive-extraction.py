import os
import tarfile
import zipfile


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
