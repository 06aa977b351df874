"""Model fields that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

_ST = TypeVar("_ST")
_GT = TypeVar("_GT")

if TYPE_CHECKING:
    _Field = models.Field
else:

    class _Field(models.Field):
        """Django's fields can't be subscripted at run time; the types above say what one takes and gives."""

        def __class_getitem__(cls, _types: Any) -> type:
            return cls


class MinorUnitsField(_Field[_ST, _GT]):
    """A Decimal kept as a whole number of its smallest unit (cents for `places=2`).

    SQLite adds decimals as floats; whole numbers add exactly on both engines, sort fast and make narrow indexes. Values
    with more places than the field keeps are refused instead of being rounded where nobody sees it.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: Decimal | int | Combinable
        _pyi_private_get_type: Decimal
        _pyi_lookup_exact_type: Decimal | int

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        # PostgreSQL gives a Decimal for SUM(bigint), SQLite an int; both are whole units here.
        return None if value is None else Decimal(int(value)).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return (
                Decimal(str(value)).quantize(Decimal(1).scaleb(-self.places))
                if self._fits(value)
                else self._refuse(value)
            )
        except ArithmeticError:
            return self._refuse(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if not self._fits(value):
            self._refuse(value)
        return int(Decimal(str(value)).scaleb(self.places))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.DecimalField(
            **{"max_digits": 18, "decimal_places": self.places, "required": not self.blank, **kwargs}
        )

    def _fits(self, value: Any) -> bool:
        number = Decimal(str(value))
        return (
            number.is_finite()
            and number == number.quantize(Decimal(1).scaleb(-self.places))
            and abs(number) < Decimal(10) ** 15
        )

    def _refuse(self, value: Any) -> NoReturn:
        raise ValidationError(f"{value} is not an amount with at most {self.places} decimal places.")
