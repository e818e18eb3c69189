"""What a job of each kind does: registered by the apps above, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotator.jobs.attempts import Attempt

Result = dict[str, Any]
Handler = Callable[[Attempt], Result]


@dataclass(frozen=True)
class InParts:
    """A kind of job that several workers share: planned once, each part done by anybody, then put together once.

    `plan` must answer the same parts whenever it is asked again for the same job; a part that is done stays done.
    """

    plan: Callable[[Attempt], list[Result]]
    part: Callable[[Attempt, Result], Result]
    reduce: Callable[[Attempt, list[Result]], Result]


HANDLERS: dict[str, Handler | InParts] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Registers the function that does jobs of this kind; it answers the job's result."""

    def keep(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return keep


def in_parts(kind: str, work: InParts) -> None:
    """Registers how jobs of this kind are done by several workers."""
    HANDLERS[kind] = work
