"""The snapshot on disk: what it says, and that nothing false is ever believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.adapters.advisory_file import (
    AdvisoryFile,
    SnapshotAdvisories,
    open_snapshot,
    snapshot_path,
)
from gatekeeper.advisories import format as layout
from gatekeeper.advisories.format import DamagedError
from gatekeeper.advisories.matching import match
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority
from gatekeeper.ports.advisories import AdvisoriesError, PackageVersion
from tests.fakes.advisories import NOW, affected, own_snapshot, record, snapshot

SPARROW = PackageVersion("pypi", "sparrow", "1.0")
DAY = 86_400


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(own_snapshot(tmp_path_factory.mktemp("snapshot")).path)


def opened(path: Path, **more: Any) -> SnapshotAdvisories:
    return SnapshotAdvisories(str(path), now=lambda: NOW, **more)


def refused(path: Path, digest: str = "") -> AdvisoriesError:
    with pytest.raises(AdvisoriesError) as caught:
        open_snapshot(str(path), digest)
    return caught.value


def test_it_says_what_was_put_in(path: Path) -> None:
    advisories = opened(path)

    known = advisories.lookup([SPARROW])[SPARROW]

    assert isinstance(known, PackageAdvisories)
    (it,), why = match(known, "1.0")
    assert why is None
    assert (it.id, it.severity, it.score) == ("CVE-2026-90001", "high", 8.7)
    assert (it.kev, it.epss) == ("2026-11-22", 0.8321)
    assert it.fixed == ("1.4.2", "2.1.1")
    assert advisories.priority("CVE-2026-90002") == Priority("", 0.00043)
    assert advisories.priority("CVE-1999-0001") == Priority()
    assert advisories.source().digest.startswith("sha256:")
    advisories.close()


def test_what_is_not_in_it_has_no_advisories(path: Path) -> None:
    package = PackageVersion("pypi", "nobody-knows", "1.0")

    assert opened(path).lookup([package])[package] == PackageAdvisories("pypi", "nobody-knows")


def test_a_part_of_an_action_has_its_repository_s_advisories(path: Path) -> None:
    package = PackageVersion("github-actions", "birds/setup/nest", "4.0.0")

    known = opened(path).lookup([package])[package]

    assert isinstance(known, PackageAdvisories)
    assert [it.id for it in match(known, "4.0.0")[0]] == ["CVE-2026-90003"]


def test_an_ecosystem_that_it_does_not_hold_is_open(tmp_path: Path) -> None:
    made = snapshot(tmp_path, record("PYSEC-1", affected("demo", ("introduced", "0"))))
    npm, image = PackageVersion("npm", "demo", "1.0.0"), PackageVersion("docker", "demo", "1")

    answer = opened(Path(made.path)).lookup([npm, image])

    reasons = {it.ecosystem: why.reason for it, why in answer.items() if isinstance(why, Open)}
    assert reasons == {"npm": "no-advisories", "docker": "unsupported-ecosystem"}


def test_the_json_of_a_record_comes_back_as_published(path: Path) -> None:
    file = AdvisoryFile(str(path))
    published = Path(__file__).parents[2] / "data/advisories/PyPI/MAL-2026-9001.json"

    assert file.record("MAL-2026-9001") == published.read_bytes()
    assert file.record("MAL-1999-1") is None
    assert file.verify() == 8


@pytest.mark.parametrize("days", [0, 4, 3650])
def test_data_within_the_age_is_used(path: Path, days: int) -> None:
    assert opened(path, max_age_days=days).lookup([SPARROW])


def test_stale_data_says_nothing(path: Path) -> None:
    advisories = SnapshotAdvisories(str(path), max_age_days=7, now=lambda: NOW + 30 * DAY)

    with pytest.raises(AdvisoriesError) as caught:
        advisories.lookup([SPARROW])

    assert caught.value.reason == "snapshot-stale"
    assert "2026-11-23" in str(caught.value)
    assert "advisories sync" in caught.value.remedy


def test_data_from_the_future_says_nothing(path: Path) -> None:
    advisories = SnapshotAdvisories(str(path), max_age_days=7, now=lambda: NOW - 30 * DAY)

    with pytest.raises(AdvisoriesError, match="yet to come"):
        advisories.lookup([SPARROW])


def test_only_the_ecosystems_that_are_asked_for_have_to_be_fresh(path: Path) -> None:
    # Advisories about npm end two days before those about PyPI.
    advisories = SnapshotAdvisories(str(path), max_age_days=3, now=lambda: NOW)

    assert advisories.lookup([SPARROW])
    with pytest.raises(AdvisoriesError):
        advisories.lookup([SPARROW, PackageVersion("npm", "x", "1.0.0")])


def test_a_missing_snapshot_says_what_to_do(tmp_path: Path) -> None:
    error = refused(tmp_path / "nothing")

    assert error.reason == "snapshot-missing"
    assert error.remedy == "run `gatekeeper advisories sync`"


def test_another_snapshot_than_the_pinned_one_is_refused(path: Path) -> None:
    error = refused(path, "sha256:" + "0" * 64)

    assert error.reason == "snapshot-mismatch"
    pinned = AdvisoryFile(str(path)).digest
    assert open_snapshot(str(path), pinned).digest == pinned


@pytest.mark.parametrize(
    "content", [b"", b"short", b"PK\x03\x04" * 50, b"gatekeeper-adv-1", b"\x00" * 9999]
)
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)

    assert refused(tmp_path / "x").reason == "snapshot-damaged"


def test_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert refused(tmp_path).reason == "snapshot-damaged"
    assert refused(tmp_path / "pipe").reason == "snapshot-damaged"


def test_a_truncated_snapshot_is_refused_wherever_it_ends(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    cut = tmp_path / "cut"
    for length in {*range(0, len(whole), 97), len(whole) - 1}:
        cut.write_bytes(whole[:length])
        assert refused(cut).reason == "snapshot-damaged"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_changed_byte_makes_a_vulnerable_package_clean(
    path: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    changed = tmp_path / "changed"
    changed.write_bytes(content)

    answer = answer_of(changed)

    if isinstance(answer, AdvisoriesError):
        assert answer.reason == "snapshot-damaged"
    else:
        assert [it.id for it in match(answer, "1.0")[0]] == ["CVE-2026-90001"]
        with pytest.raises(DamagedError):
            AdvisoryFile(str(changed)).verify()


def answer_of(path: Path) -> PackageAdvisories | AdvisoriesError:
    try:
        known = opened(path).lookup([SPARROW])[SPARROW]
    except AdvisoriesError as error:
        return error
    assert isinstance(known, PackageAdvisories)
    return known


def test_more_bytes_at_the_end_are_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "more").write_bytes(path.read_bytes() + b"\n")

    assert refused(tmp_path / "more").reason == "snapshot-damaged"


def test_an_open_snapshot_stays_as_it_was(tmp_path: Path) -> None:
    one = snapshot(tmp_path, record("PYSEC-1", affected("demo", ("introduced", "0"))))
    advisories = opened(Path(one.path))
    package = PackageVersion("pypi", "demo", "1.0")

    snapshot(tmp_path, record("PYSEC-2", affected("other", ("introduced", "0"))))

    known = advisories.lookup([package])[package]
    assert isinstance(known, PackageAdvisories)
    assert known.entries
    assert one.path == snapshot_path(str(tmp_path))


def repacked(path: Path, to: Path, **more: Any) -> Path:
    """The same data behind another header, with a digest that holds."""
    file = AdvisoryFile(str(path))
    header = msgspec.structs.replace(file.header, **more)
    old = file._layout
    directory = [
        next((place for number, place in old.places() if number == at), None)
        for at in range(sum(file.header.buckets.values()))
    ]
    before, _ = layout.front(header, directory)
    to.write_bytes(before + path.read_bytes()[old.start :])
    return to


@pytest.mark.parametrize(
    "more",
    [
        {"size": 1},
        {"buckets": {"packages": 1}},
        {"buckets": {"packages": 0, "records": 2, "priorities": 1}},
        {"buckets": {"packages": 9, "records": 2, "priorities": 1}},
    ],
)
def test_a_header_that_contradicts_itself_is_refused(
    path: Path, tmp_path: Path, more: dict[str, Any]
) -> None:
    assert refused(repacked(path, tmp_path / "x", **more)).reason == "snapshot-damaged"


def test_fewer_records_than_were_written_are_noticed(path: Path, tmp_path: Path) -> None:
    size = path.stat().st_size
    changed = repacked(path, tmp_path / "x", records=9, size=size)

    with pytest.raises(DamagedError, match="9 were written"):
        AdvisoryFile(str(changed)).verify()


def test_a_block_larger_than_any_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LARGEST_BLOCK", 10)

    with pytest.raises(AdvisoriesError, match="no sensible length"):
        opened(path).lookup([SPARROW])


def test_a_record_larger_than_any_is_not_unpacked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "LARGEST_RECORD", 10)

    with pytest.raises(DamagedError, match="cannot be unpacked"):
        AdvisoryFile(str(path)).record("PYSEC-2026-9001")


def test_urgency_is_no_guess_either(path: Path, tmp_path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    (tmp_path / "x").write_bytes(content)
    advisories = opened(tmp_path / "x")

    with pytest.raises(AdvisoriesError):
        advisories.priority("CVE-2026-90001")
    assert AdvisoryFile(str(path)).modified("NONE-1") == ""
