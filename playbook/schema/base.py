"""What every part of a playbook shares: strict frozen models, keys, and percentages that are exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A stable name within the playbook. Rows in the database refer to it, so a key is never reused for something else."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _exact(value: object) -> object:
    # YAML reads 0.1 as a float; going through str keeps what the author typed instead of its binary neighbour.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return str(value) if isinstance(value, (int, float)) else value


# Bounded, because "1e999999999" is a short text and a number of a thousand million digits once written out.
Exact = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=24, decimal_places=9)]
Percent = Annotated[Exact, Field(ge=0, le=100)]


class Part(BaseModel):
    """Base of every playbook part: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Named(Part):
    """Something with a key and a label. `note` says where a value departs from its source document, and why."""

    key: Key
    label: Text
    note: str = ""
