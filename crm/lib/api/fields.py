"""Fields of bodies that take exactly what they say: no text where a number belongs, no number that was rounded on the
way. Each is declared in the schema as it behaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.lib.texts import storable
from crm.models import Person
from crm.rules.moments import OUT_OF_RANGE

MONEY_PATTERN = r"^\d{1,13}(\.\d{1,2})?$"
WRITE_MOMENT = "Write a day and a time with its zone, such as 2026-03-31T14:30:00Z."
LARGEST = 2**63 - 1
EXACT_PATTERN = r"^-?\d+(\.\d+)?$"


class Text(serializers.CharField):
    """Text, trimmed. A number is not a text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, **kwargs})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Email(serializers.EmailField):
    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Whole(serializers.IntegerField):
    """A whole number, written as one; at most what a database compares with."""

    default_error_messages = {"invalid": "Write a whole number."}  # noqa: RUF012 - REST framework's way

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": -LARGEST, "max_value": LARGEST, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(Whole):
    """A record's number, where which of them there are is the service's affair."""

    default_error_messages = {"invalid": "Name it by its id, a whole number."}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, **kwargs})


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A calendar day as YYYY-MM-DD."""

    default_error_messages = {"invalid": "Write a date, such as 2026-03-31."}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Any:
        try:
            return dt.date.fromisoformat(data) if isinstance(data, str) and len(data) == 10 else self.fail("invalid")
        except ValueError:
            self.fail("invalid")


class Moment(serializers.DateTimeField):
    """A time in UTC, whatever the person's clock says: scripts compare them."""

    default_error_messages = {  # noqa: RUF012
        "invalid": WRITE_MOMENT,
        "date": WRITE_MOMENT,
        "make_aware": WRITE_MOMENT,
        "overflow": OUT_OF_RANGE,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **kwargs)


@extend_schema_field(
    {
        "oneOf": [{"type": "string", "pattern": MONEY_PATTERN}, {"type": "number", "minimum": 0}],
        "example": "185000.00",
    }
)
class MoneyIn(serializers.Field[Decimal, Any, str, Any]):
    """An amount of at most two decimal places. A JSON number is taken through its shortest spelling, which is exact up
    to 15 digits, more than an amount has."""

    default_error_messages = {  # noqa: RUF012
        "invalid": 'Write an amount of zero or more with at most two decimal places, such as "185000.00".',
        "high": "The amount is under ten trillion.",
    }

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("invalid")
        try:
            amount = Decimal(str(data))
        except InvalidOperation:
            self.fail("invalid")
        if not amount.is_finite() or amount < 0:
            self.fail("invalid")
        if amount >= Decimal(10) ** 13:
            self.fail("high")
        cents = amount.quantize(Decimal("0.01"))
        return cents if cents == amount else self.fail("invalid")

    def to_representation(self, value: Decimal) -> str:
        return str(value)


@extend_schema_field({"type": "string", "pattern": EXACT_PATTERN, "example": "185000.00"})
class Exact(serializers.Field[Decimal, Any, str, Any]):
    """A Decimal in an answer, as the exact string it is."""

    def to_representation(self, value: Decimal) -> str:
        return format(value, "f")


@extend_schema_field({"type": "string", "pattern": r"^-?\d+\.\d{2,}$", "example": "3.95"})
class Total(Exact):
    """A lead score's total, spelled as the scoring rule does: two decimals, or as many as the exact value needs."""

    def to_representation(self, value: Decimal) -> str:
        whole, _, places = format(value, "f").partition(".")
        return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


@extend_schema_field(OpenApiTypes.STR)
class Undecided(serializers.Field[str, Any, str | None, Any]):
    """A key that is stored empty while undecided, and shown as null."""

    def to_representation(self, value: str) -> str | None:
        return value or None


class Ref(Id):
    """Another record by its id. `rows` gives those this person may choose from."""

    default_error_messages = {  # noqa: RUF012
        "unseen": "There is no such {what}, or it is not yours to see.",
    }

    def __init__(self, *, rows: Callable[[Person], models.QuerySet[Any]], what: str, **kwargs: Any) -> None:
        self.rows, self.what = rows, what
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        number = super().run_validation(data)
        if number is None:
            return None
        found = self.rows(self.context["request"].user).filter(pk=number).first()
        return found if found is not None else self.fail("unseen", what=self.what)


@extend_schema_field({"type": "object", "additionalProperties": True})
class Values(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """Values by key, as the playbook types them; the service knows each key and says what is wrong with it."""

    default_error_messages = {  # noqa: RUF012
        "invalid": "Send an object: a value for each key.",
        "unstorable": "A text holds a character that can't be stored.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        if not _all_storable(data):
            self.fail("unstorable")
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


def _all_storable(value: Any) -> bool:
    match value:
        case str():
            return storable(value)
        case list():
            return all(map(_all_storable, value))
        case dict():
            return all(storable(key) and _all_storable(inner) for key, inner in value.items())
    return True


@extend_schema_field(OpenApiTypes.STR)
class Name(serializers.Field[Any, Any, str, Any]):
    """A related record by name, beside its id."""

    def to_representation(self, value: Any) -> str:
        return str(value)
