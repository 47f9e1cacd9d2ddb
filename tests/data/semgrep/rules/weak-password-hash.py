import hashlib

import bcrypt
from django.contrib.auth.hashers import make_password
from passlib.context import CryptContext
from passlib.hash import md5_crypt
from werkzeug.security import generate_password_hash


def store(user, password):
    # ruleid: weak-password-hash
    user.password = hashlib.sha256(password.encode()).hexdigest()


def store_well(user, password, salt):
    # ok: weak-password-hash
    user.password = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()


def salted(salt, user, form):
    # ruleid: weak-password-hash
    hashlib.md5((salt + user.password).encode("utf-8"))
    # ruleid: weak-password-hash
    hashlib.new("sha1", form["password"].encode())
    # ruleid: weak-password-hash
    hashlib.sha512(f"{salt}{form.get('passwd')}".encode())
    digest = hashlib.sha1()
    # ruleid: weak-password-hash
    digest.update(user.pwd.encode())
    text = salt + form["password"]
    # ruleid: weak-password-hash
    hashlib.sha1(text.encode())


def slow_but_not_enough(password, salt):
    # ruleid: weak-password-hash
    hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
    # ruleid: weak-password-hash
    bcrypt.gensalt(4)
    # ok: weak-password-hash
    hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
    # ok: weak-password-hash
    bcrypt.gensalt(12)


def frameworks(password):
    # ruleid: weak-password-hash
    make_password(password, hasher="md5")
    # ruleid: weak-password-hash
    generate_password_hash(password, method="sha256")
    # ruleid: weak-password-hash
    md5_crypt.hash(password)
    # ruleid: weak-password-hash
    CryptContext(schemes=["hex_sha256", "plaintext"])
    # ok: weak-password-hash
    make_password(password)
    # ok: weak-password-hash
    generate_password_hash(password, method="scrypt")
    # ok: weak-password-hash
    CryptContext(schemes=["argon2", "md5_crypt"], deprecated=["md5_crypt"])


# ruleid: weak-password-hash
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def is_pwned(password, session):
    # ok: weak-password-hash
    digest = hashlib.sha1(password.encode()).hexdigest()
    return digest[5:] in session.get(f"https://api.example.org/range/{digest[:5]}").text


def others(document, password_file):
    # ok: weak-password-hash
    hashlib.sha256(document.encode())
    # ok: weak-password-hash
    hashlib.sha256(open(password_file, "rb").read())
