import base64
import hmac
import json

from jose import jwt


def user(token):
    # ruleid: jwt-claims-unverified
    return jwt.get_unverified_claims(token)["sub"]


def good_user(token, key):
    # ok: jwt-claims-unverified
    return jwt.decode(token, key, algorithms=["HS256"])["sub"]


def by_hand(token):
    # ruleid: jwt-claims-unverified
    data = base64.urlsafe_b64decode(token.split(".")[1] + "==")
    header, payload, signature = token.split(".")
    # ruleid: jwt-claims-unverified
    text = base64.urlsafe_b64decode(payload + "==")
    return json.loads(data), json.loads(text)


def by_hand_and_checked(token, key):
    header, payload, signature = token.split(".")
    expected = hmac.digest(key, f"{header}.{payload}".encode(), "sha256")
    if not hmac.compare_digest(expected, base64.urlsafe_b64decode(signature + "==")):
        raise ValueError(token)
    # ok: jwt-claims-unverified
    return json.loads(base64.urlsafe_b64decode(payload + "=="))


def fine(token, image, keys):
    # ok: jwt-claims-unverified
    header = jwt.get_unverified_header(token)
    # ok: jwt-claims-unverified
    base64.b64decode(image.split(",")[1])
    return keys[header["kid"]]
