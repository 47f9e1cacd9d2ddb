"""A server on this machine that answers OSV's API out of a snapshot."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gatekeeper.adapters.advisory_file import AdvisoryFile, open_snapshot
from gatekeeper.advisories.api import LARGEST_REQUEST, Records, Reply, answer, failure
from gatekeeper.advisories.format import DamagedError
from gatekeeper.ports.process import ToolError
from gatekeeper.text.addresses import is_loopback
from gatekeeper.version import VERSION


class ServerError(Exception):
    """It cannot listen where it should."""


def serve(file: AdvisoryFile, host: str, port: int, started: Callable[[str], None]) -> None:
    """Answer until KeyboardInterrupt; `started` is told the address. Errors: ServerError."""
    with open_server(file, host, port) as server:
        started(address(server))
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            return


def open_server(records: Records, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens already; port 0 is any that is free. Errors: ServerError."""
    if not is_loopback(host):
        raise ServerError(
            f"--host takes an address of this machine, such as 127.0.0.1, not {host!r}"
        )
    handler = type("Handler", (_Handler,), {"records": records})
    try:
        return (_Server6 if ":" in host else _Server)((host, port), handler)
    except OSError as error:
        why = "it is in use" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise ServerError(f"cannot listen on {host}, port {port}: {why}") from None


@contextmanager
def serving(path: str, digest: str = "") -> Iterator[str]:
    """The address of a server over the snapshot at `path`, which ends with the context.

    Errors: AdvisoriesError; ToolError when it cannot listen.
    """
    file = open_snapshot(path, digest)
    try:
        try:
            opened = open_server(file, "127.0.0.1", 0)
        except ServerError as error:
            raise ToolError("tool-crashed", str(error)) from None
        with opened as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield address(server)
            finally:
                server.shutdown()
                thread.join()
    finally:
        file.close()


def address(server: ThreadingHTTPServer) -> str:
    """Where it listens, as a URL."""
    host, port = server.server_address[:2]
    name = str(host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Server6(_Server):
    address_family = 10  # AF_INET6


class _Handler(BaseHTTPRequestHandler):
    records: Records
    protocol_version = "HTTP/1.1"
    server_version = f"gatekeeper/{VERSION}"
    sys_version = ""
    # A client that says nothing is not waited for without end.
    timeout = 30
    # One answer is one write, and is not held back.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse(411, "the length of the request has to be given")
        elif len(length) > 12 or int(length) > LARGEST_REQUEST:
            self._refuse(413, f"a request has at most {LARGEST_REQUEST:,} bytes")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                self._answer(body)
            else:
                self.close_connection = True

    def _answer(self, body: bytes) -> None:
        try:
            reply = answer(self.command, self.path, body, self.records)
        except (DamagedError, OSError) as error:
            reply = failure(13, f"the snapshot cannot be used: {error}")
        self._send(reply)

    def _refuse(self, status: int, message: str) -> None:
        # What follows on this connection is the request that nobody reads.
        self.close_connection = True
        self._send(failure(3, message, status))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        return
