from starlette.middleware.sessions import SessionMiddleware

SECURE = False


def login(response, value):
    # ruleid: cookie-flag-off
    response.set_cookie("sid", value, secure=False, httponly=True, samesite="Lax")


def login_safely(response, value):
    # ok: cookie-flag-off
    response.set_cookie("sid", value, secure=True, httponly=True, samesite="Lax")


def through_names(response, value, local, secure=False):
    # ruleid: cookie-flag-off
    response.set_cookie("sid", value, secure=SECURE, httponly=True)
    # ruleid: cookie-flag-off
    response.set_cookie("sid", value, secure=secure, httponly=True)
    flag = True
    if local:
        flag = False
    # ruleid: cookie-flag-off
    response.set_cookie(key="sid", value=value, secure=True, httponly=flag)
    options = {"secure": False, "httponly": True}
    # ruleid: cookie-flag-off
    response.set_cookie("sid", value, **options)


def middleware(app, key):
    # ruleid: cookie-flag-off
    app.add_middleware(SessionMiddleware, secret_key=key, https_only=False)


def replaced(response, value, settings):
    flag = False
    flag = True
    # ok: cookie-flag-off
    response.set_cookie("sid", value, secure=flag, httponly=True)
    # ok: cookie-flag-off
    response.set_cookie("sid", value, secure=settings.get("secure", False), httponly=True)
    # ok: cookie-flag-off
    response.set_cookie("csrf_token", value, secure=True, httponly=False)


def delete_cookie(response, name, path="/", secure=False, httponly: bool = False):
    # ok: cookie-flag-off
    response.set_cookie(name, max_age=0, path=path, secure=secure, httponly=httponly)
