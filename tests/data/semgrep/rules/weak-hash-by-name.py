import hashlib
import hmac
import os

ALGORITHM = "md5"


def sign(message, settings):
    name = settings.get("digest", "sha1")
    # ruleid: weak-hash-by-name
    return hashlib.new(name, message)


def sign_better(message, settings):
    name = settings.get("digest", "sha256")
    # ok: weak-hash-by-name
    return hashlib.new(name, message)


def by_name(message):
    # ruleid: weak-hash-by-name
    hashlib.new("SHA1", message)
    # ruleid: weak-hash-by-name
    hashlib.new(ALGORITHM)
    # ruleid: weak-hash-by-name
    hashlib.new(os.environ.get("DIGEST", "md5"), message)
    # ruleid: weak-hash-by-name
    getattr(hashlib, "md5")(message)


def with_a_default(message, algorithm="sha1"):
    # ruleid: weak-hash-by-name
    return hashlib.new(algorithm, message)


def with_a_strong_default(message, algorithm: str = "sha256"):
    # ok: weak-hash-by-name
    return hashlib.new(algorithm, message)


class Signer:
    algorithm = "md5"

    def sign(self, message):
        # ruleid: weak-hash-by-name
        return hashlib.new(self.algorithm, message)


def in_some_cases(message, old):
    function = hashlib.md5 if old else hashlib.sha256
    # ruleid: weak-hash-by-name
    return function(message).hexdigest()


def replaced(message):
    function = hashlib.md5
    function = hashlib.sha256
    # ok: weak-hash-by-name
    return function(message).hexdigest()


def authentication(key, message, password, salt):
    # ruleid: weak-hash-by-name
    hmac.new(key, message, hashlib.md5)
    # ruleid: weak-hash-by-name
    hmac.new(key, message, digestmod="md5")
    # ruleid: weak-hash-by-name
    hashlib.pbkdf2_hmac("md5", password, salt, 600_000)
    # ok: weak-hash-by-name
    hmac.new(key, message, hashlib.sha1)
    # ok: weak-hash-by-name
    hmac.new(key, message, "sha256")


def settings_decide(settings, message):
    # ok: weak-hash-by-name
    hashlib.new(settings["md5"], message)
    # ok: weak-hash-by-name
    hashlib.new(settings["digest"], message)
    # ok: weak-hash-by-name
    hashlib.new({"md5": "sha256"}["md5"], message)


def checksum(message):
    # ok: weak-hash-by-name
    hashlib.new("md5", message).hexdigest()


def told_by_argument(message, response):
    # ok: weak-hash-by-name
    hashlib.new("md5", message, usedforsecurity=False)
    # ok: weak-hash-by-name
    etag = hashlib.new("sha1", message).hexdigest()
    response.set_etag(etag)
