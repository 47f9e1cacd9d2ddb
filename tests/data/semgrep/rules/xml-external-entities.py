import xml.sax

import defusedxml.ElementTree
from flask import request
from lxml import etree


def upload():
    # ruleid: xml-external-entities
    return etree.fromstring(request.data)


def upload_safely():
    # ok: xml-external-entities
    return defusedxml.ElementTree.fromstring(request.data)


def with_parser():
    # ok: xml-external-entities
    return etree.fromstring(request.data, parser=etree.XMLParser(resolve_entities=False))


def sax(handler):
    # ruleid: xml-external-entities
    xml.sax.parseString(request.get_data(), handler)


def stream():
    # ruleid: xml-external-entities
    return etree.parse(request.stream)


def own_file():
    # ok: xml-external-entities
    return etree.parse("/etc/app/config.xml")
