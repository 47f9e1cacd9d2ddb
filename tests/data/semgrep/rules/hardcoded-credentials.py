import os
from getpass import getpass

import psycopg2
from flask import Flask

app = Flask(__name__)


def connect():
    # ruleid: hardcoded-credentials
    return psycopg2.connect(host="db", user="shop", password="hunter2-1999")


def connect_safely():
    # ok: hardcoded-credentials
    return psycopg2.connect(host="db", user="shop", password=os.environ["DB_PASSWORD"])


# ruleid: hardcoded-credentials
DB_PASSWORD = "tr0ub4dor"
# ruleid: hardcoded-credentials
API_KEY = "9f86d081884c7d659a2f"
# ruleid: hardcoded-credentials
app.secret_key = "dev secret key"
# ruleid: hardcoded-credentials
app.config["SECRET_KEY"] = "not-so-secret"
# ruleid: hardcoded-credentials
settings = {"user": "shop", "password": "letmein99"}


# ruleid: hardcoded-credentials
def login(user, password="correcthorse"):
    # ruleid: hardcoded-credentials
    return user == "admin" and password == "opensesame"


def fallback():
    # ruleid: hardcoded-credentials
    return os.getenv("JWT_SECRET_KEY", "fallback-0815")


class Names:
    # ok: hardcoded-credentials
    PASSWORD_FIELD = "password1"
    # ok: hardcoded-credentials
    TOKEN_URL = "https://example.org/oauth/token"
    # ok: hardcoded-credentials
    password = "new_password"
    # ok: hardcoded-credentials
    API_KEY = "API_KEY"
    # ok: hardcoded-credentials
    token = "access_token"
    # ok: hardcoded-credentials
    secret = "/run/secrets/db"
    # ok: hardcoded-credentials
    password = ""
    # ok: hardcoded-credentials
    password_prompt = "Password99:"
    # ok: hardcoded-credentials
    API_KEY = "<your-api-key-1>"
    # ok: hardcoded-credentials
    PASSWORD = "xxxxxxxx"
    # ok: hardcoded-credentials
    eos_token = "<|end_0|>"


def fine():
    # ok: hardcoded-credentials
    password = getpass("Password: ")
    # ok: hardcoded-credentials
    password = os.environ.get("DB_PASSWORD", "")
    # ok: hardcoded-credentials
    token = "{}:{}".format("a", password)
    # ok: hardcoded-credentials
    message = {"password": "Enter your password"}
    return message, token
