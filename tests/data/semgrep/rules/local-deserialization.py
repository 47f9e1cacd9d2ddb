import json
import pickle
import sys

import yaml


def load():
    # ruleid: local-deserialization
    return pickle.loads(sys.stdin.buffer.read())


def load_json():
    # ok: local-deserialization
    return json.loads(sys.stdin.read())


def from_argument():
    # ruleid: local-deserialization
    return yaml.unsafe_load(sys.argv[1])


def from_file():
    # ruleid: local-deserialization
    return pickle.load(open(sys.argv[1], "rb"))


def safe():
    # ok: local-deserialization
    return yaml.safe_load(sys.argv[1])


def constant():
    # ok: local-deserialization
    return pickle.loads(b"N.")
