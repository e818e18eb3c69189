"""What a verb raises when it refuses: one class a status, a code for programs and a sentence for people."""

from typing import Any


class Refused(Exception):
    """A request that was understood and is not carried out; nothing was changed."""

    status = 400

    def __init__(self, code: str, detail: str = "", *, attr: str | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail or code.replace("_", " ").capitalize() + "."
        self.attr = attr
        self.extra = extra


class Invalid(Refused):
    """What was sent cannot be: it names the place in `attr`."""

    status = 400


class Forbidden(Refused):
    """A member without the right."""

    status = 403


class NotFound(Refused):
    """Not there, or not for the one who asks."""

    status = 404


class Conflict(Refused):
    """The state of the thing forbids it."""

    status = 409


class Gone(Refused):
    """It was deleted."""

    status = 410


class Stale(Refused):
    """Somebody changed it since it was read; `current` is how it is now."""

    status = 412

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__("stale", "This has changed since you read it.", current=current)
