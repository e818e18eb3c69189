"""What the API's tests share."""

from tests.jobs.hands import at_once

__all__ = ["at_once"]
