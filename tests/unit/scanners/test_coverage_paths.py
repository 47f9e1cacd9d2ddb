"""Which file of the repository a name in a report means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.scanners.coverage_paths import Place, Tree, ambiguous

FILES = (
    "setup.py", "tool.py", "src/shop/__init__.py", "src/shop/orders.py", "src/shop/utils.py",
    "backend/app/models.py", "backend/app/utils.py", "frontend/app/utils.py", "tests/test_orders.py",
)  # fmt: skip
TREE = Tree(FILES, ("/work/repo",))


def find(*names: str, folder: str = "") -> list[Place]:
    return TREE.find_all([(name,) for name in names], folder)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("src/shop/orders.py", "src/shop/orders.py"),
        ("./src/shop/../shop/orders.py", "src/shop/orders.py"),
        ("/work/repo/src/shop/orders.py", "src/shop/orders.py"),
        ("shop/orders.py", "src/shop/orders.py"),
        ("src\\shop\\orders.py", "src/shop/orders.py"),
        ("C:\\actions\\shop\\src\\shop\\orders.py", "src/shop/orders.py"),
        ("/home/runner/work/repo/repo/src/shop/orders.py", "src/shop/orders.py"),
        ("/venv/lib/python3.12/site-packages/shop/orders.py", "src/shop/orders.py"),
        ("/work/repo/.tox/py/lib/python3.12/site-packages/shop/orders.py", "src/shop/orders.py"),
        ("/work/repo/build/lib.linux-x86_64/shop/orders.py", "src/shop/orders.py"),
        ("/venv/lib/python3.12/site-packages/tool.py", "tool.py"),
    ],
)
def test_one_file_is_meant(name: str, path: str) -> None:
    assert find(name) == [Place(path)]


@pytest.mark.parametrize(
    "name",
    [
        "/usr/lib/python3.12/json/decoder.py",
        "/venv/lib/python3.12/site-packages/yaml/tool.py",
        "/venv/lib/python3.12/site-packages/yaml/shop/orders.py",
        "/venv/lib/python3.12/site-packages/utils.py",
        "/work/repo/generated/shop/orders.py",
        "/elsewhere/orders.py",
        "../shop/orders.py",
        "",
        "/",
        "a" * 5000,
    ],
)
def test_a_file_from_elsewhere_is_none_of_ours(name: str) -> None:
    assert find(name) == [Place()]


def test_the_folder_of_the_report_goes_first() -> None:
    assert find("app/models.py", folder="backend") == [Place("backend/app/models.py")]
    assert find("src/shop/orders.py", folder="backend") == [Place("src/shop/orders.py")]


def test_a_name_that_may_mean_several_files_means_none() -> None:
    place = Place(candidates=("backend/app/utils.py", "frontend/app/utils.py"))

    assert find("/srv/app/utils.py") == [place]
    assert "frontend/app/utils.py" in ambiguous("/srv/app/utils.py", place.candidates)


def test_clear_names_of_the_same_report_say_which_one_is_meant() -> None:
    assert find("/srv/app/models.py", "/srv/app/utils.py") == [
        Place("backend/app/models.py"),
        Place("backend/app/utils.py"),
    ]


def test_a_file_at_the_top_is_known_by_the_rest_of_the_report() -> None:
    assert find("/ci/x/tool.py", "/ci/x/src/shop/orders.py")[0] == Place("tool.py")
    assert find("/ci/x/tool.py", "/ci/x/setup.py") == [Place("tool.py"), Place("setup.py")]
    assert find("/ci/x/tool.py", "/ci/x/other.py") == [Place(), Place()]


def test_a_deeper_copy_does_not_take_the_place_of_the_original() -> None:
    tree = Tree(("src/pkg/a.py", "src/pkg/b.py", "vendor/src/pkg/a.py"))

    assert tree.find_all([("/ci/x/src/pkg/a.py",)]) == [
        Place(candidates=("src/pkg/a.py", "vendor/src/pkg/a.py"))
    ]
    assert tree.find_all([("/ci/x/src/pkg/a.py",), ("/ci/x/src/pkg/b.py",)])[0] == Place(
        "src/pkg/a.py"
    )


def test_of_several_sources_the_one_that_has_the_file_counts() -> None:
    names = ("/ci/x/src/shop/orders.py", "/ci/x/tests/shop/orders.py")

    assert TREE.find_all([names]) == [Place("src/shop/orders.py")]


def test_a_source_here_that_lacks_the_file_does_not_hide_the_one_that_has_it() -> None:
    for names in (
        ("/work/repo/tests/orders.py", "/work/repo/src/shop/orders.py"),
        ("/work/repo/src/shop/orders.py", "/work/repo/tests/orders.py"),
    ):
        assert TREE.find_all([names]) == [Place("src/shop/orders.py")]


def test_two_sources_that_both_have_the_file_are_no_answer() -> None:
    names = ("/work/repo/backend/app/utils.py", "/work/repo/frontend/app/utils.py")

    assert TREE.find_all([names]) == [
        Place(candidates=("backend/app/utils.py", "frontend/app/utils.py"))
    ]


PARTS = st.lists(st.sampled_from(["a", "b", "src", "x.py", "y.py"]), min_size=1, max_size=4)


@settings(deadline=None)
@given(st.lists(PARTS.map("/".join), min_size=1, max_size=8, unique=True), PARTS.map("/".join))
def test_a_checkout_elsewhere_is_never_mistaken(paths: list[str], prefix: str) -> None:
    """Whatever the tree looks like, a name is resolved to its own file or not at all."""
    tree = Tree(paths)

    for path, place in zip(
        paths, tree.find_all([(f"/ci/{prefix}/{path}",) for path in paths]), strict=True
    ):
        assert place.path in ("", path)
