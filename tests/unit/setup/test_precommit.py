"""gatekeeper's entry in pre-commit's configuration: nothing but the entry changes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import ConfigError, SetupError
from gatekeeper.setup.precommit import find_entry, with_entry
from gatekeeper.version import VERSION

HOOKS = ("gatekeeper",)
CLASSIC = """\
# what we run
default_language_version:
    python: python3.11
repos:
-   repo: https://github.com/astral-sh/ruff-pre-commit
    # keep in step with the lock
    rev: v0.12.0
    hooks:
    -   id: ruff   # lint
        args: [--fix]
    -   id: ruff-format

# the end
ci:
    autofix_prs: false
"""
MODERN = """\
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
      - id: check-yaml
      # - id: check-toml

  - repo: https://github.com/psf/black
    rev: 25.1.0
    hooks:
      - id: black
"""


def added(text: str) -> str:
    """The result; everything that was there is there, in the same order."""
    made = with_entry(text.encode(), HOOKS).decode()
    rows = iter(made.splitlines())
    assert all(row in rows for row in text.splitlines()), made
    before, after = yaml.safe_load(text) or {}, yaml.safe_load(made)
    assert after["repos"][:-1] == (before.get("repos") or [])
    assert after["repos"][-1]["hooks"] == [{"id": "gatekeeper"}]
    return made


def test_comments_and_other_keys_stay() -> None:
    assert added(CLASSIC) == CLASSIC.replace(
        "    -   id: ruff-format\n",
        "    -   id: ruff-format\n"
        "- repo: https://github.com/org/gatekeeper\n"
        f"  rev: v{VERSION}\n"
        "  hooks:\n"
        "    - id: gatekeeper\n",
    )


def test_its_own_indentation_and_blank_lines_are_kept_to() -> None:
    assert added(MODERN) == MODERN + (
        "\n"
        "  - repo: https://github.com/org/gatekeeper\n"
        f"    rev: v{VERSION}\n"
        "    hooks:\n"
        "      - id: gatekeeper\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "repos: []\n",
        "repos: []  # none\n",
        "repos:\n",
        "repos: []\nfail_fast: true\n",
        "fail_fast: true\n",
        "repos:\n- repo: local\n  hooks: []",
        "repos:\r\n- repo: local\r\n  hooks: []\r\n",
        "repos:\r\n- repo: local\r\n  hooks: []",
        "---\nrepos:\n- repo: local\n  hooks:\n  - id: a\n    entry: |\n      one\n      two\n# end\n",
        "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: >-\n      one\n\n      two\n\n\nx: 1\n",
        "\ufeffrepos:\n- repo: local\n  hooks: []\n",
    ],
)
def test_every_layout_that_can_be_added_to(text: str) -> None:
    if not text.strip() or text.startswith("#"):
        text += "repos: []\n"
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    made = with_entry(text.encode(), HOOKS).decode()

    assert made.startswith(bom)
    assert yaml.safe_load(made.removeprefix(bom))["repos"][-1]["rev"] == f"v{VERSION}"
    assert with_entry(made.encode(), HOOKS).decode() == made
    assert made.count("\r\n") in (0, made.count("\n"))


def test_where_there_is_no_file_one_is_made() -> None:
    made = with_entry(None, ("gatekeeper", "gatekeeper-commit-msg")).decode()

    assert yaml.safe_load(made) == {
        "repos": [
            {
                "repo": "https://github.com/org/gatekeeper",
                "rev": f"v{VERSION}",
                "hooks": [{"id": "gatekeeper"}, {"id": "gatekeeper-commit-msg"}],
            }
        ]
    }


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n- repo: https://github.com/org/gatekeeper\n  rev: v9\n  hooks: []\n",
        "repos:\n- repo: git@github.com:mirror/x.git\n  rev: a\n  hooks: [{id: gatekeeper-full}]\n",
    ],
)
def test_an_entry_that_is_there_is_left(text: str) -> None:
    assert with_entry(text.encode(), HOOKS).decode() == text
    entry = find_entry(text)
    assert entry is not None
    assert entry.line == 2


def test_what_cannot_be_added_to_safely_is_shown_for_pasting() -> None:
    with pytest.raises(SetupError) as caught:
        with_entry(b"repos: [{repo: local, hooks: []}]\n", HOOKS)

    assert "- repo: https://github.com/org/gatekeeper" in caught.value.remedy


@pytest.mark.parametrize("text", ["repos: [\n", "- a\n", "repos: [*a]\n", "a: 1\na: 2\n"])
def test_what_is_no_configuration_is_named_with_its_line(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        with_entry(text.encode(), HOOKS)

    assert caught.value.where.startswith(".pre-commit-config.yaml:")


_WORD = st.text("abc-", min_size=1, max_size=6).filter(lambda it: it.strip("-"))
_COMMENT = st.sampled_from(["", "\n", "# a comment\n", "  # indented\n", "      # far in\n"])


@settings(deadline=None, max_examples=100)
@given(
    repos=st.lists(st.tuples(_WORD, st.lists(_WORD, min_size=1, max_size=3), _COMMENT), max_size=4),
    dash=st.sampled_from([0, 2, 4]),
    hook_dash=st.sampled_from([2, 4]),
    tail=st.sampled_from(["", "fail_fast: true\n", "\n\n", "# the end\n", "ci: {x: 1}\n"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    cut=st.booleans(),
)
def test_whatever_the_layout_only_the_entry_is_new(
    repos: list[tuple[str, list[str], str]], dash: int, hook_dash: int, tail: str, newline: str,
    cut: bool,
) -> None:  # fmt: skip
    rows = ["repos:" if repos else "repos: []", ""]
    text = "\n".join(rows)
    for name, hooks, comment in repos:
        lead = " " * dash
        text += f"{lead}- repo: {name}\n{lead}  rev: v1\n{lead}  hooks:\n"
        text += "".join(f"{lead}{' ' * hook_dash}- id: {hook}\n" for hook in hooks) + comment
    text = (text + tail).replace("\n", newline)
    if cut:
        text = text.removesuffix(newline)

    made = with_entry(text.encode(), HOOKS).decode()

    rows_left = iter(made.splitlines())
    kept = [row for row in text.splitlines() if row != "repos: []"]
    assert all(row in rows_left for row in kept)
    before, after = yaml.safe_load(text), yaml.safe_load(made)
    entry = after["repos"].pop()
    assert after == before
    assert entry["rev"] == f"v{VERSION}"
    assert with_entry(made.encode(), HOOKS).decode() == made
