"""Which files say how containers and infrastructure are built, by their names."""

from __future__ import annotations

import re

from gatekeeper.scanners.output import name_of
from gatekeeper.text.patterns import regex

_DOCKERFILE = regex(
    r"(?:.+\.)?(?:dockerfile|containerfile)(?:[.-].+)?|.+\.(?:docker|container)file",
    re.IGNORECASE | re.DOTALL,
)
# What becomes a Dockerfile later, or is about one.
_NO_DOCKERFILE = regex(
    r".+\.(?:dockerignore|md|rst|txt|j2|jinja2?|tmpl|tpl|template|erb|mustache|in|py|ya?ml|json|toml"
    r"|sh|orig|rej|bak)",
    re.IGNORECASE | re.DOTALL,
)


def is_dockerfile(path: str) -> bool:
    """A Dockerfile or Containerfile, whatever stands before or behind the word."""
    name = name_of(path)
    return bool(_DOCKERFILE.fullmatch(name)) and not _NO_DOCKERFILE.fullmatch(name)
