"""Bodies that are read and answers that are shown. They are apart: what one may send is rarely what one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """What a request may hold. A field it doesn't know is refused: whoever misspells one must not believe it was
    saved."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"": ["Send a JSON object."]})
        strange = [str(name) for name in data if name not in self.fields]
        errors: dict[str, Any] = {
            name: [f"There is no such field. There are: {', '.join(self.fields)}."] for name in strange
        }
        if self.parent is not None:  # a part of a body is whole: that the body may leave fields out is said of its own
            missing = (name for name, field in self.fields.items() if field.required and name not in data)
            errors |= {name: [self.fields[name].error_messages["required"]] for name in missing}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as wrong:
            detail = wrong.detail if isinstance(wrong.detail, dict) else {"": wrong.detail}
            raise serializers.ValidationError({**errors, **detail}) from wrong
        if errors:
            raise serializers.ValidationError(errors)
        return values


class Answer(serializers.Serializer[Any]):
    """What is shown of a record. One that is not shown whole to everybody sets `by_columns`: the context's `columns`
    then says which names (None for all), and hidden ones are left out before anything of them is read."""

    by_columns: ClassVar[bool] = False
    """Hidden columns are declared `required=False`, so that the schema says they may be missing."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = self.context["columns"](instance) if self.by_columns else None
        values = {}
        for name, field in self.fields.items():
            if shown is None or name in shown:
                value = field.get_attribute(instance)
                values[name] = None if value is None else field.to_representation(value)
        return values


class ErrorDetail(serializers.Serializer[Any]):
    status = serializers.IntegerField()
    message = serializers.CharField(help_text="What happened and what to do, for people.")
    fields = serializers.DictField(  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Sentences by field of the body or query parameter; deeper ones are named with dots.",
    )


class Error(serializers.Serializer[Any]):
    """How every refusal looks."""

    error = ErrorDetail()
