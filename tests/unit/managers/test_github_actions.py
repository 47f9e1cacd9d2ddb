"""What workflows and actions use."""

from __future__ import annotations

import pytest

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, problems

SHA = "b4ffde65f46336ab88eb53be808477a3936bae11"


def steps(*uses: str) -> Inventory:
    rows = "".join(f"      - uses: {it}\n" for it in uses)
    return found("github-actions", ".github/workflows/a.yml", f"jobs:\n  a:\n    steps:\n{rows}")


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        (".github/workflows/ci.yml", True),
        (".github/workflows/ci.yaml", True),
        ("sub/.github/workflows/ci.yml", True),
        (".github/workflows/sub/ci.yml", False),
        ("action.yml", True),
        ("a/b/action.yaml", True),
        ("my-action.yml", False),
        (".github/dependabot.yml", False),
    ],
)
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["github-actions"].selects(path) is selected


@pytest.mark.parametrize(
    ("uses", "name", "version", "reference", "claim"),
    [
        (f"Actions/Checkout@{SHA} # v4.1.1", "actions/checkout", "4.1.1", SHA, "v4.1.1"),
        (f"a/b@{SHA}  #tag=v4.0.2-rc.1", "a/b", "4.0.2-rc.1", SHA, "v4.0.2-rc.1"),
        (f"a/b@{SHA} # v4", "a/b", "", SHA, "v4"),
        (f"a/b@{SHA} # pinned in 2024-05-01", "a/b", "", SHA, ""),
        (f"a/b@{SHA} # ratchet:a/b@v2.0.1", "a/b", "2.0.1", SHA, "v2.0.1"),
        (f"a/b@{SHA} # release notes", "a/b", "", SHA, ""),
        (f'"a/b@{SHA}" # 1.2.3', "a/b", "1.2.3", SHA, "1.2.3"),
        (f"a/b@{SHA}", "a/b", "", SHA, ""),
        ("a/b@v4.1.1 # v9.9.9", "a/b", "4.1.1", "v4.1.1", ""),
        ("a/b@v4", "a/b", "", "v4", ""),
        ("a/b@main", "a/b", "", "main", ""),
        ("a/b@releases/v1.0.0", "a/b", "", "releases/v1.0.0", ""),
    ],
)
def test_references_and_what_comments_claim(
    uses: str, name: str, version: str, reference: str, claim: str
) -> None:
    inventory = steps(uses)

    assert problems(inventory) == []
    it = one(inventory)
    assert (it.ecosystem, it.name, it.version) == ("github-actions", name, version)
    assert (it.requirement, it.claim) == (reference, claim)
    assert it.hashes == ((f"sha1:{SHA}",) if reference == SHA else ())
    assert (it.place.line, it.scope, it.direct) == (4, "build", True)


def test_an_action_in_a_folder_is_its_repository() -> None:
    it = one(steps("Org/repo/sub/action@v1.0.0"))

    assert (it.name, it.display) == ("org/repo", "Org/repo/sub/action")


def test_jobs_containers_services_and_images() -> None:
    inventory = found(
        "github-actions",
        ".github/workflows/a.yml",
        "jobs:\n"
        "  a:\n"
        "    uses: o/r/.github/workflows/w.yml@v1.0.0\n"
        "  b:\n"
        "    container: node:20\n"
        "    services:\n"
        "      one: {image: redis}\n"
        "      two: {image: 'ghcr.io/o/i:1'}\n"
        "    steps:\n"
        "      - uses: docker://alpine@sha256:" + "a" * 64 + "\n"
        "      - run: x\n"
        "  c:\n"
        "    container: {image: '${{ matrix.image }}'}\n",
    )

    assert problems(inventory) == []
    assert [
        (it.ecosystem, it.name, it.version, it.place.line) for it in inventory.dependencies
    ] == [
        ("github-actions", "o/r", "1.0.0", 3),
        ("docker", "docker.io/library/node", "20", 5),
        ("docker", "docker.io/library/redis", "", 7),
        ("docker", "ghcr.io/o/i", "1", 8),
        ("docker", "docker.io/library/alpine", "", 10),
        ("docker", "${{ matrix.image }}", "", 13),
    ]
    assert inventory.dependencies[-1].origin == "unknown"
    assert inventory.dependencies[-2].hashes == ("sha256:" + "a" * 64,)


def test_actions_of_steps_and_of_images() -> None:
    composite = found("github-actions", "action.yml", "runs:\n  steps:\n    - uses: a/b@v1.0.0\n")
    image = found("github-actions", "action.yml", "runs:\n  image: docker://a/b:1\n")
    own = found("github-actions", "action.yml", "runs:\n  image: Dockerfile\n")

    assert names(composite) == ["a/b 1.0.0"]
    assert names(image) == ["docker.io/a/b 1"]
    assert names(own) == []


def test_what_a_repository_uses_of_itself_is_no_dependency() -> None:
    assert names(steps("./.github/actions/a", "../a", "a/b@v1.0.0")) == ["a/b 1.0.0"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a", "a.yml:1 the document has to be a table"),
        ("jobs: []", "a.yml:1 jobs has to be a table"),
        ("jobs:\n  a: 1", "a.yml:2 jobs.a has to be a table"),
        ("jobs:\n  a:\n    steps:\n      - 1", "a.yml:4 jobs.a.steps[0] has to be a table"),
        (
            "jobs:\n  a:\n    steps:\n      - uses: [a]",
            "a.yml:4 jobs.a.steps[0].uses has to be text",
        ),
        ("jobs:\n  a:\n    steps:\n      - uses: a/b", "a.yml:4 'a/b' is not understood"),
        ("jobs:\n  a:\n    uses: a@b", "a.yml:3 'a@b' is not understood"),
        ("jobs:\n  a:\n    container: []", "a.yml:3 jobs.a.container has to be text"),
        ("a: 1\n---\nb: 1", "a.yml:3 a second document begins here"),
        ("a: *b", "a.yml:1 the alias *b stands for nothing"),
        ("a: &b [*b]", "a.yml:1 the alias *b contains itself"),
        ("? [a]\n: b", "a.yml:1 a key has to be plain text"),
        ("a: \x01", "a.yml:1 not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(found("github-actions", ".github/workflows/a.yml", text))[0].startswith(
        f".github/workflows/{says}"
    )


def test_one_bad_step_does_not_hide_the_others() -> None:
    inventory = steps("a/b@v1.0.0", "a/b", "c/d@v1.0.0")

    assert names(inventory) == ["a/b 1.0.0", "c/d 1.0.0"]
    assert len(inventory.problems) == 1


def test_steps_can_be_shared_by_aliases() -> None:
    inventory = found(
        "github-actions",
        ".github/workflows/a.yml",
        "x: &s\n  - uses: a/b@v1.0.0\njobs:\n  a: {steps: *s}\n  b: {steps: *s}\n",
    )

    assert names(inventory) == ["a/b 1.0.0", "a/b 1.0.0"]
