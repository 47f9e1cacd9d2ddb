"""Examples for every command, as its help shows them; a test runs each through the parser."""

from __future__ import annotations

EPILOG = """\
exit status: 0 pass, 1 blocked, 2 wrong usage or configuration, 3 inconclusive (something needed
could not be checked), 4 internal error, 130 interrupted
"""
# By command: (what to type, what that does).
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "gatekeeper": (
        ("gatekeeper init", "set this repository up"),
        ("gatekeeper check", "only what this branch brings in can block"),
        ("gatekeeper explain ruff/F401", "what a rule means, why it blocks, what to do"),
        ("gatekeeper doctor", "what is installed, and what drifted apart"),
    ),
    "gatekeeper init": (
        ("gatekeeper init", "look around, write what is missing"),
        ("gatekeeper init --dry-run", "only show what would be written"),
        ("gatekeeper init --preset relaxed", "start where only severe problems block"),
        ("gatekeeper init --from megalinter", "take over what .mega-linter.yml says"),
        ("gatekeeper init --with forks --with bot --with audit", "more workflows, with comments"),
        ("gatekeeper init --hooks", "git's own hooks, without pre-commit"),
    ),
    "gatekeeper check": (
        ("gatekeeper check", "only what this branch brings in can block"),
        ("gatekeeper check --all", "judge the whole tree, as if everything were new"),
        ("gatekeeper check --staged", "what is staged, for a commit hook"),
        ("gatekeeper check --staged --fix", "repair it first; what is not staged stays as it is"),
        ("gatekeeper check --base origin/main src", "only src, compared with origin/main"),
        ("gatekeeper check --gate secrets --gate sast", ""),
        ("gatekeeper check --format text --format sarif --output reports/", ""),
        ("gatekeeper check --format html --output report.html", "a report for a browser"),
        ("gatekeeper check --shard 1/4", "the first of four parts, for `gatekeeper merge`"),
        ("gatekeeper check --plan", "what would run, why, and what is cached"),
    ),
    "gatekeeper secrets": (("gatekeeper secrets history", "all that was ever committed"),),
    "gatekeeper secrets history": (
        ("gatekeeper secrets history", "all blobs behind all refs, once; the next run is short"),
        ("gatekeeper secrets history --since v1.0", "only what came in after a release"),
        ("gatekeeper secrets history --format sarif --output history.sarif", ""),
    ),
    "gatekeeper report": (
        ("gatekeeper check --suggest --format json --output /tmp/report.json", "first the verdict"),
        ("gatekeeper report --report /tmp/report.json --dry-run", "what the comment would say"),
        ("gatekeeper report --report /tmp/report.json --to comment --to review", ""),
        ("gatekeeper report --report /tmp/report.json --to check", "with the token of an app"),
        ("gatekeeper report --report /tmp/audit.json --to issues", "of an audit of everything"),
        ("gatekeeper report --from-run 4711", "what the run of a fork's pull request has found"),
    ),
    "gatekeeper bot": (
        ("gatekeeper bot", "in a workflow that a comment has started"),
        ("gatekeeper bot --comment 2718281828 --dry-run", "what would be answered"),
    ),
    # It runs in the repository, at the same commit, and with the same options as the shards.
    "gatekeeper merge": (
        ("gatekeeper check --shard 1/2 --format partial --output /tmp/1.json", ""),
        ("gatekeeper check --shard 2/2 --format partial --output /tmp/2.json", ""),
        ("gatekeeper merge /tmp/1.json /tmp/2.json --format json", "with the shards' options"),
    ),
    "gatekeeper plan": (
        ("gatekeeper plan", "what would run, why, and what is cached"),
        ("gatekeeper plan --matrix", "the shards that are worth it, for a workflow"),
    ),
    "gatekeeper explain": (
        ("gatekeeper explain ruff/F401", "a rule, as reports name it"),
        ("gatekeeper explain F401", "the same; the scanner is found out"),
        ("gatekeeper explain 0b2c9d1e", "a finding of the last check, by its fingerprint"),
        ("gatekeeper explain app/views.py:11", "the findings at a place"),
        ("gatekeeper explain secrets", "a gate, and what it demands here"),
        ("gatekeeper explain tool-timeout", "a reason code"),
    ),
    "gatekeeper hooks": (("gatekeeper hooks install", "judge what is committed and pushed"),),
    "gatekeeper hooks install": (
        ("gatekeeper hooks install", "git's own hooks, in this clone"),
        ("gatekeeper hooks install --fix", "and let pre-commit repair what is staged"),
        ("gatekeeper hooks install --chain", "behind the hooks that are configured already"),
    ),
    "gatekeeper hooks uninstall": (
        ("gatekeeper hooks uninstall", "put back what was configured before"),
    ),
    "gatekeeper hooks status": (("gatekeeper hooks status", "which hooks are in force"),),
    # Options of `gatekeeper check` follow git's own arguments.
    "gatekeeper hooks run": (
        ("gatekeeper hooks run pre-commit --fix", "with an option of `gatekeeper check`"),
        ("gatekeeper hooks run commit-msg .git/COMMIT_EDITMSG", "as git calls it"),
        ("gatekeeper hooks run pre-push origin URL --gate tests", "refs on standard input"),
    ),
    "gatekeeper check-message": (
        ("gatekeeper check-message .git/COMMIT_EDITMSG", "the message that is being written"),
    ),
    "gatekeeper doctor": (
        ("gatekeeper doctor", "everything that is not as it should be, with remedies"),
        ("gatekeeper doctor --format json", "for programs"),
    ),
    "gatekeeper audit": (
        ("gatekeeper audit", "on the default branch everything, elsewhere the change"),
        ("gatekeeper audit --list", "every dependency, and who brought it in"),
        ("gatekeeper audit --base main --format json", "against main, for programs"),
        ("gatekeeper audit requirements/", "only the manifests in there"),
        ("gatekeeper audit --environment .venv", "what is installed, whatever files name"),
        ("gatekeeper audit --fix-advice", "and what to change, tried with a resolver"),
    ),
    "gatekeeper pin": (
        ("gatekeeper pin", "all workflows and actions"),
        ("gatekeeper pin --check", "write nothing, verify what is pinned"),
        ("gatekeeper pin --diff .github/workflows", "show what would change in there"),
        ("gatekeeper pin .pre-commit-config.yaml", "the revisions of hooks"),
        ("gatekeeper pin --server https://github.example.org", "GitHub Enterprise Server"),
    ),
    "gatekeeper advisories": (
        ("gatekeeper advisories sync", "get the newest"),
        ("gatekeeper advisories info", "how old it is, and its digest"),
    ),
    "gatekeeper advisories sync": (
        ("gatekeeper advisories sync", "everything that is configured"),
        ("gatekeeper advisories sync --ecosystem pypi --ecosystem npm", "about these"),
        ("gatekeeper advisories sync --from /media/stick/advisories-1.snapshot", "without network"),
        ("gatekeeper advisories sync --from osv/PyPI/all.zip --from kev.json", "from files"),
    ),
    "gatekeeper advisories info": (
        ("gatekeeper advisories info", "what it holds"),
        ("gatekeeper advisories info --verify", "and whether all of it is as it was written"),
    ),
    "gatekeeper advisories serve": (("gatekeeper advisories serve --port 8807", "until Ctrl-C"),),
    "gatekeeper sbom": (
        ("gatekeeper sbom make --output sbom.cdx.json", "of the working tree"),
        ("gatekeeper sbom diff old.cdx.json new.spdx.json", "what changed"),
    ),
    "gatekeeper sbom make": (
        ("gatekeeper sbom make --output sbom.cdx.json", "CycloneDX"),
        ("gatekeeper sbom make --format spdx --head v1.2.0", "SPDX, of a tag"),
    ),
    "gatekeeper sbom vex": (
        ("gatekeeper sbom vex --output openvex.json", "OpenVEX"),
        ("gatekeeper sbom vex --format cyclonedx --head v1.2.0", "CycloneDX, of a tag"),
    ),
    "gatekeeper sbom notices": (
        ("gatekeeper sbom notices --output NOTICES.txt", "of the packages in .venv"),
    ),
    "gatekeeper sbom diff": (
        ("gatekeeper sbom diff old.cdx.json new.cdx.json", "for people"),
        ("gatekeeper sbom diff a.json b.json --json --exit-code", "for programs"),
    ),
    "gatekeeper config": (("gatekeeper config show", "what is in force, and why"),),
    "gatekeeper config show": (
        ("gatekeeper config show", "each value with the file and line it comes from"),
        ("gatekeeper config show --json", "for programs"),
    ),
    "gatekeeper config validate": (
        ("gatekeeper config validate", "the repository's own files"),
        ("gatekeeper config validate --config ci/gates.yml", "another one"),
    ),
    "gatekeeper config schema": (
        ("gatekeeper config schema", "for editors and checkers"),
        ("gatekeeper config schema --waivers", "of .gatekeeper/waivers.yml"),
    ),
    "gatekeeper tools": (("gatekeeper tools list", "what is used, and from where"),),
    "gatekeeper tools list": (
        ("gatekeeper tools list", "versions, origins, and whether they are installed"),
        ("gatekeeper tools list --json", "for programs"),
    ),
    "gatekeeper tools install": (
        ("gatekeeper tools install", "all of them, such as when an image is built"),
        ("gatekeeper tools install ruff kingfisher", "only these"),
        ("gatekeeper tools install --offline", "from uv's cache"),
    ),
    "gatekeeper tools lock": (
        ("gatekeeper tools lock", "the newest versions of all tools"),
        ("gatekeeper tools lock ruff", "of one"),
    ),
    "gatekeeper cache": (("gatekeeper cache info", "where it is, and how large"),),
    "gatekeeper cache info": (("gatekeeper cache info", "folder, results, tools"),),
    "gatekeeper cache prune": (
        ("gatekeeper cache prune", "what was not used for long"),
        ("gatekeeper cache prune --all", "start afresh"),
    ),
    "gatekeeper completion": (
        ("gatekeeper completion bash > ~/.local/share/bash-completion/completions/gatekeeper", ""),
        ("gatekeeper completion zsh > ~/.zfunc/_gatekeeper", ""),
        ("gatekeeper completion fish > ~/.config/fish/completions/gatekeeper.fish", ""),
    ),
}
_STATUS: dict[str, str] = {
    "gatekeeper pin": "exit status: 0 all is pinned and verified, 1 something is wrong, or with --check"
    "\nto be done, 2 wrong usage or configuration, 3 it could not be told\n",
    "gatekeeper doctor": "exit status: 0 nothing failed (there may be warnings), 1 something has"
    "\nto be done, 2 it cannot look\n",
    "gatekeeper": EPILOG,
    "gatekeeper check": EPILOG,
    "gatekeeper merge": EPILOG,
    "gatekeeper init": "exit status: 0 done, 1 a file that says something else was left as it is,"
    "\n2 it cannot be done\n",
}  # fmt: skip


def examples(command: str) -> str:
    """What stands below a command's options: examples and exit status."""
    rows = EXAMPLES.get(command, ())
    said = [typed for typed, what in rows if what]
    width = min(max((len(typed) for typed in said), default=0), 45)
    lines = [f"  {typed:<{width}}  {what}".rstrip() for typed, what in rows]
    shown = "\n".join(("examples:", *lines, "")) if rows else ""
    status = _STATUS.get(command, "")
    return shown + ("\n" if shown and status else "") + status
