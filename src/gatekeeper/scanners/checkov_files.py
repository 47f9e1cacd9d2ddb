"""Which files checkov is for, by name and content, and what it has to have seen in them.

checkov passes over what it cannot read without a word. What a file holds is looked up here, in a
simple way, to be compared with what checkov says it saw.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

from gatekeeper.scanners.iac_files import is_dockerfile
from gatekeeper.scanners.output import name_of
from gatekeeper.text.patterns import regex

Kind = Literal["dockerfile", "terraform", "kubernetes", "cloudformation", "helm"]
KINDS: tuple[Kind, ...] = ("dockerfile", "terraform", "kubernetes", "cloudformation", "helm")
# What has no resources of its own and changes what others mean.
Found = Kind | Literal["beside", ""]

# checkov's own idea of a name, which is narrower than ours.
_DOCKERFILE = regex(r"(?:.+\.)?[Dd]ockerfile(?:\..+)?")
_DATA = (".yaml", ".yml", ".json", ".template")
_VARIABLES = (".tfvars", ".tfvars.json")
_API_VERSION = regex(rb"apiVersion[\"']?\s*:")
_KIND = regex(rb"kind[\"']?\s*:")
_CLOUD = regex(rb"AWSTemplateFormatVersion|[\"' :](?:AWS|Custom|Alexa)::")
_RESOURCE = regex(r'\s*resource\s+"(?P<type>[\w-]+)"\s+"(?P<name>[\w-]+)"')
_HEREDOC = regex(r"<<-?\s*(?P<tag>[A-Za-z_][\w-]*)\s*$")
_ADDRESS = regex(r"(?P<address>[\w-]+\.[\w-]+)(?:\[[^\]]*\])?$")


def is_settings(path: str) -> bool:
    """checkov's own settings, which must never lie where it starts: they can make it run code."""
    return name_of(path) in (".checkov.yaml", ".checkov.yml", ".checkov.baseline")


def may_be(path: str) -> bool:
    """Whether checkov could be for a file of this name."""
    return not is_settings(path) and (
        path.endswith((".tf", *_VARIABLES, *_DATA)) or _is_dockerfile(path)
    )


def _is_dockerfile(path: str) -> bool:
    """checkov takes `dockerfile.py` for one, too."""
    return is_dockerfile(path) and bool(_DOCKERFILE.fullmatch(name_of(path)))


def needs_look(path: str) -> bool:
    """Whether only the content tells."""
    return path.endswith(_DATA) and not path.endswith(_VARIABLES)


def charts_of(paths: Iterable[str]) -> frozenset[str]:
    """The folders of Helm charts."""
    return frozenset(posixpath.dirname(path) for path in paths if name_of(path) == "Chart.yaml")


def chart_of(path: str, charts: Collection[str]) -> str | None:
    """The innermost chart that a file belongs to."""
    folder = posixpath.dirname(path)
    while charts:
        if folder in charts:
            return folder
        if not folder:
            break
        folder = posixpath.dirname(folder)
    return None


def kind_of(path: str, content: bytes, charts: Collection[str]) -> Found:
    """What checkov has to make of a file; empty when nothing."""
    if is_settings(path):
        return ""
    by_name = _kind_of_name(path)
    chart = None if by_name else chart_of(path, charts)
    if chart is not None:
        within = path[len(chart) + 1 :] if chart else path
        if within.startswith("templates/"):
            return "helm" if path.endswith((".yaml", ".yml")) else "beside"
        if not within.startswith("crds/"):
            return "beside"
    return by_name or (_kind_of_content(path, content) if path.endswith(_DATA) else "")


def _kind_of_name(path: str) -> Found:
    if _is_dockerfile(path):
        return "dockerfile"
    if path.endswith(_VARIABLES):
        return "beside"
    return "terraform" if path.endswith(".tf") else ""


def _kind_of_content(path: str, content: bytes) -> Found:
    if not path.endswith(".template") and _API_VERSION.search(content) and _KIND.search(content):
        return "kubernetes"
    return "cloudformation" if b"Resources" in content and _CLOUD.search(content) else ""


def expected(kind: Kind, path: str, content: bytes) -> frozenset[str]:
    """The resources that the file says are there. Raises UnreadableError.

    Empty names stand for resources that checkov cannot name, and so does not look at.
    """
    if kind == "terraform":
        return frozenset(_blocks(content))
    if kind == "kubernetes":
        return frozenset(_objects(_documents(path, content)))
    if kind == "cloudformation":
        return frozenset(_cloud(_documents(path, content)))
    return frozenset()


def address(resource: str) -> str:
    """`type.name` of a Terraform resource, wherever it is called from and however often it is made."""
    match = _ADDRESS.search(resource)
    return match["address"] if match else resource


def _blocks(content: bytes) -> Iterator[str]:
    """Resource blocks of Terraform; not those in comments and heredocs."""
    heredoc = ""
    comment = False
    for line in content.decode("utf-8", "replace").splitlines():
        if heredoc:
            heredoc = "" if line.strip() == heredoc else heredoc
            continue
        if comment:
            comment = "*/" not in line
            continue
        if match := _RESOURCE.match(line):
            yield f"{match['type']}.{match['name']}"
        if found := _HEREDOC.search(line):
            heredoc = found["tag"]
        elif line.lstrip().startswith("/*"):
            comment = "*/" not in line


def _documents(path: str, content: bytes) -> list[Any]:
    from gatekeeper.managers.reading import UnreadableError, decode
    from gatekeeper.managers.yaml_document import read_documents

    if not path.endswith(".json"):
        return [view.value for view in read_documents(content)]
    import json

    try:
        return [json.loads(decode(content))]
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UnreadableError(f"not valid JSON: {error}", line) from None


def _objects(documents: Iterable[Any]) -> Iterator[str]:
    for document in documents:
        if not isinstance(document, Mapping) or not {"apiVersion", "kind"} <= document.keys():
            continue
        kind, items = document["kind"], document.get("items")
        if kind == "List" and isinstance(items, list):
            yield from _objects(items)
        elif kind != "Kustomization":
            told = document.get("metadata")
            metadata = told if isinstance(told, Mapping) else {}
            name = metadata.get("name")
            yield f"{kind}.{metadata.get('namespace', 'default')}.{name}" if name else ""


def _cloud(documents: Iterable[Any]) -> Iterator[str]:
    for document in documents:
        resources = document.get("Resources") if isinstance(document, Mapping) else None
        for name, resource in resources.items() if isinstance(resources, Mapping) else ():
            kind = resource.get("Type") if isinstance(resource, Mapping) else None
            if isinstance(kind, str):
                yield f"{kind}.{name}"
