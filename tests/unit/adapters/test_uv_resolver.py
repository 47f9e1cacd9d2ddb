"""uv as the resolver, against an index in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.adapters.resolver import UvResolver
from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.managers.resolving import resolved
from gatekeeper.model.dependency import PackageIndex, Place
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.resolver import NoVersionsError
from tests.fakes.index import index
from tests.fakes.managing import found, names, parents
from tests.fakes.wheels import wheel


@pytest.fixture
def resolver(tmp_path: Path) -> UvResolver:
    """Knows what lies in `links`, and nothing else: it is offline."""
    links = tmp_path / "links"
    links.mkdir()
    wheel(links, "one", "1.0", "two>=1")
    wheel(links, "one", "2.0", "two>=1")
    wheel(links, "two", "1.5")
    return UvResolver(
        LocalProcesses(str(tmp_path)),
        uv_program,
        str(tmp_path / "cache"),
        offline=True,
        environ={"UV_FIND_LINKS": str(links), "SECRET_TOKEN": "x"},
    )


def test_versions_are_chosen_with_what_they_bring_in(resolver: UvResolver) -> None:
    inventory = found("requirements", "requirements.in", "# wanted\none<2\n")
    inventory = resolved(inventory, resolver.compile)

    assert names(inventory) == ["one 1.0", "two 1.5"]
    assert [it.place.line for it in inventory.dependencies] == [2, 2]
    assert parents(inventory.dependencies[1]) == ["one"]
    assert all(it.hashes for it in inventory.dependencies)


def test_what_cannot_be_found_is_an_error_and_no_empty_answer(resolver: UvResolver) -> None:
    with pytest.raises(ToolError) as caught:
        resolver.compile("one>=3\n", ())

    assert "uv found no versions that fit together" in caught.value.message
    assert "\n" not in caught.value.message
    assert "network" in caught.value.remedy


def test_a_source_is_not_built(resolver: UvResolver, tmp_path: Path) -> None:
    # An sdist whose build would leave a mark.
    import tarfile

    source = tmp_path / "evil-1.0"
    source.mkdir()
    (source / "setup.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')\n")
    (source / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: evil\nVersion: 1.0\n")
    with tarfile.open(tmp_path / "links" / "evil-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, "evil-1.0")

    with pytest.raises(ToolError, match="evil"):
        resolver.compile("evil\n", ())
    assert not (tmp_path / "mark").exists()


class RecordingProcesses:
    """Remembers what was started."""

    def __init__(self) -> None:
        self.argv: Sequence[str] = ()
        self.env: Mapping[str, str] = {}

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str] | None = None,
        inherit_env: bool = False,
    ) -> Completed:
        assert not inherit_env
        self.argv, self.env = argv, env or {}
        return Completed(0, b"", "")

    def run_own(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str],
        pass_env: Sequence[str],
    ) -> Completed:
        raise AssertionError("no command of the project is to be run")

    def cancel(self) -> None: ...


def test_what_uv_is_told() -> None:
    processes = RecordingProcesses()
    made = UvResolver(
        processes, lambda: "uv", "/cache", offline=False, builds=True,
        environ={"UV_INDEX_URL": "https://i", "GITHUB_TOKEN": "x"},
    )  # fmt: skip
    indexes = [
        PackageIndex(url="https://main", place=Place("f")),
        PackageIndex(url="https://extra", place=Place("f"), kind="extra"),
        PackageIndex(url="https://links", place=Place("f"), kind="find-links"),
    ]
    made.compile("a\n", indexes, "3.12")

    told = " ".join(processes.argv)
    assert told.startswith("uv pip compile wanted.in --universal --generate-hashes")
    assert "--default-index https://main --index https://extra --find-links https://links" in told
    assert "--python-version 3.12" in told
    assert "--no-config" in told
    assert "--no-build" not in told
    assert "--offline" not in told
    assert processes.env == {"UV_INDEX_URL": "https://i"}


class TestAnswers:
    """An answer that there are no versions is told apart from having got none."""

    @pytest.fixture
    def online(self, tmp_path: Path) -> UvResolver:
        address = index(
            tmp_path / "index",
            {"one": {"1.0": ["two<2"], "2.0": ["two"], "3.0": []}, "two": {"1.0": [], "2.0": []}},
        )
        return self._resolver(tmp_path, address)

    @staticmethod
    def _resolver(folder: Path, address: str) -> UvResolver:
        return UvResolver(
            LocalProcesses(str(folder)), uv_program, str(folder / "cache"), offline=False,
            environ={"UV_DEFAULT_INDEX": address},
        )  # fmt: skip

    def test_no_versions_fit_together(self, online: UvResolver) -> None:
        with pytest.raises(NoVersionsError):
            online.compile("one==1.0\ntwo==2.0\n", ())

    def test_a_package_that_the_index_does_not_have_says_nothing(self, online: UvResolver) -> None:
        with pytest.raises(ToolError) as caught:
            online.compile("one==1.0\nunknown\n", ())

        assert not isinstance(caught.value, NoVersionsError)

    def test_an_index_that_does_not_answer(self, tmp_path: Path) -> None:
        resolver = self._resolver(tmp_path, "http://127.0.0.1:9/simple")

        with pytest.raises(ToolError) as caught:
            resolver.compile("one\n", ())

        assert not isinstance(caught.value, NoVersionsError)

    def test_offline_no_answer_is_the_last_word(self, resolver: UvResolver) -> None:
        with pytest.raises(ToolError) as caught:
            resolver.compile("one==1.0\ntwo==9\n", ())

        assert not isinstance(caught.value, NoVersionsError)

    def test_the_lowest_of_what_is_asked_for(self, online: UvResolver) -> None:
        answer = online.compile("one>=1.5\n", (), lowest=True)

        assert "one==2.0" in answer

    def test_what_goes_before_all_demands(self, online: UvResolver) -> None:
        answer = online.compile("one==1.0\n", (), overrides="two==2.0\n")

        assert "two==2.0" in answer
