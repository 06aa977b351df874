"""Reading playbooks that were published under an older schema.

A published version never changes. When `SCHEMA_VERSION` is raised, a step is added here that turns the JSON of the version
before it into the next; steps run one after another until the present version is reached.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playbook.schema import SCHEMA_VERSION

Json = dict[str, Any]
Step = Callable[[Json], Json]

STEPS: dict[int, Step] = {}
"""For each older schema version, the step that leads to the next one. A step may change the mapping it is given."""


def upgrade(
    data: Json, schema_version: int, *, steps: dict[int, Step] | None = None, present: int = SCHEMA_VERSION
) -> Json:
    """The data as the present schema has it. Raises ValueError for a version from the future or without a way up."""
    if schema_version > present:
        raise ValueError(f"This playbook has schema version {schema_version}; the newest one known here is {present}.")
    known = STEPS if steps is None else steps
    for version in range(schema_version, present):
        if version not in known:
            raise ValueError(f"There is no way to read schema version {version}.")
        data = known[version](data)
    return data
