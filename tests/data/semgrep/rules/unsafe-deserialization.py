import base64
import json
import pickle

import yaml
from flask import request


def load():
    # ruleid: unsafe-deserialization
    return pickle.loads(base64.b64decode(request.cookies["state"]))


def load_json():
    # ok: unsafe-deserialization
    return json.loads(request.cookies["state"])


def load_yaml():
    # ruleid: unsafe-deserialization
    return yaml.load(request.data, Loader=yaml.Loader)


def load_yaml_safely():
    # ok: unsafe-deserialization
    return yaml.load(request.data, Loader=yaml.SafeLoader)


def load_upload():
    # ruleid: unsafe-deserialization
    return pickle.load(request.files["model"])


def safe():
    # ok: unsafe-deserialization
    return yaml.safe_load(request.data)
