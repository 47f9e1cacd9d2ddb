import jwt
from jose import jwt as jose_jwt


def read(token):
    # ruleid: unverified-jwt
    return jwt.decode(token, options={"verify_signature": False})


def read_safely(token, key):
    # ok: unverified-jwt
    return jwt.decode(token, key, algorithms=["HS256"])


def others(token, key, payload):
    # ruleid: unverified-jwt
    jwt.decode(token, key, algorithms=["none"])
    # ruleid: unverified-jwt
    jwt.decode(token, key, algorithms=["HS256", "none"])
    # ruleid: unverified-jwt
    jwt.decode(token, verify=False)
    # ruleid: unverified-jwt
    jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
    options = {"verify_signature": False}
    # ruleid: unverified-jwt
    jwt.decode(token, options=options)
    # ruleid: unverified-jwt
    jwt.encode(payload, None, algorithm="none")
    # ruleid: unverified-jwt
    jose_jwt.decode(token, key, options={"verify_signature": False})


def as_the_token_wishes(token, key):
    header = jwt.get_unverified_header(token)
    # ruleid: unverified-jwt
    return jwt.decode(token, key, algorithms=[header["alg"]])


def read_twice(token, keys):
    # ok: unverified-jwt
    unverified = jwt.decode(token, options={"verify_signature": False})
    key = keys[unverified["iss"]]
    # ok: unverified-jwt
    return jwt.decode(token, key, algorithms=["RS256"])


def fine(token, key, payload, settings):
    # ok: unverified-jwt
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_signature": True})
    # ok: unverified-jwt
    jwt.decode(token, key, algorithms=["ES256"], options={"require": ["exp"]})
    # ok: unverified-jwt
    jwt.encode(payload, key, algorithm="HS256")
    # ok: unverified-jwt
    jwt.decode(token, key, algorithms=settings.ALGORITHMS)
    header = jwt.get_unverified_header(token)
    # ok: unverified-jwt
    jwt.decode(token, settings.keys[header["kid"]], algorithms=["RS256"])
