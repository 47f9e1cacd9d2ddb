"""Compose files: the images of services that are not built here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.managers.images import image, substituted
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.reading import Found
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.yaml_document import read_yaml
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place


class Compose:
    """`image:` of each service. Variables have the defaults beside them; what has none stays open."""

    id = "compose"
    kind: Kind = "references"
    ecosystem: Ecosystem | None = "docker"

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
            for _, service in document.table("services").entries():
                with found.entry():
                    if service.value is None:
                        continue
                    service.expect(dict)
                    text = service.text("image")
                    # With `build`, it is the name of what is built.
                    if text and not service.has("build"):
                        place = Place(path, service.at("image").line)
                        dependencies.append(image(substituted(text, {}), place))
        return found.inventory(dependencies)
