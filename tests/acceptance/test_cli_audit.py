"""`gatekeeper audit`, and the gate `dependencies` of a check: vulnerable, clean, or not checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gatekeeper.adapters.advisory_file import snapshot_path
from gatekeeper.reports.json import report_schema
from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.repo import Repo, Result

OLD = "advisories: {max_age_days: 3650}\n"
WEAK = record(
    "GHSA-2222-3333-4444",
    affected("weak", ("introduced", "0"), ("fixed", "1.5")),
    aliases=["CVE-2026-0001"],
    summary="Anybody may log in",
    database_specific={"severity": "HIGH"},
    published="2026-11-01T00:00:00Z",
)
EVIL = record("MAL-2026-1", affected("evil", versions=["6.6.6"]), summary="Steals tokens")
HOPELESS = record("PYSEC-2026-9", affected("hopeless", ("introduced", "0")), summary="Leaks memory")

UV_LOCK = """\
version = 1
revision = 2
requires-python = ">=3.11"

[[package]]
name = "app"
version = "1.0"
source = { editable = "." }
dependencies = [{ name = "middle" }]

[package.metadata]
requires-dist = [{ name = "middle" }]

[[package]]
name = "middle"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "weak" }]
wheels = [{ url = "https://files.pythonhosted.org/m.whl", hash = "sha256:SUM", size = 1 }]

[[package]]
name = "weak"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.pythonhosted.org/w.whl", hash = "sha256:SUM", size = 1 }]
""".replace("SUM", "a" * 64)
PYPROJECT = '[project]\nname = "app"\nversion = "1.0"\ndependencies = ["middle"]\n'


@pytest.fixture
def advised(cache: Path) -> Path:
    """A cache with a snapshot of three advisories."""
    snapshot(cache, WEAK, EVIL, HOPELESS)
    return cache


def audit(repo: Repo, *arguments: str) -> Result:
    return repo.gatekeeper("audit", *arguments, "--format", "json")


def gate(result: Result) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        it for it in result.report["gates"] if it["id"] == "dependencies"
    ]
    return found[0]


def statuses(result: Result) -> dict[str, str]:
    return {it["name"]: it["status"] for it in result.report["dependencies"]}


def test_a_transitive_vulnerability_is_told_with_its_way_and_its_fix(
    repo: Repo, advised: Path
) -> None:
    repo.write("pyproject.toml", PYPROJECT)
    repo.write("uv.lock", UV_LOCK)
    repo.commit("app", **{"gatekeeper.yml": OLD})

    result = audit(repo)

    assert result.status == 1, result.stderr
    jsonschema.validate(result.report, report_schema())
    (finding,) = result.findings("new")
    assert finding["rule"] == "CVE-2026-0001"
    assert (finding["path"], finding["severity"]) == ("uv.lock", "high")
    assert "Brought in by middle > weak" in finding["message"]
    assert "Update it to 1.5" in finding["message"]
    assert "GHSA-2222-3333-4444" in finding["message"]
    assert finding["subject"] == "pypi:weak@1.0"
    assert UV_LOCK.splitlines()[finding["line"] - 1] in ("[[package]]", 'name = "weak"')
    assert statuses(result)["middle"] == "clean"
    weak = next(it for it in result.report["dependencies"] if it["name"] == "weak")
    assert (weak["via"], weak["fixed"], weak["direct"]) == (["middle", "weak"], "1.5", False)


def test_only_what_the_change_brings_in_blocks(repo: Repo, advised: Path) -> None:
    repo.commit("old", **{"gatekeeper.yml": OLD, "requirements.txt": "weak==1.0\n"})
    repo.branch()
    repo.commit("still weak", **{"requirements.txt": "# shifted\nweak==1.1\n"})

    kept = audit(repo)
    assert kept.status == 0
    assert [it["state"] for it in kept.findings()] == ["existing"]

    repo.commit("worse", **{"requirements.txt": "weak==1.1\nhopeless==1.0\n"})
    worse = audit(repo)
    assert worse.status == 1
    assert [it["rule"] for it in worse.findings("new")] == ["PYSEC-2026-9"]


def test_everything_is_judged_on_the_default_branch(repo: Repo, advised: Path) -> None:
    repo.commit("old", **{"gatekeeper.yml": OLD, "requirements.txt": "weak==1.0\n"})
    repo.commit("unrelated", **{"readme.txt": "Hello\n"})

    assert audit(repo).status == 1
    assert repo.gatekeeper("check", "--gate", "dependencies", "--format", "json").status == 0


def test_malicious_packages_block_whoever_brought_them_in(repo: Repo, advised: Path) -> None:
    repo.commit("old", **{"gatekeeper.yml": OLD, "requirements.txt": "evil==6.6.6\n"})
    repo.branch()
    repo.commit("unrelated", **{"readme.txt": "Hello\n"})

    result = audit(repo)

    assert result.status == 1
    (finding,) = result.findings("new")
    assert (finding["severity"], finding["rule"]) == ("critical", "MAL-2026-1")
    assert "compromised" in finding["message"]


NOT_CHECKED = {
    "open": ("weak>=1\n", "unpinned"),
    "from a repository": ("git+https://example.org/a/weak@1.0#egg=weak\n", "vcs"),
    "from an address": ("other @ https://example.org/other-1.0.tar.gz\n", "url"),
    "from an index of one's own": (
        "--index-url https://packages.example.org/simple\nother==1.0\n", "private",
    ),
    "no version at all": ("weak===not.a.version\n", "invalid-version"),
    "a conflict": ("<<<<<<< HEAD\nweak==1.5\n=======\n>>>>>>> other\n", "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), NOT_CHECKED.values(), ids=NOT_CHECKED)
def test_what_was_not_checked_is_never_clean(
    repo: Repo, advised: Path, content: str, reason: str
) -> None:
    repo.commit("some", **{"gatekeeper.yml": OLD, "requirements.txt": content})

    result = audit(repo)

    assert result.status == 3, result.stdout
    (left,) = result.report["unchecked"]
    assert (left["path"], left["reason_code"], left["new"]) == ("requirements.txt", reason, True)
    assert left["line"] > 0
    assert gate(result)["verdict"] == "inconclusive"


def test_what_was_not_checked_before_is_not_held_against_a_change(
    repo: Repo, advised: Path
) -> None:
    repo.commit("open", **{"gatekeeper.yml": OLD, "requirements.txt": "other>=1\n"})
    repo.branch()
    repo.commit("one more", **{"requirements.txt": "other>=1\nfine==1.0\n"})
    assert audit(repo).status == 0

    repo.commit("another open one", **{"requirements.txt": "other>=1\nfine==1.0\nmore\n"})
    result = audit(repo)
    assert result.status == 3
    assert [it["subject"] for it in result.report["unchecked"] if it["new"]] == ["pypi:more"]


def _missing(folder: Path) -> None:
    Path(snapshot_path(str(folder))).unlink()


def _truncated(folder: Path) -> None:
    path = Path(snapshot_path(str(folder)))
    path.write_bytes(path.read_bytes()[:-20])


def _tampered(folder: Path) -> None:
    path = Path(snapshot_path(str(folder)))
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 2, len(content)):
        content[at] ^= 1
    path.write_bytes(content)


def _garbage(folder: Path) -> None:
    Path(snapshot_path(str(folder))).write_bytes(b"<html>404</html>" * 99)


@pytest.mark.parametrize("harm", [_missing, _truncated, _tampered, _garbage])
def test_without_a_sound_snapshot_nothing_passes(repo: Repo, advised: Path, harm: Any) -> None:
    repo.commit("some", **{"gatekeeper.yml": OLD, "requirements.txt": "fine==1.0\n"})
    assert audit(repo).status == 0
    harm(advised)

    for command in (("audit",), ("check", "--gate", "dependencies"), ("check",)):
        result = repo.gatekeeper(*command, "--format", "json")
        assert result.status == 3, (command, result.stdout)
        failed = next(it for it in result.report["outcomes"] if it["scanner"] == "dependencies")
        assert failed["reason_code"] == "advisories-unavailable"
        assert "gatekeeper advisories sync" in failed["remedy"]


def test_old_advisories_say_nothing(repo: Repo, advised: Path) -> None:
    repo.commit(
        "some",
        **{"gatekeeper.yml": "advisories: {max_age_days: 1}\n", "requirements.txt": "a==1\n"},
    )

    result = audit(repo)

    assert result.status == 3
    assert "max_age_days" in gate(result)["message"]


def test_another_snapshot_than_the_one_pinned_says_nothing(repo: Repo, advised: Path) -> None:
    pinned = f"advisories: {{max_age_days: 3650, digest: 'sha256:{'0' * 64}'}}\n"
    repo.commit("some", **{"gatekeeper.yml": pinned, "requirements.txt": "a==1\n"})

    assert audit(repo).status == 3


def test_a_check_that_nobody_set_up_for_audits_says_so(repo: Repo, cache: Path) -> None:
    repo.commit("some", **{"requirements.txt": "fine==1.0\n"})

    result = repo.gatekeeper("check", "--format", "json")
    assert gate(result)["message"] == "not audited: no advisories on this machine"
    assert any("gatekeeper advisories sync" in note for note in result.report["notes"])

    assert audit(repo).status == 3


def test_packages_of_ones_own_and_mirrors(repo: Repo, advised: Path) -> None:
    index = "--index-url https://packages.example.org/simple\n"
    settings = (
        "scanners:\n  dependencies:\n    private: ['pypi:acme-*']\n"
        "    mirrors: ['https://packages.example.org/simple']\n"
    )
    repo.commit(
        "some",
        **{"gatekeeper.yml": OLD + settings, "requirements.txt": f"{index}acme-x==1\nweak==1.0\n"},
    )

    result = audit(repo)

    assert result.status == 1
    assert statuses(result) == {"acme-x": "left-out", "weak": "vulnerable"}


def test_what_nobody_has_fixed_may_wait(repo: Repo, advised: Path) -> None:
    settings = "scanners: {dependencies: {ignore_until_fixed: true}}\n"
    repo.commit("some", **{"gatekeeper.yml": OLD + settings, "requirements.txt": "hopeless==1.0\n"})

    result = audit(repo)

    assert result.status == 0
    (finding,) = result.findings("suppressed")
    assert finding["suppression"]["directive"] == "ignore_until_fixed"


def test_an_overdue_vulnerability_blocks_when_policy_says_so(repo: Repo, advised: Path) -> None:
    due = "scanners: {dependencies: {due: {high: 1, overdue_blocks: true}}}\n"
    repo.commit("old", **{"gatekeeper.yml": OLD + due, "requirements.txt": "weak==1.0\n"})
    repo.branch()
    repo.commit("unrelated", **{"readme.txt": "Hello\n"})

    result = audit(repo)

    assert result.status == 1
    assert "Overdue since 2026-11-02" in result.findings("new")[0]["message"]


def test_the_list_names_everything(repo: Repo, advised: Path) -> None:
    repo.write("pyproject.toml", PYPROJECT)
    repo.write("uv.lock", UV_LOCK)
    repo.commit("app", **{"gatekeeper.yml": OLD})

    result = repo.gatekeeper("audit", "--list")

    assert result.status == 1
    lines = result.stdout.splitlines()
    assert any("weak 1.0" in it and "CVE-2026-0001; fixed in 1.5; by middle" in it for it in lines)
    assert any("middle 2.0" in it for it in lines)
    assert repo.gatekeeper("audit", "--list", "--format", "json").status == 2


def test_the_text_tells_what_was_not_audited(repo: Repo, advised: Path) -> None:
    repo.commit(
        "some", **{"gatekeeper.yml": OLD, "requirements.txt": "one>=1\ntwo>=2\nweak==1.5\n"}
    )

    result = repo.gatekeeper("audit")

    assert result.status == 3
    assert "2 dependencies [unpinned]" in result.stdout
    assert "requirements.txt:1" in result.stdout


def test_sharded_and_whole_say_the_same(repo: Repo, advised: Path, tmp_path: Path) -> None:
    repo.commit("old", **{"gatekeeper.yml": OLD, "requirements.txt": "weak==1.0\nopen\n"})
    options = ("--all", "--gate", "dependencies")
    parts = []
    for number in (1, 2):
        part = tmp_path / f"part-{number}"
        shard = ("--shard", f"{number}/2", "--format", "partial", "--output", str(part))
        assert repo.gatekeeper("check", *options, *shard).status == 0
        parts.append(str(part))

    whole = repo.gatekeeper("check", *options, "--format", "json")
    merged = repo.gatekeeper("merge", *parts, *options, "--format", "json")

    def steady(result: Result) -> Any:
        said = json.loads(result.stdout)
        for it in (said, *said["outcomes"]):
            it.pop("seconds")
        return said

    assert steady(merged) == steady(whole)


def test_a_waiver_is_bound_to_package_and_versions(repo: Repo, advised: Path) -> None:
    waivers = (
        "waivers:\n  - rule: dependencies/CVE-2026-0001\n    package: pypi:weak\n"
        "    versions: '<1.1'\n    owner: me\n    reason: not reachable from outside\n"
        "    expires: never\n"
    )
    repo.commit(
        "some",
        **{
            "gatekeeper.yml": OLD,
            "requirements.txt": "weak==1.0\n",
            ".gatekeeper/waivers.yml": waivers,
        },
    )
    assert audit(repo).status == 0
    assert [it["state"] for it in audit(repo).findings()] == ["waived"]

    repo.commit("another version", **{"requirements.txt": "weak==1.2\n"})
    assert audit(repo).status == 1

    repo.commit("no span", **{".gatekeeper/waivers.yml": waivers.replace("<1.1", "1.1")})
    result = audit(repo)
    assert result.status == 2
    assert ".gatekeeper/waivers.yml:4" in result.stderr
    assert "'1.1' is no comparison" in result.stderr
