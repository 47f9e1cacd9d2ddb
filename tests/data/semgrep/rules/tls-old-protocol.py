import ssl

from OpenSSL import SSL


def old():
    # ruleid: tls-old-protocol
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)


def new():
    # ok: tls-old-protocol
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def versions(context):
    # ruleid: tls-old-protocol
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    # ruleid: tls-old-protocol
    SSL.Context(SSL.SSLv3_METHOD)
    # ok: tls-old-protocol
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # ok: tls-old-protocol
    SSL.Context(SSL.TLS_METHOD)
