"""What a value from a file may hold, so that a database can keep it and a JSON file can say it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

DEEPEST = 32


class Unfit(ValueError):
    """A value that cannot be kept."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def parsed(line: str | bytes) -> Any:
    """The JSON value in the line; Unfit for what is no JSON (NaN is none) or cannot be kept."""
    try:
        value = json.loads(line, parse_constant=refuse_constant)
    except RecursionError:
        raise Unfit("too_deep", "The JSON is nested too deeply.") from None
    except Unfit:
        raise
    except json.JSONDecodeError as error:
        raise Unfit("not_json", f"This is not JSON: {error.msg} at character {error.pos + 1}.") from None
    except ValueError as error:
        raise Unfit("not_json", f"This is not JSON: {error}.") from None
    check(value)
    return value


def refuse_constant(name: str) -> NoReturn:
    raise Unfit("not_a_number", f"{name} is not a number in JSON.")


def check(value: Any, depth: int = 1) -> None:
    """Unfit for NUL or lone surrogates in any string, keys among them, for infinite numbers and for too many levels."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unfit("not_a_number", "A number is too large.")
    elif isinstance(value, (dict, list)):
        if depth > DEEPEST:
            raise Unfit("too_deep", "The JSON is nested too deeply.")
        for part in value.values() if isinstance(value, dict) else value:
            check(part, depth + 1)
        if isinstance(value, dict):
            for key in value:
                check_text(key)


def check_text(text: str) -> None:
    """Unfit for NUL and lone surrogates, naming where they stand (in code points)."""
    at = text.find("\0")
    if at >= 0:
        raise Unfit("nul_character", f"There is a NUL character at {at}.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Unfit("lone_surrogate", f"There is a lone surrogate at {error.start}.") from None


def check_document(text: str) -> None:
    """Unfit for what no document may be: empty, blank, with NUL or lone surrogates."""
    if not text:
        raise Unfit("empty_text", "There is no text.")
    if not text.strip():
        raise Unfit("empty_text", "There is nothing but white space.")
    check_text(text)
