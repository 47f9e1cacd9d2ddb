from flask import Flask
from flask_cors import CORS, cross_origin


def create(settings):
    app = Flask(__name__)
    # ruleid: permissive-cors-default
    CORS(app)
    return app


def create_safely(settings):
    app = Flask(__name__)
    # ok: permissive-cors-default
    CORS(app, origins=["https://app.example.org"])
    return app


# ruleid: permissive-cors-default
@cross_origin()
def data():
    return "data"


# ruleid: permissive-cors-default
CORS_ALLOW_ALL_ORIGINS = True
# ruleid: permissive-cors-default
HEADERS = {"Access-Control-Allow-Origin": "*"}
# ok: permissive-cors-default
CORS_ORIGIN_ALLOW_ALL = False
# ok: permissive-cors-default
CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
