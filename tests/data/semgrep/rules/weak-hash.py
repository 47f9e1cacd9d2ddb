import functools
import hashlib

from Crypto.Hash import MD5
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def sign(message):
    # ruleid: weak-hash
    return hashlib.md5(b"secret" + message).hexdigest()


def sign_better(message):
    # ok: weak-hash
    return hashlib.sha256(b"secret" + message).hexdigest()


def other_libraries(key, message, signature):
    # ruleid: weak-hash
    MD5.new(message)
    # ruleid: weak-hash
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA1())
    # ok: weak-hash
    key.decrypt(
        message, padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    )


def told_by_argument(data):
    # ok: weak-hash
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def etag(data):
    # ok: weak-hash
    return hashlib.md5(data).hexdigest()


def told_by_names(data, response, cache, expected):
    # ok: weak-hash
    checksum = hashlib.md5(data).hexdigest()
    # ok: weak-hash
    response.headers["ETag"] = hashlib.sha1(data).hexdigest()
    # ok: weak-hash
    cache.get(hashlib.md5(data).hexdigest())
    # ok: weak-hash
    if hashlib.md5(data).hexdigest() != expected:
        raise ValueError(checksum)


def told_later(chunks):
    # ok: weak-hash
    digest = hashlib.md5()
    for chunk in chunks:
        digest.update(chunk)
    file_hash = digest.hexdigest()
    return file_hash


def partial():
    # ok: weak-hash
    hashlib.sha1().digest_size
    # ok: weak-hash
    functools.partial(hashlib.md5, usedforsecurity=False)


def a_token_is_no_cache_key(user, cache):
    # ruleid: weak-hash
    cache_token = hashlib.md5(user.email.encode()).hexdigest()
    return cache_token
