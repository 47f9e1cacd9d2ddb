"""Options of what is asked of package indexes about what a change brings in."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Address = Annotated[str, Meta(max_length=2000)]
PYPI = "https://pypi.org/simple"
NPM = "https://registry.npmjs.org"


class IndexOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """What is asked about packages that a change brings in, and where.

    An address that only a file of the repository names is never asked.
    """

    ask: Annotated[
        Literal["nothing", "releases", "files"],
        Meta(
            description="`releases`: whether a version is yanked, gone, or has other hashes, and"
            " whether a private name is public as well; `files`: its files are looked into, too."
        ),
    ] = "nothing"
    pypi: Annotated[
        Address, Meta(description="The simple index that is asked about PyPI's packages.")
    ] = PYPI
    npm: Annotated[
        Address, Meta(description="The registry that is asked about npm's packages.")
    ] = NPM
    private: Annotated[
        tuple[Address, ...],
        Meta(
            description="Simple indexes of your own, which may be asked whether they have a name.",
            examples=[["https://packages.example.org/simple"]],
        ),
    ] = ()
    max_file_mb: Annotated[
        int, Meta(ge=1, le=1024, description="So much of a file is fetched, and no more.")
    ] = 32
