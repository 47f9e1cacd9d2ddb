from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MODE = AES.MODE_ECB


def encrypt(key, data):
    # ruleid: weak-cipher-mode
    return AES.new(key, AES.MODE_ECB).encrypt(data)


def encrypt_well(key, data):
    # ok: weak-cipher-mode
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)


def others(key, fast):
    # ruleid: weak-cipher-mode
    Cipher(algorithms.AES(key), modes.ECB())
    mode = AES.MODE_CBC
    if fast:
        mode = AES.MODE_ECB
    # ruleid: weak-cipher-mode
    AES.new(key, mode)
    # ruleid: weak-cipher-mode
    AES.new(key=key, mode=AES.MODE_ECB)


def replaced(key, iv):
    mode = AES.MODE_ECB
    mode = AES.MODE_EAX
    # ok: weak-cipher-mode
    AES.new(key, mode)
    # ok: weak-cipher-mode
    Cipher(algorithms.AES(key), modes.CTR(iv))
