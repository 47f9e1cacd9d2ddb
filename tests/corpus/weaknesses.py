"""The classes of the corpus and the CWE numbers that a finding of each may carry."""

from __future__ import annotations

FLOW = {
    "os-command": (77, 78, 88),
    "code-evaluation": (94, 95, 96, 913),
    "sql": (89, 564, 943),
    "nosql": (943, 89),
    "ldap": (90,),
    "xpath-xml": (91, 643, 652),
    "xxe": (611, 776, 827),
    "path-traversal": (22, 23, 36, 73),
    "archive-extraction": (22, 23, 29, 36, 73),
    "xss": (79, 80, 83, 87),
    "template-injection": (1336, 94, 95, 96),
    "open-redirect": (601,),
    "ssrf": (918, 441),
    "deserialisation": (502,),
    "header-log-injection": (93, 113, 117, 644),
    "trust-boundary": (501,),
    "redos": (1333, 400, 730, 625),
}
PLAIN = {
    "weak-hash": (327, 328, 916, 759, 760),
    "weak-randomness": (330, 331, 337, 338),
    "cookie-flags": (614, 1004, 1275),
    "weak-cipher": (326, 327, 329, 780, 1204),
    "tls-off": (295, 297, 319, 599),
    "hardcoded-credentials": (259, 321, 798),
    "debug-server": (94, 215, 489, 1295),
    "permissive-cors-hosts": (183, 346, 348, 644, 942, 1385),
    "temp-files": (276, 377, 378, 379, 732),
    "jwt": (345, 347, 287, 613, 757),
    "llm-output": (77, 78, 89, 94, 95, 1426),
}
CWES: dict[str, frozenset[int]] = {
    name: frozenset(numbers) for name, numbers in {**FLOW, **PLAIN}.items()
}
