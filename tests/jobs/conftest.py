"""What the tests of jobs share."""

from tests.jobs.hands import at_once

__all__ = ["at_once"]
