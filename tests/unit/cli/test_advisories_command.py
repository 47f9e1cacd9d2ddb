"""`gatekeeper advisories`: what a user gets, and that a bad sync changes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from gatekeeper.adapters.advisory_file import snapshot_path
from gatekeeper.cli.main import run
from tests.fakes.advisories import DATA, affected, archive, own_snapshot, raw, record
from tests.fakes.odd_server import Behaviour, cut_off, html, odd_server, ok, status

DAY = 86_400
TODAY = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
FRESH = record("PYSEC-1", affected("demo", ("introduced", "0")), modified=TODAY)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no repository, and a cache of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return folder


def place(tmp_path: Path) -> Path:
    return Path(snapshot_path(str(tmp_path / "cache")))


def digest_in(text: str) -> str:
    return next(line.split()[1] for line in text.splitlines() if line.startswith("digest"))


def configured(here: Path, text: str) -> None:
    subprocess.run(["git", "init", "-q", here], check=True)
    (here / "gatekeeper.yml").write_text("version: 1\nadvisories:\n" + text)


def test_sync_from_a_folder_and_what_info_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["advisories", "sync", "--from", str(DATA)]) == 0
    said = capsys.readouterr().out
    assert "holds     8 records about 6 packages, 1 of malicious packages" in said
    assert "          PyPI, of 2026-11-23T00:00:00Z" in said
    assert "          KEV, of 2026-11-20T12:00:00Z" in said
    assert "from      kev.json, sha256:" in said

    assert run(["advisories", "info", "--verify"]) == 0
    again = capsys.readouterr().out
    assert digest_in(again) == digest_in(said)
    assert "verified  every record" in again

    assert run(["advisories", "sync", "--from", str(DATA)]) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_info_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = own_snapshot(tmp_path / "cache")

    assert run(["advisories", "info", "--json"]) == 0

    about = json.loads(capsys.readouterr().out)
    assert about["digest"] == made.digest
    assert about["as_of"]["npm"] == "2026-11-21T00:00:00Z"
    assert about["sources"][0]["ecosystems"] == ["GitHub Actions"]
    assert "buckets" not in about


def test_stale_data_is_called_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = {**FRESH, "modified": "2020-01-01T00:00:00Z"}
    path = archive(tmp_path / "all.zip", [old])

    run(["advisories", "sync", "--from", str(path)])
    run(["advisories", "info"])

    assert "stale     PyPI: older than advisories.max_age_days (7)" in capsys.readouterr().out
    assert run(["advisories", "serve"]) == 3
    assert "add --allow-stale" in capsys.readouterr().err


def test_without_a_snapshot(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("info", "serve"):
        assert run(["advisories", action]) == 3
        assert "run `gatekeeper advisories sync`" in capsys.readouterr().err


def test_a_damaged_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(own_snapshot(tmp_path / "cache").path)
    content = bytearray(path.read_bytes())
    # A record: nothing that `info` reads by itself.
    content[-1500] ^= 1
    path.write_bytes(content)

    assert run(["advisories", "info", "--verify"]) == 3
    assert "cannot be used" in capsys.readouterr().err
    path.write_bytes(content[:-1])
    assert run(["advisories", "info"]) == 3
    assert run(["advisories", "serve"]) == 3


def test_everything_that_is_configured_is_downloaded(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = {**FRESH, "modified": "2020-01-01T00:00:00Z"}
    action = record("GHSA-1", affected("a/b", ("introduced", "0"), ecosystem="GitHub Actions"))
    zips = [archive(here / name, [it]).read_bytes() for name, it in (("p", old), ("g", action))]
    stated = {"Last-Modified": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())}
    with odd_server(
        **{
            "osv/PyPI/all.zip": ok(zips[0], **stated),
            "osv/GitHub%20Actions/all.zip": ok(zips[1]),
            "kev": ok((DATA / "kev.json").read_bytes()),
            "epss": ok((DATA / "epss.csv").read_bytes()),
        }
    ) as server:
        url = server.url
        configured(here, f"  url: {url}/osv\n  kev: {url}/kev\n  epss: {url}/epss\n")
        assert run(["advisories", "sync"]) == 0

    said = capsys.readouterr()
    assert f"from      {url}/osv/PyPI/all.zip, sha256:" in said.out
    assert "getting" in said.err
    run(["advisories", "info", "--json"])
    about = json.loads(capsys.readouterr().out)
    # The server says that its file is of now, although no record is.
    assert about["as_of"]["PyPI"][:10] == time.strftime("%Y-%m-%d", time.gmtime())
    assert about["as_of"]["GitHub Actions"] == "2026-11-20T00:00:00Z"
    assert about["kev_as_of"]
    assert about["epss_as_of"]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (status(404), "it answers 404"),
        (status(403, b"no"), "it answers 403"),
        (html, "a web page"),
        (ok(b"PK\x03\x04 and no more"), "the zip is damaged"),
        (ok(b""), "neither a snapshot"),
        (status(302, Location="http://example.org/"), "without https"),
    ],
)
def test_a_download_that_goes_wrong_leaves_the_old_snapshot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], behaviour: Behaviour, said: str
) -> None:
    before = Path(own_snapshot(tmp_path / "cache").path).read_bytes()
    with odd_server(x=behaviour) as server:
        assert run(["advisories", "sync", "--from", f"{server.url}/x"]) == 3

    assert said in capsys.readouterr().err
    assert place(tmp_path).read_bytes() == before
    assert [it.name for it in (tmp_path / "cache").iterdir()] == [place(tmp_path).name]


def test_a_download_that_is_cut_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatekeeper.adapters.fetch._ATTEMPTS", 1)
    with odd_server(x=cut_off) as server:
        assert run(["advisories", "sync", "--from", f"{server.url}/x"]) == 3

    assert not place(tmp_path).exists()


def test_expect_keeps_the_old_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = own_snapshot(tmp_path / "cache")
    path = archive(tmp_path / "all.zip", [FRESH])

    assert run(["advisories", "sync", "--from", str(path), "--expect", before.digest]) == 3
    error = capsys.readouterr().err
    assert before.digest in error
    new = error.split("the new snapshot is ")[1].split(",")[0]

    assert run(["advisories", "sync", "--from", str(path), "--expect", new]) == 0
    assert digest_in(capsys.readouterr().out) == new
    assert run(["advisories", "sync", "--from", str(path), "--expect", "md5:1"]) == 2


def test_the_pinned_digest_holds_for_everything(
    tmp_path: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = own_snapshot(tmp_path / "cache")
    configured(here, f"  digest: {made.digest}\n  max_age_days: 3650\n")
    path = archive(tmp_path / "all.zip", [FRESH])

    assert run(["advisories", "info"]) == 0
    assert run(["advisories", "sync", "--from", str(path)]) == 3
    configured(here, f"  digest: sha256:{'0' * 64}\n")
    capsys.readouterr()
    assert run(["advisories", "info"]) == 3
    assert "advisories.digest wants" in capsys.readouterr().err


def test_what_is_carried_over_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = own_snapshot(tmp_path / "cache")
    stick = shutil.copy(made.path, tmp_path / "stick.snapshot")
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "air-gapped"))

    assert run(["advisories", "sync", "--from", str(stick), "--expect", made.digest]) == 0

    assert digest_in(capsys.readouterr().out) == made.digest


def test_unreadable_records_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = {**record("PYSEC-2", affected("demo")), "aliases": 7}

    run(["advisories", "sync", "--from", str(archive(tmp_path / "all.zip", [FRESH, broken]))])

    assert "unread    1 record could not be read" in capsys.readouterr().out


def test_sources_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_bytes(raw(FRESH))

    assert run(["advisories", "sync", "--from", str(tmp_path / "nothing")]) == 3
    assert "nothing" in capsys.readouterr().err
    assert run(["advisories", "sync", "--from", "ftp://example.org/x"]) == 3
    assert run(["advisories", "sync", "--from", "http://example.org/x"]) == 3
    assert run(["advisories", "sync", "--from", str(tmp_path), "--ecosystem", "npm"]) == 3
    assert run(["advisories", "sync", "--ecosystem", "pypy"]) == 2
    assert "did you mean 'pypi'" in capsys.readouterr().err


def test_a_cache_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "file" / "cache"))

    assert run(["advisories", "sync", "--from", str(DATA)]) == 3
    assert "GATEKEEPER_CACHE_DIR" in capsys.readouterr().err


def test_a_configuration_that_is_named_has_to_be_there() -> None:
    assert run(["advisories", "info", "--config", "nothing.yml"]) == 2


def test_a_place_to_serve_that_is_not_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["advisories", "sync", "--from", str(archive(tmp_path / "all.zip", [FRESH]))])

    assert run(["advisories", "serve", "--host", "0.0.0.0"]) == 2
    assert "of this machine" in capsys.readouterr().err


def test_a_snapshot_in_the_place_of_a_zip_is_not_believed(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could tell anything of where its advisories are from."""
    made = own_snapshot(tmp_path / "made")
    with odd_server(**{"PyPI/all.zip": ok(Path(made.path).read_bytes())}) as server:
        configured(here, f"  url: {server.url}\n  kev: ''\n  epss: ''\n  ecosystems: [pypi]\n")

        assert run(["advisories", "sync"]) == 3

    assert "this is not OSV's zip of an ecosystem" in capsys.readouterr().err
    assert not place(tmp_path).exists()
