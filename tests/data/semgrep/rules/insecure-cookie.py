from http.cookies import SimpleCookie

from flask import make_response
from starlette.middleware.sessions import SessionMiddleware


def login(session_id):
    response = make_response("welcome")
    # ruleid: insecure-cookie
    response.set_cookie("session", session_id)
    return response


def login_safely(session_id):
    response = make_response("welcome")
    # ok: insecure-cookie
    response.set_cookie("session", session_id, secure=True, httponly=True, samesite="Lax")
    return response


def parts_missing(response, value):
    # ruleid: insecure-cookie
    response.set_cookie("sid", value, httponly=True, samesite="Strict")
    # ruleid: insecure-cookie
    response.set_cookie("sid", value, secure=True, samesite="Strict")
    # ruleid: insecure-cookie
    response.set_cookie("sid", value, secure=True, httponly=True)
    # ruleid: insecure-cookie
    response.set_cookie(key="sid", value=value, httponly=True, samesite="None")
    # ruleid: insecure-cookie
    response.set_signed_cookie("sid", value, max_age=60)


def by_hand(handler, value):
    cookie = SimpleCookie()
    # ruleid: insecure-cookie
    cookie["sid"] = value
    # ruleid: insecure-cookie
    handler.send_header("Set-Cookie", f"sid={value}; HttpOnly")
    # ok: insecure-cookie
    handler.send_header("Set-Cookie", f"sid={value}; HttpOnly; Secure; SameSite=Lax")


def by_hand_safely(value):
    cookie = SimpleCookie()
    # ok: insecure-cookie
    cookie["sid"] = value
    cookie["sid"]["secure"] = True
    cookie["sid"]["httponly"] = True
    return cookie.output()


def middleware(app, key):
    # ruleid: insecure-cookie
    app.add_middleware(SessionMiddleware, secret_key=key)
    # ok: insecure-cookie
    app.add_middleware(SessionMiddleware, secret_key=key, https_only=True)


def decided_elsewhere(response, value, options, settings):
    # ok: insecure-cookie
    response.set_cookie("sid", value, **options)
    # ok: insecure-cookie
    response.set_cookie("sid", value, secure=settings.SECURE, httponly=True, samesite="Lax")


def harmless(response, client, jar, value):
    # ok: insecure-cookie
    response.set_cookie("theme", "dark", secure=True)
    # ok: insecure-cookie
    response.set_cookie("sid", "", max_age=0)
    # ok: insecure-cookie
    response.set_cookie("csrf_token", value, secure=True, samesite="Strict")
    # ok: insecure-cookie
    client.set_cookie("sid", value)
    # ok: insecure-cookie
    jar.set_cookie(value)


def client_cookies(cookies):
    sent = SimpleCookie()
    for name, value in cookies.items():
        # ok: insecure-cookie
        sent[name] = value
    return sent
