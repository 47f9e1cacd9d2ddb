from flask import Flask


def create():
    app = Flask(__name__)
    # ruleid: session-cookie-httponly-off
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    return app


def create_safely():
    app = Flask(__name__)
    # ok: session-cookie-httponly-off
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    return app


# ruleid: session-cookie-httponly-off
SESSION_COOKIE_HTTPONLY = True
# ruleid: session-cookie-httponly-off
settings = {"REMEMBER_COOKIE_HTTPONLY": True, "SESSION_COOKIE_NAME": "sid"}
# ok: session-cookie-httponly-off
CSRF_COOKIE_HTTPONLY = False
# ok: session-cookie-httponly-off
SESSION_COOKIE_SAVE_EVERY_REQUEST = False


def update(app):
    # ruleid: session-cookie-httponly-off
    app.config.update(DEBUG=False, SESSION_COOKIE_HTTPONLY=True)
