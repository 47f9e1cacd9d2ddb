import jwt


def peek(token):
    # ruleid: unverified-jwt
    return jwt.decode(token, options={"verify_signature": False})


def read(token, key):
    # ok: unverified-jwt
    return jwt.decode(token, key, algorithms=["HS256"])


def others(token, key):
    # ruleid: unverified-jwt
    jwt.decode(token, key, algorithms=["none"])
    # ruleid: unverified-jwt
    jwt.decode(token, verify=False)


def more(token, key):
    # ok: unverified-jwt
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_signature": True})
    # ok: unverified-jwt
    jwt.decode(token, key, algorithms=["ES256"], options={"require": ["exp"]})
