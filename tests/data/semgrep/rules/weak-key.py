import paramiko
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import ec, rsa

BITS = 1024


def generate():
    # ruleid: weak-key
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def generate_well():
    # ok: weak-key
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def others(short):
    # ruleid: weak-key
    RSA.generate(BITS)
    # ruleid: weak-key
    paramiko.RSAKey.generate(512)
    # ruleid: weak-key
    ec.generate_private_key(ec.SECP192R1())
    bits = 4096
    if short:
        bits = 768
    # ruleid: weak-key
    RSA.generate(bits)


def with_a_default(size=1024):
    # ruleid: weak-key
    return rsa.generate_private_key(65537, size)


def fine(settings):
    # ok: weak-key
    RSA.generate(4096)
    # ok: weak-key
    RSA.generate(settings.bits)
    # ok: weak-key
    ec.generate_private_key(ec.SECP256R1())
