"""Documents about exploitability, in whichever of the formats."""

from __future__ import annotations

from gatekeeper.managers.cyclonedx_vex import read_cyclonedx_vex
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.openvex import is_openvex, read_openvex
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.vex_parts import REMEDY, Gathered
from gatekeeper.model.vex import VexFile


def read_vex(path: str, content: bytes) -> VexFile:
    """What a document says. One of neither format says nothing, and that is a problem."""
    found = Gathered(path)
    try:
        document = read_json(content, REMEDY)
        if is_openvex(document):
            return read_openvex(path, content)
        if isinstance(document.value, dict) and document.value.get("bomFormat") == "CycloneDX":
            return read_cyclonedx_vex(path, content)
        raise UnreadableError("it is neither OpenVEX nor CycloneDX", 1, "both are read as JSON")
    except UnreadableError as error:
        found.refuse("", error)
    except RecursionError:
        found.refuse("", UnreadableError("it is nested too deeply to be read"))
    return found.file()
