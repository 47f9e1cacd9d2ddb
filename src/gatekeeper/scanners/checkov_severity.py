"""How severe a check of checkov is: without an account, checkov itself does not say.

`medium`, unless the check is about a written-out secret (`high`), about logging, backups or
conventions (`low`), or in one of the lists here. What its category is stands in a table, made from
the checkov that is locked; a conformance test holds the one against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from gatekeeper.config.iac_options import CheckSeverities
from gatekeeper.model.finding import SEVERITIES, Severity
from gatekeeper.shipped import shipped

TABLE = "checkov_severities.json"
# Open to everybody, all rights at once, or a way out of the container.
HIGH = frozenset(
    {
        "CKV_ALI_9", "CKV_ALI_43",
        "CKV_AWS_1", "CKV_AWS_17", "CKV_AWS_20", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_32",
        "CKV_AWS_33", "CKV_AWS_38", "CKV_AWS_49", "CKV_AWS_57", "CKV_AWS_62", "CKV_AWS_63",
        "CKV_AWS_69", "CKV_AWS_70", "CKV_AWS_87", "CKV_AWS_100", "CKV_AWS_102", "CKV_AWS_110",
        "CKV_AWS_167", "CKV_AWS_168", "CKV_AWS_169", "CKV_AWS_277", "CKV_AWS_286", "CKV_AWS_301",
        "CKV_AWS_302", "CKV_AWS_303", "CKV_AWS_384", "CKV_AWS_387",
        "CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_11", "CKV_AZURE_34",
        "CKV_GCP_2", "CKV_GCP_3", "CKV_GCP_11", "CKV_GCP_15", "CKV_GCP_28", "CKV_GCP_98",
        "CKV_GCP_99", "CKV_GCP_100", "CKV_GCP_101", "CKV_GCP_102", "CKV_GCP_112", "CKV_GCP_113",
        "CKV_K8S_1", "CKV_K8S_2", "CKV_K8S_3", "CKV_K8S_4", "CKV_K8S_16", "CKV_K8S_17",
        "CKV_K8S_18", "CKV_K8S_19", "CKV_K8S_27", "CKV_K8S_39", "CKV_K8S_49", "CKV_K8S_155",
        "CKV_K8S_157", "CKV_K8S_158",
        "CKV_OCI_10", "CKV_YC_17",
    }
)  # fmt: skip
# Good habits whose lack opens nothing by itself.
LOW = frozenset(
    {
        "CKV_AWS_18", "CKV_AWS_21", "CKV_AWS_23",
        "CKV_DOCKER_2", "CKV_DOCKER_5", "CKV_DOCKER_9",
        "CKV_K8S_8", "CKV_K8S_9", "CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13",
        "CKV_K8S_15", "CKV_K8S_21", "CKV_K8S_35", "CKV_K8S_40", "CKV_K8S_43", "CKV2_K8S_6",
    }
)  # fmt: skip


class Table(msgspec.Struct, frozen=True):
    """What the categories of one version's checks come to."""

    version: str
    high: frozenset[str]
    low: frozenset[str]


def named(own: CheckSeverities) -> dict[str, Severity]:
    """What the project says, by check; of two severities the higher one."""
    return {check: level for level in SEVERITIES for check in getattr(own, level)}


def severity_of(check: str, own: Mapping[str, Severity]) -> Severity:
    """The project's word, else the lists', else what the category comes to."""
    if check in own:
        return own[check]
    known = table()
    if check in HIGH or (check in known.high and check not in LOW):
        return "high"
    return "low" if check in LOW or check in known.low else "medium"


@lru_cache(maxsize=1)
def table() -> Table:
    """The table that ships."""
    with open(shipped("scanners", TABLE), "rb") as file:
        return msgspec.json.decode(file.read(), type=Table)
