"""Serializer fields that take what they say and nothing that only resembles it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST = 2**31 - 1


class StrictChar(serializers.CharField):
    """A JSON string, kept as it is: no trimming, no numbers made to strings."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "integer", "minimum": -LARGEST, "maximum": LARGEST})
class StrictInteger(serializers.Field):  # type: ignore[type-arg]
    """A JSON integer between -(2^31-1) and 2^31-1: no strings, floats or booleans. The rules say which may be negative."""

    default_error_messages = {
        "invalid": "A whole number is required.",
        "too_large": "This number is too large.",
    }

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        if abs(data) > LARGEST:
            self.fail("too_large")
        return int(data)

    def to_representation(self, value: Any) -> int:
        return int(value)


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 1})
class StrictFloat(serializers.Field):  # type: ignore[type-arg]
    """A JSON number from 0 to 1."""

    default_error_messages = {"invalid": "A number from 0 to 1 is required."}

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in (int, float) or not 0 <= data <= 1:
            self.fail("invalid")
        return float(data)

    def to_representation(self, value: Any) -> float:
        return float(value)


@extend_schema_field({"type": "boolean"})
class StrictBoolean(serializers.Field):  # type: ignore[type-arg]
    """true or false."""

    default_error_messages = {"invalid": "true or false is required."}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid")
        return bool(data)

    def to_representation(self, value: Any) -> bool:
        return bool(value)


class StrictUUID(serializers.UUIDField):
    """A UUID in its usual form, as a string."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class FragmentsField(serializers.ListField):
    """[[start, end], ...] in code points; the rules say which may be."""

    child = serializers.ListField(child=StrictInteger(), min_length=2, max_length=2)


class Strict(serializers.Serializer):  # type: ignore[type-arg]
    """A body that refuses keys it does not know, naming them."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {
                        key: serializers.ErrorDetail("This key is unknown here.", code="unknown_key")
                        for key in unknown
                    }
                )
        return super().to_internal_value(data)
