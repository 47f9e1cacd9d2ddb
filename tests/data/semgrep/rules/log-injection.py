import logging

from flask import request

logger = logging.getLogger(__name__)


def login():
    # ruleid: log-injection
    logger.info("login of %s", request.form["user"])


def login_quoted():
    # ok: log-injection
    logger.info("login of %r", request.form["user"])


def failed(request):
    user = request.POST["user"]
    # ruleid: log-injection
    logging.warning(f"failed login of {user}")


def search():
    # ruleid: log-injection
    logger.error("no result for " + request.args["q"])


def count():
    # ok: log-injection
    logger.info("page %s", int(request.args["page"]))


def without_breaks():
    # ok: log-injection
    logger.info("login of %s", request.form["user"].replace("\n", ""))


def a_header_is_one_line():
    # ok: log-injection
    logger.warning("blocked: %s", request.headers.get("Origin"))
