from bson import ObjectId
from flask import request


def find_user(users):
    # ruleid: nosql-injection
    return users.find_one({"name": request.json["name"]})


def find_user_as_text(users):
    # ok: nosql-injection
    return users.find_one({"name": str(request.json["name"])})


def where(users):
    name = request.args["name"]
    # ruleid: nosql-injection
    return users.find({"$where": "this.name == '" + name + "'"})


def whole_filter(db):
    # ruleid: nosql-injection
    return db.orders.count_documents(request.get_json())


def by_id(users):
    # ok: nosql-injection
    return users.find_one({"_id": ObjectId(request.json["id"])})


def constant(users):
    # ok: nosql-injection
    return users.find_one({"active": True})
