"""GitHub through the port, against a GitHub that is held to its own description."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode

import pytest

from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Annotation, CheckReport, DraftComment, Upload
from tests.fakes.github.hub import Hub
from tests.fakes.github.routes_runs import add_artifact, add_run

CODE = "import os\nimport sys\n\n\ndef f(x):\n    return x\n"


def check(hub: Hub, head: str, **more: str) -> CheckReport:
    given = {"name": "gatekeeper", "external": "1", "title": "Blocked", "summary": "2 problems"}
    return CheckReport(head=head, conclusion="failure", **{**given, **more})


def test_a_comment_is_written_found_edited_and_deleted(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    forge = github.fake.forge()

    made = forge.add_comment(number, "one")
    forge.edit_comment(made.id, "two")

    (found,) = forge.conversation(number).comments
    assert (found.body, found.own, found.author.login) == ("two", True, "github-actions")
    assert found.edited
    assert forge.history(found.node)[:3] == ["two", "two", "one"]
    assert [it.body for it in forge.comments(number)] == ["two"]
    assert forge.comment(made.id).author.kind == "bot"
    forge.delete_comment(made.id)
    forge.delete_comment(made.id)
    assert forge.conversation(number).comments == ()


def test_what_others_wrote_is_not_ones_own(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    github.state.remark(number, "<!-- gatekeeper -->", github.state.person("mallory"))

    (found,) = github.fake.forge().conversation(number).comments

    assert not found.own
    assert found.author.login == "mallory"


def test_a_conversation_is_read_to_its_end(github: Hub) -> None:
    number = github.pull({"a.py": "\n".join(f"x{at} = 1" for at in range(130)) + "\n"})
    for at in range(250):
        github.state.remark(number, f"comment {at}")
    forge = github.fake.forge()
    for start in (1, 61, 121):
        drafts = [DraftComment("a.py", at, str(at)) for at in range(start, min(start + 60, 131))]
        forge.review(number, github.repo.git("rev-parse", "HEAD"), drafts)

    found = forge.conversation(number)

    assert [it.body for it in found.comments] == [f"comment {at}" for at in range(250)]
    assert [it.comments[0].body for it in found.threads] == [str(at) for at in range(1, 131)]
    assert found.complete
    assert found.head == github.repo.git("rev-parse", "HEAD")


def test_a_review_is_on_lines_of_the_difference_only(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    forge, head = github.fake.forge(), github.repo.git("rev-parse", "HEAD")

    forge.review(number, head, [DraftComment("a.py", 2, "both", start=1)])
    with pytest.raises(ForgeError) as caught:
        forge.review(number, head, [DraftComment("README.md", 1, "untouched")])
    forge.review_comment(number, head, DraftComment("a.py", 6, "alone"))

    assert caught.value.kind == "invalid"
    threads = forge.conversation(number).threads
    assert [(it.path, it.line, it.outdated, it.comments[0].body) for it in threads] == [
        ("a.py", 2, False, "both"),
        ("a.py", 6, False, "alone"),
    ]


def test_threads_become_outdated_and_can_be_forgotten_or_resolved(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    forge, head = github.fake.forge(), github.repo.git("rev-parse", "HEAD")
    forge.review(number, head, [DraftComment("a.py", at, str(at)) for at in (1, 2, 5)])
    github.push({"a.py": CODE.replace("import os\n", "")})

    one, two, five = forge.conversation(number).threads
    forge.forget([one.comments[0].node, two.comments[0].node])
    forge.resolve([five.node])
    forge.forget([one.comments[0].node])

    assert (one.outdated, two.outdated, five.line) == (True, False, 4)
    (left,) = forge.conversation(number).threads
    assert (left.comments[0].body, left.resolved) == ("5", True)


def test_a_pull_request_is_found_by_its_head(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    old = github.repo.git("rev-parse", "HEAD")
    head = github.push({"a.py": CODE * 2})
    forge = github.fake.forge()

    (found,) = forge.pull_requests_of(head)

    assert (found.number, found.head, found.fork, found.base_branch) == (
        number,
        head,
        False,
        "main",
    )
    assert forge.pull_requests_of(old) == []
    assert forge.pull_request(number) == found
    assert [it.number for it in forge.pull_requests_from("feature")] == [number]
    assert forge.pull_requests_from("feature", "mallory") == []


def test_the_files_of_a_pull_request_have_their_hunks(github: Hub) -> None:
    github.repo.write("gone.py", "x = 1\n")
    github.repo.commit("two files")
    github.state.push(github.repo, "main")
    github.repo.git("rm", "-q", "gone.py")
    number = github.pull({"a.py": CODE, "README.md": "# App\nmore\n"})

    found = github.fake.forge().changed_files(number)

    assert found.complete
    files = {it.path: it for it in found.files}
    assert files["gone.py"].status == "removed"
    assert files["README.md"].patch == "@@ -1 +1,2 @@\n # App\n+more"
    assert files["a.py"].additions == 6


def test_of_many_files_only_as_many_are_listed_as_are_wanted(github: Hub) -> None:
    number = github.pull({f"f{at:04}.py": "x = 1\n" for at in range(3_050)})
    forge = github.fake.forge()

    few = forge.changed_files(number, frozenset({"f0000.py", "f0150.py"}))
    after = forge.requests
    all_of_them = forge.changed_files(number)

    assert (after, len(few.files), few.complete) == (2, 200, True)
    assert (len(all_of_them.files), all_of_them.complete) == (3_000, False)


def test_a_check_takes_annotations_in_batches(github: Hub) -> None:
    github.pull({"a.py": CODE})
    head = github.repo.git("rev-parse", "HEAD")
    forge = github.fake.forge()
    remarks = [Annotation("a.py", at, at, "failure", "no", "ruff/F401", 3) for at in range(1, 71)]

    made = forge.create_check(check(github, head), remarks[:50])
    more = forge.annotate(made.id, check(github, head), remarks[50:])

    assert (made.annotations, more.annotations) == (50, 70)
    (found,) = forge.check_runs(head, "gatekeeper")
    assert (found.conclusion, found.external, found.app) == ("failure", "1", 15368)
    assert forge.check_runs(head, "other") == []


def test_results_are_uploaded_packed(github: Hub) -> None:
    head = github.repo.git("rev-parse", "HEAD")
    document = json.dumps({"runs": [{"tool": {"driver": {"name": "ruff"}}, "results": []}]})

    github.fake.forge().upload_sarif(Upload(head, "refs/heads/main", document, "ruff"))

    (sent,) = github.fake.requests("POST", "sarifs")
    assert gzip.decompress(b64decode(sent.body["sarif"])).decode() == document
    assert sent.body["commit_sha"] == head


def test_no_code_scanning_is_told_from_a_missing_permission(github: Hub) -> None:
    head = github.repo.git("rev-parse", "HEAD")
    upload = Upload(head, "refs/heads/main", '{"runs": []}', "ruff")
    github.state.code_scanning = False
    github.state.token("ghs_few", rights={"contents": "read"})

    with pytest.raises(ForgeError) as off:
        github.fake.forge().upload_sarif(upload)
    with pytest.raises(ForgeError) as few:
        github.fake.forge("ghs_few").upload_sarif(upload)

    assert off.value.kind == "unavailable"
    assert "no code scanning" in off.value.message
    assert few.value.kind == "permission"
    assert few.value.remedy.endswith("permissions:\n  security-events: write")


def test_files_commits_and_branches(github: Hub) -> None:
    large = "x" * (1024 * 1024 + 10)
    github.repo.write("docs/ä b.md", "text\n")
    github.repo.git("update-index", "--add", "--cacheinfo",
                    f"120000,{github.repo.git('hash-object', '-w', 'README.md')},link")  # fmt: skip
    base = github.repo.commit("more", **{"large.txt": large})
    github.repo.git("checkout", "-q", "--", ".")
    github.state.push(github.repo, "main")
    forge = github.fake.forge()

    forge.create_branch("fix/one", base)
    made = forge.commit_files(
        "fix/one", base, "fix: one", {"a.py": b"x = 1\n", "README.md": None, "run": b"#!\n"},
        frozenset({"run"}),
    )  # fmt: skip

    assert forge.default_branch() == "main"
    found = forge.file("docs/ä b.md", "main")
    assert found is not None
    assert found.content == b"text\n"
    whole = forge.file("large.txt", "main")
    assert whole is not None
    assert whole.content.decode() == large
    assert forge.file("docs", "main") is None
    assert forge.file("link", "main") is None
    assert forge.file("nothing", "main") is None
    assert forge.branch_head("fix/one") == made
    assert forge.branch_head("other") == ""
    assert (forge.ancestry(base, made), forge.ancestry(made, base)) == ("ahead", "behind")
    assert (forge.ancestry(base, base), forge.ancestry(base, "0" * 40)) == ("identical", "unknown")
    assert github.state.git("ls-tree", "--name-only", made).split("\n")[:1] == ["a.py"]
    assert "100755" in github.state.git("ls-tree", made, "run")
    with pytest.raises(ForgeError) as caught:
        forge.commit_files("fix/one", base, "fix: two", {"b.py": b""})
    assert caught.value.kind == "conflict"
    opened = forge.open_pull_request(title="Fix", body="why", branch="fix/one", base="main")
    assert forge.edit_pull_request(opened.number, title="Fix it", body="").title == "Fix it"
    forge.delete_branch("fix/one")
    forge.delete_branch("fix/one")
    assert forge.branch_head("fix/one") == ""


def test_issues(github: Hub) -> None:
    forge = github.fake.forge()
    github.pull({"a.py": CODE})

    made = forge.create_issue(title="One", body="b", labels=["gatekeeper"], assignees=["octocat"])
    forge.create_issue(title="Two", body="", labels=[], assignees=[])
    forge.edit_issue(made.number, title="One", body="c", state="open", labels=["gatekeeper", "x"])

    (found,) = forge.issues(labels=["gatekeeper"])
    assert (found.body, found.labels, found.assignees) == ("c", ("gatekeeper", "x"), ("octocat",))
    assert forge.issue(made.number) == found
    assert len(forge.issues(labels=[])) == 2, "pull requests are no issues"
    closed = forge.edit_issue(made.number, title="One", body="c", state="closed", labels=[])
    assert closed.state == "closed"
    assert forge.issues(labels=["gatekeeper"]) == []


def test_people_are_asked_for_and_not_believed(github: Hub) -> None:
    forge = github.fake.forge()
    github.state.person("ann", permission="maintain")
    github.state.person("bob", permission="triage")
    github.state.teams["octo/core"] = ["ann", "bob"]

    assert forge.viewer() == "github-actions[bot]"
    assert [forge.permission(name) for name in ("ann", "bob", "nobody")] == [
        "maintain", "triage", "none",
    ]  # fmt: skip
    ann = github.state.people["ann"].id
    assert (forge.permission("ann", ann), forge.permission("ann", 4711)) == ("maintain", "none")
    assert forge.actor("ann").id == github.state.people["ann"].id
    assert forge.team_members("octo", "core") == ["ann", "bob"]


def test_reactions(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    remark = github.state.remark(number, "/gatekeeper help")
    forge = github.fake.forge()

    forge.react(remark.id, "eyes")
    forge.react(remark.id, "eyes")

    assert remark.reactions == [("github-actions[bot]", "eyes")]


def test_runs_and_what_they_kept(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    head = github.repo.git("rev-parse", "HEAD")
    run = add_run(github.fake, head, fork="mallory/app", pulls=[number])
    artifact = add_artifact(github.fake, run, "gatekeeper-result", b"PK" + b"x" * 5_000)
    forge = github.fake.forge()

    found = forge.run(run)

    assert (found.head, found.head_repository, found.pull_requests) == (
        head,
        "mallory/app",
        (number,),
    )
    assert forge.runs_of("gate.yml", head) == [found]
    assert [(it.id, it.name, it.size) for it in forge.artifacts(run)] == [
        (artifact, "gatekeeper-result", 5_002)
    ]
    assert forge.download(artifact, 10_000).startswith(b"PKx")
    with pytest.raises(ForgeError) as caught:
        forge.download(artifact, 1_000)
    assert caught.value.kind == "too-large"
    assert forge.runs_at(head) == [found]
    assert forge.runs_at("0" * 40) == []
    forge.rerun(run)
    again = forge.run(run)
    assert (again.status, again.attempt) == ("queued", 2)
    assert again.started > found.started
    with pytest.raises(ForgeError, match="already running"):
        forge.rerun(run, failed_only=True)
    github.state.runs[run]["status"] = "completed"
    forge.rerun(run, failed_only=True)
    assert github.state.reruns == [run, run]


def test_when_a_branch_moved_is_the_forges_word(github: Hub) -> None:
    number = github.pull({"a.py": CODE})
    first = github.repo.git("rev-parse", "HEAD")
    second = github.push({"b.py": CODE})
    forge = github.fake.forge()

    pushes = forge.pushes("feature")

    assert [it.after for it in pushes] == [second, first]
    assert pushes[0].moment > pushes[1].moment
    assert forge.pull_request(number).pushed == pushes[0].moment
    github.fake.fail("GET", "/activity", 404)
    assert forge.pushes("feature") == [], "an older server"


def test_commits_and_trees(github: Hub) -> None:
    github.pull({"a.py": CODE, "app/b.py": CODE})
    (github.repo.root / "run").symlink_to("a.py")
    head = github.push({})
    base = github.state.commit_of("main")
    forge = github.fake.forge()

    assert forge.tree(head).modes == {
        "README.md": "100644", "a.py": "100644", "app/b.py": "100644", "run": "120000",
    }  # fmt: skip
    assert forge.commit(head).parents == (github.repo.git("rev-parse", "HEAD^"),)
    assert forge.commit(head).message == "more"
    assert forge.merge_base("main", head) == base
    assert forge.merge_base("main", "0" * 40) == ""
