from flask import request
from sqlalchemy import text


def find(cursor):
    # ruleid: sql-injection
    cursor.execute("select * from users where name = '%s'" % request.args["name"])


def find_safely(cursor):
    # ok: sql-injection
    cursor.execute("select * from users where name = %s", (request.args["name"],))


def by_order(cursor, session):
    where = request.headers.get("X-Where")
    statement = "select 1 where " + where
    # ruleid: sql-injection
    cursor.execute(statement)
    # ruleid: sql-injection
    session.execute(text(f"select 1 where {where}"))


def bound(cursor, session):
    # ok: sql-injection
    session.execute(text("select 1 where a = :a"), {"a": request.args["a"]})
    # ok: sql-injection
    cursor.execute(f"select 1 limit {int(request.args['n'])}")
