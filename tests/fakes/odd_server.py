"""An HTTP server on this machine that does what servers should not do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Odd"], None]


class OddServer:
    """`behaviours` by path; what is asked for and not there is noted, and answered with 599."""

    def __init__(self, behaviours: dict[str, Behaviour]) -> None:
        self.behaviours = behaviours
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.url = ""
        self.over = threading.Event()


class Odd(BaseHTTPRequestHandler):
    """One request; behaviours write to it as they like."""

    protocol_version = "HTTP/1.1"
    odd: OddServer

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self) -> None:
        self.odd.asked.append(self.path)
        self.odd.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        behave = self.odd.behaviours.get(self.path.partition("?")[0], status(599))
        behave(self)

    def do_POST(self) -> None:
        self.do_GET()

    def reply(self, code: int, body: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        return


@contextmanager
def odd_server(**behaviours: Behaviour) -> Iterator[OddServer]:
    """Keyword arguments are paths without their first slash."""
    odd = OddServer({f"/{path}": it for path, it in behaviours.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Odd,), {"odd": odd}))
    server.daemon_threads = True
    server.block_on_close = False
    odd.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield odd
    finally:
        odd.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def ok(body: bytes, **headers: str) -> Behaviour:
    return lambda it: it.reply(200, body, **headers)


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    return lambda it: it.reply(code, body, **headers)


def html(it: Odd) -> None:
    it.reply(200, b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/html")


def hang(it: Odd) -> None:
    """Says nothing until the test is over."""
    it.odd.over.wait(30)
    it.close_connection = True


def drip(it: Odd) -> None:
    """Never silent for long, and never done."""
    it.send_response(200)
    it.send_header("Content-Length", "1000000")
    it.end_headers()
    while not it.odd.over.is_set():
        it.wfile.write(b" ")
        it.wfile.flush()
        time.sleep(0.05)
    it.close_connection = True


def drip_headers(it: Odd) -> None:
    it.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not it.odd.over.is_set():
        it.wfile.write(b"x")
        it.wfile.flush()
        time.sleep(0.05)
    it.close_connection = True


def cut_off(it: Odd) -> None:
    """Closes the connection in the middle of the body."""
    it.send_response(200)
    it.send_header("Content-Length", "1000")
    it.end_headers()
    it.wfile.write(b"{")
    it.close_connection = True


def in_turn(*several: Behaviour) -> Behaviour:
    """One after the other; the last one stays."""
    left = list(several)

    def behave(it: Odd) -> None:
        now = left.pop(0) if len(left) > 1 else left[0]
        now(it)

    return behave
