import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from flask import Response, request


def order():
    name = request.args["name"]
    # ruleid: xml-injection
    return ET.fromstring("<order><name>" + name + "</name></order>")


def escaped_order():
    name = escape(request.args["name"])
    # ok: xml-injection
    return ET.fromstring("<order><name>" + name + "</name></order>")


def answer():
    # ruleid: xml-injection
    return Response(f"<user>{request.args['user']}</user>", mimetype="application/xml")


def percent():
    # ruleid: xml-injection
    return ET.fromstring("<user>%s</user>" % request.args["user"])


def number():
    # ok: xml-injection
    return ET.fromstring("<n>%d</n>" % int(request.args["n"]))


def constant():
    # ok: xml-injection
    return ET.fromstring("<a>" + "<empty/></a>")
