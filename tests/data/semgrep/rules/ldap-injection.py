import ldap3
from flask import request
from ldap3.utils.conv import escape_filter_chars


def find(connection):
    # ruleid: ldap-injection
    connection.search("dc=example", "(uid=" + request.args["uid"] + ")")


def find_escaped(connection):
    # ok: ldap-injection
    connection.search("dc=example", f"(uid={escape_filter_chars(request.args['uid'])})")


def by_keyword(connection):
    uid = request.form.get("uid")
    # ruleid: ldap-injection
    connection.search(search_base="dc=example", search_filter="(uid=%s)" % uid)


def python_ldap(connection):
    # ruleid: ldap-injection
    connection.search_s("dc=example", 2, f"(cn={request.args['cn']})")


def constant(connection):
    # ok: ldap-injection
    connection.search("dc=example", "(objectClass=person)")


def numbers(connection):
    number = int(request.args["number"])
    # ok: ldap-injection
    connection.search("dc=example", f"(employeeNumber={number})")
