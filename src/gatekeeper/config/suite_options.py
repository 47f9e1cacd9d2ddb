"""Options of the scanners that judge the project's own tests and what they cover."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Percent = Annotated[float, Meta(ge=0, le=100)]


class TestsOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """The project's own tests: run here, or read from `--junit` files."""

    enabled: bool = True
    command: Annotated[
        str | tuple[str, ...],
        Meta(
            description="What runs the tests: `auto` finds it out, else a command as text or as a"
            " list of words; no shell reads it. Without one, or with `none`, nothing is run, and"
            " only `--junit` files count."
        ),
    ] = ""
    junit: Annotated[
        tuple[str, ...],
        Meta(
            description="JUnit XML files that the command writes, as paths or `*` patterns below"
            " the root; pytest and unittest need none."
        ),
    ] = ()
    timeout_minutes: Annotated[
        int, Meta(ge=1, le=360, description="Minutes after which the tests are stopped.")
    ] = 30
    reruns: Annotated[
        int,
        Meta(
            ge=0,
            le=5,
            description="How often tests that failed are run again; one that then passes is flaky.",
        ),
    ] = 0
    base: Annotated[
        Literal["run", "recall", "ignore"],
        Meta(
            description="Which failures were there before. `recall`: as known from an earlier check"
            " or `--junit-base`; `run`: else run what failed at the base, too; `ignore`: every"
            " failure is new."
        ),
    ] = "run"
    pass_env: Annotated[
        tuple[str, ...],
        Meta(
            description="Environment variables that the tests need although their names look like"
            " credentials."
        ),
    ] = ()


class CoveragePath(Struct, forbid_unknown_fields=True, frozen=True):
    """What is demanded of some paths' coverage."""

    paths: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description="Path patterns, written as in .gitignore."),
    ]
    total: Annotated[
        Percent | None, Meta(description="Least coverage of these files, in percent.")
    ] = None
    diff: Annotated[
        Percent | None, Meta(description="Least coverage of their new lines, in percent.")
    ] = None


class CoverageOptions(Struct, forbid_unknown_fields=True, frozen=True):
    """Coverage by tests: from `--coverage` files, or from what the tests have just written."""

    enabled: bool = True
    total: Annotated[
        Percent | None,
        Meta(description="Least coverage of all, in percent; unset: nothing is demanded."),
    ] = None
    drop: Annotated[
        Percent | None,
        Meta(description="Percentage points that the total may fall below the base's; unset: any."),
    ] = None
    diff: Annotated[
        Percent | None,
        Meta(description="Least coverage of new lines, in percent; unset: nothing is demanded."),
    ] = None
    paths: Annotated[
        tuple[CoveragePath, ...], Meta(description="Other demands for some paths.")
    ] = ()
    reports: Annotated[
        tuple[str, ...],
        Meta(
            description="Files with coverage data that the tests write, as paths or `*` patterns"
            " below the root."
        ),
    ] = (".coverage", ".coverage.*", "coverage.xml", "lcov.info", "coverage.lcov")
