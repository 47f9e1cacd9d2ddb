import os
import sys


def find(cursor):
    # ruleid: local-sql
    cursor.execute("SELECT * FROM users WHERE name = '" + sys.argv[1] + "'")


def find_by_parameter(cursor):
    # ok: local-sql
    cursor.execute("SELECT * FROM users WHERE name = ?", (sys.argv[1],))


def table(cursor):
    # ruleid: local-sql
    cursor.execute(f"DROP TABLE {os.environ['TABLE']}")


def asked(cursor):
    # ruleid: local-sql
    cursor.executescript(input("script? "))


def constant(cursor):
    # ok: local-sql
    cursor.execute("SELECT 1")


def number(cursor):
    # ok: local-sql
    cursor.execute("SELECT * FROM users WHERE id = %d" % int(sys.argv[1]))
