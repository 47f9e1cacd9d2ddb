import hmac
import os
import smtplib

import jwt
import psycopg2
import requests
from cryptography.fernet import Fernet

PHRASE = "correct-horse-9"


def sign(payload):
    # ruleid: hardcoded-credentials-used
    return jwt.encode(payload, "s3cr3t-signing", algorithm="HS256")


def sign_safely(payload):
    # ok: hardcoded-credentials-used
    return jwt.encode(payload, os.environ["SIGNING_KEY"], algorithm="HS256")


def others(server, message, local):
    # ruleid: hardcoded-credentials-used
    requests.get("https://example.org", auth=("shop", "p4ssphrase"), timeout=5)
    # ruleid: hardcoded-credentials-used
    server.login("robot", PHRASE)
    # ruleid: hardcoded-credentials-used
    hmac.new(b"k3y-of-the-service", message, "sha256")
    # ruleid: hardcoded-credentials-used
    Fernet("ZmDfcTF7_60GrrY167zsiPd67pEvs0aGOv2oasOM1Pg=")
    value = os.environ["DB_PASSWORD"]
    if local:
        value = "hunter2-1999"
    # ruleid: hardcoded-credentials-used
    psycopg2.connect(host="db", password=value)


def fine(server, message, settings):
    # ok: hardcoded-credentials-used
    requests.get("https://example.org", auth=(settings["user"], settings["password"]), timeout=5)
    # ok: hardcoded-credentials-used
    server.login("robot", os.environ["SMTP_PASSWORD"])
    # ok: hardcoded-credentials-used
    hmac.new(settings.get("signing", ""), message, "sha256")
    value = "hunter2-1999"
    value = settings["password"]
    # ok: hardcoded-credentials-used
    psycopg2.connect(host="db", password=value)
    return smtplib
