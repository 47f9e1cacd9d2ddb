"""Workflows and actions of GitHub: what they use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.images import image
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.tags import claimed, comment_of, commit_hash, tag_version
from gatekeeper.managers.view import View
from gatekeeper.managers.yaml_document import read_yaml
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place
from gatekeeper.text.patterns import regex

_USES = regex(r"(?P<repository>[\w.-]+/[\w.-]+)(?P<path>/[^@\s]*)?@(?P<ref>\S+)")


class GithubActions:
    """Steps, reusable workflows, composite actions, and images of containers and services.

    What a repository uses of itself (`./…`) is no dependency.
    """

    id = "github-actions"
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
            dependencies.extend(_Reader(found, rows).read(document))
        return found.inventory(dependencies)


class _Reader:
    def __init__(self, found: Found, rows: Sequence[str]) -> None:
        self._found = found
        self._rows = rows

    def read(self, document: View) -> Iterator[Dependency]:
        for _, job in document.table("jobs").entries():
            with self._found.entry():
                job.expect(dict)
                yield from self._uses(job)
                yield from self._image(job.at("container"))
                for _, service in job.table("services").entries():
                    yield from self._image(service)
                yield from self._steps(job)
        with self._found.entry():
            runs = document.table("runs")
            yield from self._steps(runs)
            if runs.text("image").startswith("docker://"):
                yield from self._image(runs.at("image"))

    def _steps(self, around: View) -> Iterator[Dependency]:
        for step in around.items("steps"):
            with self._found.entry():
                step.expect(dict)
                yield from self._uses(step)

    def _uses(self, around: View) -> Iterator[Dependency]:
        with self._found.entry():
            text = around.text("uses").strip()
            if not text or text.startswith(("./", "../")):
                return
            line = around.at("uses").line
            if text.startswith("docker://"):
                yield from self._image(around.at("uses"))
                return
            found = _USES.fullmatch(text)
            if found is None:
                raise UnreadableError(
                    f"{text[:120]!r} is not understood",
                    line,
                    "write it as in `owner/name@<commit>`",
                )
            yield self._action(found, text, line)

    def _action(self, found: re.Match[str], text: str, line: int) -> Dependency:
        reference = found["ref"]
        hashes = commit_hash(reference)
        claim = claimed(comment_of(self._rows[line - 1], text)) if hashes else ""
        return Dependency(
            ecosystem="github-actions",
            name=found["repository"].lower(),
            display=found["repository"] + (found["path"] or ""),
            version=tag_version(claim or reference),
            requirement=reference,
            place=Place(self._found.path, line),
            direct=True,
            scope="build",
            hashes=hashes,
            claim=claim,
        )

    def _image(self, view: View) -> Iterator[Dependency]:
        with self._found.entry():
            if view.value is None:
                return
            text = view.text("image") if isinstance(view.value, dict) else str(view.expect(str))
            line = view.at("image").line if isinstance(view.value, dict) else view.line
            if text := text.strip().removeprefix("docker://"):
                yield image(text, Place(self._found.path, line), "build")
