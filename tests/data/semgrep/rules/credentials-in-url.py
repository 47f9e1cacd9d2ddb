import os

from sqlalchemy import create_engine


def engine():
    # ruleid: credentials-in-url
    return create_engine("postgresql://shop:hunter2@db.example.org/shop")


def engine_safely():
    # ok: credentials-in-url
    return create_engine(os.environ["DATABASE_URL"])


# ruleid: credentials-in-url
BROKER_URL = "amqp://robot:l3tmein@queue:5672//"


def dsn(connect):
    # ruleid: credentials-in-url
    return connect("host=db dbname=shop user=shop password=hunter2")


def fine(user, password, connect):
    # ok: credentials-in-url
    create_engine(f"postgresql://{user}:{password}@db/shop")
    # ok: credentials-in-url
    create_engine("postgresql://user:password@localhost/db")
    # ok: credentials-in-url
    create_engine("postgresql://db.example.org/shop")
    # ok: credentials-in-url
    print("use postgresql://shop:hunter2@db/shop")
    # ok: credentials-in-url
    connect("host=db dbname=shop password=%s" % password)
