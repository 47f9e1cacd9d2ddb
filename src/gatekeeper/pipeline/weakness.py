"""When two scanners speak of one weakness: CWE numbers, and what rules mean by them."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.model.finding import Finding

# Numbers that scanners choose among for one weakness. Each number is in one family at most.
_FAMILIES: tuple[tuple[str, frozenset[int]], ...] = (
    ("command", frozenset((77, 78, 88))),
    ("code", frozenset((94, 95, 96))),
    ("sql", frozenset((89, 564))),
    ("nosql", frozenset((943,))),
    ("path", frozenset((22, 23, 24, 36, 73))),
    ("scripting", frozenset((79, 80, 83, 87, 116))),
    ("entities", frozenset((611, 776, 827))),
    ("cryptography", frozenset((326, 327, 328, 329, 780, 916, 1204, 1240))),
    ("randomness", frozenset((330, 331, 335, 337, 338, 340))),
    ("credentials", frozenset((259, 321, 798))),
    ("certificates", frozenset((295, 297, 599))),
    ("temporary", frozenset((377, 378, 379))),
    ("debugging", frozenset((215, 489))),
    ("cookies", frozenset((614, 1004, 1275))),
    ("regexes", frozenset((400, 625, 730, 1333))),
)
_FAMILY_OF: Mapping[int, str] = {number: name for name, numbers in _FAMILIES for number in numbers}
# Rules whose number is coarser than, or beside, the weakness that they find.
_REALLY: Mapping[str, tuple[int, ...]] = {
    "bandit/B102": (95,),
    "bandit/B201": (489,),
    "bandit/B307": (95,),
    "bandit/B310": (918,),
    "bandit/B313": (611,),
    "bandit/B314": (611,),
    "bandit/B315": (611,),
    "bandit/B316": (611,),
    "bandit/B317": (611,),
    "bandit/B318": (611,),
    "bandit/B319": (611,),
    "bandit/B506": (502,),
    "bandit/B507": (295,),
    "bandit/B701": (79,),
    "bandit/B702": (79,),
}
# Rules about containers and unused code have no numbers: what two tools mean by theirs, in a word.
_NAMED: Mapping[str, str] = {
    rule: word
    for word, rules in (
        ("absolute-workdir", ("hadolint/DL3000", "checkov/CKV_DOCKER_10")),
        ("add-instead-of-copy", ("hadolint/DL3020", "checkov/CKV_DOCKER_4")),
        ("apt-for-people", ("hadolint/DL3027", "checkov/CKV_DOCKER_9")),
        ("image-version", ("hadolint/DL3006", "hadolint/DL3007", "checkov/CKV_DOCKER_7")),
        ("maintainer", ("hadolint/DL4000", "checkov/CKV_DOCKER_6")),
        ("no-healthcheck", ("hadolint/DL3057", "checkov/CKV_DOCKER_2")),
        ("root-user", ("hadolint/DL3002", "checkov/CKV_DOCKER_8")),
        ("same-stage-name", ("hadolint/DL3024", "checkov/CKV_DOCKER_11")),
        ("unused-import", ("ruff/F401", "vulture/unused-import")),
        ("unused-variable", ("ruff/F841", "vulture/unused-variable")),
        ("sudo", ("hadolint/DL3004", "checkov/CKV2_DOCKER_1")),
    )
    for rule in rules
}


def weaknesses(finding: Finding) -> frozenset[str]:
    """The weaknesses a finding is about: families, numbers that are in none, or words."""
    rule = f"{finding.scanner}/{finding.rule}"
    if rule in _NAMED:
        return frozenset((_NAMED[rule],))
    numbers = _REALLY.get(rule, ()) or tuple(
        int(cwe[4:]) for cwe in finding.cwe if cwe.startswith("CWE-") and cwe[4:].isdecimal()
    )
    return frozenset(_FAMILY_OF.get(number, str(number)) for number in numbers)
