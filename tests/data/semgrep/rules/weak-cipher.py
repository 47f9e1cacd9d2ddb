from Crypto.Cipher import AES, ARC4, DES, Blowfish
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from M2Crypto import EVP


def encrypt(key, data):
    # ruleid: weak-cipher
    return DES.new(key, DES.MODE_CBC).encrypt(data)


def encrypt_well(key, data):
    # ok: weak-cipher
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)


def others(key, iv, public_key, data):
    # ruleid: weak-cipher
    ARC4.new(key)
    # ruleid: weak-cipher
    Blowfish.new(key, Blowfish.MODE_CBC, iv)
    # ruleid: weak-cipher
    Cipher(algorithms.TripleDES(key), modes.CBC(iv))
    # ruleid: weak-cipher
    public_key.encrypt(data, padding.PKCS1v15())
    # ruleid: weak-cipher
    EVP.Cipher("des_ede3_cbc", key, iv, 1)


def fine(key, iv, public_key, private_key, data):
    # ok: weak-cipher
    Cipher(algorithms.AES(key), modes.CTR(iv))
    # ok: weak-cipher
    public_key.encrypt(data, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    # ok: weak-cipher
    private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    # ok: weak-cipher
    EVP.Cipher("aes_256_gcm", key, iv, 1)
