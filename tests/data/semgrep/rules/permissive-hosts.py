import os

from starlette.middleware.trustedhost import TrustedHostMiddleware

# ruleid: permissive-hosts
ALLOWED_HOSTS = ["*"]


class Production:
    # ruleid: permissive-hosts
    ALLOWED_HOSTS = ["www.example.org", "*"]


class Local:
    # ok: permissive-hosts
    ALLOWED_HOSTS = ["*"]


def add(app):
    # ruleid: permissive-hosts
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])


def add_safely(app):
    # ok: permissive-hosts
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["www.example.org"])


# ok: permissive-hosts
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
# ok: permissive-hosts
ALLOWED_HOSTS = [".example.org"]
