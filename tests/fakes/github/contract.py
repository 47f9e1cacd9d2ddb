"""GitHub's own description of its API, to hold every request and every answer against.

The description has 13 MB. What the fake has routes for is cut out of it once, when it is installed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.fakes.github.graphql_schema import reduced
from tests.fakes.npm import install

_SOURCE = Path(__file__).parents[2] / "github"
_FILES = ("package.json", "package-lock.json")
_VERBS = ("get", "post", "patch", "put", "delete")
_REVISION = "3"
_ROOT = "urn:github"
# Of half a gigabyte of descriptions three files are used.
_UNUSED = re.compile(r"(.*\.deref|ghec|ghes-.*)\.json")


def installed(folder: Path) -> Path:
    """The folder with everything from npm, and what was made of it."""
    return install(_SOURCE, _FILES, folder / "github", _prepare, _REVISION)


def _prepare(folder: Path) -> None:
    octokit = folder / "node_modules/@octokit"
    generated = octokit / "openapi/generated"
    with (generated / "api.github.com.json").open("rb") as file:
        (folder / "rest.json").write_bytes(msgspec.json.encode(_subset(json.load(file))))
    for path in generated.iterdir():
        if _UNUSED.fullmatch(path.name):
            path.unlink()
    text = (octokit / "graphql-schema/schema.graphql").read_text(encoding="utf-8")
    (folder / "schema.graphql").write_text(reduced(text), encoding="utf-8")
    shutil.rmtree(octokit / "graphql-schema", ignore_errors=True)


_FORMATS = FormatChecker(())


@_FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    )


class ViolationError(AssertionError):
    """A request or an answer that GitHub's description does not allow."""


class Contract:
    """`paths` are the templates of the description, with the verbs it knows."""

    def __init__(self, folder: Path) -> None:
        document = msgspec.json.decode((folder / "rest.json").read_bytes())
        self.schemas: dict[str, Any] = document["components"]["schemas"]
        self._document = document
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def operation(self, verb: str, template: str) -> dict[str, Any]:
        """What the description says of a route. Raises ViolationError for one it does not know."""
        found = self._document["paths"].get(template, {}).get(verb.lower())
        if found is None:
            raise ViolationError(f"GitHub's description has no {verb} {template}")
        operation: dict[str, Any] = found
        return operation

    def check_request(
        self, verb: str, template: str, query: dict[str, str], body: Any | None
    ) -> None:
        """Raises ViolationError."""
        operation = self.operation(verb, template)
        known = {it["name"]: it for it in map(self._resolved, operation.get("parameters", ()))}
        for name, value in query.items():
            # Pages are numbered everywhere, whether a route is described to have them or not.
            if name not in known and name != "page":
                raise ViolationError(f"{verb} {template}: GitHub knows no parameter {name!r}")
            schema = self._resolved(known.get(name, {}).get("schema", {}))
            if schema.get("type") == "integer" and not value.isdecimal():
                raise ViolationError(f"{verb} {template}: {name}={value!r} is no number")
            if "enum" in schema and value not in schema["enum"]:
                raise ViolationError(
                    f"{verb} {template}: {name}={value!r} is none of {schema['enum']}"
                )
        content = operation.get("requestBody", {}).get("content", {})
        place = f"{_path(verb, template)}/requestBody/content/application~1json/schema"
        if body is not None and "application/json" not in content:
            raise ViolationError(f"{verb} {template}: GitHub takes no body here")
        if body is not None:
            self._check(place, body, f"{verb} {template}: the request")
            schema = self._resolved(content["application/json"]["schema"])
            strict = "properties" in schema and not {"oneOf", "anyOf", "allOf"} & schema.keys()
            # GitHub passes over what it does not know: a misspelt name would go unnoticed.
            if strict and (strange := set(body) - set(schema["properties"])):
                raise ViolationError(f"{verb} {template}: GitHub knows no {sorted(strange)}")
        elif operation.get("requestBody", {}).get("required"):
            raise ViolationError(f"{verb} {template}: GitHub wants a body")

    def check_answer(self, verb: str, template: str, status: int, body: Any) -> None:
        """Raises ViolationError."""
        responses = self.operation(verb, template)["responses"]
        response = responses.get(str(status))
        if response is None:
            if status >= 400:  # the description leaves out what every route may answer
                return
            raise ViolationError(f"{verb} {template}: GitHub does not answer {status}")
        place = f"{_path(verb, template)}/responses/{status}"
        if "$ref" in response:
            place = str(response["$ref"]).removeprefix("#")
            response = self._resolved(response)
        content = response.get("content", {})
        if not content:
            if body is not None:
                raise ViolationError(f"{verb} {template}: GitHub answers {status} without a body")
            return
        kind = "application~1json" if "application/json" in content else next(iter(content))
        self._check(f"{place}/content/{kind}/schema", body, f"{verb} {template}: answer {status}")

    def resolved(self, name: str) -> dict[str, Any]:
        """A schema by its name."""
        schema: dict[str, Any] = self.schemas[name]
        return schema

    def _resolved(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def _check(self, pointer: str, value: Any, what: str) -> None:
        if pointer not in self._validators:
            self._validators[pointer] = Draft202012Validator(
                {"$ref": f"{_ROOT}#{pointer}"},
                registry=self._registry,
                format_checker=_FORMATS,
            )
        for error in self._validators[pointer].iter_errors(value):
            raise ViolationError(f"{what}: {error.json_path}: {error.message[:400]}")


@cache
def contract_in(folder: Path) -> Contract:
    """Read once per process."""
    return Contract(folder)


def _path(verb: str, template: str) -> str:
    return f"/paths/{template.replace('~', '~0').replace('/', '~1')}/{verb.lower()}"


def _subset(document: dict[str, Any]) -> dict[str, Any]:
    """The routes below one repository, and the few others that are used, with all they need."""
    wanted = re.compile(
        r"/repos/\{owner\}/\{repo\}(/(issues|pulls|check-runs|commits|compare|contents|git|actions"
        r"|collaborators|code-scanning/sarifs|branches|labels|statuses|deployments|environments"
        r"|activity|attestations|check-suites|rulesets|dependency-graph)(/.*)?)?"
        r"|/users/\{username\}|/user|/orgs/\{org\}/teams/\{team_slug\}/members|/rate_limit"
        r"|/repos/\{owner\}/\{repo\}/(codeowners/errors|security-advisories|automated-security-fixes"
        r"|private-vulnerability-reporting|vulnerability-alerts)"
    )
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        if wanted.fullmatch(path):
            paths[path] = {
                verb: {
                    key: operation[key]
                    for key in ("parameters", "requestBody", "responses")
                    if key in operation
                }
                for verb, operation in item.items()
                if verb in _VERBS
            }
    components: dict[str, dict[str, Any]] = {}
    left = list(_references(paths))
    while left:
        kind, name = left.pop().removeprefix("#/components/").split("/", 1)
        if kind == "examples" or name in components.get(kind, {}):
            continue
        components.setdefault(kind, {})[name] = document["components"][kind][name]
        left += _references(document["components"][kind][name])
    found: dict[str, Any] = _plain({"paths": paths, "components": components})
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            elif key not in ("example", "examples"):
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _plain(node: Any, *, names: bool = False) -> Any:
    """OpenAPI 3.0's schemas as JSON Schema: `nullable` becomes a type; prose and examples go.

    `names`: the keys are names of things, and none of them a keyword.
    """
    if isinstance(node, list):
        return [_plain(it) for it in node]
    if not isinstance(node, dict):
        return node
    dropped = () if names else ("description", "examples", "externalDocs", "x-github", "title")
    inside = ("properties", "paths", "schemas", "responses", "parameters", "headers", "content")
    plain = {
        key: value if key in ("enum", "example", "default")
        else _plain(value, names=not names and key in inside)
        for key, value in node.items()
        if key not in dropped
    }  # fmt: skip
    if names or not plain.pop("nullable", False):
        return plain
    return {"anyOf": [{"type": "null"}, plain]}
