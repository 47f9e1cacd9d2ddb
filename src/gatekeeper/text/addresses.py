"""Addresses on the network: which may be used, and how they are shown."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def address_problem(url: str) -> str:
    """Why an address may not be used, the empty string when it may.

    What travels without encryption can be changed on the way, so it is for this machine only.
    """
    if not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        return "an address has no blanks and no characters beyond ASCII"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return "this is no address"
    if parts.scheme not in ("https", "http") or not host:
        return "an address begins with https:// and names a host"
    if parts.scheme == "http" and not is_loopback(host):
        return "without https an answer can be forged on the way; only this machine may be asked so"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine, without asking anybody."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def shown(url: str) -> str:
    """The address without user, password and query: fit for messages and logs."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path}"
