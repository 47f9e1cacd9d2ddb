import cgitb
import os

# ruleid: debug-settings
DEBUG = True
ALLOWED_HOSTS = ["www.example.org"]

# ruleid: debug-settings
cgitb.enable()


class ProductionConfig:
    # ruleid: debug-settings
    DEBUG = True


class DevelopmentConfig:
    # ok: debug-settings
    DEBUG = True


class Config:
    # ok: debug-settings
    DEBUG = os.environ.get("DEBUG") == "1"


def function():
    # ok: debug-settings
    DEBUG = True
    return DEBUG
