import os

import flask
import uvicorn
from fastapi import FastAPI
from werkzeug.serving import run_simple

app = flask.Flask(__name__)
DEBUG = True


def main():
    # ruleid: debug-server
    app.run(debug=True)


def main_in_production():
    # ok: debug-server
    app.run(debug=os.environ.get("DEBUG") == "1")


def through_names(local, debug=True):
    # ruleid: debug-server
    app.run(host="127.0.0.1", debug=DEBUG)
    # ruleid: debug-server
    app.run(debug=debug)
    flag = False
    if local:
        flag = True
    # ruleid: debug-server
    run_simple("localhost", 8000, app, use_debugger=flag)


def settings():
    # ruleid: debug-server
    app.debug = True
    # ruleid: debug-server
    app.config["DEBUG"] = True
    # ruleid: debug-server
    FastAPI(debug=True)


def fine(loop, arguments, logger, asyncio, task):
    flag = True
    flag = False
    # ok: debug-server
    app.run(debug=flag)
    # ok: debug-server
    app.debug = arguments.debug
    # ok: debug-server
    asyncio.run(task, debug=True)
    # ok: debug-server
    logger.debug = True
    # ok: debug-server
    uvicorn.run(app, reload=True)
    if arguments.debug:
        # ok: debug-server
        app.debug = True
