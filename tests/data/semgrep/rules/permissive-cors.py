from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import make_response
from flask_cors import CORS

app = FastAPI()
ORIGINS = ["*"]


def add():
    # ruleid: permissive-cors
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)


def add_safely():
    # ok: permissive-cors
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.org"])


def others(site):
    # ruleid: permissive-cors
    app.add_middleware(CORSMiddleware, allow_origin_regex=".*")
    # ruleid: permissive-cors
    app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)
    # ruleid: permissive-cors
    CORS(site, resources={r"/api/*": {"origins": "*"}})
    # ruleid: permissive-cors
    CORS(site, origins="*", supports_credentials=True)


def header():
    response = make_response("data")
    # ruleid: permissive-cors
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def one(response):
    # ok: permissive-cors
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.org"


def fine(site, settings):
    # ok: permissive-cors
    CORS(site, origins=settings.ORIGINS)
    # ok: permissive-cors
    app.add_middleware(CORSMiddleware, allow_origins=["https://a.example.org"], allow_methods=["*"])
