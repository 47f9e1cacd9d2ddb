import os

from flask import Flask

app = Flask(__name__)
# ruleid: insecure-session-settings
app.config["SESSION_COOKIE_SECURE"] = False
# ok: insecure-session-settings
app.config["SESSION_COOKIE_SECURE"] = True
# ruleid: insecure-session-settings
app.config.update(REMEMBER_COOKIE_SECURE=False)
# ruleid: insecure-session-settings
SESSION_COOKIE_SECURE = False
# ruleid: insecure-session-settings
CSRF_COOKIE_SECURE = False
# ruleid: insecure-session-settings
SESSION_COOKIE_SAMESITE = None
# ok: insecure-session-settings
CSRF_COOKIE_HTTPONLY = False
# ok: insecure-session-settings
SESSION_COOKIE_SECURE = os.environ.get("SECURE", "1") == "1"


class Config:
    # ruleid: insecure-session-settings
    CSRF_COOKIE_SECURE = False


class DevelopmentConfig(Config):
    # ok: insecure-session-settings
    SESSION_COOKIE_SECURE = False
