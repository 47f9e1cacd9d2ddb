"""GitHub, github.com or Enterprise Server, behind the port `Forge`."""

from __future__ import annotations

from gatekeeper.adapters.github_checks import GitHubChecks
from gatekeeper.adapters.github_contents import GitHubContents
from gatekeeper.adapters.github_discussion import GitHubDiscussion
from gatekeeper.adapters.github_http import Access, Api, Pace
from gatekeeper.adapters.github_issues import GitHubIssues, GitHubPeople
from gatekeeper.adapters.github_pulls import GitHubPullRequests
from gatekeeper.adapters.github_runs import GitHubRuns


class GitHub(
    GitHubDiscussion,
    GitHubPullRequests,
    GitHubChecks,
    GitHubContents,
    GitHubIssues,
    GitHubRuns,
    GitHubPeople,
):
    """One repository. Raises ForgeError for an address that no token may be sent to."""

    def __init__(self, access: Access, pace: Pace | None = None) -> None:
        self._api = Api(access, pace or Pace())

    @property
    def repository(self) -> str:
        """OWNER/NAME."""
        return self._api.access.repository

    @property
    def requests(self) -> int:
        """How many were sent so far."""
        return self._api.requests

    def close(self) -> None:
        """Close the connection."""
        self._api.close()
