import ssl

import asyncssh
import paramiko


def context():
    # ruleid: tls-unverified-context
    return ssl._create_unverified_context()


def good_context():
    # ok: tls-unverified-context
    return ssl.create_default_context()


# ruleid: tls-unverified-context
ssl._create_default_https_context = ssl._create_unverified_context


async def shell(host):
    client = paramiko.SSHClient()
    # ruleid: tls-unverified-context
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: tls-unverified-context
    await asyncssh.connect(host, known_hosts=None)


async def good_shell(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    # ok: tls-unverified-context
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: tls-unverified-context
    await asyncssh.connect(host)
