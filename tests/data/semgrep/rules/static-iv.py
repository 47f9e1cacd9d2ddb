import os

from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

IV = b"0123456789abcdef"


def encrypt(key, data):
    iv = b"\x00" * 16
    # ruleid: static-iv
    return AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def encrypt_well(key, data):
    iv = get_random_bytes(16)
    # ok: static-iv
    return iv + AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def others(key, data):
    # ruleid: static-iv
    AES.new(key, AES.MODE_CBC, IV)
    # ruleid: static-iv
    AES.new(key, AES.MODE_GCM, nonce=b"123456789012")
    # ruleid: static-iv
    Cipher(algorithms.AES(key), modes.CTR(bytes(16)))
    cipher = AESGCM(key)
    # ruleid: static-iv
    cipher.encrypt(b"123456789012", data, None)


class Box:
    NONCE = b"123456789012"

    def seal(self, key, data):
        # ruleid: static-iv
        return AES.new(key, AES.MODE_GCM, nonce=self.NONCE).encrypt(data)


def fine(key, data, settings):
    iv = b""
    iv = os.urandom(16)
    # ok: static-iv
    Cipher(algorithms.AES(key), modes.CBC(iv))
    # ok: static-iv
    AESGCM(key).encrypt(os.urandom(12), data, None)
    # ok: static-iv
    AES.new(key, AES.MODE_CBC, settings.get("iv"))
    # ok: static-iv
    AES.new(key, AES.MODE_GCM)


def opened(key, message):
    IV = message[:16]
    # ok: static-iv
    return AES.new(key, AES.MODE_CBC, IV).decrypt(message[16:])
