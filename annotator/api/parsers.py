"""JSON bodies, strictly: bounded in size and depth, and nothing in them that a database cannot keep."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 32


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = "A JSON body may have 8 MB. Send larger data as a file to an import."


class StrictJSONParser(BaseParser):
    """Parses UTF-8 JSON; refuses NaN, NUL, lone surrogates, more than 32 levels and more than 8 MB."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = read_bounded(stream, parser_context or {})
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=refuse_constant, parse_float=finite)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.", code="too_deep") from None
        except ValueError as error:
            raise ParseError(f"This is not JSON: {error}.", code="parse_error") from None
        check(value)
        return value


def read_bounded(stream: IO[Any], context: Mapping[str, Any]) -> bytes:
    """The body, unless it says it is, or turns out to be, too large; what is refused is not read."""
    request = context.get("request")
    declared = request.META.get("CONTENT_LENGTH") if request is not None else None
    if declared and declared.isdigit() and int(declared) > settings.JSON_BODY_LIMIT:
        raise BodyTooLarge
    body: bytes = stream.read(settings.JSON_BODY_LIMIT + 1)
    if len(body) > settings.JSON_BODY_LIMIT:
        raise BodyTooLarge
    return body


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name[:40]} is not a number that can be kept")


def finite(text: str) -> float:
    """The number; one too large for a float would become Infinity, which no database keeps as JSON."""
    number = float(text)
    return number if isfinite(number) else refuse_constant(text)


def check(value: Any, depth: int = 1) -> None:
    """Refuses strings, keys among them, with NUL or lone surrogates, and values nested too deeply."""
    if isinstance(value, str):
        check_string(value)
    elif isinstance(value, (dict, list)):
        if depth > DEEPEST:
            raise ParseError("The JSON is nested too deeply.", code="too_deep")
        if isinstance(value, dict):
            for key in value:
                check_string(key)
            value = value.values()
        for part in value:
            check(part, depth + 1)


def check_string(value: str) -> None:
    if "\0" in value:
        raise ParseError("A string contains the NUL character.", code="nul_character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ParseError("A string contains a lone surrogate.", code="lone_surrogate") from None
