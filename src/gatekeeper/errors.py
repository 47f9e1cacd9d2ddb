"""Errors a user can see: what happened, where, and what to do next."""

from __future__ import annotations

from typing import Literal


class GatekeeperError(Exception):
    """Base of every error that ends a command with a message instead of a report."""

    exit_status = 4

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.remedy}" if self.remedy else text


class UsageError(GatekeeperError):
    """The command line asks for something that cannot be done."""

    exit_status = 2


class ConfigError(GatekeeperError):
    """A configuration or waiver file is wrong; `where` is `file:line` or `file`, key in the text."""

    exit_status = 2


class RepositoryError(GatekeeperError):
    """git is missing, the folder is no repository, or git refused to answer."""

    exit_status = 2


class ReportError(GatekeeperError):
    """A report could not be written; the verdict is not affected, but nobody may rely on it."""

    exit_status = 4


class MergeError(GatekeeperError):
    """The parts of a check do not make a whole, so nothing can be said about it."""

    exit_status = 3


class ArtifactError(GatekeeperError):
    """What a run kept is no report that could be told, so nobody knows what it found."""

    exit_status = 3


class BillError(GatekeeperError):
    """A bill of materials cannot be read, or would not be complete; nothing has been written."""

    exit_status = 3


class SetupError(GatekeeperError):
    """Something in the way of setting a repository up; nothing has been written."""

    exit_status = 2


ForgeProblem = Literal[
    "unauthenticated",
    "permission",
    "not-found",
    "invalid",
    "conflict",
    "rate-limited",
    "unavailable",
    "unreachable",
    "too-large",
    "budget",
]


class ForgeError(GatekeeperError):
    """The forge refused or could not be reached. `uncertain`: it may have done what was asked."""

    def __init__(
        self, kind: ForgeProblem, message: str, *, where: str = "", remedy: str = "",
        uncertain: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message, where=where, remedy=remedy)
        self.kind: ForgeProblem = kind
        self.uncertain = uncertain
        # Usage, for what the workflow or its token has to change; else it could not be done now.
        settled = ("unauthenticated", "permission", "not-found", "invalid", "too-large")
        self.exit_status = 2 if kind in settled else 3
