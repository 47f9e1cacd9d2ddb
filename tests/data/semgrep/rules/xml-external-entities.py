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
    # ok: xml-external-entities
    xml.sax.parseString(request.get_data(), handler)


def stream():
    # ruleid: xml-external-entities
    return etree.parse(request.stream)


def own_file():
    # ok: xml-external-entities
    return etree.parse("/etc/app/config.xml")


def sax_with_entities(handler):
    reader = xml.sax.make_parser()
    reader.setFeature(xml.sax.handler.feature_external_ges, True)
    # ruleid: xml-external-entities
    reader.parse(request.stream)


def parsed(text):
    return etree.fromstring(text)


def through_a_helper():
    # todoruleid: xml-external-entities
    return parsed(request.data)
