""".pre-commit-config.yaml: hooks, and what is installed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import without_password
from gatekeeper.managers.npm_spec import is_npm_name, npm_spec
from gatekeeper.managers.pep508 import parse_demand
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.tags import claimed, comment_of, commit_hash, tag_version
from gatekeeper.managers.view import View
from gatekeeper.managers.yaml_document import read_yaml
from gatekeeper.managers.yarn_v1 import pattern_parts
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place
from gatekeeper.text.patterns import regex

_NPM = regex(r"(?:@[\w.-]+/)?[\w.-]+@[^/\s]+")
_OF_NODE = regex(r"mirrors-(?:prettier|eslint|jshint|csslint|fixmyjs|scss-lint|stylelint)")


class PreCommit:
    """Repositories of hooks with their revisions, and `additional_dependencies`.

    The configuration seldom says in which language a hook is, so packages are told apart by how
    they are written: `name@1.0` is one of npm.
    """

    id = "pre-commit"
    kind: Kind = "references"
    ecosystem: Ecosystem | None = None

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            document = read_yaml(files[path], "correct it by hand")
            document.expect(dict)
            rows = files[path].decode("utf-8-sig").split("\n")
            for repository in document.items("repos"):
                with found.entry():
                    repository.expect(dict)
                    dependencies.extend(_repository(repository, rows, path))
                with found.entry():
                    dependencies.extend(_additional(repository, found))
        return found.inventory(dependencies)


def _repository(repository: View, rows: Sequence[str], path: str) -> Iterator[Dependency]:
    address = repository.required("repo")
    if address in ("local", "meta", "builtin"):
        return
    revision = repository.required("rev")
    line = repository.at("rev").line
    hashes = commit_hash(revision)
    claim = claimed(comment_of(rows[line - 1], revision)) if hashes else ""
    shown = without_password(address)
    yield Dependency(
        ecosystem="pre-commit",
        name=_name(shown),
        display=shown,
        version=tag_version(claim or revision),
        requirement=revision,
        place=Place(path, line),
        origin="vcs",
        url=shown,
        direct=True,
        scope="dev",
        hashes=hashes,
        claim=claim,
    )


def _name(address: str) -> str:
    """`https://github.com/Owner/name.git` as `github.com/owner/name`."""
    bare = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://", "", address)
    bare = re.sub(r"^git@([^:/]+):", r"\1/", bare)
    return bare.rstrip("/").removesuffix(".git").lower()


def _additional(repository: View, found: Found) -> Iterator[Dependency]:
    address = repository.text("repo")
    for hook in repository.items("hooks"):
        with found.entry():
            hook.expect(dict)
            texts = [str(it.expect(str)) for it in hook.items("additional_dependencies")]
            language = hook.text("language") or ("node" if _OF_NODE.search(address) else "")
            if not language and any(_NPM.fullmatch(it) for it in texts):
                language = "node"
            for item in hook.items("additional_dependencies"):
                with found.entry():
                    yield _package(item, language or "python", hook.text("id"), found.path)


def _package(item: View, language: str, hook: str, path: str) -> Dependency:
    text = str(item.expect(str)).strip()
    place = Place(path, item.line)
    groups = (hook,) if hook else ()
    if language == "node":
        name, wanted = pattern_parts(text)
        if not is_npm_name(name):
            raise UnreadableError(f"{text[:120]!r} is no package of npm", item.line)
        spec = npm_spec(name, wanted)
        return Dependency(
            ecosystem="npm",
            name=spec.name,
            display=text,
            version=spec.version,
            requirement=spec.requirement,
            place=place,
            origin=spec.origin,
            url=spec.url,
            direct=True,
            scope="dev",
            groups=groups,
        )
    if language not in ("python", "system", "script"):
        name, _, version = text.rpartition(":") if language == "ruby" else text.rpartition("@")
        return Dependency(
            ecosystem="generic",
            name=name or version,
            display=text,
            version=tag_version(version) if name else "",
            requirement=text,
            place=place,
            direct=True,
            scope="dev",
            groups=groups,
        )
    demand = parse_demand(text, item.line)
    return Dependency(
        ecosystem="pypi",
        name=demand.name,
        display=demand.display,
        version=demand.version,
        requirement=demand.specifier,
        place=place,
        origin=demand.origin,
        url=without_password(demand.url),
        direct=True,
        scope="dev",
        groups=groups,
        extras=demand.extras,
        marker=demand.marker,
    )
