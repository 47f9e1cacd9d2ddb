from flask import make_response, request


def data():
    response = make_response("data")
    # ruleid: cors-origin-reflected
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    return response


def data_for_known(allowed):
    response = make_response("data")
    origin = request.headers.get("Origin")
    if origin in allowed:
        # ok: cors-origin-reflected
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def others(request, response, handler):
    # ruleid: cors-origin-reflected
    response["Access-Control-Allow-Origin"] = request.META["HTTP_ORIGIN"]
    origin = request.headers["Origin"]
    # ruleid: cors-origin-reflected
    handler.send_header("Access-Control-Allow-Origin", origin)


def fine(request, response, settings, handler):
    # ok: cors-origin-reflected
    response["Access-Control-Allow-Origin"] = settings.ORIGIN
    # ok: cors-origin-reflected
    handler.send_header("X-Origin", request.headers["Origin"])
