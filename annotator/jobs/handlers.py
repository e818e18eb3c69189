"""What a job of each kind does: registered by the apps above, by name."""

from collections.abc import Callable
from typing import Any

from annotator.jobs.running import Attempt

Handler = Callable[[Attempt], dict[str, Any]]
HANDLERS: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Registers the function that does jobs of this kind; it answers the job's result."""

    def keep(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return keep
