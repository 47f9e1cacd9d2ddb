"""Which class of the corpus a finding speaks about."""

from __future__ import annotations

from benchmarks.sast.scan import Found
from tests.corpus.weaknesses import CWES

# Bandit's weakness numbers are coarse: `exec` has that of a shell command, XML parsers and
# `yaml.load` have that of any bad input. Where a test is plainly about one class, that counts.
# Notes on imports alone (B401 to B415) say nothing about the code and count for no class.
BANDIT: dict[str, tuple[str, ...]] = {
    "B102": ("code-evaluation", "llm-output"),
    "B307": ("code-evaluation", "llm-output"),
    "B104": (),
    "B108": ("temp-files",),
    "B113": (),
    "B201": ("debug-server",),
    "B202": ("archive-extraction",),
    "B301": ("deserialisation",),
    "B302": ("deserialisation",),
    "B306": ("temp-files",),
    "B310": ("ssrf",),
    "B323": ("tls-off",),
    "B506": ("deserialisation",),
    "B614": ("deserialisation",),
    "B701": ("xss",),
    "B702": ("xss", "template-injection"),
    "B703": ("xss",),
    "B308": ("xss",),
    **{f"B{number}": ("xxe",) for number in range(313, 321)},
    **{f"B{number}": () for number in range(401, 416)},
}


def classes_of(found: Found) -> frozenset[str]:
    """The classes that a finding counts for."""
    if found.rule in BANDIT:
        return frozenset(BANDIT[found.rule])
    return frozenset(name for name, numbers in CWES.items() if numbers & found.cwes)
