from flask import request
from lxml import etree


def user(tree):
    # ruleid: xpath-injection
    return tree.xpath("//user[@name='" + request.args["name"] + "']")


def user_by_variable(tree):
    # ok: xpath-injection
    return tree.xpath("//user[@name=$name]", name=request.args["name"])


def compiled():
    # ruleid: xpath-injection
    return etree.XPath("//" + request.args["kind"])


def found(root):
    query = f".//order[@id='{request.form['id']}']"
    # ruleid: xpath-injection
    return root.findall(query)


def by_number(root):
    number = int(request.args["number"])
    # ok: xpath-injection
    return root.findall(f".//order[{number}]")


def constant(tree):
    # ok: xpath-injection
    return tree.xpath("//user")
